"""What is judged about people without a database: passwords, codes, browsers, log-ins."""

from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID

import pytest

from services.portal.people.browsers import browser_in_words
from services.portal.people.codes import codes_for
from services.portal.people.passwords import TOO_COMMON, TOO_LONG, TOO_SHORT, problem_with
from services.portal.people.second_factor import as_made
from services.portal.people.sessions import IDLE, LONGEST, is_open
from shared.db.portal_tables import PortalSession

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    "password",
    ["plum ladder seven otter", "xK9#vbQ2!mmTz", "donaukanal-fähre-44", "Zg7-Zg7-Pq2-Wn"],
)
def test_a_long_password_that_means_nothing_to_others_is_taken(password: str) -> None:
    assert problem_with(password, about=("eve@orchard.example", "Eve")) == ""


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("elevenchars", TOO_SHORT),
        ("long " * 26, TOO_LONG),
        ("password1234", TOO_COMMON),
        ("P@ssw0rd2026!", TOO_COMMON),
        ("Summer2026!!", TOO_COMMON),
        ("letmein-letmein", TOO_COMMON),
        ("qwertyuiop12", TOO_COMMON),
        ("aaaaaaaaaaaab", TOO_COMMON),
        ("abcabcabcabc", TOO_COMMON),
        ("123456789012", TOO_COMMON),
        ("102030102030", TOO_COMMON),
        ("shiphero-brightpearl", TOO_COMMON),
        ("Eve.Orchard.2026", TOO_COMMON),
    ],
)
def test_what_is_tried_first_is_refused(password: str, problem: str) -> None:
    assert problem_with(password, about=("eve@orchard.example", "Eve Orchard")) == problem


@pytest.mark.parametrize(
    ("company", "codes"),
    [
        ("Demo Tea & Home Ltd", ["demoteahome", "demoteahome2", "demoteahome3"]),
        ("Über Café GmbH", ["ubercafe", "ubercafe2", "ubercafe3"]),
        ("The Very Long Name Company of the World", ["verylongname", "verylongname2"]),
        ("日本", ["merchant", "merchant2"]),
        ("Ltd", ["merchant", "merchant2"]),
    ],
)
def test_a_code_is_made_of_the_companys_name(company: str, codes: list[str]) -> None:
    assert list(islice(codes_for(company), len(codes))) == codes


WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("(Windows NT 10.0; rv:130.0) Gecko/20100101 Firefox/130.0", "Firefox on Windows"),
        (f"(Windows NT 10.0) {WEBKIT} Chrome/129.0 Safari/537.36 Edg/129.0", "Edge on Windows"),
        (f"(iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT} Safari/604.1", "Safari on iPhone"),
        (f"(Linux; Android 14; Pixel 8) {WEBKIT} Chrome/129.0 Safari/537", "Chrome on Android"),
        ("Werkzeug/3.1", "Unknown browser"),
        ("", "Unknown browser"),
    ],
)
def test_a_browser_is_told_in_words(agent: str, words: str) -> None:
    assert browser_in_words(agent) == words


@pytest.mark.parametrize(
    ("begun", "seen", "ended", "holds"),
    [
        (LONGEST - SECOND, IDLE - SECOND, False, True),
        (LONGEST, SECOND, False, False),
        (IDLE, IDLE, False, False),
        (SECOND, SECOND, True, False),
    ],
)
def test_a_log_in_holds_until_its_time_is_over(
    begun: timedelta, seen: timedelta, *, ended: bool, holds: bool
) -> None:
    row = PortalSession(
        id=UUID(int=1),
        account_id=UUID(int=2),
        user_id=3,
        begun_at=NOON - begun,
        seen_at=NOON - seen,
        ended_at=NOON if ended else None,
    )

    assert is_open(row, NOON) is holds


@pytest.mark.parametrize("typed", ["1a2b-3c4d-5e6f", " 1A2B 3C4D 5E6F ", "1a2b3c4d5e6f"])
def test_a_recovery_code_may_be_typed_in_many_ways(typed: str) -> None:
    assert as_made(typed) == "1a2b-3c4d-5e6f"

"""The audit trail: what it shows, how it is narrowed and paged, and the same as a file."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from shared.audit import record_act
from shared.db.account_tables import Account
from tests.integration.portal.merchants import (
    FERNLEAF,
    HARBOUR,
    NOON,
    Merchants,
    link_to,
)


def entries(merchants: Merchants, *given: tuple[str, str, str, datetime]) -> None:
    """Keep entries of Fernleaf: who, act, subject, when."""
    with merchants.open_session() as session:
        for who, act, subject, at in given:
            record_act(session, FERNLEAF, who=who, act=act, subject=subject, after="on", now=at)
        session.commit()


def subjects_on(client: FlaskClient, address: str) -> list[str]:
    """Read what the entries of a page are about, top down."""
    cells = client.get(address).text.split('data-name="Of what"><strong>')[1:]
    return [cell.split("</strong>")[0] for cell in cells]


def test_the_trail_is_read_newest_first_and_by_its_own_account(merchants: Merchants) -> None:
    entries(
        merchants,
        ("ann@x.example", "settings_saved", "Order sync", NOON),
        ("token nightly", "replayed", "7001", NOON + timedelta(minutes=1)),
    )
    with merchants.open_session() as session:
        record_act(session, HARBOUR, who="bob", act="replayed", subject="theirs", now=NOON)
        session.commit()

    page = merchants.viewer().get("/audit").text

    assert page.index("7001") < page.index("Order sync")
    assert "replayed an event" in page
    assert "token nightly" in page
    assert "theirs" not in page


NARROWED = {
    "who=ANN": ["second", "first"],
    "act=replayed": ["third"],
    "first=2026-11-25": ["third", "second"],
    "last=2026-11-24": ["first"],
    "first=2026-11-25&last=2026-11-25": ["second"],
    "who=%25": [],
}


def test_it_is_narrowed_by_person_act_and_the_accounts_own_days(merchants: Merchants) -> None:
    with merchants.open_session() as session:
        session.get_one(Account, FERNLEAF).time_zone = "Asia/Tokyo"
        session.commit()
    entries(
        merchants,
        ("ann@x.example", "settings_saved", "first", datetime(2026, 11, 24, 14, 59, tzinfo=UTC)),
        ("ann@x.example", "mapping_saved", "second", datetime(2026, 11, 24, 15, 0, tzinfo=UTC)),
        ("ben@x.example", "replayed", "third", datetime(2026, 11, 25, 15, 0, tzinfo=UTC)),
    )
    client = merchants.viewer()

    found = {query: subjects_on(client, f"/audit?{query}") for query in NARROWED}

    assert found == NARROWED


def test_it_is_paged_there_and_back_without_losing_what_is_of_one_moment(
    merchants: Merchants,
) -> None:
    entries(merchants, *(("ann", "replayed", f"{number}", NOON) for number in range(120)))
    client = merchants.viewer()

    first = client.get("/audit?act=replayed")
    second = client.get(link_to(first, "next"))
    third = client.get(link_to(second, "next"))
    back = client.get(link_to(third, "prev"))

    shown = [_ids(page.text) for page in (first, second, third)]
    assert [len(ids) for ids in shown] == [50, 50, 20]
    assert len({one for ids in shown for one in ids}) == 120
    assert _ids(back.text) == shown[1]
    assert link_to(third, "next") == ""


def _ids(text: str) -> list[UUID]:
    return [UUID(part[:36]) for part in text.split('id="entry-')[1:]]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("first=yesterday", "That is no day; write it as 2026-11-24."),
        ("last=9999-12-31", "That is no day"),
        ("first=2026-11-25&last=2026-11-24", "The first day lies after the last one"),
        ("act=stole", "There is no such act"),
    ],
)
def test_a_filter_that_cannot_be_meant_is_said(
    sqlite_merchants: Merchants, query: str, said: str
) -> None:
    page = sqlite_merchants.viewer().get(f"/audit?{query}")

    assert page.status_code == 400
    assert said in page.text


@pytest.mark.parametrize("place", ["x", "1-x", "9" * 30 + "-" + "0" * 32, "-" + "0" * 32])
def test_a_place_that_is_none_shows_the_newest(sqlite_merchants: Merchants, place: str) -> None:
    entries(sqlite_merchants, ("ann", "replayed", "7001", NOON))

    assert subjects_on(sqlite_merchants.viewer(), f"/audit?before={place}") == ["7001"]


def test_the_file_has_every_line_of_the_filter_and_no_formula(merchants: Merchants) -> None:
    entries(
        merchants,
        *(("ann", "replayed", f"{number}", NOON) for number in range(1500)),
        ("=cmd()", "replayed", "Leeds, “North”", NOON + timedelta(hours=1)),
        ("ann", "invited", "left out", NOON),
    )

    answer = merchants.viewer().get("/audit/audit-trail.csv?act=replayed")

    head, newest, *others = csv.reader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert answer.mimetype == "text/csv"
    assert head == ["At (UTC)", "Who", "Did what", "Of what", "From", "To"]
    assert newest == [
        "2026-11-24T13:00:00+00:00", "'=cmd()", "replayed an event", "Leeds, “North”", "", "on",
    ]  # fmt: skip
    assert len(others) == len({line[3] for line in others}) == 1500


def test_an_empty_trail_says_what_will_stand_there(sqlite_merchants: Merchants) -> None:
    assert "Nothing was changed yet" in sqlite_merchants.viewer().get("/audit").text
    assert sqlite_merchants.visitor().get("/audit").status_code == 302

"""Switching a kind of mail off from the mail itself, without a log-in."""

from urllib.parse import urlsplit

import pytest
from sqlmodel import select

from services.portal.people.team_acts import Actor, remove
from shared.db.portal_tables import AuditEntry
from shared.notifications import ORDERS_FAILING, people_wanting
from shared.unsubscribing import Choice, unsubscribe_token
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, KEY, NOON, Merchants
from tests.integration.portal.test_team import CARL, colleague, user_id

LABEL = "Orders failing"


def link_of(merchants: Merchants, email: str = EMAILS[FERNLEAF], kind: str = ORDERS_FAILING) -> str:
    choice = Choice(user_id=user_id(merchants, email), kind=kind)
    return f"/unsubscribe/{unsubscribe_token(choice, secret_keys=KEY)}"


def wanting(merchants: Merchants) -> list[str]:
    with merchants.open_session() as session:
        return [one.email for one in people_wanting(session, FERNLEAF, ORDERS_FAILING)]


def test_opening_the_link_changes_nothing_and_says_what_it_would(merchants: Merchants) -> None:
    page = merchants.visitor().get(link_of(merchants))

    assert page.status_code == 200
    assert f"Switch off “{LABEL}”?" in page.text
    assert wanting(merchants) == [EMAILS[FERNLEAF]]


def test_a_press_switches_it_off_and_another_on_again(merchants: Merchants) -> None:
    visitor, link = merchants.visitor(), link_of(merchants)

    off = visitor.post(link)
    without = wanting(merchants)
    on = visitor.post(f"{link}/undo")

    assert f"“{LABEL}” is switched off" in off.text
    assert without == []
    assert f"“{LABEL}” is switched on" in on.text
    assert wanting(merchants) == [EMAILS[FERNLEAF]]


def test_a_mailbox_s_own_button_needs_no_page(merchants: Merchants) -> None:
    answer = merchants.visitor().post(link_of(merchants), data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert wanting(merchants) == []


def test_it_is_one_s_own_choice_and_in_the_trail(merchants: Merchants) -> None:
    colleague(merchants)
    link = link_of(merchants)
    merchants.visitor().post(link)
    merchants.visitor().post(link)

    assert wanting(merchants) == [CARL]
    with merchants.open_session() as session:
        [entry] = session.exec(select(AuditEntry).where(AuditEntry.account_id == FERNLEAF)).all()
    assert (entry.who, entry.act, entry.subject) == (
        EMAILS[FERNLEAF], "notifications_chosen", LABEL,
    )  # fmt: skip
    assert (entry.before, entry.after) == ("on", "off")


def test_who_is_logged_in_elsewhere_is_left_out_of_it(merchants: Merchants) -> None:
    theirs = merchants.viewer(HARBOUR)

    theirs.post(link_of(merchants))

    assert wanting(merchants) == []


@pytest.mark.parametrize("changed", ["x", "", "W10.abc"])
def test_a_link_that_we_did_not_make_does_nothing(
    sqlite_merchants: Merchants, changed: str
) -> None:
    link = link_of(sqlite_merchants)

    page = sqlite_merchants.visitor().post(f"{link[:-3]}{changed}")

    assert page.status_code == 404
    assert wanting(sqlite_merchants) == [EMAILS[FERNLEAF]]


def test_a_link_of_somebody_removed_says_so(sqlite_merchants: Merchants) -> None:
    colleague(sqlite_merchants)
    link = link_of(sqlite_merchants, CARL)
    with sqlite_merchants.open_session() as session:
        actor = Actor(account_id=FERNLEAF, who="ann", now=NOON)
        remove(session, actor, user_id(sqlite_merchants, CARL))
        session.commit()

    page = sqlite_merchants.visitor().get(link)

    assert page.status_code == 404
    assert "not valid any more" in page.text


def test_a_link_goes_on_working_when_a_newer_key_came(sqlite_merchants: Merchants) -> None:
    link = link_of(sqlite_merchants)
    newer = "A" * 43 + "="
    sqlite_merchants.app = sqlite_merchants.portal(secret_keys=f"{newer},{KEY}")

    assert urlsplit(link).path == link
    assert sqlite_merchants.visitor().get(link).status_code == 200

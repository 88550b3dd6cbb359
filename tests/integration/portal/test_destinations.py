"""The pages of webhooks and chats: adding, testing, changing, stopping and removing."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from sqlmodel import select
from werkzeug.test import TestResponse

from shared.alerts import destination_off, raise_alert
from shared.db.destination_tables import Destination
from shared.db.journal_tables import EventRow
from shared.db.portal_tables import AuditEntry
from shared.db.vendor_tables import Alert
from shared.destinations import FAILING, GONE
from shared.events import NOTICE_REQUESTED
from shared.notifications import DAILY_REPORT, DEAD_LETTERS
from shared.secrets import SecretBox
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, KEY, NOON, Merchants

BOX = SecretBox(KEY)
FORM: Mapping[str, Any] = {
    "way": "webhook",
    "name": "Warehouse screen",
    "address": "https://screen.fernleaf.example/in/very-secret",
    "kind": [DEAD_LETTERS],
}


def test_a_webhook_is_added_and_its_secret_is_shown_once(merchants: Merchants) -> None:
    answer = send(merchants, "/destinations")

    [row] = destinations(merchants)
    [secret] = re.findall(r"whsec_[A-Za-z0-9+/]+=*", answer.text)
    again = merchants.viewer().get(f"/destinations/{row.id}").text
    assert BOX.open(row.secret) == secret
    assert BOX.open(row.address) == FORM["address"]
    assert row.shown_address == "https://screen.fernleaf.example/…"
    assert (row.kinds, row.made_by) == ([DEAD_LETTERS], EMAILS[FERNLEAF])
    assert "whsec_" not in again
    assert "very-secret" not in again + merchants.viewer().get("/destinations").text


def test_a_chat_has_no_secret(sqlite_merchants: Merchants) -> None:
    answer = send(sqlite_merchants, "/destinations", way="slack")

    [row] = destinations(sqlite_merchants)
    assert (answer.status_code, row.secret, row.way) == (302, "", "slack")
    assert "another secret" not in sqlite_merchants.viewer().get(f"/destinations/{row.id}").text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"address": "http://screen.example/in"}, "only https:// is safe"),
        ({"address": "https://10.0.0.1/in"}, "private or reserved network"),
        ({"address": "https://screen.example:22/in"}, "port 22"),
        ({"address": ""}, "Enter the address"),
        ({"name": ""}, "Give it a name"),
        ({"name": "a\tb"}, "one line of at most"),
        ({"kind": []}, "Choose at least one kind"),
        ({"kind": ["nonsense"]}, "Choose at least one kind"),
        ({"way": "pigeon"}, "Choose where"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_typed_stays(
    sqlite_merchants: Merchants, changed: Mapping[str, Any], said: str
) -> None:
    answer = send(sqlite_merchants, "/destinations", **changed)

    assert answer.status_code == 400
    assert said in answer.text
    assert str({**FORM, **changed}["name"]) in answer.text
    assert destinations(sqlite_merchants) == []


def test_two_of_one_name_are_not_kept(sqlite_merchants: Merchants) -> None:
    send(sqlite_merchants, "/destinations")

    answer = send(sqlite_merchants, "/destinations")

    assert "already" in answer.text
    assert len(destinations(sqlite_merchants)) == 1


def test_a_test_is_an_event_of_the_journal_once_in_a_moment(merchants: Merchants) -> None:
    row = added(merchants)

    first = send(merchants, f"/destinations/{row.id}/test", follow=True)
    second = send(merchants, f"/destinations/{row.id}/test", follow=True)

    [event] = notices(merchants)
    assert (event.subject, event.payload["kind"]) == (str(row.id), "test")
    assert event.payload["notice"]["link"].endswith(f"/destinations/{row.id}")
    assert "is on its way" in first.text
    assert "A test from Goodsout for Fernleaf" in first.text
    assert "left just now" in second.text


def test_name_kinds_and_address_are_changed_and_an_empty_address_stays(
    merchants: Merchants,
) -> None:
    row = added(merchants)

    send(merchants, f"/destinations/{row.id}", name="Screen", address="", kind=[DAILY_REPORT])
    kept = destinations(merchants)[0]
    send(merchants, f"/destinations/{row.id}", address="https://other.example/")
    moved = destinations(merchants)[0]

    assert (kept.name, kept.kinds, BOX.open(kept.address)) == (
        "Screen", [DAILY_REPORT], FORM["address"],
    )  # fmt: skip
    assert (BOX.open(moved.address), moved.shown_address) == (
        "https://other.example/", "https://other.example/",
    )  # fmt: skip


def test_another_secret_leaves_the_old_one_for_a_day(sqlite_merchants: Merchants) -> None:
    row = added(sqlite_merchants)
    old = BOX.open(row.secret)

    answer = send(sqlite_merchants, f"/destinations/{row.id}/secret")

    changed = destinations(sqlite_merchants)[0]
    assert BOX.open(changed.secret) in answer.text
    assert BOX.open(changed.old_secret) == old
    assert str(changed.old_secret_until) == "2026-11-25 12:00:00+00:00"
    assert "signed with the old one too" in page_of(sqlite_merchants, row)


def test_switching_it_on_ends_the_alert_and_begins_anew(sqlite_merchants: Merchants) -> None:
    row = added(sqlite_merchants)
    with sqlite_merchants.open_session() as session:
        its = session.get_one(Destination, row.id)
        its.off_since, its.off_because, its.failing_since = NOON, FAILING, NOON
        session.add(its)
        cause = destination_off(FERNLEAF, row.id)
        raise_alert(session, cause, sentence="Notices were switched off.", raised_at=NOON)
        session.commit()
    before = page_of(sqlite_merchants, row)
    board = sqlite_merchants.viewer().get("/dashboard").text

    send(sqlite_merchants, f"/destinations/{row.id}/switch", on="yes")

    now = destinations(sqlite_merchants)[0]
    with sqlite_merchants.open_session() as session:
        [alert] = session.exec(select(Alert)).all()
    assert "Switched off: failing" in before
    assert "Notices do not arrive" in board
    assert (now.off_since, now.off_because, now.failing_since) == (None, "", None)
    assert alert.ended_at == NOON


def test_one_that_is_gone_says_so(sqlite_merchants: Merchants) -> None:
    row = added(sqlite_merchants)
    with sqlite_merchants.open_session() as session:
        its = session.get_one(Destination, row.id)
        its.off_since, its.off_because = NOON, GONE
        session.add(its)
        session.commit()

    assert "It answered 410" in page_of(sqlite_merchants, row)


def test_removing_asks_first_and_erases_the_address(sqlite_merchants: Merchants) -> None:
    row = added(sqlite_merchants)

    asked = sqlite_merchants.viewer().get(f"/destinations/{row.id}/remove")
    there = len(destinations(sqlite_merchants))
    send(sqlite_merchants, f"/destinations/{row.id}/remove")

    assert "Remove Warehouse screen?" in asked.text
    assert (there, destinations(sqlite_merchants)) == (1, [])


def test_every_change_is_in_the_audit_trail_without_address_or_secret(
    sqlite_merchants: Merchants,
) -> None:
    row = added(sqlite_merchants)
    changes: tuple[tuple[str, dict[str, Any]], ...] = (
        ("", {"name": "Screen", "address": "https://screen.fernleaf.example/in/other-secret"}),
        ("/test", {}), ("/secret", {}), ("/switch", {"on": "no"}), ("/remove", {}),
    )  # fmt: skip
    for path, form in changes:
        send(sqlite_merchants, f"/destinations/{row.id}{path}", **form)

    with sqlite_merchants.open_session() as session:
        entries = session.exec(select(AuditEntry).order_by(AuditEntry.id)).all()  # type: ignore[arg-type]
    ours = [entry for entry in entries if entry.act.startswith("destination_")]
    told = " ".join(f"{entry.subject} {entry.before} {entry.after}" for entry in ours)
    assert [entry.act.removeprefix("destination_") for entry in ours] == [
        "added", "changed", "tested", "secret_changed", "switched", "removed",
    ]  # fmt: skip
    assert "(another address)" in ours[1].after
    assert "secret" not in told
    assert "whsec" not in told


def test_another_merchants_destination_is_nobodys(sqlite_merchants: Merchants) -> None:
    row = added(sqlite_merchants)

    answer = sqlite_merchants.viewer(HARBOUR).get(f"/destinations/{row.id}")

    assert answer.status_code == 404


def send(merchants: Merchants, path: str, *, follow: bool = False, **changed: Any) -> TestResponse:
    client = merchants.viewer()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get("/destinations").text)
    assert token is not None
    form = {**FORM, **changed, "csrf_token": token[1]}
    return client.post(path, data=form, follow_redirects=follow)


def added(merchants: Merchants) -> Destination:
    send(merchants, "/destinations")
    return destinations(merchants)[0]


def page_of(merchants: Merchants, row: Destination) -> str:
    return merchants.viewer().get(f"/destinations/{row.id}").text


def destinations(merchants: Merchants) -> list[Destination]:
    with merchants.open_session() as session:
        return list(session.exec(select(Destination)))


def notices(merchants: Merchants) -> list[EventRow]:
    with merchants.open_session() as session:
        return list(session.exec(select(EventRow).where(EventRow.name == NOTICE_REQUESTED)))

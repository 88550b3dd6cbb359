"""What is noted for telling, in the very transaction that makes it so."""

from functools import partial
from threading import Thread

import pytest

from services.notifier.handler import tell_changes
from shared import differences
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    MAIL_REQUESTED,
    REFERENCE_REQUESTED,
    SYNC_LOG_CHANGED,
)
from shared.journal.verdict import Dead
from shared.process import noticing_dead_letters
from shared.untold import note_dead_letter
from tests.integration.delivery.desk import Desk, message_about
from tests.integration.telling.office import UNKNOWN, Office


def a_change(office: Office, note: int, **payload: str) -> None:
    told = {"side": "order", "stage": "failed", "code": UNKNOWN, "sentence": "No such SKU."}
    office.books.announce(
        str(note),
        name=SYNC_LOG_CHANGED,
        payload={**told, "at": office.books.clock().isoformat(), **payload},
    )


def deliver(office: Office) -> None:
    Desk(office.books).deliver(tell_changes, name=SYNC_LOG_CHANGED, follow=lambda *_: None)


def test_two_consumers_with_the_same_messages_note_each_failing_note_once(office: Office) -> None:
    for note in range(1, 41):
        a_change(office, note)
    messages = [message_about(row) for row in office.books.publish()]
    consumers = [Desk(office.books), Desk(office.books)]

    def consume(desk: Desk) -> None:
        with desk.delivery(tell_changes, name=SYNC_LOG_CHANGED, follow=lambda *_: None) as one:
            one.deliver(messages)

    threads = [Thread(target=consume, args=(desk,)) for desk in consumers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert office.untold() == sorted(str(note) for note in range(1, 41))


@pytest.mark.parametrize(
    ("payload", "is_told"),
    [
        ({}, True),
        ({"stage": "cancel_refused", "code": "cancel_refused"}, True),
        ({"stage": "held", "code": "warehouse_undecided"}, True),
        ({"stage": "held", "code": "connection_broken"}, False),
        ({"stage": "held", "code": "shadow_mode"}, False),
        ({"stage": "held", "code": "order_sync_off"}, False),
        ({"stage": "retrying", "code": "vendor_trouble"}, False),
        ({"stage": "done", "code": ""}, False),
        ({"stage": "skipped", "code": "before_go_live"}, False),
    ],
)
def test_only_what_waits_for_a_person_is_noted(
    sqlite_office: Office, payload: dict[str, str], *, is_told: bool
) -> None:
    a_change(sqlite_office, 7001, **payload)

    deliver(sqlite_office)

    assert bool(sqlite_office.untold()) is is_told


def test_what_fails_on_the_way_reaches_the_owner(office: Office) -> None:
    office.stand([7001], order_stage="failed", order_reason_code=UNKNOWN)
    a_change(office, 7001)
    deliver(office)

    [letter] = office.tell()

    assert "1 order needs you" in letter.text


@pytest.mark.parametrize(
    ("name", "subject", "is_noted"),
    [
        (REFERENCE_REQUESTED, "products", True),
        (GOODS_OUT_NOTE_CHANGED, "501", False),
        (MAIL_REQUESTED, "alert 1", False),
    ],
)
def test_a_dead_letter_is_noted_unless_a_note_or_the_mail_itself_died(
    sqlite_office: Office, name: str, subject: str, *, is_noted: bool
) -> None:
    event = sqlite_office.books.a_claim(subject, name=name)
    follow = noticing_dead_letters(lambda *_: None)

    with sqlite_office.books.session() as session:
        follow(session, event, Dead(code="bug", reason="It failed."), sqlite_office.books.clock())

    assert bool(sqlite_office.untold()) is is_noted


def test_a_dead_letter_is_told_until_somebody_replays_or_discards_it(office: Office) -> None:
    event = office.books.a_claim("products", name=REFERENCE_REQUESTED)
    dead = Dead(code="bug", reason="It failed.")
    with office.books.session() as session:
        note_dead_letter(session, event, dead, now=office.books.clock())
    office.books.rewrite(event.id, outcome="dead", reason_code="bug",
                         settled_at=office.books.clock())  # fmt: skip
    [first] = office.tell()
    office.books.rewrite(event.id, discarded_at=office.books.clock())
    office.tell()
    office.books.clock.pass_(minutes=6)

    [cleared] = office.tell()

    assert "1 task was given up on" in first.text
    assert "/events?state=dead&reason=bug" in first.text
    assert "Cleared: no task waits" in cleared.text


def test_a_difference_is_told_once_and_cleared_when_it_is_gone(office: Office) -> None:
    see = partial(_see, office, {"501": "Note 501 was never sent."})
    see()
    see()
    [first] = office.tell()
    see()
    with office.books.session() as session:
        differences.end(session, office.books.account, differences.NEVER_SENT, ["501"],
                        now=office.books.clock())  # fmt: skip
    office.tell()
    office.books.clock.pass_(minutes=6)

    [cleared] = office.tell()

    assert "1 difference was found" in first.text
    assert "Notes never sent" in first.subject
    assert "/reconciliation/never_sent" in first.text
    assert "Cleared: no difference" in cleared.text


def _see(office: Office, found: dict[str, str]) -> None:
    with office.books.session() as session:
        differences.see(session, office.books.account, differences.NEVER_SENT, found,
                        now=office.books.clock())  # fmt: skip


@pytest.mark.parametrize("kind", sorted(differences.TOLD_OTHERWISE))
def test_what_an_alert_or_the_order_itself_tells_is_not_told_as_a_difference(
    sqlite_office: Office, kind: str
) -> None:
    with sqlite_office.books.session() as session:
        differences.see(session, sqlite_office.books.account, kind, {"501": "It differs."},
                        now=sqlite_office.books.clock())  # fmt: skip

    assert sqlite_office.untold() == []

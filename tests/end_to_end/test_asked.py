"""What a person asks for on a note's page: through the journal, never forced, never two orders."""

import json
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from deploy.embedded.smoke import reading
from sandbox.seed import STAFF_TOKEN
from sandbox.shiphero.seed import ACCESS_TOKEN
from shared.clock import utc_now
from shared.db.account_tables import Account
from shared.db.journal_tables import ATTEMPT, EVENT
from shared.events import ORDER_CANCEL_REQUESTED, ORDER_RESEND_REQUESTED
from shared.notes.asking import ask_about_order
from shared.notes.stopping import let_go, stop_note
from shared.vendors.personal import MARK
from tests.end_to_end.floor import WITHIN
from tests.end_to_end.room import Room
from tests.waiting import until


def ask(room: Room, note_id: int, name: str) -> None:
    """Write what the portal writes when the button is pressed."""

    def write(session: Session, account: Account) -> None:
        assert ask_about_order(session, account.id, note_id, name, now=utc_now())

    room.write(write)


def orders(room: Room, note_id: int) -> dict[str, list[str]]:
    """List the states of the orders of each of the note's keys."""
    return {suffix: room.keys(f"{note_id}{suffix}") for suffix in ("", ".2", ".3")}


def test_a_person_cancels_an_order_and_sends_its_note_again(room: Room) -> None:
    note_id = room.note()

    ask(room, note_id, ORDER_CANCEL_REQUESTED)
    room.wait(note_id, order_stage="canceled", order_reason_code="canceled_on_request")
    room.change(note_id, priority=True)
    ask(room, note_id, ORDER_RESEND_REQUESTED)

    row = room.wait(note_id, order_stage="done")
    assert orders(room, note_id) == {"": ["canceled"], ".2": ["pending"], ".3": []}
    assert [link.shiphero_order_id for link in room.links(note_id)][-1] == row.shiphero_order_id
    assert room.alerts(note_id) == []


def test_what_cannot_be_done_as_asked_is_not_forced(room: Room) -> None:
    note_id = room.note()
    [line] = room.order(note_id)["lines"]
    room.ship(note_id, lines={line["sku"]: 1})

    ask(room, note_id, ORDER_CANCEL_REQUESTED)
    [refused] = room.wait_for_event(ORDER_CANCEL_REQUESTED, subject=str(note_id), outcome="dead")
    ask(room, note_id, ORDER_RESEND_REQUESTED)
    [skipped] = room.wait_for_event(ORDER_RESEND_REQUESTED, subject=str(note_id), outcome="skipped")

    assert (refused.reason_code, skipped.reason_code) == ("cancel_not_possible", "order_lives")
    assert room.row(note_id).order_stage == "done"
    assert orders(room, note_id) == {"": ["pending"], ".2": [], ".3": []}
    until(lambda: room.row(note_id).shipment_stage == "waiting", within=WITHIN, what="the rest")


def test_the_order_of_a_deleted_note_stays_where_a_person_wants_to_be_asked(room: Room) -> None:
    room.choose(deleted_policy="ask")
    note_id = room.note()
    room.delete(note_id)
    room.wait(note_id, order_stage="cancel_refused")
    left = room.keys(note_id)

    ask(room, note_id, ORDER_CANCEL_REQUESTED)

    room.wait(note_id, order_stage="canceled")
    assert (left, room.keys(note_id)) == (["pending"], ["canceled"])


def test_a_note_waits_while_it_may_be_changed_and_as_long_as_a_person_wants(room: Room) -> None:
    room.choose(hold_minutes=60)
    note_id = room.made()
    room.wait(note_id, order_stage="kept_back", order_reason_code="kept_back")

    room.write(lambda session, account: stopped(session, account, note_id))
    room.wait(note_id, order_stage="held", order_reason_code="stopped_by_person")
    room.choose(hold_minutes=0)
    waiting = room.keys(note_id)
    room.write(lambda session, account: gone(session, account, note_id))

    room.wait(note_id, order_stage="done")
    assert (waiting, room.keys(note_id)) == ([], ["pending"])


def stopped(session: Session, account: Account, note_id: int) -> None:
    """Write what the portal writes when a person has a note wait."""
    assert stop_note(session, account.id, note_id, who="Ann", now=utc_now())


def gone(session: Session, account: Account, note_id: int) -> None:
    """Write what it writes when a person lets the note go."""
    assert let_go(session, account.id, note_id, now=utc_now())


def test_of_each_call_the_notes_own_part_is_kept_and_no_credential(room: Room) -> None:
    note_id = room.note()
    room.ship(note_id)
    room.wait(note_id, shipment_stage="done")

    kept = exchanges(room, note_id)

    operations = {call["operation"] for call, one in kept if one}
    assert {"goods_out_notes", "sales_orders", "order_create", "order"} <= operations
    written = json.dumps(kept)
    key = f'"partner_order_id": "GO-demo-{note_id}"'
    assert key in written
    assert MARK in written
    assert not [one for one in (ACCESS_TOKEN, STAFF_TOKEN) if one in written]


def exchanges(room: Room, note_id: int) -> list[tuple[dict[str, Any], Any]]:
    """Give each vendor call of the note's attempts with what was kept of it."""
    about = select(ATTEMPT.c.vendor_calls, ATTEMPT.c.exchanges).join(
        EVENT, EVENT.c.id == ATTEMPT.c.event_id
    )
    with reading(room.run.environment) as session:
        rows = session.execute(about.where(EVENT.c.subject == str(note_id))).all()
    return [pair for calls, kept in rows for pair in zip(calls, kept or (), strict=False)]

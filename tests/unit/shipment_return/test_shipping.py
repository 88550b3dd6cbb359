"""Writing the shipped event once, with all its tracking numbers, whatever happens in between."""

from dataclasses import replace
from typing import Any

import pytest

from services.shipment_return.consumer import follow
from shared.errors import GoodsoutError, Transient, UnknownOutcome
from shared.events import SHIPHERO_WEBHOOK_RECEIVED
from shared.outcome import Delivered, Skipped
from shared.vendors.brightpearl.faults import AlreadyThere, NoteGone, VersionMoved
from tests.builders import a_goods_out_note
from tests.unit.core.notebook import ACCOUNT, NOON, Notebook
from tests.unit.shipment_return.returning import Returning, a_shipment_update, a_webhook

MANY = [f"1Z-TEST-{number:04}" for number in range(8)]


def ship_by_hand(returning: Returning, *, before: str) -> None:
    """Have a person ship the note in Brightpearl just before our call of that name."""
    call = getattr(returning.brightpearl, before)

    def interrupted(*given: Any, **more: Any) -> Any:
        note = returning.note
        returning.brightpearl.notes[501] = a_goods_out_note(
            shipped=True, shipping=note.shipping, last_event_version=99
        )
        return call(*given, **more)

    setattr(returning.brightpearl, before, interrupted)


@pytest.mark.parametrize("before", ["write_details", "add_shipped_event"])
def test_a_refusal_because_the_note_is_shipped_is_compared_and_done(
    returning: Returning, before: str
) -> None:
    returning.shiphero.ship("SH-501")
    ship_by_hand(returning, before=before)

    assert isinstance(returning.one(), Delivered)


def test_tracking_that_a_note_shipped_by_hand_can_no_longer_take_is_kept_on_the_order(
    returning: Returning,
) -> None:
    returning.shiphero.ship("SH-501", "1Z-A")
    ship_by_hand(returning, before="write_details")

    returning.one()

    [remark] = returning.brightpearl.remarks
    assert remark.text == "More tracking numbers of note 4001/1: 1Z-A [GO-501-tracking]"


@pytest.mark.parametrize(
    "refusal", [AlreadyThere("409"), VersionMoved("412"), NoteGone("404 once")]
)
def test_a_refusal_of_a_note_that_is_not_shipped_is_tried_again(
    returning: Returning, refusal: AlreadyThere
) -> None:
    returning.shiphero.ship("SH-501")
    returning.brightpearl.fails_on = {"add_shipped_event": refusal}

    with pytest.raises(Transient, match="The note is read again") as raised:
        returning.one()

    assert raised.value.code == "note_moved"
    returning.brightpearl.fails_on = {}
    assert isinstance(returning.one(), Delivered)


def test_a_note_that_changed_meanwhile_is_shipped_at_its_new_version(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")
    returning.brightpearl.fails_on = {"add_shipped_event": VersionMoved("at version 60")}
    with pytest.raises(Transient):
        returning.one()
    returning.brightpearl.fails_on = {}
    moved = returning.note.model_copy(update={"last_event_version": 60})
    returning.brightpearl.notes[501] = moved

    returning.one()

    assert returning.brightpearl.if_matches[-1] == 61


def test_a_lost_answer_to_the_shipped_event_is_looked_up(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")
    returning.brightpearl.loses_answers = True
    with pytest.raises(UnknownOutcome):
        returning.one()
    returning.brightpearl.loses_answers = False

    assert isinstance(returning.one(), Delivered)
    assert returning.brightpearl.calls.count("add_shipped_event") == 1


def test_a_shipped_event_that_was_not_taken_is_written_again(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")
    returning.brightpearl.fails_on = {"add_shipped_event": UnknownOutcome("lost")}
    with pytest.raises(UnknownOutcome):
        returning.one()
    returning.brightpearl.fails_on = {}

    assert isinstance(returning.one(), Delivered)
    assert len(returning.note.events) == 1


def test_numbers_that_do_not_fit_go_into_one_order_note(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", *MANY)

    returning.one()

    assert returning.note.shipping.reference == ", ".join(MANY[:4])
    [remark] = returning.brightpearl.remarks
    assert remark.text == (
        f"More tracking numbers of note 4001/1: {', '.join(MANY[4:])} [GO-501-tracking]"
    )
    assert (remark.order_id, remark.is_public) == (4001, False)


@pytest.mark.parametrize("happened", [True, False])
def test_the_order_note_is_neither_lost_nor_doubled_by_a_lost_shipped_event(
    returning: Returning,
    happened: bool,  # noqa: FBT001 - a table
) -> None:
    returning.shiphero.ship("SH-501", *MANY)
    lost: dict[str, GoodsoutError] = {"add_shipped_event": UnknownOutcome("lost")}
    returning.brightpearl.fails_on = {} if happened else lost
    returning.brightpearl.loses_shipped = happened
    with pytest.raises(UnknownOutcome):
        returning.one()
    returning.brightpearl.fails_on, returning.brightpearl.loses_shipped = {}, False

    assert isinstance(returning.one(), Delivered)
    assert len(returning.brightpearl.remarks) == 1


def test_an_order_note_whose_answer_was_lost_is_not_written_twice(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", *MANY)
    made = returning.brightpearl.add_order_note

    def lose(*given: Any) -> int:
        made(*given)
        raise UnknownOutcome("the answer was lost")

    returning.brightpearl.add_order_note = lose  # type: ignore[method-assign,assignment]
    with pytest.raises(UnknownOutcome):
        returning.one()

    assert isinstance(returning.one(), Delivered)
    assert len(returning.brightpearl.remarks) == 1


def test_one_number_longer_than_the_limit_goes_into_the_order_note(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", "9" * 65)

    returning.one()

    assert returning.note.shipping.reference == ""
    assert "9" * 65 in returning.brightpearl.remarks[0].text


def test_few_numbers_need_no_look_at_the_orders_notes(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", *MANY[:4])

    returning.one()

    assert "order_notes" not in returning.brightpearl.calls


def test_the_notes_lease_is_given_back_after_a_failure(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")
    returning.brightpearl.fails_on = {"write_details": Transient("down")}
    with pytest.raises(Transient):
        returning.one()
    returning.brightpearl.fails_on = {}

    assert isinstance(returning.one(), Delivered)


def test_the_lease_of_a_worker_that_died_runs_out(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")
    returning.book.notes_of("dead").leased(501).__enter__()

    returning.book.wait(seconds=61)

    assert isinstance(returning.one(), Delivered)


def test_the_sync_log_shows_how_the_shipment_stands(book: Notebook) -> None:
    waiting = Skipped(code="waiting_for_rest", reason="1 of 2 pieces")

    with book.session() as session:
        follow(session, a_shipment_update(), waiting, NOON)
        session.commit()

    assert (book.row().shipment_stage, book.row().order_stage) == ("waiting", "queued")


def test_a_part_whose_label_was_voided_is_not_told_as_shipped_any_more(book: Notebook) -> None:
    part = Skipped(code="waiting_for_rest", reason="1 of 2 pieces")
    voided = Skipped(code="nothing_shipped", reason="ShipHero has not shipped it yet.")

    with book.session() as session:
        for outcome in (part, voided):
            follow(session, a_shipment_update(), outcome, NOON)
        session.commit()

    row = book.row()
    assert (row.shipment_stage, row.shipment_reason_code) == ("waiting", "waiting_for_rest")
    assert "no valid label" in row.shipment_reason


def test_a_look_at_what_has_not_shipped_says_nothing(book: Notebook) -> None:
    nothing = Skipped(code="nothing_shipped", reason="ShipHero has not shipped it yet.")

    with book.session() as session:
        follow(session, a_shipment_update(), nothing, NOON)
        session.commit()

    assert book.events() == []


@pytest.mark.parametrize("body", ["no json", {"webhook_type": "Order Canceled"}, "[" * 100_000])
def test_a_webhook_about_no_note_of_ours_leaves_the_sync_log_alone(
    book: Notebook, body: object
) -> None:
    told = replace(a_webhook(body), name=SHIPHERO_WEBHOOK_RECEIVED, account_id=ACCOUNT)

    with book.session() as session:
        follow(session, told, Skipped(code="not_followed", reason="other"), NOON)
        session.commit()

    assert book.events() == []

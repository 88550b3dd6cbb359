"""An order that the warehouse cancelled: said once, in Brightpearl, on the log and by an alert."""

import pytest

from services.shipment_return.consumer import follow
from shared.errors import UnknownOutcome
from shared.events import SHIPHERO_WEBHOOK_RECEIVED, SHIPMENT_SUSPECTED, Event
from shared.journal.verdict import Dead
from shared.outcome import Delivered, Held, Outcome, Skipped
from tests.builders import a_goods_out_note, a_shiphero_order, a_shipment
from tests.unit.core.notebook import NOON, an_event
from tests.unit.shipment_return.returning import Returning, a_shipment_update


def a_cancellation(key: str = "GO-demo-501", order_uuid: str = "SH-501") -> Event:
    """Build the webhook Order Canceled."""
    body = (
        '{"webhook_type": "Order Canceled", "fulfillment-status": "canceled", '
        f'"partner_order_id": "{key}", "order_uuid": "{order_uuid}"}}'
    )
    return an_event(name=SHIPHERO_WEBHOOK_RECEIVED, payload={"body": body})


def cancel(returning: Returning, **fields: object) -> None:
    """Have the warehouse cancel order SH-501."""
    canceled = {"fulfillment_status": "canceled", **fields}
    returning.shiphero.orders = [a_shiphero_order(**canceled)]


def settle(returning: Returning, outcome: Outcome) -> None:
    """Keep what the settlement of the outcome keeps."""
    assert isinstance(outcome, Delivered)
    with returning.book.session() as session:
        if outcome.keep is not None:
            outcome.keep(session, NOON)
        follow(session, a_cancellation(), outcome, NOON)
        session.commit()


@pytest.fixture
def sent(returning: Returning) -> Returning:
    """Give note 501 as it is once its order was sent."""
    returning.sent()
    return returning


def test_a_cancellation_is_told_on_the_order_the_log_and_by_an_alert(sent: Returning) -> None:
    cancel(sent)

    outcome = sent.one(a_cancellation())
    settle(sent, outcome)

    words = (
        "ShipHero order WEB-4001/1 of note 4001/1 was cancelled in the warehouse; nothing was "
        "shipped."
    )
    assert outcome == Delivered(reference="SH-501", code="canceled_at_shiphero", summary=words)
    assert [one.text for one in sent.brightpearl.remarks] == [f"{words} [GO-501-canceled]"]
    row = sent.book.row()
    assert (row.order_stage, row.order_reason, row.shipment_stage) == ("canceled", words, "")
    [alert] = sent.alerts()
    assert (alert.kind, alert.subject, alert.ended_at) == ("order_canceled", "501", None)
    assert alert.sentence.startswith(words)


def test_a_cancellation_told_before_needs_no_vendor_call(sent: Returning) -> None:
    cancel(sent)
    settle(sent, sent.one(a_cancellation()))
    sent.brightpearl.calls.clear()
    sent.shiphero.calls.clear()

    outcome = sent.one(a_cancellation())

    assert isinstance(outcome, Skipped)
    assert outcome.code == "already_canceled"
    assert sent.brightpearl.calls == sent.shiphero.calls == []


def test_a_cancellation_whose_settlement_was_lost_is_told_once(sent: Returning) -> None:
    cancel(sent)
    sent.one(a_cancellation())

    settle(sent, sent.one(a_cancellation()))

    assert len(sent.brightpearl.remarks) == len(sent.alerts()) == 1


def test_a_cancellation_whose_order_note_was_lost_is_told_once(sent: Returning) -> None:
    cancel(sent)
    sent.brightpearl.loses_answers = True
    with pytest.raises(UnknownOutcome):
        sent.one(a_cancellation())
    sent.brightpearl.loses_answers = False

    assert isinstance(sent.one(a_cancellation()), Delivered)
    assert len(sent.brightpearl.remarks) == 1


def test_a_shipment_update_finds_a_cancellation_too(sent: Returning) -> None:
    cancel(sent)

    outcome = sent.one(a_shipment_update())

    assert isinstance(outcome, Delivered)
    assert (outcome.code, sent.note.shipped) == ("canceled_at_shiphero", False)


def test_what_had_left_before_the_cancellation_is_named(sent: Returning) -> None:
    part = a_shipment()
    cancel(sent, line_items=(sent.a_line(quantity=5),), shipments=(part,))
    sent.mark(shipment_stage="waiting")

    outcome = sent.one(a_cancellation())
    settle(sent, outcome)

    [remark] = sent.brightpearl.remarks
    assert "after 2 of 5 pieces had shipped (1Z-TEST-0001); the rest will not come" in remark.text
    row = sent.book.row()
    assert (row.shipment_stage, row.shipment_reason_code) == ("failed", "canceled_part_shipped")
    assert not sent.note.shipped


def test_what_had_left_counts_though_its_shipment_was_not_looked_at_yet(sent: Returning) -> None:
    cancel(sent, line_items=(sent.a_line(quantity=5),), shipments=(a_shipment(),))

    settle(sent, sent.one(a_cancellation()))

    row = sent.book.row()
    assert (row.order_stage, row.order_reason_code) == ("canceled", "canceled_at_shiphero")
    assert (row.shipment_stage, row.shipment_reason_code) == ("failed", "canceled_part_shipped")


def test_an_order_cancelled_after_all_of_it_left_still_ships_its_note(sent: Returning) -> None:
    cancel(sent, shipments=(a_shipment(),))

    sent.one(a_shipment_update())
    outcome = sent.one(a_cancellation())

    assert isinstance(outcome, Skipped)
    assert (outcome.code, sent.note.shipped) == ("not_canceled", True)


def test_our_own_cancellation_is_an_echo_without_a_call(sent: Returning) -> None:
    cancel(sent)
    sent.mark(deleted_at=NOON)
    sent.sent(canceled_at=NOON)

    outcome = sent.one(a_cancellation())

    assert isinstance(outcome, Skipped)
    assert outcome.code == "echo"
    assert sent.brightpearl.calls == sent.shiphero.calls == []


def test_a_deleted_notes_order_that_a_person_cancelled_ends_well(sent: Returning) -> None:
    cancel(sent)
    sent.mark(deleted_at=NOON)

    outcome = sent.one(a_cancellation())
    settle(sent, outcome)

    assert isinstance(outcome, Delivered)
    assert outcome.code == "order_canceled_for_deleted_note"
    assert (sent.brightpearl.calls, sent.alerts()) == ([], [])
    assert sent.book.links()[0].canceled_at == NOON


def test_an_order_that_is_not_cancelled_after_all_is_left_alone(sent: Returning) -> None:
    outcome = sent.one(a_cancellation())

    assert isinstance(outcome, Skipped)
    assert outcome.code == "not_canceled"
    assert sent.brightpearl.calls == []


def test_a_cancelled_twin_of_a_live_order_is_no_cancellation(sent: Returning) -> None:
    cancel(sent)
    sent.shiphero.orders.append(a_shiphero_order(id="SH-TWIN"))

    outcome = sent.one(a_cancellation())

    assert isinstance(outcome, Skipped)
    assert outcome.code == "not_canceled"


def test_a_look_for_a_cancellation_that_failed_leaves_the_log_as_it_is(sent: Returning) -> None:
    failed = Dead(code="brightpearl_refused", reason="It said no.")

    with sent.book.session() as session:
        follow(session, a_cancellation(), failed, NOON)
        session.commit()

    row = sent.book.row()
    assert (row.order_stage, row.order_reason, row.shipment_stage) == ("done", "", "")


def test_a_cancellation_is_told_while_shipments_are_held(sent: Returning) -> None:
    sent.choose(shipment_sync_on=False)
    cancel(sent)

    told, held = sent.handle(a_cancellation(), a_shipment_update())

    kinds = {type(told), type(held)}
    assert kinds == {Delivered, Held}


def test_a_note_shipped_from_elsewhere_after_its_order_was_cancelled_is_done(
    sent: Returning,
) -> None:
    cancel(sent)
    settle(sent, sent.one(a_cancellation()))
    sent.mark(order_stage="canceled")
    sent.brightpearl.notes[501] = a_goods_out_note(shipped=True)

    outcome = sent.one(an_event(name=SHIPMENT_SUSPECTED, subject="501"))
    with sent.book.session() as session:
        follow(session, a_shipment_update(), outcome, NOON)
        session.commit()

    assert outcome == Delivered(reference="4001/1", summary="Without a tracking number.")
    assert [alert.ended_at for alert in sent.alerts()] == [NOON]
    assert sent.book.row().shipment_stage == "done"


def test_an_order_cancelled_after_its_note_was_shipped_from_elsewhere_alerts_nobody(
    sent: Returning,
) -> None:
    cancel(sent)
    sent.mark(parcels_told="[0]")

    settle(sent, sent.one(a_cancellation()))

    assert (len(sent.brightpearl.remarks), sent.alerts()) == (1, [])


def test_an_order_cancelled_after_its_note_was_shipped_asks_where_the_goods_are(
    sent: Returning,
) -> None:
    cancel(sent)
    sent.mark(parcels_told='[1, "1Z-A"]')

    settle(sent, sent.one(a_cancellation()))

    [alert] = sent.alerts()
    assert alert.sentence.endswith("look whether its goods have left.")


def test_a_cancelled_order_whose_sales_order_is_not_known_is_looked_up(
    returning: Returning,
) -> None:
    cancel(returning)

    outcome = returning.one(a_cancellation())

    assert isinstance(outcome, Delivered)
    assert [one.order_id for one in returning.brightpearl.remarks] == [4001]

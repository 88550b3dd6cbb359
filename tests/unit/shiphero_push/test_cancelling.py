"""A note that was deleted in Brightpearl after it was sent, or while it was being sent."""

from typing import Any

import pytest
from sqlmodel import col, select

from shared.alerts import order_canceled, raise_alert
from shared.db.note_tables import OrderLink
from shared.db.vendor_tables import Alert
from shared.errors import Permanent, Transient, UnknownOutcome
from shared.outcome import Delivered
from shared.vendors.shiphero.models import OrderRef
from tests.builders import a_line_item, a_shiphero_order, a_shipment
from tests.unit.core.notebook import ACCOUNT, NOON
from tests.unit.shiphero_push.changing import (
    at_shiphero,
    destroy,
    forget_calls,
    send,
    settle,
)
from tests.unit.shiphero_push.pushing import Pushing

CANCELED = "The note was deleted in Brightpearl; order WEB-4001 is cancelled in ShipHero."
SHIPPED = {"shipments": (a_shipment(),), "line_items": (a_line_item(quantity_shipped=2),)}


@pytest.fixture
def sent(pushing: Pushing) -> Pushing:
    """Give a desk at which note 501 was sent."""
    return send(pushing)


def raise_cancel_alert(pushing: Pushing) -> None:
    """Alert that the warehouse cancelled the note's order."""
    cause = order_canceled(ACCOUNT, 501)
    with pushing.book.session() as session:
        raise_alert(session, cause, sentence="It was cancelled.", raised_at=NOON)
        session.commit()


def open_alerts(pushing: Pushing) -> int:
    """Count the alerts that have not ended."""
    with pushing.book.session() as session:
        return len(session.exec(select(Alert).where(col(Alert.ended_at).is_(None))).all())


def test_the_order_of_a_deleted_note_is_cancelled(sent: Pushing) -> None:
    outcome = destroy(sent)

    assert outcome == Delivered(
        reference="SH-GO-demo-501", summary=CANCELED, code="order_canceled_for_deleted_note"
    )
    assert sent.shiphero.calls == ["order", "orders_by_key", "cancel_order"]
    assert [order.canceled for order in sent.shiphero.orders] == [True]
    assert [link.canceled_at for link in sent.book.links()] == [NOON]


def test_the_log_shows_the_order_as_cancelled_and_the_alert_ends(sent: Pushing) -> None:
    raise_cancel_alert(sent)

    settle(sent, destroy(sent))

    row = sent.book.row()
    assert (row.order_stage, row.order_reason) == ("canceled", CANCELED)
    assert open_alerts(sent) == 0


def test_a_second_telling_asks_shiphero_nothing_and_says_the_same(sent: Pushing) -> None:
    first = destroy(sent)
    forget_calls(sent)

    assert destroy(sent) == first
    assert sent.shiphero.calls == []


def test_an_order_that_the_warehouse_cancelled_before_ends_well_too(sent: Pushing) -> None:
    at_shiphero(sent, fulfillment_status="Cancelled")

    outcome = destroy(sent)

    assert isinstance(outcome, Delivered)
    assert outcome.code == "order_canceled_for_deleted_note"
    assert "cancel_order" not in sent.shiphero.calls


def test_a_cancellation_that_was_told_before_the_deletion_ends_its_alert(sent: Pushing) -> None:
    at_shiphero(sent, fulfillment_status="canceled")
    sent.book.notes.canceled(501, order_id="SH-GO-demo-501")
    raise_cancel_alert(sent)

    settle(sent, destroy(sent))

    assert open_alerts(sent) == 0
    assert sent.book.row().order_reason_code == "order_canceled_for_deleted_note"


@pytest.mark.parametrize(
    "gone", [SHIPPED, {**SHIPPED, "line_items": (a_line_item(quantity_shipped=1),)}]
)
def test_what_has_left_wholly_or_in_part_is_a_persons_to_stop(
    sent: Pushing, gone: dict[str, Any]
) -> None:
    at_shiphero(sent, **gone)

    with pytest.raises(
        Permanent, match=r"stays \(WEB-4001: something of it has been shi"
    ) as raised:
        destroy(sent)

    assert raised.value.code == "cancel_refused"
    assert "cancel_order" not in sent.shiphero.calls


def test_a_refused_cancellation_is_told_in_shipheros_words(sent: Pushing) -> None:
    sent.shiphero.fails_on = {"cancel_order": Permanent("it is being picked")}

    with pytest.raises(Permanent, match="ShipHero refuses to cancel it: it is being") as raised:
        destroy(sent)

    assert raised.value.code == "cancel_refused"
    assert [link.canceled_at for link in sent.book.links()] == [None]


def test_an_answer_that_does_not_say_cancelled_is_not_believed(
    sent: Pushing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def shrug(order_id: str, *, reason: str) -> OrderRef:
        del reason
        return OrderRef(id=order_id, fulfillment_status="pending")

    monkeypatch.setattr(sent.shiphero, "cancel_order", shrug)

    with pytest.raises(Permanent, match="does not show it as cancelled"):
        destroy(sent)


def test_a_cancellation_whose_answer_was_lost_is_seen_by_the_next_attempt(sent: Pushing) -> None:
    sent.shiphero.loses_answers = True
    with pytest.raises(UnknownOutcome):
        destroy(sent)
    sent.shiphero.loses_answers = False
    forget_calls(sent)

    outcome = destroy(sent)

    assert isinstance(outcome, Delivered)
    assert sent.shiphero.calls == ["order", "orders_by_key"]


@pytest.mark.parametrize("call", ["order", "orders_by_key", "cancel_order"])
def test_an_outage_passes_through(sent: Pushing, call: str) -> None:
    sent.shiphero.fails_on = {call: Transient("ShipHero is down")}

    with pytest.raises(Transient, match="is down"):
        destroy(sent)


def test_every_live_order_of_the_key_is_cancelled_and_what_cannot_be_is_named(
    sent: Pushing,
) -> None:
    twin = a_shiphero_order(id="SH-TWIN", order_number="WEB-4001-TWIN", **SHIPPED)
    sent.shiphero.orders.insert(0, twin)

    with pytest.raises(Permanent, match=r"\(WEB-4001-TWIN: something"):
        destroy(sent)

    states = {order.id: order.canceled for order in sent.shiphero.orders}
    assert states == {"SH-TWIN": False, "SH-GO-demo-501": True}


def test_an_order_that_shiphero_does_not_show_is_looked_for_again(sent: Pushing) -> None:
    sent.shiphero.orders = []

    with pytest.raises(Transient, match="does not show order WEB-4001") as raised:
        destroy(sent)

    assert raised.value.code == "order_not_found"


def test_a_change_told_after_the_deletion_is_answered_by_the_cancellation(sent: Pushing) -> None:
    sent.book.notes.deleted(501, said_now=True)

    outcome = sent.push()

    assert isinstance(outcome, Delivered)
    assert outcome.code == "order_canceled_for_deleted_note"
    assert sent.brightpearl.calls == []


def test_a_note_that_is_sent_anew_by_a_person_ends_the_alert(sent: Pushing) -> None:
    [link] = sent.book.links()
    again = {"generation": 2, "key": "GO-demo-501.2", "shiphero_order_id": "", "empty_lookups": 9}
    sent.book.keep(OrderLink(**{**link.model_dump(), **again, "intended_at": NOON}))
    raise_cancel_alert(sent)
    at_shiphero(sent, fulfillment_status="canceled")
    sent.book.wait(minutes=16)

    settle(sent, sent.push())

    assert [new.partner_order_id for new in sent.shiphero.asked] == ["GO-demo-501", "GO-demo-501.2"]
    assert open_alerts(sent) == 0

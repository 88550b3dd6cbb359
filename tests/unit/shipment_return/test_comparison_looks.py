"""Which of ShipHero's orders a comparison asks a look at."""

from typing import Any

import pytest

from services.shipment_return.announcement import Told, read_announcement
from services.shipment_return.comparison_looks import looks_for, ours_among
from services.shipment_return.parcels import Tally
from services.shipment_return.records import Known
from shared.events import GOODS_OUT_NOTE_DESTROYED, SHIPMENT_SUSPECTED, Lane, NewEvent
from shared.notes.key import NoteKey
from shared.vendors.shiphero.models import ShipHeroOrder
from tests.builders import MORNING, a_shiphero_order, a_shipment, a_shipping_label
from tests.unit.core.notebook import an_event

KEY, AGAIN = (NoteKey(account="demo", note_id=501, generation=one) for one in (1, 2))
TOLD = Tally(boxes=1, tracking=frozenset({"1Z-TEST-0001"}))
SHIPPED = {"shipments": (a_shipment(),)}
CANCELED = {"fulfillment_status": "canceled"}


def looks(known: Known, *orders: ShipHeroOrder) -> list[NewEvent]:
    """Compare one note's orders."""
    ours = ours_among(orders, "demo")
    return list(looks_for(ours, {501: known}, an_event(), code="demo"))


def a_note(**fields: Any) -> Known:
    """Build what we know of note 501: it was sent."""
    return Known(**{"note_id": 501, "order_stage": "done", "key": KEY, **fields})


@pytest.mark.parametrize(
    ("known", "order", "looked"),
    [
        ({}, {}, []),
        ({}, SHIPPED, [SHIPMENT_SUSPECTED]),
        ({"shipment_stage": "done"}, SHIPPED, []),
        ({"shipment_stage": "waiting"}, SHIPPED, [SHIPMENT_SUSPECTED]),
        ({"shipment_stage": "done", "told": TOLD}, SHIPPED, []),
        ({"shipment_stage": "done", "told": TOLD}, {}, [SHIPMENT_SUSPECTED]),
        ({}, CANCELED, [SHIPMENT_SUSPECTED]),
        ({"is_canceled": True}, CANCELED, []),
        ({"order_stage": "canceled"}, CANCELED, []),
        ({"is_deleted": True}, CANCELED, [SHIPMENT_SUSPECTED]),
        ({"is_deleted": True}, {}, [GOODS_OUT_NOTE_DESTROYED]),
        ({"is_deleted": True, "order_stage": "canceled"}, {}, []),
        ({"is_deleted": True, "order_stage": "cancel_refused"}, {}, []),
        ({"is_deleted": True}, SHIPPED, [SHIPMENT_SUSPECTED]),
        ({"key": AGAIN}, CANCELED, []),
        ({"key": AGAIN}, SHIPPED, [SHIPMENT_SUSPECTED]),
    ],
)
def test_a_look_is_asked_for_what_was_not_told(
    known: dict[str, Any], order: dict[str, Any], looked: list[str]
) -> None:
    found = looks(a_note(**known), a_shiphero_order(**order))

    assert [one.name for one in found] == looked
    assert {one.lane for one in found} <= {Lane.BACKFILL}


def test_the_look_names_the_very_order() -> None:
    [look] = looks(a_note(), a_shiphero_order(**CANCELED))

    event = an_event(name=look.name, subject=look.subject, payload=look.payload)
    told = read_announcement(event, account_code="demo")

    assert told == Told(key=KEY, order_id="SH-501", is_cancel=True)


def test_an_order_cancelled_after_all_of_it_left_is_looked_at_as_shipped() -> None:
    [look] = looks(a_note(), a_shiphero_order(**CANCELED, **SHIPPED))

    assert look.payload["canceled"] is False


def test_a_voided_label_is_another_look_although_the_shipment_is_the_same() -> None:
    void = a_shipment(shipping_labels=(a_shipping_label(status="voided"),))
    again = a_shipment(shipping_labels=(a_shipping_label(), a_shipping_label(id="L-2")))

    keys = {
        looks(a_note(told=TOLD), a_shiphero_order(shipments=(one,)))[0].dedupe_key
        for one in (void, again)
    }

    assert len(keys) == 2


def test_what_came_back_to_an_earlier_state_is_another_look() -> None:
    told = a_note(told=Tally(boxes=2, tracking=TOLD.tracking))
    orders = [a_shiphero_order(**SHIPPED, updated_at=MORNING.replace(hour=at)) for at in (10, 11)]

    keys = {looks(told, order)[0].dedupe_key for order in orders}

    assert len(keys) == 2


def test_the_order_made_again_stands_before_the_one_it_replaced() -> None:
    again = a_shiphero_order(id="SH-2", partner_order_id=str(AGAIN))
    ours = ours_among([a_shiphero_order(**SHIPPED), again, a_shiphero_order()], "demo")

    assert [one.order.id for one in ours.values()] == ["SH-2"]

"""Shipments that cross with a push, a deletion or a deliberate re-create."""

from dataclasses import replace

import pytest

from services.shipment_return.announcement import suspicion_of
from services.shipment_return.consumer import follow
from shared.alerts import order_canceled, raise_alert
from shared.errors import Permanent, Transient
from shared.events import SHIPMENT_SUSPECTED
from shared.outcome import Delivered, Skipped
from tests.builders import a_shiphero_order, a_shipment, a_shipping_label
from tests.unit.core.notebook import ACCOUNT, NOON, an_event
from tests.unit.shipment_return.returning import Returning, a_shipment_update

AGAIN = "GO-demo-501.2"


def test_a_shipment_that_came_before_the_push_recorded_its_order_makes_the_log_true(
    returning: Returning,
) -> None:
    returning.sent(shiphero_order_id="")
    returning.mark(order_stage="checking")
    returning.shiphero.ship("SH-501", "1Z-A")

    outcome = returning.one()
    with returning.book.session() as session:
        follow(session, replace(a_shipment_update(), account_id=ACCOUNT), outcome, NOON)
        session.commit()

    row = returning.book.row()
    assert (row.order_stage, row.shipment_stage) == ("done", "done")
    assert (row.shiphero_order_id, row.synced_at) == ("SH-501", NOON)
    [link] = returning.book.links()
    assert (link.shiphero_order_id, link.adopted) == ("SH-501", True)


@pytest.mark.parametrize("stage", ["change_refused", "canceled", "cancel_refused"])
def test_what_is_known_of_an_order_stays_on_the_log_when_it_ships(
    returning: Returning, stage: str
) -> None:
    returning.sent()
    returning.mark(order_stage=stage)

    with returning.book.session() as session:
        follow(session, a_shipment_update(), Delivered(reference="4001/1"), NOON)
        session.commit()

    row = returning.book.row()
    assert (row.order_stage, row.shipment_stage) == (stage, "done")


def test_a_shipment_ends_the_alert_about_a_cancelled_order(returning: Returning) -> None:
    returning.sent()
    returning.mark(order_stage="canceled")

    with returning.book.session() as session:
        raise_alert(session, order_canceled(ACCOUNT, 501), sentence="It was.", raised_at=NOON)
        follow(session, a_shipment_update(), Delivered(reference="4001/1"), NOON)
        session.commit()

    assert [alert.ended_at for alert in returning.alerts()] == [NOON]


def test_a_shipment_of_an_order_that_we_have_no_link_of_is_adopted(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", "1Z-A")

    returning.one()

    [link] = returning.book.links()
    assert (link.key, link.generation, link.shiphero_order_id) == ("GO-demo-501", 1, "SH-501")


def test_a_link_that_is_there_stays_as_it_is(returning: Returning) -> None:
    returning.sent(shiphero_order_id="SH-OTHER")
    returning.shiphero.ship("SH-501", "1Z-A")

    returning.one()

    assert [link.shiphero_order_id for link in returning.book.links()] == ["SH-OTHER"]


def test_a_shipment_of_a_deleted_note_asks_for_a_person(returning: Returning) -> None:
    returning.sent()
    returning.mark(deleted_at=NOON)
    returning.shiphero.ship("SH-501", "1Z-A")

    with pytest.raises(
        Permanent, match=r"Note 4001/1 was deleted .* order WEB-4001/1 \(1Z-A\)"
    ) as raised:
        returning.one()

    assert raised.value.code == "note_deleted_but_shipped"
    assert returning.brightpearl.calls == []


def test_a_deleted_note_of_which_nothing_left_needs_nobody(returning: Returning) -> None:
    returning.mark(deleted_at=NOON)

    outcome = returning.one()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "nothing_shipped"


def test_a_note_that_is_merely_not_shown_is_looked_for_again(returning: Returning) -> None:
    returning.brightpearl.notes.clear()
    returning.shiphero.ship("SH-501", "1Z-A")

    with pytest.raises(Transient) as raised:
        returning.one()

    assert raised.value.code == "note_not_found"


def test_a_suspicion_names_the_order_that_it_is_about(returning: Returning) -> None:
    returning.sent_again()
    returning.shiphero.orders = [a_shiphero_order(id="SH-2", partner_order_id=AGAIN)]
    returning.shiphero.ship("SH-2", "1Z-A")
    looked = returning.told(key=AGAIN, order_id="SH-2")
    event = an_event(name=SHIPMENT_SUSPECTED, subject="501", payload=suspicion_of(looked))

    outcome = returning.one(event)

    assert isinstance(outcome, Delivered)
    assert returning.note.shipping.reference == "1Z-A"


def test_an_old_suspicion_that_names_no_order_means_the_present_one(returning: Returning) -> None:
    returning.sent_again()
    returning.shiphero.orders = [
        a_shiphero_order(fulfillment_status="canceled"),
        a_shiphero_order(id="SH-2", partner_order_id=AGAIN),
    ]
    returning.shiphero.ship("SH-2", "1Z-A")

    returning.one(an_event(name=SHIPMENT_SUSPECTED, subject="501"))

    assert returning.note.shipping.reference == "1Z-A"


def test_an_earlier_order_that_was_cancelled_when_made_again_is_no_cancellation(
    returning: Returning,
) -> None:
    returning.sent_again()
    returning.shiphero.orders = [
        a_shiphero_order(fulfillment_status="canceled"),
        a_shiphero_order(id="SH-2", partner_order_id=AGAIN),
    ]

    outcome = returning.one(a_shipment_update())

    assert isinstance(outcome, Skipped)
    assert (outcome.code, returning.brightpearl.remarks) == ("nothing_shipped", [])


def test_an_earlier_order_that_left_ships_the_note_and_warns_of_the_one_in_its_place(
    returning: Returning,
) -> None:
    returning.sent_again()
    returning.shiphero.orders = [
        a_shiphero_order(shipments=(a_shipment(),)),
        a_shiphero_order(id="SH-2", order_number="WEB-4001/1-2", partner_order_id=AGAIN),
    ]

    outcome = returning.one()
    returning.one()

    assert isinstance(outcome, Delivered)
    assert (returning.note.shipped, returning.note.shipping.reference) == (True, "1Z-TEST-0001")
    [remark] = returning.brightpearl.remarks
    assert remark.text == (
        "Note 4001/1 left with ShipHero order WEB-4001/1, although order WEB-4001/1-2 had been "
        "made in its place: cancel WEB-4001/1-2 in ShipHero unless both are to go. [GO-501-earlier]"
    )


def test_parcels_of_both_orders_of_a_note_are_told(returning: Returning) -> None:
    returning.sent_again()
    earlier = a_shiphero_order(shipments=(a_shipment(),))
    present = a_shiphero_order(id="SH-2", partner_order_id=AGAIN)
    returning.shiphero.orders = [earlier, present]
    returning.one()
    second = a_shipment(id="S2", shipping_labels=(a_shipping_label(tracking_number="1Z-2"),))
    returning.shiphero.orders[1] = present.model_copy(update={"shipments": (second,)})

    returning.one(a_shipment_update(partner_order_id=AGAIN, order_uuid="SH-2"))

    assert "new: 1Z-2; 2 parcels instead of 1." in returning.brightpearl.remarks[-1].text

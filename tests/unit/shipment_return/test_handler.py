"""What shipment_return does with ShipHero's webhooks."""

from dataclasses import replace

import pytest

from services.shipment_return.handler import return_shipments
from shared.errors import ConnectionBroken, OurTrouble, Permanent, Throttled, Transient
from shared.events import SHIPHERO_WEBHOOK_RECEIVED
from shared.outcome import Busy, Delivered, Held, Skipped
from shared.vendors.brightpearl.models import NoteShipping
from tests.builders import (
    a_goods_out_note,
    a_line_item,
    a_shiphero_order,
    a_shipment,
    a_shipping_label,
)
from tests.fakes.vendors_shiphero import SHIPPED_AT
from tests.unit.core.notebook import NOON
from tests.unit.shipment_return.returning import Returning, a_shipment_update, a_webhook

UNREADABLE = ["", "no json", "[]", '"text"', "null", "[" * 100_000, '{"webhook_type": {}}']


def test_a_shipment_becomes_tracking_and_a_shipped_event(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", "1Z-A", "1Z-B")

    outcome = returning.one()

    assert outcome == Delivered(reference="4001/1", summary="Tracking 1Z-A, 1Z-B.")
    assert (returning.note.shipped, returning.note.shipping.reference) == (True, "1Z-A, 1Z-B")
    assert returning.note.shipping.boxes == 2
    [event] = returning.note.events
    assert (event.event_code, event.event_owner_id, event.occurred) == ("SHW", 31, SHIPPED_AT)


def test_the_sync_log_knows_the_tracking(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", "1Z-A")

    returning.one()

    row = returning.book.row()
    assert (row.tracking, row.shipped_at) == ("1Z-A", NOON)


def test_the_same_webhook_twice_ships_once(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", "1Z-A")
    first = returning.one()
    returning.brightpearl.calls.clear()

    assert returning.one() == first
    assert returning.brightpearl.calls == []


def test_tracking_is_written_before_the_note_is_shipped(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")

    returning.one()

    writes = [call for call in returning.brightpearl.calls if call != "goods_out_notes"]
    assert writes == ["write_details", "add_shipped_event"]


def test_priority_and_method_stay_as_the_note_has_them(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")

    returning.one()

    assert (returning.note.priority, returning.note.shipping.shipping_method_id) == (True, 5)


def test_the_shipped_event_names_the_version_read_after_the_details(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")

    returning.one()

    assert returning.brightpearl.if_matches == [53]


@pytest.mark.parametrize(
    "foreign", ["", "4001", "GO-other-501", "GO-demo-501.1", "shopify-77", "GO-demo-" + "9" * 5000]
)
def test_an_order_that_is_not_ours_needs_no_vendor_call(returning: Returning, foreign: str) -> None:
    outcome = returning.one(a_shipment_update(partner_order_id=foreign))

    assert isinstance(outcome, Skipped)
    assert outcome.code == "not_ours"
    assert returning.brightpearl.calls == returning.shiphero.calls == []


@pytest.mark.parametrize("topic", ["Order Allocated", "Brand New Type", "", "x" * 500])
def test_another_webhook_is_skipped_without_a_call(returning: Returning, topic: str) -> None:
    told = a_webhook({"webhook_type": topic, "partner_order_id": "GO-demo-501"})

    outcome = returning.one(replace(told, name=SHIPHERO_WEBHOOK_RECEIVED))

    assert isinstance(outcome, Skipped)
    assert outcome.code == "not_followed"
    assert len(outcome.reason) < 120
    assert returning.brightpearl.calls == returning.shiphero.calls == []


@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_an_unreadable_webhook_dies_with_a_sentence(returning: Returning, body: str) -> None:
    with pytest.raises((Permanent), match="ShipHero's webhook cannot be read, so") as raised:
        returning.one(a_webhook(body))

    assert raised.value.code == "webhook_unreadable"


def test_one_unreadable_webhook_leaves_the_others(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")
    group = [a_webhook("no json"), a_shipment_update(), a_shipment_update(partner_order_id="x")]

    units = return_shipments(group, desk=returning.desk)

    codes = [unit.events[0].payload["body"] == "no json" for unit in units]
    assert codes == [True, False, False]
    assert returning.brightpearl.calls == ["goods_out_notes"]


def test_several_webhooks_about_one_note_become_one_look(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")

    outcomes = returning.handle(a_shipment_update(), a_shipment_update(), a_shipment_update())

    assert len(outcomes) == 1
    assert returning.shiphero.calls.count("order") == 1


def test_the_webhooks_own_words_are_only_a_hint(returning: Returning) -> None:
    returning.shiphero.ship("SH-501", "1Z-TRUE")

    returning.one(a_shipment_update(tracking_number="1Z-FALSE"))

    assert returning.note.shipping.reference == "1Z-TRUE"


@pytest.mark.parametrize("order_uuid", ["", "SH-UNKNOWN", "SH-FOREIGN"])
def test_an_order_is_found_by_our_key_where_the_webhook_names_another(
    returning: Returning, order_uuid: str
) -> None:
    returning.shiphero.orders.append(
        a_shiphero_order(id="SH-FOREIGN", partner_order_id="GO-demo-777")
    )
    returning.shiphero.ship("SH-501", "1Z-A")

    outcome = returning.one(a_shipment_update(order_uuid=order_uuid))

    assert isinstance(outcome, Delivered)
    assert returning.note.shipping.reference == "1Z-A"


def test_an_order_that_shiphero_does_not_show_is_looked_for_again(returning: Returning) -> None:
    returning.shiphero.orders.clear()

    with pytest.raises(Transient, match="does not show order GO-demo-501") as raised:
        returning.one()

    assert raised.value.code == "order_not_found"


def test_a_shipment_that_came_before_its_link_was_recorded_is_returned(
    returning: Returning,
) -> None:
    assert returning.book.links() == []
    returning.shiphero.ship("SH-501")

    assert isinstance(returning.one(), Delivered)


def test_a_part_shipment_waits_for_the_rest(returning: Returning) -> None:
    lines = (a_line_item(quantity=5),)
    returning.shiphero.orders = [a_shiphero_order(line_items=lines, shipments=(a_shipment(),))]

    outcome = returning.one()

    assert isinstance(outcome, Skipped)
    assert outcome.code == "waiting_for_rest"
    assert outcome.reason.startswith("2 of 5 pieces have shipped")
    assert outcome.settings_version == returning.settings.version
    assert "write_details" not in returning.brightpearl.calls


def test_the_last_of_several_shipments_ships_the_note_with_all_numbers(
    returning: Returning,
) -> None:
    second = a_shipment(
        id="SHIPMENT-2", shipping_labels=(a_shipping_label(id="L-2", tracking_number="1Z-2"),)
    )
    returning.shiphero.orders = [
        a_shiphero_order(line_items=(a_line_item(quantity=4),), shipments=(a_shipment(), second))
    ]

    returning.one()

    assert returning.note.shipping.reference == "1Z-TEST-0001, 1Z-2"


def test_a_note_shipped_by_hand_is_left_as_it_is(returning: Returning) -> None:
    by_hand = NoteShipping(reference="1z-a", shipping_method_id=5)
    returning.brightpearl.notes[501] = a_goods_out_note(shipped=True, shipping=by_hand)
    returning.shiphero.ship("SH-501", "1Z-A")

    outcome = returning.one()

    assert outcome == Delivered(reference="4001/1", summary="Tracking 1z-a.")
    assert returning.brightpearl.calls == ["goods_out_notes"]


def test_numbers_that_a_note_shipped_by_hand_lacks_go_to_its_order_once(
    returning: Returning,
) -> None:
    by_hand = NoteShipping(reference="1Z-A", shipping_method_id=5)
    returning.brightpearl.notes[501] = a_goods_out_note(shipped=True, shipping=by_hand)
    returning.shiphero.ship("SH-501", "1Z-A", "1Z-B")

    outcome = returning.one()
    returning.one()

    assert outcome == Delivered(reference="4001/1", summary="Tracking 1Z-A.")
    [remark] = returning.brightpearl.remarks
    assert remark.text == "More tracking numbers of note 4001/1: 1Z-B [GO-501-tracking]"


def test_a_note_shipped_by_hand_without_a_number_says_where_the_number_stands(
    returning: Returning,
) -> None:
    by_hand = NoteShipping(shipping_method_id=5)
    returning.brightpearl.notes[501] = a_goods_out_note(shipped=True, shipping=by_hand)
    returning.shiphero.ship("SH-501", "1Z-A")

    outcome = returning.one()

    told = "Tracking 1Z-A, told on the sales order: the note has no number."
    assert outcome == Delivered(reference="4001/1", summary=told)


@pytest.mark.parametrize(
    ("changed", "cause"),
    [
        ({"shipment_sync_on": False}, "shipment_sync_off"),
        ({"event_owner_contact_id": None}, "event_owner_unset"),
    ],
)
def test_a_missing_setting_holds_the_shipment(
    returning: Returning, changed: dict[str, object], cause: str
) -> None:
    returning.settings = replace(returning.settings, **changed)  # type: ignore[arg-type]
    returning.shiphero.ship("SH-501")

    outcome = returning.one()

    assert isinstance(outcome, Held)
    assert (outcome.cause, outcome.settings_version) == (cause, 3)
    assert returning.shiphero.calls == []


def test_a_note_in_anothers_hands_comes_back(returning: Returning) -> None:
    returning.shiphero.ship("SH-501")

    with returning.book.notes_of("another").leased(501):
        outcome = returning.one()

    assert outcome == Busy(reason="Another delivery works on note 501.")
    assert not returning.note.shipped


def test_a_note_that_brightpearl_does_not_show_is_looked_for_again(returning: Returning) -> None:
    returning.brightpearl.notes.clear()

    with pytest.raises(Transient, match="does not show note 501"):
        returning.one()


@pytest.mark.parametrize(
    "outage",
    [
        Transient("down"),
        Throttled("busy", until=NOON),
        ConnectionBroken("refused", vendor="brightpearl"),
        OurTrouble("the disk is full"),
        Permanent("a value is wrong"),
    ],
)
def test_an_outage_passes_through(returning: Returning, outage: Exception) -> None:
    returning.shiphero.ship("SH-501")
    returning.brightpearl.fails_on = {"write_details": outage}  # type: ignore[dict-item]

    with pytest.raises(type(outage)) as raised:
        returning.one()

    assert raised.value is outage
    assert not returning.note.shipped

"""What our fake and the sandbox promise alike about Brightpearl."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.vendors.brightpearl.account_models import NewWebhook
from shared.vendors.brightpearl.faults import NoteGone, ReadAgain
from shared.vendors.brightpearl.models import (
    GoodsOutNote,
    NewNoteShipping,
    NoteDetails,
    NoteShipment,
    ShipState,
)
from shared.vendors.brightpearl.order_models import NewOrderNote
from tests.contract.vendors.conftest import BrightpearlSide

NOBODY = 999_999_999
AFTERNOON = datetime(2026, 3, 2, 15, 30, tzinfo=UTC)
DETAILS = NoteDetails(priority=True, shipping=NewNoteShipping(reference="1Z-TEST-9", boxes=2))


def _note(side: BrightpearlSide) -> GoodsOutNote:
    return side.client.goods_out_notes([side.note_id])[side.note_id]


def _shipment(note_id: int) -> NoteShipment:
    return NoteShipment(note_id=note_id, details=DETAILS, occurred=AFTERNOON, event_owner_id=31)


def test_a_note_is_found_by_its_id_and_a_missing_one_is_left_out(
    brightpearl: BrightpearlSide,
) -> None:
    found = brightpearl.client.goods_out_notes([NOBODY, brightpearl.note_id])

    assert list(found) == [brightpearl.note_id]
    assert found[brightpearl.note_id].order_id == brightpearl.order_id


def test_only_missing_notes_are_nothing(brightpearl: BrightpearlSide) -> None:
    assert brightpearl.client.goods_out_notes([NOBODY]) == {}


def test_the_notes_of_an_order_are_found(brightpearl: BrightpearlSide) -> None:
    found = brightpearl.client.goods_out_notes_of_order(brightpearl.order_id)

    assert brightpearl.note_id in found


def test_every_row_of_a_note_is_a_row_of_its_order(brightpearl: BrightpearlSide) -> None:
    order = brightpearl.client.sales_orders([brightpearl.order_id])[brightpearl.order_id]

    rows = {row_id: order.row(row_id) for row_id in _note(brightpearl).order_rows}

    assert all(row is not None and row.product_sku for row in rows.values())


def test_missing_orders_and_products_are_nothing(brightpearl: BrightpearlSide) -> None:
    assert brightpearl.client.sales_orders([NOBODY]) == {}
    assert brightpearl.client.products([NOBODY]) == {}


def test_the_notes_product_has_a_sku_and_a_name(brightpearl: BrightpearlSide) -> None:
    product = brightpearl.client.products([brightpearl.product_id])[brightpearl.product_id]

    assert product.sku
    assert product.name


def test_details_are_written_and_read_back(brightpearl: BrightpearlSide) -> None:
    brightpearl.client.write_details(brightpearl.note_id, DETAILS)

    note = _note(brightpearl)
    assert (note.shipping.reference, note.shipping.boxes, note.priority) == ("1Z-TEST-9", 2, True)
    assert not note.shipped


def test_a_note_is_shipped_with_the_version_read_before(brightpearl: BrightpearlSide) -> None:
    brightpearl.client.write_details(brightpearl.note_id, DETAILS)
    version = _note(brightpearl).last_event_version

    brightpearl.client.add_shipped_event(
        brightpearl.note_id, occurred=AFTERNOON, event_owner_id=31, if_match=version
    )

    assert _note(brightpearl).shipped
    assert "SHW" in [event.event_code for event in _note(brightpearl).events]


def test_shipping_twice_says_read_again(brightpearl: BrightpearlSide) -> None:
    brightpearl.client.ship_notes([_shipment(brightpearl.note_id)])

    with pytest.raises(ReadAgain):
        brightpearl.client.add_shipped_event(
            brightpearl.note_id, occurred=AFTERNOON, event_owner_id=31, if_match=None
        )


def test_a_shipped_note_takes_no_details(brightpearl: BrightpearlSide) -> None:
    brightpearl.client.ship_notes([_shipment(brightpearl.note_id)])

    with pytest.raises(ReadAgain):
        brightpearl.client.write_details(brightpearl.note_id, DETAILS)


def test_writing_to_a_missing_note_says_that_it_is_gone(brightpearl: BrightpearlSide) -> None:
    with pytest.raises(NoteGone):
        brightpearl.client.write_details(NOBODY, DETAILS)


def test_a_batch_ships_a_note_with_its_tracking(brightpearl: BrightpearlSide) -> None:
    results = brightpearl.client.ship_notes([_shipment(brightpearl.note_id)])

    assert results[brightpearl.note_id].state is ShipState.SHIPPED
    note = _note(brightpearl)
    assert (note.shipped, note.shipping.reference) == (True, "1Z-TEST-9")


def test_a_batch_stops_at_the_first_refusal(brightpearl: BrightpearlSide) -> None:
    results = brightpearl.client.ship_notes([_shipment(NOBODY), _shipment(brightpearl.note_id)])

    assert results[NOBODY].state is ShipState.REFUSED
    assert results[brightpearl.note_id].state is ShipState.UNPROCESSED
    assert not _note(brightpearl).shipped


def test_an_open_note_is_found_by_search(brightpearl: BrightpearlSide) -> None:
    since = _note(brightpearl).created_on - timedelta(seconds=1)

    found = brightpearl.client.found_goods_out_notes(
        created_from=since, shipped=False, transfer=False
    )

    assert brightpearl.note_id in {one.goods_out_note_id for one in found}


def test_a_shipped_note_is_not_among_the_open_ones(brightpearl: BrightpearlSide) -> None:
    brightpearl.client.ship_notes([_shipment(brightpearl.note_id)])

    found = brightpearl.client.found_goods_out_notes(shipped=False)

    assert brightpearl.note_id not in {one.goods_out_note_id for one in found}


def test_a_remark_is_found_after_it_was_added(brightpearl: BrightpearlSide) -> None:
    made = brightpearl.client.add_order_note(brightpearl.order_id, NewOrderNote(text="[GO-7] hi"))

    [note] = brightpearl.client.order_notes(brightpearl.order_id)
    assert (note.note_id, note.text, note.is_public) == (made, "[GO-7] hi", False)


def test_a_webhook_is_listed_until_it_is_deleted(brightpearl: BrightpearlSide) -> None:
    client = brightpearl.client
    new = NewWebhook(subscribe_to="goods-out-note", uri_template="https://hooks.example.com/bp/1")

    made = client.create_webhook(new)
    before = {hook.id: hook.uri_template for hook in client.webhooks()}
    client.delete_webhook(made)
    client.delete_webhook(made)

    assert before[made] == "https://hooks.example.com/bp/1"
    assert made not in {hook.id for hook in client.webhooks()}


def test_the_standing_lists_name_what_the_note_uses(brightpearl: BrightpearlSide) -> None:
    client, note = brightpearl.client, _note(brightpearl)

    assert note.warehouse_id in {one.id for one in client.warehouses()}
    assert note.shipping.shipping_method_id in {0, *(one.id for one in client.shipping_methods())}
    assert client.channels()
    assert client.staff_contacts()
    assert client.account_configuration().time_zone

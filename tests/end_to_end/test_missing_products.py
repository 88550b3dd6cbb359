"""A product that ShipHero lacks is named, or made there once the merchant allows it."""

from tests.end_to_end.room import Room

NEW = "NEW-KETTLE-1"


def test_a_missing_product_fails_its_note_until_the_merchant_lets_it_be_made(room: Room) -> None:
    first, second = room.made(newSku=NEW), room.made()
    refused = room.wait(first, order_stage="failed", order_reason_code="sku_unknown")
    room.wait(second, order_stage="done")
    before = room.keys(first)

    room.goodsout("settings", "set", "demo", "create_products=on")

    room.wait(first, order_stage="done")
    assert NEW in refused.order_reason
    assert (before, room.keys(first)) == ([], ["pending"])
    assert NEW in [line["sku"] for line in room.order(first)["lines"]]
    assert room.calls("shiphero")["product_create"] == 1

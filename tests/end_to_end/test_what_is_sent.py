"""What a merchant writes in Brightpearl is what the warehouse has in ShipHero."""

from decimal import Decimal
from typing import Any

from tests.end_to_end.floor import Floor

NEVER = 1_000_000.0
IDA = {
    "name": "Ida Moss", "company": "Moss & Fern", "line1": "", "line2": "7 Quay Street",
    "city": "San Jose", "county": "California", "postcode": "95112", "countryIsoCode": "USA",
    "telephone": "0117 000", "email": "ida@example.com",
}  # fmt: skip
FIELDS = {"PCF_PACK": {"id": 6, "value": "Two layers"}, "PCF_CARD": "Happy birthday"}


def made(floor: Floor, **terms: Any) -> list[int]:
    """Have a sales order of one line made in Brightpearl; the ids of its notes."""
    wish = {"lines": 1, "warehouseId": 2, "shippingMethodId": 5, **terms}
    [order] = floor.run.control("sales-orders", wish)["orders"]
    note_ids: list[int] = order["noteIds"]
    return note_ids


def sent(floor: Floor, *note_ids: int) -> list[dict[str, Any]]:
    """Wait until the notes are at ShipHero, and give the one order of each."""
    for note_id in note_ids:
        floor.wait(note_id, order_stage="done")
    orders = [
        floor.run.control(f"shiphero-orders?partner_order_id=GO-demo-{one}") for one in note_ids
    ]
    assert [len(found) for found in orders] == [1] * len(note_ids)
    return [found[0] for found in orders]


def test_an_order_says_what_its_note_and_sales_order_say(floor: Floor) -> None:
    first, second = made(floor, notes=2, reference="PO 77", quantity=4, postage="4.10", locations=2)
    [abroad] = made(floor, **IDA)
    [yen] = made(floor, currency="JPY", price="500", quantity=3, discount="10", postage="100")
    [bundle] = made(floor, bundle=True, quantity=1)

    one, two, us, japan, kit = sent(floor, first, second, abroad, yen, bundle)

    assert [one["order_number"], two["order_number"]] == ["PO 77", "PO 77-2"]
    assert [row.order_number for note in (first, second) for row in floor.links(note)] == [
        "PO 77", "PO 77-2",
    ]  # fmt: skip
    assert [o["told"]["shipping_lines"]["price"] for o in (one, two)] == ["4.10", "0.00"]
    assert one["told"]["shipping_lines"]["title"]
    assert one["told"]["total_price"] == two["told"]["total_price"]
    [line] = one["lines"]
    assert line["partner_line_item_id"].startswith(f"GO-demo-{first}-")
    assert (line["quantity"], bool(line["warehouse_id"])) == (2, True)
    to = us["told"]["shipping_address"]
    assert (to["first_name"], to["last_name"], to["company"]) == ("Ida", "Moss", "Moss & Fern")
    assert (to["address1"], to.get("address2"), to["city"]) == ("7 QUAY STREET", None, "SAN JOSE")
    assert (to["country_code"], to["state_code"], us["told"]["email"]) == (
        "US", "CA", "ida@example.com",
    )  # fmt: skip
    assert (japan["told"]["currency"], japan["told"]["total_price"]) == ("JPY", "1740.00")
    assert [each["price"] for each in japan["lines"]] == ["450.00"]
    parts = kit["lines"][1:]
    assert sum(Decimal(each["price"]) * each["quantity"] for each in parts) == Decimal("39.00")


def test_an_order_says_what_the_merchant_chose(floor: Floor) -> None:
    floor.choose(
        order_number_template="{channel}/{reference}/{sequence}",
        packing_note_field="PCF_PACK",
        gift_note_field="PCF_CARD",
        channel_as="tag",
    )

    [note_id] = made(
        floor,
        reference="",
        channelId=2,
        customFields=FIELDS,
        deliveryDate="2031-07-09",
        releaseDate="2031-07-05T06:30:00Z",
        priority=True,
    )
    [order] = sent(floor, note_id)

    told = order["told"]
    assert order["order_number"] == f"Wholesale/{floor.row(note_id).order_id}/1"
    assert (told["shop_name"], told["tags"]) == ("Brightpearl", ["Wholesale"])
    assert (told["packing_note"], told["gift_note"]) == ("Two layers", "Happy birthday")
    assert told["required_ship_date"] == "2031-07-09T12:00:00"
    assert told["hold_until_date"] == "2031-07-05T06:30:00"
    assert told["priority_flag"] is True


def test_what_would_be_half_an_order_fails_with_its_reason(floor: Floor) -> None:
    wishes: dict[str, dict[str, Any]] = {
        "address_missing": {"line1": "", "line2": ""},
        "address_too_long": {"line1": "a" * 256},
        "country_missing": {"countryIsoCode": ""},
        "product_without_sku": {"withoutSku": True},
        "fractional_quantity": {"fraction": "1.5"},
        "order_row_missing": {"rowGone": True},
        "note_without_rows": {"noLines": True},
    }
    notes = {code: made(floor, **terms)[0] for code, terms in wishes.items()}
    [good] = made(floor)

    rows = {code: floor.wait(note_id, order_stage="failed") for code, note_id in notes.items()}
    sent(floor, good)

    assert {code: row.order_reason_code for code, row in rows.items()} == {
        code: code for code in wishes
    }
    for note_id in notes.values():
        assert floor.links(note_id) == []
        assert floor.run.control(f"shiphero-orders?partner_order_id=GO-demo-{note_id}") == []

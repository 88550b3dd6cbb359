"""What ShipHero has of a sales order after our push, over HTTP to both vendors of the sandbox."""

from decimal import Decimal

import pytest

from shared.errors import Permanent
from tests.contract.shiphero_push.shop import Shop

ADDRESS = {
    "name": "Ida Moss", "company": "Moss & Fern", "line1": "7 Quay Street", "line2": "",
    "city": "San Jose", "county": "California", "postcode": "95112", "countryIsoCode": "USA",
    "telephone": "", "email": "ida@example.com",
}  # fmt: skip


def test_notes_of_one_order_bear_its_reference_and_are_told_apart(shop: Shop) -> None:
    first, second = shop.note_ids(notes=2, reference="PO 77")

    shop.push(first)
    shop.push(second)

    numbers = [shop.order(one)["order_number"] for one in (first, second)]
    assert numbers == ["PO 77", "PO 77-2"]


def test_a_template_names_orders_without_a_reference_too(shop: Shop) -> None:
    shop.choose(order_number_template="{channel}/{reference}/{sequence}")

    order = shop.sends(reference="", channelId=2)

    assert order["order_number"].startswith("Wholesale/4")
    assert order["order_number"].endswith("/1")


def test_an_address_abroad_is_found_by_three_letters(shop: Shop) -> None:
    to = shop.sends(**ADDRESS)["told"]["shipping_address"]

    assert (to["country"], to["country_code"], to["state_code"]) == ("US", "US", "CA")
    assert (to["first_name"], to["last_name"], to["company"]) == ("Ida", "Moss", "Moss & Fern")
    assert (to["address1"], to["city"]) == ("7 QUAY STREET", "SAN JOSE")  # as ShipHero shows it
    assert to.get("phone") is None


def test_money_is_the_sales_orders_in_its_currency(shop: Shop) -> None:
    order = shop.sends(currency="JPY", price="500", quantity=3, discount="10", postage="100")

    told = order["told"]
    assert (told["currency"], told["total_price"], told["total_tax"]) == (
        "JPY", "1740.00", "290.00",
    )  # fmt: skip
    assert told["shipping_lines"]["price"] == "100.00"
    assert [line["price"] for line in order["lines"]] == ["450.00"]


def test_postage_is_charged_once(shop: Shop) -> None:
    first, second = shop.note_ids(notes=2, postage="4.10")

    shop.push(first)
    shop.push(second)

    prices = [shop.order(one)["told"]["shipping_lines"]["price"] for one in (first, second)]
    totals = {shop.order(one)["told"]["total_price"] for one in (first, second)}
    assert (prices, len(totals)) == (["4.10", "0.00"], 1)


def test_a_bundle_goes_as_its_components_worth_what_the_bundle_costs(shop: Shop) -> None:
    order = shop.sends(bundle=True, quantity=1)

    parts = order["lines"][1:]
    worth = sum(Decimal(line["price"]) * line["quantity"] for line in parts)
    assert len(parts) == 3
    assert worth == Decimal("39.00")


def test_stock_of_several_places_is_one_line_locked_to_the_mapped_warehouse(shop: Shop) -> None:
    order = shop.sends(quantity=5, locations=3)

    [line] = order["lines"]
    assert line["quantity"] == 5
    assert line["warehouse_id"] == shop.desk.settings.warehouses[2].shiphero_id


def test_dates_notes_and_priority_travel_along(shop: Shop) -> None:
    shop.choose(packing_note_field="PCF_PACK", gift_note_field="PCF_CARD")
    fields = {"PCF_PACK": {"id": 6, "value": "Two layers"}, "PCF_CARD": "Happy birthday"}

    told = shop.sends(
        customFields=fields,
        deliveryDate="2031-07-09",
        releaseDate="2031-07-05T06:30:00Z",
        priority=True,
    )["told"]

    assert (told["packing_note"], told["gift_note"]) == ("Two layers", "Happy birthday")
    assert told["required_ship_date"] == "2031-07-09T12:00:00"
    assert told["hold_until_date"] == "2031-07-05T06:30:00"
    assert told["priority_flag"] is True


def test_a_release_date_that_has_come_holds_nothing(shop: Shop) -> None:
    assert "hold_until_date" not in shop.sends(releaseDate="2026-01-05")["told"]


def test_a_channel_is_the_orders_shop_or_a_tag(shop: Shop) -> None:
    as_shop = shop.sends(channelId=1)["told"]
    shop.choose(channel_as="tag")
    as_tag = shop.sends(channelId=1)["told"]

    assert (as_shop["shop_name"], as_shop.get("tags")) == ("Web shop", None)
    assert (as_tag["shop_name"], as_tag["tags"]) == ("Brightpearl", ["Web shop"])


@pytest.mark.parametrize(
    ("terms", "code"),
    [
        ({"line1": "", "line2": " "}, "address_missing"),
        ({"countryIsoCode": ""}, "country_missing"),
        ({"line1": "a" * 256}, "address_too_long"),
        ({"withoutSku": True}, "product_without_sku"),
        ({"fraction": "1.5"}, "fractional_quantity"),
        ({"rowGone": True}, "order_row_missing"),
        ({"noLines": True}, "note_without_rows"),
    ],
)
def test_half_an_order_is_not_made(shop: Shop, terms: dict[str, object], code: str) -> None:
    [note_id] = shop.note_ids(**terms)

    with pytest.raises(Permanent) as raised:
        shop.push(note_id)

    assert (raised.value.code, shop.orders(note_id)) == (code, [])


def test_the_second_street_line_stands_in_for_the_first(shop: Shop) -> None:
    to = shop.sends(line1="", line2="Unit 9")["told"]["shipping_address"]

    assert (to["address1"], to.get("address2")) == ("Unit 9", None)

"""What a person does at the merchant's desk with the control room's forms."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.control.merchant_acts import LONG_STREET
from tests.contract.sandbox.playing import BrightpearlCaller
from tests.contract.sandbox.test_page import press

ORDER = "/order-service/order/4101"


def the_order(brightpearl: BrightpearlCaller, query: str = "") -> dict[str, Any]:
    [order] = brightpearl.call("GET", f"{ORDER}{query}").get_json()["response"]
    found: dict[str, Any] = order
    return found


def test_an_order_is_made_as_the_form_wishes(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    press(
        client,
        "order",
        shippingMethodId="7",
        warehouseId="3",
        quantity="4",
        lines="1",
        reference="PHONE-1",
        currency="EUR",
        releaseDate="2026-12-24",
        packingNote="No plastic",
    )

    note, order = brightpearl.note(7001), the_order(brightpearl, "?includeOptional=customFields")
    [[line]] = note["orderRows"].values()
    assert (line["quantity"], note["warehouseId"], note["shipping"]["shippingMethodId"]) == (
        4,
        3,
        7,
    )
    assert note["releaseDate"].startswith("2026-12-24")
    assert (order["reference"], order["currency"]["orderCurrencyCode"]) == ("PHONE-1", "EUR")
    assert order["customFields"] == {"PCF_PACKING": "No plastic"}


@pytest.mark.parametrize(
    ("form", "field", "value"),
    [
        ({"country": "none"}, "country", ""),
        ({"country": "DE"}, "countryIsoCode", "DE"),
        ({"country": ""}, "countryIsoCode", "GB"),
        ({"lacks": "street"}, "addressLine1", ""),
        ({"lacks": "street"}, "addressLine2", ""),
        ({"lacks": "address"}, "postalCode", ""),
        ({"lacks": "end"}, "addressLine1", LONG_STREET),
    ],
)
def test_an_address_lacks_what_the_form_says(
    client: FlaskClient,
    brightpearl: BrightpearlCaller,
    form: dict[str, str],
    field: str,
    value: str,
) -> None:
    press(client, "order", **form)

    assert the_order(brightpearl)["parties"]["delivery"][field] == value


@pytest.mark.parametrize(
    ("form", "seen"),
    [
        ({"goods": "withoutSku"}, "Sample Sachet"),
        ({"goods": "bundle"}, "Stoneware Mug, oat"),
        ({"goods": "fraction"}, ">1.5<"),
        ({"newSku": "NEW-1"}, "NEW-1"),
    ],
)
def test_a_note_page_shows_the_odd_goods_on_it(
    client: FlaskClient, form: dict[str, str], seen: str
) -> None:
    press(client, "order", **form)

    assert seen in client.get("/notes/7001").get_data(as_text=True)


@pytest.mark.parametrize(
    ("act", "form", "said"),
    [
        ("drop-ship", {}, "Made drop-ship note 3001 of sales order 4102"),
        ("make-and-delete", {}, "Made, changed, printed and deleted goods-out note 7002"),
        ("step", {"number": "7001", "code": "PRI"}, "Printed goods-out note 7001"),
        ("change", {"number": "7001", "priority": "yes"}, "Changed goods-out note 7001"),
        ("change", {"number": "7001"}, "Choose a shipping method or a priority."),
        ("ship-by-hand", {"number": "7001"}, "Shipped goods-out note 7001 by hand"),
        ("ship-by-hand", {"number": "x"}, "number must be a whole number"),
        ("address", {"number": "4101", "line1": "1 Row"}, "address of sales order 4101"),
        ("address", {"number": "9", "line1": "1 Row"}, "There is no sales order 9."),
        ("product", {"sku": "NEW-1"}, "Made product 1531 NEW-1 in Brightpearl alone"),
        ("sku", {"number": "1501", "sku": "TEA-2"}, "Product 1501 has the SKU TEA-2"),
        ("sku", {"number": "9", "sku": "TEA-2"}, "Account demo has no product 9."),
    ],
)
def test_every_button_of_the_desk_says_what_it_did(
    client: FlaskClient, note_id: int, act: str, form: dict[str, str], said: str
) -> None:
    assert note_id == 7001
    assert said in press(client, act, **form)


def test_a_note_is_changed_and_shipped_by_hand(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    press(client, "change", number=str(note_id), shippingMethodId="6", priority="yes")
    press(client, "ship-by-hand", number=str(note_id), tracking="HAND-1")

    note = brightpearl.note(note_id)
    assert (note["priority"], note["status"]["shipped"]) == (True, True)
    assert note["shipping"] == {"reference": "HAND-1", "shippingMethodId": 6}


def test_a_button_comes_back_to_the_page_it_stands_on(client: FlaskClient, note_id: int) -> None:
    form = {"number": str(note_id), "code": "PRI", "back": f"notes/{note_id}"}

    answer = client.post("/page/step", data=form)

    assert answer.headers["Location"].startswith(f"/notes/{note_id}?")


@pytest.mark.parametrize("path", ["/notes/9", "/orders/9"])
def test_what_is_gone_is_said_in_a_sentence(client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert (answer.status_code, "is not there" in answer.get_data(as_text=True)) == (404, True)

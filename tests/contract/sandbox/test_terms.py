"""What may be wished of a sales order, as Brightpearl shows it and ShipHero keeps it."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.shiphero.warehouse import ship_what_is_due
from sandbox.world import World
from tests.contract.sandbox.playing import BrightpearlCaller, FakeClock, ShipHeroCaller

READY = "query ($id: String!) { order(id: $id) { data { ready_to_ship hold_until_date } } }"


def wished(
    client: FlaskClient, brightpearl: BrightpearlCaller, asked: str = "", **terms: Any
) -> Any:
    """Make an order of one line and one note; give both as Brightpearl shows them."""
    wish = {"lines": 1, "warehouseId": 2, **terms}
    answer = client.post("/control/sales-orders", json=wish)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    [made] = answer.get_json()["orders"]
    path = f"/order-service/order/{made['orderId']}{asked}"
    [order] = brightpearl.call("GET", path).get_json()["response"]
    return order, brightpearl.note(made["noteIds"][0])


def test_custom_fields_come_only_where_they_are_asked_for(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    fields = {"PCF_GIFT": "Card", "PCF_WRAP": {"id": 6, "value": "Ribbon"}}

    bare, _ = wished(client, brightpearl, customFields=fields)
    asked, _ = wished(client, brightpearl, "?includeOptional=customFields", customFields=fields)
    none, _ = wished(client, brightpearl, "?includeOptional=customFields,nullCustomFields")

    assert ("customFields" in bare, "customFields" in none) == (False, False)
    assert asked["customFields"] == fields


def test_dates_and_priority_are_those_wished_for(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    order, note = wished(
        client,
        brightpearl,
        deliveryDate="2026-07-09",
        releaseDate="2026-07-05T08:00:00Z",
        priority=True,
    )

    assert order["delivery"]["deliveryDate"] == "2026-07-09T01:00:00.000+01:00"
    assert note["releaseDate"] == "2026-07-05T09:00:00.000+01:00"
    assert note["priority"] is True


def test_money_is_in_the_currency_wished_for(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    order, _ = wished(
        client, brightpearl, currency="JPY", price="500", quantity=3, discount="10", postage="100"
    )
    goods, postage = order["orderRows"].values()

    assert order["currency"]["orderCurrencyCode"] == "JPY"
    assert goods["rowValue"]["rowNet"] == {"currencyCode": "JPY", "value": "1350.0000"}
    assert goods["discountPercentage"] == "10.00"
    assert (postage["nominalCode"], postage["rowValue"]["rowNet"]["value"]) == ("4300", "100.0000")
    assert (order["totalValue"]["net"], order["totalValue"]["baseNet"]) == ("1450.00", "725.00")


@pytest.mark.parametrize(
    ("code", "shown"),
    [
        ("US", {"country": "United States", "countryIsoCode": "US", "countryIsoCode3": "USA"}),
        ("DEU", {"country": "DEU", "countryIsoCode3": "DEU"}),
        ("", {"country": ""}),
    ],
)
def test_an_address_is_the_one_wished_for(
    client: FlaskClient, brightpearl: BrightpearlCaller, code: str, shown: dict[str, str]
) -> None:
    order, _ = wished(client, brightpearl, countryIsoCode=code, line1="", line2="Unit 9", email="")

    party = order["parties"]["delivery"]
    told = {name: party[name] for name in party if name.startswith("country") and name[-2:] != "Id"}
    assert told == shown
    assert (party["addressLine1"], party["addressLine2"], party["email"]) == ("", "Unit 9", "")


def test_an_order_may_have_no_reference(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    order, _ = wished(client, brightpearl, reference="")

    assert order["reference"] == ""


def test_a_line_may_come_from_several_places_or_be_no_whole_piece(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    _, spread = wished(client, brightpearl, quantity=5, locations=3)
    _, broken = wished(client, brightpearl, fraction="1.5")

    [parts] = spread["orderRows"].values()
    [[part]] = broken["orderRows"].values()
    assert sum(one["quantity"] for one in parts) == 5
    assert len({one["locationId"] for one in parts}) == 3
    assert part["quantity"] == 1.5


def test_a_line_may_have_no_sku_or_a_new_one(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    order, note = wished(client, brightpearl, withoutSku=True, newSku="TEA-NEW-1")

    skus = [row.get("productSku") for row in order["orderRows"].values()]
    assert skus[1:] == ["", "TEA-NEW-1", None]
    assert len(note["orderRows"]) == 3


def test_a_row_may_be_taken_off_an_order_whose_note_takes_from_it(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    order, note = wished(client, brightpearl, rowGone=True)

    assert set(note["orderRows"]) & set(order["orderRows"]) == set()


def test_a_note_may_take_nothing(client: FlaskClient, brightpearl: BrightpearlCaller) -> None:
    order, note = wished(client, brightpearl, noLines=True)

    assert note["orderRows"] == {}
    assert len(order["orderRows"]) == 2


@pytest.mark.parametrize(
    "terms", [{"price": "dear"}, {"releaseDate": "soon"}, {"customFields": [1]}, {"quantity": "x"}]
)
def test_nonsense_is_refused_in_a_sentence(client: FlaskClient, terms: dict[str, Any]) -> None:
    answer = client.post("/control/sales-orders", json=terms)

    assert answer.status_code == 400
    assert "That is no sales order: " in answer.get_json()["error"]


def test_an_order_is_not_shipped_by_itself_before_its_date(
    client: FlaskClient, shiphero: ShipHeroCaller, world: World, clock: FakeClock
) -> None:
    client.post("/control/switches", json={"ship_after": 0})
    order = shiphero.make_order("K", hold_until_date="2026-07-01T12:00:00")

    early, before = ship_what_is_due(world), shiphero.ask(READY, id=order["id"])
    clock.turn(2 * 3600)
    after = shiphero.ask(READY, id=order["id"])

    assert before["data"]["order"]["data"] == {
        "ready_to_ship": False,
        "hold_until_date": "2026-07-01T12:00:00",
    }
    assert after["data"]["order"]["data"]["ready_to_ship"] is True
    assert (early, ship_what_is_due(world)) == (0, 1)


def test_the_control_room_shows_what_an_order_was_told(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    shiphero.make_order(
        "K", packing_note="Two layers", tags=["Web"], required_ship_date="2026-07-09"
    )

    [order] = client.get("/control/shiphero-orders").get_json()

    assert order["told"]["packing_note"] == "Two layers"
    assert order["told"]["tags"] == ["Web"]
    assert order["told"]["required_ship_date"] == "2026-07-09T00:00:00"

"""What a person does at ShipHero's desk and floor with the control room's forms."""

import pytest
from flask.testing import FlaskClient

from sandbox.world import World
from tests.contract.sandbox.playing import ShipHeroCaller
from tests.contract.sandbox.test_page import press


@pytest.fixture
def order(shiphero: ShipHeroCaller) -> str:
    """Give the number of an order of two lines, 2 teas and 1 mug."""
    return str(shiphero.make_order()["legacy_id"])


def labels(world: World, order: str) -> list[tuple[str, str]]:
    found = world.store.find("sh_shipment", "order_id", order)
    return [(each["tracking_number"], each["status"]) for s in found for each in s["labels"]]


@pytest.mark.parametrize(
    ("form", "numbers"),
    [
        ({"tracking": "AB1\r\nAB2"}, ["AB1", "AB2"]),
        ({"tracking": "Pickup"}, ["Pickup"]),
        ({"untracked": "1", "parcels": "2"}, ["", ""]),
    ],
)
def test_an_order_ships_with_the_numbers_given(
    client: FlaskClient, world: World, order: str, form: dict[str, str], numbers: list[str]
) -> None:
    press(client, "ship", number=order, **form)

    assert [number for number, _ in labels(world, order)] == numbers


def test_an_order_ships_in_part(client: FlaskClient, order: str) -> None:
    form = {"line-TEA-BRK-125": "1", "line-MUG-STN-OAT": "0"}

    press(client, "ship", number=order, **form)

    page = client.get(f"/orders/{order}").get_data(as_text=True)
    assert "part shipped" in page


def test_a_label_is_voided_and_made_anew(client: FlaskClient, world: World, order: str) -> None:
    press(client, "ship", number=order, tracking="OLD")
    [shipment] = world.store.find("sh_shipment", "order_id", order)
    label = str(shipment["labels"][0]["legacy_id"])

    press(client, "void", number=label, remake="1", tracking="NEW")

    assert labels(world, order) == [("OLD", "voided"), ("NEW", "valid")]


@pytest.mark.parametrize(
    ("act", "form", "said"),
    [
        ("cancel", {}, "Cancelled ShipHero order"),
        ("hold", {"hold": "operator_hold", "set": "1"}, "Set the operator hold"),
        ("hold", {"hold": "operator_hold"}, "Lifted the operator hold"),
        ("tote", {"set": "1"}, "is in a tote"),
        ("tote", {}, "is out of its tote"),
        ("twin", {}, "with the key GO-demo-7001 too"),
        ("web-shop-order", {"order_number": "4101/1"}, "The web shop made ShipHero order 4101/1"),
        ("web-shop-order", {"order_number": ""}, "Give the order number"),
        ("kit", {"sku": "TEA-BRK-125", "part": "MUG-STN-OAT", "pieces": "2"}, "is a kit of 2"),
        ("kit", {"sku": "TEA-BRK-125", "part": "MUG-STN-OAT", "pieces": "0"}, "is no kit any more"),
        ("expire-shiphero", {}, "Expired 1 access tokens of ShipHero account 51077"),
        ("revoke-shiphero", {}, "Revoked 1 tokens of ShipHero account 51077"),
    ],
)
def test_every_button_of_the_floor_says_what_it_did(
    client: FlaskClient, order: str, act: str, form: dict[str, str], said: str
) -> None:
    assert said in press(client, act, **{"number": order, **form})


def test_the_web_shops_order_and_the_twin_stand_beside_ours(
    client: FlaskClient, shiphero: ShipHeroCaller, order: str
) -> None:
    press(client, "web-shop-order", order_number="4101/1")
    press(client, "twin", number=order)

    found = shiphero.orders('order_number: "4101/1"')
    keys = [each["partner_order_id"] for each in found]
    assert sorted(keys) == ["GO-demo-7001", "GO-demo-7001", "shop-4101/1"]


@pytest.fixture
def webhook(client: FlaskClient, world: World, order: str) -> str:
    """Give the number of a webhook that was kept to be sent."""
    kept = {"legacy_id": 1, "name": "Shipment Update", "account": 51077, "enabled": True}
    with world.change() as change:
        change.put("sh_webhook", 1, {**kept, "url": "http://nowhere", "secret": "s"})
    press(client, "ship", number=order)
    return "1"


def test_a_webhook_is_sent_again_word_for_word(
    client: FlaskClient, world: World, webhook: str
) -> None:
    said = press(client, "again", number=webhook, times="4")

    sent = world.store.all("delivery")
    assert "goes out 4 more times" in said
    assert len(sent) == 5
    assert len({(each["body"], str(each["headers"])) for each in sent}) == 1


@pytest.mark.parametrize(
    ("number", "times", "said"),
    [("1", "21", "1 to 20 times"), ("1", "0", "1 to 20 times"), ("9", "1", "There is no webhook")],
)
def test_a_webhook_that_cannot_be_sent_again_is_not(
    client: FlaskClient, webhook: str, number: str, times: str, said: str
) -> None:
    assert webhook == "1"
    assert said in press(client, "again", number=number, times=times)


def test_a_webhook_is_switched_off_and_on_again(
    client: FlaskClient, world: World, webhook: str
) -> None:
    said = press(client, "health", number=webhook)
    off = world.store.get("sh_webhook", 1)
    press(client, "health", number=webhook, on="1")
    on = world.store.get("sh_webhook", 1)

    assert "Shipment Update is off" in said
    assert [(hook["enabled"], hook["health"]) for hook in (off, on) if hook] == [
        (False, "UNHEALTHY"),
        (True, "HEALTHY"),
    ]
    assert "There is no webhook 9 at ShipHero" in press(client, "health", number="9")


def test_orders_of_a_3pls_customer_are_shown_when_asked_for(
    client: FlaskClient, order: str
) -> None:
    ours = client.get("/orders").get_data(as_text=True)
    theirs = client.get("/orders?shiphero=51201").get_data(as_text=True)

    assert (order in ours, order in theirs) == (True, False)

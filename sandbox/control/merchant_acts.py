"""What the buttons do at the merchant's desk: orders, notes and products in Brightpearl."""

from typing import Any

from sandbox.brightpearl import products
from sandbox.brightpearl.products import new_product
from sandbox.catalogue import Article
from sandbox.control import desk
from sandbox.control.forms import Form, account_of, is_ticked, number_of
from sandbox.control.merchant_api import known_product
from sandbox.person import (
    Nonsense,
    Wish,
    check_account,
    delete_note,
    make_drop_ship,
    make_sales_orders,
    make_transfer,
)
from sandbox.terms import PLACE
from sandbox.world import World

NO_COUNTRY = "none"
# The merchant's own fields of a sales order, by the form's name for them.
CUSTOM_FIELDS = {"packingNote": "PCF_PACKING", "giftNote": "PCF_GIFT"}
_GOODS: dict[str, dict[str, Any]] = {
    "bundle": {"bundle": True},
    "withoutSku": {"withoutSku": True},
    "fraction": {"fraction": "1.5"},
    "rowGone": {"rowGone": True},
    "noLines": {"noLines": True},
}
# A street may stand in either line.
_LACKING = {"address": PLACE, "street": ("line1", "line2")}
LONG_STREET = "Very Long Street " * 18
_NUMBERS = ("warehouseId", "shippingMethodId", "channelId")
_STEPS = {"PRI": "Printed", "PIC": "Picked", "PAC": "Packed", "UPR": "Un-printed"}


def make_orders(world: World, form: Form) -> str:
    """Make sales orders with notes; a field left empty is left to chance."""
    made = make_sales_orders(world, Wish.read(wish_of(form)))
    notes = [str(number) for order in made for number in order["noteIds"]]
    named = f" with goods-out note{'s' * (len(notes) != 1)} {', '.join(notes[:5])}" if notes else ""
    return f"Made {len(made)} sales order{'s' * (len(made) != 1)}{named}"


def wish_of(form: Form) -> dict[str, Any]:
    """Turn the form into what `POST /control/sales-orders` takes."""
    wish: dict[str, Any] = {name: text for name, text in form.items() if text.strip()}
    wish |= {name: number_of(form, name) for name in _NUMBERS if wish.get(name)}
    wish |= _GOODS.get(form.get("goods", ""), {})
    if country := form.get("country"):
        wish["countryIsoCode"] = "" if country == NO_COUNTRY else country
    lacks = form.get("lacks", "")
    wish |= dict.fromkeys(_LACKING.get(lacks, (lacks,) if lacks in PLACE else ()), "")
    if form.get("lacks") == "end":
        wish["line1"] = LONG_STREET
    told = {code: form[name] for name, code in CUSTOM_FIELDS.items() if form.get(name)}
    return {**wish, "customFields": told} if told else wish


def make_transfer_note(world: World, form: Form) -> str:
    """Move stock between two warehouses."""
    return f"Made transfer note {make_transfer(world, account=account_of(form))['id']}"


def make_drop_ship_note(world: World, form: Form) -> str:
    """Make an order that a supplier sends."""
    note = make_drop_ship(world, account_of(form))
    return f"Made drop-ship note {note['id']} of sales order {note['order_id']}"


def make_and_delete(world: World, form: Form) -> str:
    """Make a note, change it, print it and delete it, all at once."""
    account = account_of(form)
    [made] = make_sales_orders(world, Wish.read({**wish_of(form), "count": 1, "notes": 1}))
    [number] = made["noteIds"]
    desk.change_details(world, number, {"priority": True}, account)
    desk.take_steps(world, number, ["PRI"], account)
    desk.take_steps(world, number, ["UPR"], account)
    delete_note(world, number, account)
    return f"Made, changed, printed and deleted goods-out note {number}"


def delete(world: World, form: Form) -> str:
    """Delete a note."""
    number = number_of(form)
    delete_note(world, number, account_of(form))
    return f"Deleted goods-out note {number}"


def take_step(world: World, form: Form) -> str:
    """Print, pick or pack a note, or reverse it."""
    number, code = number_of(form), form.get("code", "")
    desk.take_steps(world, number, [code], account_of(form))
    return f"{_STEPS.get(code, code)} goods-out note {number}"


def change_note(world: World, form: Form) -> str:
    """Change shipping method and priority of an open note."""
    number = number_of(form)
    body: dict[str, Any] = {}
    if form.get("priority"):
        body["priority"] = is_ticked(form, "priority")
    if form.get("shippingMethodId"):
        body["shipping"] = {"shippingMethodId": number_of(form, "shippingMethodId")}
    if not body:
        raise Nonsense("Choose a shipping method or a priority.")
    desk.change_details(world, number, body, account_of(form))
    return f"Changed goods-out note {number}"


def ship_by_hand(world: World, form: Form) -> str:
    """Ship a note in Brightpearl itself, with a tracking number or none."""
    number, tracking = number_of(form), form.get("tracking", "").strip()
    if tracking:
        desk.change_details(world, number, {"shipping": {"reference": tracking}}, account_of(form))
    desk.take_steps(world, number, ["SHW"], account_of(form))
    return f"Shipped goods-out note {number} by hand"


def change_address(world: World, form: Form) -> str:
    """Change the delivery address of the note's sales order."""
    number = number_of(form)
    wanted = {name: form[name].strip() for name in desk.ADDRESS_FIELDS if name in form}
    desk.change_address(world, number, wanted, account_of(form))
    return f"Changed the delivery address of sales order {number}"


def make_product(world: World, form: Form) -> str:
    """Make a product in Brightpearl that ShipHero does not have."""
    account, sku = account_of(form), form.get("sku", "").strip()
    check_account(world, account)
    name = form.get("name", "").strip() or sku or "Nameless product"
    with world.change() as change:
        product = new_product(world, change, account, Article(name, sku, "9.00", 100))
    return f"Made product {product['id']} {sku or 'without SKU'} in Brightpearl alone"


def change_sku(world: World, form: Form) -> str:
    """Give a product a SKU, or another one."""
    account, number = account_of(form), number_of(form)
    known_product(world, account, number)
    sku = form.get("sku", "").strip()
    with world.change() as change:
        products.change_product(world, change, account, number, {"sku": sku})
    return f"Product {number} has the SKU {sku}"

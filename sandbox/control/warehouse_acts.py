"""What the buttons do at ShipHero: its desk, its floor, and the merchant's web shop."""

from typing import Any

from sandbox.control import desk
from sandbox.control.forms import Form, account_of, is_ticked, number_of
from sandbox.control.trials import make_twin, make_web_shop_order
from sandbox.person import Nonsense, check_account
from sandbox.shiphero import floor, health
from sandbox.shiphero.labels import void_label
from sandbox.shiphero.orders import HOLDS
from sandbox.world import World

# A line of an order is asked for as `line-<SKU>`, so that a part can be shipped.
LINE = "line-"


def ship(world: World, form: Form) -> str:
    """Ship an order whole or in part; a line of tracking text is one parcel's."""
    number = number_of(form)
    shipped = desk.ship_order(world, number, _packing(form))
    return f"Shipped with {', '.join(text or 'no tracking number' for text in shipped['tracking'])}"


def void(world: World, form: Form) -> str:
    """Void a label; made anew it gets a number given or invented."""
    number, remakes = number_of(form), is_ticked(form, "remake")
    tracking = form.get("tracking", "").strip() or None
    void_label(world, number, is_made_anew=remakes, tracking=tracking)
    return f"Voided label {number}{' and made it anew' * remakes}"


def cancel(world: World, form: Form) -> str:
    """Cancel an order at ShipHero's desk."""
    desk.cancel_order(world, number_of(form))
    return f"Cancelled ShipHero order {form['number']}"


def hold(world: World, form: Form) -> str:
    """Set or lift one hold."""
    number, name = number_of(form), form.get("hold", HOLDS[0])
    is_set = is_ticked(form, "set")
    desk.hold_order(world, number, {name: is_set})
    words = name.replace("_", " ")
    return f"{'Set' if is_set else 'Lifted'} the {words} of ShipHero order {number}"


def tote(world: World, form: Form) -> str:
    """Take an order into a tote, or out of it."""
    number, is_in = number_of(form), is_ticked(form, "set")
    floor.put_in_tote(world, number, is_in=is_in)
    return f"ShipHero order {number} is {'in a tote' if is_in else 'out of its tote'}"


def web_shop_order(world: World, form: Form) -> str:
    """Let the merchant's web shop make an order of a number that may be taken."""
    account = account_of(form)
    check_account(world, account)
    order = make_web_shop_order(world, account, form.get("order_number", "").strip())
    return f"The web shop made ShipHero order {order['order_number']} ({order['legacy_id']})"


def twin(world: World, form: Form) -> str:
    """Make an order a second time, with the same key."""
    order = make_twin(world, number_of(form))
    return f"Made ShipHero order {order['legacy_id']} with the key {order['partner_order_id']} too"


def kit(world: World, form: Form) -> str:
    """Let a product be a kit of another, or with no pieces a product like others."""
    check_account(world, account_of(form))
    merchant = world.store.get("bp_account", account_of(form)) or {}
    sku, part, pieces = form.get("sku", ""), form.get("part", ""), number_of(form, "pieces")
    floor.make_kit(world, merchant["shiphero"], sku, {part: pieces} if pieces else {})
    return f"{sku} is a kit of {pieces} {part} now" if pieces else f"{sku} is no kit any more"


def set_health(world: World, form: Form) -> str:
    """Switch a webhook off as ShipHero does after failures, or on again."""
    number, is_on = number_of(form), is_ticked(form, "on")
    with world.change() as change:
        if change.get("sh_webhook", number) is None:
            raise Nonsense(f"There is no webhook {number} at ShipHero.")
        webhook = change.edit("sh_webhook", number)
        health.set_health(world, webhook, health.HEALTHY if is_on else health.UNHEALTHY)
        health.set_enabled(world, webhook, is_enabled=is_on)
    return f"{webhook['name']} is {'on' if is_on else 'off: ShipHero sends it no more'}"


def _packing(form: Form) -> dict[str, Any]:
    tracking = [text.strip() for text in form.get("tracking", "").splitlines()]
    if not any(tracking):
        tracking = []
    lines = {
        name.removeprefix(LINE): int(text or 0)
        for name, text in form.items()
        if name.startswith(LINE)
    }
    parcels = int(form.get("parcels") or max(1, len(tracking)))
    if is_ticked(form, "untracked"):
        tracking = [""] * parcels
    packing = {"parcels": parcels, "tracking": tracking, "bulk": is_ticked(form, "bulk")}
    return {**packing, "lines": lines} if lines else packing

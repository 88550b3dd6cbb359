"""What the buttons of the control room's pages do; each gives the sentence said next."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from sandbox.brightpearl import hook_terms, oauth
from sandbox.brightpearl.data_centres import EUW1, USE1
from sandbox.control import merchant_acts, warehouse_acts
from sandbox.control.again import send_again
from sandbox.control.brightpearl_api import known_account, wanted_pair
from sandbox.control.forms import Form, account_of, number_of
from sandbox.receivers import give_secret
from sandbox.seed import make_pair
from sandbox.shiphero import tokens
from sandbox.switches import Switches
from sandbox.world import World


def _turn(world: World, form: Form) -> str:
    """Turn a switch for all, or with `scope` set for the account alone."""
    name = form["name"]
    wanted = {name: _switch_value(name, form.get("value", ""))}
    if form.get("scope") != "account":
        world.switches.turn(wanted)
        return f"Turned {name}"
    world.switches.turn_for(account_of(form), wanted)
    return f"Turned {name} for {account_of(form)}"


def _forget_switches(world: World, form: Form) -> str:
    world.switches.forget(account_of(form))
    return f"The switches of {account_of(form)} stand as those of all"


def _new_account(world: World, form: Form) -> str:
    pair = wanted_pair(world, {name: value for name, value in form.items() if value})
    make_pair(world, pair)
    return f"Made account {pair.code}"


def _move(world: World, form: Form) -> str:
    code = known_account(world, account_of(form))["code"]
    with world.change() as change:
        account = change.edit("bp_account", code)
        account["data_centre"] = USE1 if account["data_centre"] == EUW1 else EUW1
    return f"Moved {code} to {account['data_centre']}"


def _expire(world: World, form: Form) -> str:
    return f"Expired {oauth.expire(world, account_of(form))} access tokens of {account_of(form)}"


def _revoke(world: World, form: Form) -> str:
    return f"Revoked {oauth.revoke(world, account_of(form))} access tokens of {account_of(form)}"


def _forget_webhooks(world: World, form: Form) -> str:
    gone = hook_terms.forget_all(world, account_of(form))
    return f"Brightpearl forgot {gone} webhooks of {account_of(form)}"


def _expire_shiphero(world: World, form: Form) -> str:
    number = known_account(world, account_of(form))["shiphero"]
    return f"Expired {tokens.expire(world, number)} access tokens of ShipHero account {number}"


def _revoke_shiphero(world: World, form: Form) -> str:
    number = known_account(world, account_of(form))["shiphero"]
    return f"Revoked {tokens.revoke(world, number)} tokens of ShipHero account {number}"


def _send_again(world: World, form: Form) -> str:
    number, times = number_of(form), number_of(form, "times")
    name = send_again(world, number, times)
    return f"Webhook {name} goes out {times} more time{'s' * (times != 1)}"


def _add_fault(world: World, form: Form) -> str:
    """Add a fault; `vendor_kind` is `brightpearl/status`."""
    vendor, _, kind = form.get("vendor_kind", "").partition("/")
    numbers = {name: float(form[name]) for name in ("seconds", "probability") if form.get(name)}
    whole = {name: int(form[name]) for name in ("times", "status", "part") if form.get(name)}
    words = {name: form[name] for name in ("operation", "for_account") if form.get(name)}
    words["account"] = words.pop("for_account", "*")
    is_after = bool(form.get("after_effect"))
    told: dict[str, Any] = {**numbers, **whole, **words, "after_effect": is_after}
    fault = world.faults.add({"vendor": vendor, "kind": kind, **told})
    return f"Fault {fault.id} waits for a call"


def _remove_fault(world: World, form: Form) -> str:
    world.faults.remove(number_of(form))
    return f"Took back fault {form['number']}"


def _receiver_secret(world: World, form: Form) -> str:
    secret = form.get("secret", "").strip()
    give_secret(world, secret)
    return "Signatures are checked with that secret" if secret else "Signatures are not checked"


def _switch_value(name: str, text: str) -> Any:
    default = asdict(Switches()).get(name)
    if isinstance(default, bool):
        return text == "true"
    if default is None:
        return float(text) if text.strip() else None
    return type(default)(text)


ACTS: dict[str, Callable[[World, Form], str]] = {
    "order": merchant_acts.make_orders,
    "transfer": merchant_acts.make_transfer_note,
    "drop-ship": merchant_acts.make_drop_ship_note,
    "make-and-delete": merchant_acts.make_and_delete,
    "delete": merchant_acts.delete,
    "step": merchant_acts.take_step,
    "change": merchant_acts.change_note,
    "ship-by-hand": merchant_acts.ship_by_hand,
    "address": merchant_acts.change_address,
    "product": merchant_acts.make_product,
    "sku": merchant_acts.change_sku,
    "ship": warehouse_acts.ship,
    "void": warehouse_acts.void,
    "cancel": warehouse_acts.cancel,
    "hold": warehouse_acts.hold,
    "tote": warehouse_acts.tote,
    "web-shop-order": warehouse_acts.web_shop_order,
    "twin": warehouse_acts.twin,
    "kit": warehouse_acts.kit,
    "health": warehouse_acts.set_health,
    "again": _send_again,
    "switch": _turn,
    "forget-switches": _forget_switches,
    "account": _new_account,
    "move": _move,
    "expire": _expire,
    "revoke": _revoke,
    "forget-webhooks": _forget_webhooks,
    "expire-shiphero": _expire_shiphero,
    "revoke-shiphero": _revoke_shiphero,
    "fault": _add_fault,
    "remove-fault": _remove_fault,
    "receiver-secret": _receiver_secret,
}

"""What the buttons of the control room's pages do; each gives the sentence said next."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from sandbox.brightpearl import hook_terms, oauth
from sandbox.brightpearl.data_centres import EUW1, USE1
from sandbox.control import desk
from sandbox.control.brightpearl_api import known_account, wanted_pair
from sandbox.person import Wish, delete_note, make_sales_orders, make_transfer
from sandbox.seed import ACCOUNT, make_pair
from sandbox.switches import Switches
from sandbox.world import World

Form = Mapping[str, str]


def _account(form: Form) -> str:
    return form.get("account") or ACCOUNT


def _order(world: World, form: Form) -> str:
    made = make_sales_orders(world, Wish.read({k: v for k, v in form.items() if v}))
    return f"Made {len(made)} sales order{'s' * (len(made) != 1)}"


def _transfer(world: World, form: Form) -> str:
    return f"Made transfer note {make_transfer(world, account=_account(form))['id']}"


def _delete(world: World, form: Form) -> str:
    delete_note(world, int(form["number"]), _account(form))
    return f"Deleted goods-out note {form['number']}"


def _ship(world: World, form: Form) -> str:
    tracking = desk.ship_order(world, int(form["number"]), form)["tracking"]
    return f"Shipped with {', '.join(tracking)}"


def _cancel(world: World, form: Form) -> str:
    desk.cancel_order(world, int(form["number"]))
    return f"Cancelled ShipHero order {form['number']}"


def _turn(world: World, form: Form) -> str:
    """Turn a switch for all, or with `scope` set for the account alone."""
    name = form["name"]
    wanted = {name: _switch_value(name, form.get("value", ""))}
    if form.get("scope") != "account":
        world.switches.turn(wanted)
        return f"Turned {name}"
    world.switches.turn_for(_account(form), wanted)
    return f"Turned {name} for {_account(form)}"


def _forget_switches(world: World, form: Form) -> str:
    world.switches.forget(_account(form))
    return f"The switches of {_account(form)} stand as those of all"


def _new_account(world: World, form: Form) -> str:
    pair = wanted_pair(world, {name: value for name, value in form.items() if value})
    make_pair(world, pair)
    return f"Made account {pair.code}"


def _move(world: World, form: Form) -> str:
    code = known_account(world, _account(form))["code"]
    with world.change() as change:
        account = change.edit("bp_account", code)
        account["data_centre"] = USE1 if account["data_centre"] == EUW1 else EUW1
    return f"Moved {code} to {account['data_centre']}"


def _expire(world: World, form: Form) -> str:
    return f"Expired {oauth.expire(world, _account(form))} access tokens of {_account(form)}"


def _revoke(world: World, form: Form) -> str:
    return f"Revoked {oauth.revoke(world, _account(form))} access tokens of {_account(form)}"


def _forget_webhooks(world: World, form: Form) -> str:
    gone = hook_terms.forget_all(world, _account(form))
    return f"Brightpearl forgot {gone} webhooks of {_account(form)}"


def _add_fault(world: World, form: Form) -> str:
    """Add a fault; `vendor_kind` is `brightpearl/status`."""
    vendor, _, kind = form.get("vendor_kind", "").partition("/")
    numbers = {name: float(form[name]) for name in ("seconds", "probability") if form.get(name)}
    whole = {name: int(form[name]) for name in ("times", "status") if form.get(name)}
    words = {name: form[name] for name in ("operation", "for_account") if form.get(name)}
    words["account"] = words.pop("for_account", "*")
    is_after = bool(form.get("after_effect"))
    told: dict[str, Any] = {**numbers, **whole, **words, "after_effect": is_after}
    fault = world.faults.add({"vendor": vendor, "kind": kind, **told})
    return f"Fault {fault.id} waits for a call"


def _remove_fault(world: World, form: Form) -> str:
    world.faults.remove(int(form["number"]))
    return f"Took back fault {form['number']}"


def _switch_value(name: str, text: str) -> Any:
    default = asdict(Switches()).get(name)
    if isinstance(default, bool):
        return text == "true"
    if default is None:
        return float(text) if text.strip() else None
    return type(default)(text)


ACTS: dict[str, Callable[[World, Form], str]] = {
    "order": _order,
    "transfer": _transfer,
    "delete": _delete,
    "ship": _ship,
    "cancel": _cancel,
    "switch": _turn,
    "forget-switches": _forget_switches,
    "account": _new_account,
    "move": _move,
    "expire": _expire,
    "revoke": _revoke,
    "forget-webhooks": _forget_webhooks,
    "fault": _add_fault,
    "remove-fault": _remove_fault,
}

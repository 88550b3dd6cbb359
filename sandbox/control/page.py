"""The control page: both worlds at a glance, with buttons; plain HTML, no script needed."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from sandbox import seed
from sandbox.brightpearl.faults import Refused as NoteRefused
from sandbox.control import desk
from sandbox.control.ledger import ledger, orders_by_note
from sandbox.control.views import note_view, order_view
from sandbox.person import Nonsense, Wish, delete_note, make_sales_orders, make_transfer
from sandbox.shiphero.faults import Refused as OrderRefused
from sandbox.store import Document
from sandbox.switches import CHOICES, Switches, UnknownSwitch
from sandbox.world import World

SHOWN = 40
FLOORS = {"notes", "orders", "webhooks", "mail", "calls", "switches"}


def page_routes(world: World) -> Blueprint:
    """Build `/` and the forms' addresses under `/page/`."""
    routes = Blueprint("page", __name__, template_folder="templates", static_folder="static")
    routes.add_app_template_filter(_clock_time, "clock_time")
    routes.add_app_template_filter(_seconds_between, "seconds_since")

    @routes.get("/", defaults={"floor": "notes"})
    @routes.get("/<any(notes,orders,webhooks,mail,calls,switches):floor>")
    def show(floor: str) -> ResponseReturnValue:
        return render_template(f"{floor}.html", floor=floor, **_shown(world, floor))

    @routes.post("/page/<act>")
    def do(act: str) -> ResponseReturnValue:
        note = _did(world, act, request.form)
        where = request.form.get("back", "notes")
        return redirect(f"/{where if where in FLOORS else 'notes'}?said={note}", code=303)

    return routes


def _did(world: World, act: str, form: Mapping[str, str]) -> str:
    """Do what a button asks; give the sentence that the page says next."""
    try:
        return ACTS[act](world, form) if act in ACTS else f"There is no button {act}"
    except (Nonsense, UnknownSwitch, ValueError) as error:
        return str(error)
    except NoteRefused as refused:
        return refused.errors[0]["message"]
    except OrderRefused as refused:
        return refused.message


def _order(world: World, form: Mapping[str, str]) -> str:
    made = make_sales_orders(world, Wish.read({k: v for k, v in form.items() if v}))
    return f"Made {len(made)} sales order{'s' * (len(made) != 1)}"


def _transfer(world: World, _form: Mapping[str, str]) -> str:
    return f"Made transfer note {make_transfer(world)['id']}"


def _delete(world: World, form: Mapping[str, str]) -> str:
    delete_note(world, int(form["number"]))
    return f"Deleted goods-out note {form['number']}"


def _ship(world: World, form: Mapping[str, str]) -> str:
    tracking = desk.ship_order(world, int(form["number"]), form)["tracking"]
    return f"Shipped with {', '.join(tracking)}"


def _cancel(world: World, form: Mapping[str, str]) -> str:
    desk.cancel_order(world, int(form["number"]))
    return f"Cancelled ShipHero order {form['number']}"


def _turn(world: World, form: Mapping[str, str]) -> str:
    name = form["name"]
    world.switches.turn({name: _switch_value(name, form.get("value", ""))})
    return f"Turned {name}"


ACTS: dict[str, Callable[[World, Mapping[str, str]], str]] = {
    "order": _order,
    "transfer": _transfer,
    "delete": _delete,
    "ship": _ship,
    "cancel": _cancel,
    "switch": _turn,
}


def _switch_value(name: str, text: str) -> Any:
    default = asdict(Switches()).get(name)
    if isinstance(default, bool):
        return text == "true"
    if default is None:
        return float(text) if text.strip() else None
    return type(default)(text)


def _shown(world: World, floor: str) -> dict[str, Any]:
    counts = ledger(world)
    common = {
        "said": request.args.get("said"),
        "ledger": counts,
        "seed": seed,
        "pending": len(world.store.find("delivery", "state", "pending")),
        "mails": world.store.count("mail"),
        "switches": asdict(world.switches.now),
    }
    return {**common, **_FLOORS[floor](world)}


def _notes(world: World) -> dict[str, Any]:
    orders, names = orders_by_note(world), _names(world, "bp_warehouse")
    latest = world.store.all("bp_note")[: -SHOWN - 1 : -1]
    rows = [
        {
            **note_view(note),
            "warehouse": names.get(note["warehouse_id"], note["warehouse_id"]),
            "customer": _customer(world, note),
            "units": sum(row["quantity"] for row in note["rows"]),
            "order": orders.get(note["id"]),
            "created_at": note["created_at"],
            "shipped_at": note["shipped_at"],
        }
        for note in latest
    ]
    return {"rows": rows, "methods": world.store.all("bp_method")}


def _orders(world: World) -> dict[str, Any]:
    latest = world.store.all("sh_order")[: -SHOWN - 1 : -1]
    rows = []
    for order in latest:
        shipments = world.store.find("sh_shipment", "order_id", order["legacy_id"])
        labels = [label["tracking_number"] for s in shipments for label in s["labels"]]
        rows.append({**order_view(order), "tracking": labels, "to": order.get("shipping_address")})
    return {"rows": rows}


def _webhooks(world: World) -> dict[str, Any]:
    return {
        "rows": world.store.all("delivery")[: -SHOWN - 1 : -1],
        "brightpearl": world.store.all("bp_webhook"),
        "shiphero": world.store.all("sh_webhook"),
    }


def _mail(world: World) -> dict[str, Any]:
    return {"rows": world.store.all("mail")[: -SHOWN - 1 : -1]}


def _calls(world: World) -> dict[str, Any]:
    return {"calls": world.calls.as_json(), "faults": world.faults.as_json()}


def _switches(_world: World) -> dict[str, Any]:
    names = list(asdict(Switches()))
    starts = [names.index(first) for first, _ in _GROUPS] + [len(names)]
    groups = [
        (title, names[start:end])
        for (_, title), start, end in zip(_GROUPS, starts, starts[1:], strict=False)
    ]
    return {"choices": CHOICES, "defaults": asdict(Switches()), "groups": groups}


# The switches stand in order; each group begins with the one named here.
_GROUPS = (
    ("ship_after", "Pace"),
    ("throttle_limit", "Brightpearl's budget"),
    ("all_missing_notes", "Brightpearl, where its documents are silent"),
    ("credits_max", "ShipHero's budget"),
    ("schema_2024", "ShipHero, where its documents are silent"),
)
_FLOORS = {
    "notes": _notes,
    "orders": _orders,
    "webhooks": _webhooks,
    "mail": _mail,
    "calls": _calls,
    "switches": _switches,
}


def _names(world: World, kind: str) -> dict[int, str]:
    return {document["id"]: document["name"] for document in world.store.all(kind)}


def _customer(world: World, note: Document) -> str:
    order = world.store.get("bp_order", note["order_id"])
    return "Stock transfer" if order is None else str(order["address"]["name"])


def _clock_time(epoch: float | None) -> str:
    return "" if epoch is None else f"{datetime.fromtimestamp(epoch, UTC):%d %b %H:%M:%S}"


def _seconds_between(later: float | None, earlier: float | None) -> str:
    return "" if later is None or earlier is None else f"{later - earlier:.1f} s"

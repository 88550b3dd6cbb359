"""What each page of the control room shows, newest first."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from flask import request

from sandbox.brightpearl.shelf import shelf
from sandbox.control.counts import counts
from sandbox.control.ledger import notes_of, orders_by_note
from sandbox.control.merchant_acts import CUSTOM_FIELDS, NO_COUNTRY
from sandbox.control.operations import operations
from sandbox.control.views import note_view, order_view
from sandbox.faults import FAULTS
from sandbox.receivers import SECRETS, WEBHOOK, received
from sandbox.store import Document
from sandbox.switches import CHOICES, PER_ACCOUNT, Switches
from sandbox.turnable import described
from sandbox.world import World

SHOWN = 40
COUNTRIES = (
    ("", "United Kingdom"),
    ("US", "United States"),
    ("DE", "Germany"),
    ("JPN", "Japan, by three letters alone"),
    (NO_COUNTRY, "none"),
)
# The switches stand in order; each group begins with the one named here.
_GROUPS = (
    ("ship_after", "Pace"),
    ("brightpearl_latency", "Brightpearl's pace and budget"),
    ("access_token_life", "Brightpearl's tokens and data centres"),
    ("all_missing_notes", "Brightpearl, where its documents are silent"),
    ("webhooks_stopped", "Brightpearl's webhooks"),
    ("shiphero_latency", "ShipHero's pace and budget"),
    ("token_life", "ShipHero's door"),
    ("newer_schema", "ShipHero's reading and writing"),
    ("empty_tracking_number", "ShipHero's warehouse and webhooks"),
    ("receiver_answer", "Receivers of notices"),
)


def shown_account(world: World) -> Document:
    """Give the account the page shows: that of the address, else the first."""
    asked = world.store.get("bp_account", request.args.get("account", ""))
    return asked or world.store.all("bp_account")[0]


def _notes(world: World, account: Document) -> dict[str, Any]:
    code = account["code"]
    orders = orders_by_note(world, account)
    names = {each["id"]: each["name"] for each in world.store.all(shelf("bp_warehouse", code))}
    latest = notes_of(world, account)[: -SHOWN - 1 : -1]
    rows = [
        {
            **note_view(note),
            "warehouse": names.get(note["warehouse_id"], note["warehouse_id"]),
            "customer": _customer(world, note),
            "units": sum(row["quantity"] for row in note["rows"]),
            "order": orders.get(note["id"]),
            "created_at": note["created_at"],
            "shipped_at": note["shipped_at"],
            "printed": "PRI" in note["steps"],
        }
        for note in latest
    ]
    return {
        "rows": rows,
        "methods": world.store.all(shelf("bp_method", code)),
        "warehouses": world.store.all(shelf("bp_warehouse", code)),
        "channels": world.store.all(shelf("bp_channel", code)),
        "countries": COUNTRIES,
        "custom_fields": CUSTOM_FIELDS,
    }


def _orders(world: World, account: Document) -> dict[str, Any]:
    asked = request.args.get("shiphero", "")
    number = int(asked) if asked.isdecimal() else account["shiphero"]
    theirs = world.store.find("sh_order", "account", number)
    rows = []
    latest = theirs[: -SHOWN - 1 : -1]
    for order in latest:
        shipments = world.store.find("sh_shipment", "order_id", order["legacy_id"])
        labels = [label["tracking_number"] for s in shipments for label in s["labels"]]
        rows.append({**order_view(order), "tracking": labels, "to": order.get("shipping_address")})
    told = {"rows": rows, "count": len(theirs), "shiphero": number}
    merchants = [each["legacy_id"] for each in world.store.all("sh_account")]
    sold = [p for p in world.store.all("sh_product") if p["account"] == account["shiphero"]]
    skus = [product["sku"] for product in sold[:SHOWN]]
    return {**told, "merchants": merchants, "skus": skus}


def _webhooks(world: World, account: Document) -> dict[str, Any]:
    return {
        "rows": world.store.all("delivery")[: -SHOWN - 1 : -1],
        "brightpearl": world.store.all(shelf("bp_webhook", account["code"])),
        "shiphero": world.store.all("sh_webhook"),
    }


def _mail(world: World, _account: Document) -> dict[str, Any]:
    return {"rows": world.store.all("mail")[: -SHOWN - 1 : -1]}


def _receivers(world: World, _account: Document) -> dict[str, Any]:
    return {
        "rows": received(world)[: -SHOWN - 1 : -1],
        "secret": (world.store.get(SECRETS, WEBHOOK) or {}).get("secret", ""),
        "answers": CHOICES["receiver_answer"],
        "base": request.host_url.rstrip("/"),
    }


def _calls(world: World, account: Document) -> dict[str, Any]:
    told = counts(world, account)
    windows = list(told["requests_by_window"].items())[-12:]
    calls = world.calls.as_json()
    return {
        "counts": told,
        "windows": [(float(start), count) for start, count in windows],
        "shiphero_calls": calls["operations"].get("shiphero", {}).get(str(account["shiphero"]), {}),
        "faults": world.faults.as_json(),
        "kinds": FAULTS,
        "operations": {vendor: operations(vendor) for vendor in FAULTS},
        "shiphero": account["shiphero"],
    }


def _accounts(world: World, _account: Document) -> dict[str, Any]:
    return {
        "rows": [_account_row(world, each) for each in world.store.all("bp_account")],
        "users": [
            {**(world.store.get("sh_account", user["account"]) or {}), **user}
            for user in world.store.all("sh_user")
        ],
    }


def _account_row(world: World, account: Document) -> dict[str, Any]:
    store, code = world.store, account["code"]
    return {
        **account,
        "products": store.count(shelf("bp_product", code)),
        "notes": store.count(shelf("bp_note", code)),
        "webhooks": store.count(shelf("bp_webhook", code)),
        "orders": len(store.find("sh_order", "account", account["shiphero"])),
        "tokens": len(store.find("bp_refresh", "account", code)),
        "own": world.switches.own(code),
    }


def _switches(world: World, account: Document) -> dict[str, Any]:
    told = {each.name: each for each in described(Switches)}
    names = list(told)
    starts = [names.index(first) for first, _ in _GROUPS] + [len(names)]
    groups = [
        (title, [told[name] for name in names[start:end]])
        for (_, title), start, end in zip(_GROUPS, starts, starts[1:], strict=False)
    ]
    return {
        "choices": CHOICES,
        "defaults": asdict(Switches()),
        "groups": groups,
        "per_account": PER_ACCOUNT,
        "own": world.switches.own(account["code"]),
    }


def _customer(world: World, note: Document) -> str:
    order = world.store.get(shelf("bp_order", note["account"]), note["order_id"])
    return "Stock transfer" if order is None else str(order["address"]["name"])


FLOORS: dict[str, Callable[[World, Document], dict[str, Any]]] = {
    "notes": _notes,
    "orders": _orders,
    "webhooks": _webhooks,
    "mail": _mail,
    "receivers": _receivers,
    "calls": _calls,
    "accounts": _accounts,
    "switches": _switches,
}

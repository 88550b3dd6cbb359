"""What was asked of and done for one Brightpearl account, so that a test can prove it."""

from collections import Counter
from typing import Any

from sandbox.calls import OVER_THE_LIMIT
from sandbox.store import Document
from sandbox.world import World

TOKEN_CALLS = ("token-exchange", "token-refresh", "token-unknown", "token-refused")


def counts(world: World, account: Document) -> dict[str, Any]:
    """Give what was counted since the last start or reset, and the orders at ShipHero."""
    code, calls = account["code"], world.calls
    operations = calls.operations("brightpearl", code)
    orders = world.store.find("sh_order", "account", account["shiphero"])
    return {
        "operations": {n: c for n, c in operations.items() if n not in TOKEN_CALLS},
        "token_calls": {n: c for n, c in operations.items() if n in TOKEN_CALLS},
        "requests_by_window": calls.tallies(code, "windows"),
        "over_the_limit": calls.tallies(code, OVER_THE_LIMIT),
        "note_events": calls.tallies(code, "note events"),
        "webhooks": calls.tallies(code, "webhooks"),
        "orders_by_partner_order_id": Counter(order["partner_order_id"] for order in orders),
    }

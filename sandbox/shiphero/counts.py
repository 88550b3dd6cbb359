"""What was asked of and done for one ShipHero account, so that a test can prove it."""

from collections import Counter
from typing import Any

from sandbox.shiphero.health import COUNTS
from sandbox.shiphero.ids import global_id
from sandbox.store import Document
from sandbox.world import World

ERROR_30 = "error 30"


def counts(world: World, account: int) -> dict[str, Any]:
    """Give the calls since the last start, and orders and webhooks since the first day."""
    calls = world.calls.as_json()["operations"].get("shiphero", {}).get(str(account), {})
    orders = world.store.find("sh_order", "account", account)
    webhooks = [w for w in world.store.all("sh_webhook") if w.get("account") == account]
    past = [w for w in world.store.all("sh_webhook_past") if w["account"] == account]
    return {
        "operations": {name: count for name, count in calls.items() if name != ERROR_30},
        "error_30": calls.get(ERROR_30, 0),
        "orders": len(orders),
        "orders_by_partner_order_id": Counter(order["partner_order_id"] for order in orders),
        "webhooks": {name: _sum([*webhooks, *past], name) for name in COUNTS},
        "subscriptions": [_subscription(webhook) for webhook in webhooks],
    }


def _subscription(webhook: Document) -> dict[str, Any]:
    shown = {name: webhook.get(name) for name in ("name", "shop_name", "url", "enabled", "health")}
    counted = {name: webhook.get("counts", {}).get(name, 0) for name in COUNTS}
    number = webhook["legacy_id"]
    return {"legacy_id": number, "id": global_id("Webhook", number), **shown, "counts": counted}


def _sum(webhooks: list[Document], name: str) -> int:
    return sum(int(webhook.get("counts", {}).get(name, 0)) for webhook in webhooks)

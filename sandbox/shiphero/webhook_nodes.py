"""A webhook subscription as GraphQL shows it (contract section 10)."""

from sandbox.shiphero import times
from sandbox.shiphero.connections import Node
from sandbox.shiphero.health import HEALTHY
from sandbox.shiphero.ids import global_id
from sandbox.store import Document
from sandbox.world import World


def webhook_node(world: World, webhook: Document) -> Node:
    """Show a subscription; the secret is shown only by the call that made it."""
    ahead = world.switches.now.webhook_utc_offset * times.HOUR
    turned = webhook.get("enabled_changed_at")
    return {
        "id": global_id("Webhook", webhook["legacy_id"]),
        "legacy_id": webhook["legacy_id"],
        "account_id": global_id("Account", webhook["account"]),
        "shop_name": webhook["shop_name"],
        "name": webhook["name"],
        "url": webhook["url"],
        "source": "public-api",
        "enabled": webhook["enabled"],
        "health": webhook.get("health", HEALTHY),
        "created_at": times.written(webhook["created_at"] + ahead),
        "updated_at": times.written(webhook["updated_at"] + ahead),
        "last_enabled_change": None if turned is None else times.written(turned + ahead),
    }

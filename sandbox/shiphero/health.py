"""A webhook's health: failures in a row warn, then switch it off (contract section 10)."""

import uuid
from typing import Any

from sandbox.deliveries import Terms
from sandbox.shiphero.hooks import MESSAGE_ID
from sandbox.store import Change, Document
from sandbox.world import World

HEALTHY, WARNING, UNHEALTHY = "HEALTHY", "WARNING", "UNHEALTHY"
COUNTS = ("sent", "answered", "lost", "discarded")


def shiphero_terms(world: World) -> Terms:
    """Tell the senders how ShipHero sends, and have every outcome counted."""

    def headers(delivery: Document) -> dict[str, str] | None:
        """Give the headers of this try; None where the webhook is off or gone."""
        webhook = world.store.get("sh_webhook", delivery.get("webhook"))
        if webhook is None or not webhook["enabled"]:
            return None
        sent: dict[str, str] = delivery["headers"]
        is_new = delivery["attempts"] and world.switches.now.message_id_on_retry == "new"
        return {**sent, MESSAGE_ID: str(uuid.uuid4())} if is_new else sent

    def pause(attempt: int) -> float:
        """Give the seconds after a failed try; ShipHero's spacing is unknown."""
        return float(world.switches.now.shiphero_retry_after * 2 ** (attempt - 1))

    def settled(change: Change, delivery: Document) -> None:
        count(world, change, delivery)

    return Terms(headers=headers, pause=pause, settled=settled)


def count(world: World, change: Change, delivery: Document) -> None:
    """Count one try of a delivery against the webhook it belongs to."""
    if change.get("sh_webhook", delivery.get("webhook")) is None:
        return
    webhook = change.edit("sh_webhook", delivery["webhook"])
    counts = webhook.setdefault("counts", {})
    state = delivery["state"]
    if state == "discarded":
        _add(counts, "discarded")
        return
    _add(counts, "sent")
    if state == "delivered":
        _add(counts, "answered")
        webhook["failures"] = 0
        webhook["health"] = HEALTHY
        return
    if state == "given_up":
        _add(counts, "lost")
    if state == "given_up" or world.switches.now.webhook_failures_are == "tries":
        webhook["failures"] = webhook.get("failures", 0) + 1
        _weigh(world, webhook)


def set_health(world: World, webhook: Document, health: str) -> None:
    """Declare a health; UNHEALTHY switches the webhook off, as ShipHero does."""
    now = world.clock.now()
    webhook |= {"health": health, "updated_at": now}
    if health == UNHEALTHY:
        set_enabled(world, webhook, is_enabled=False)
    if health == HEALTHY:
        webhook["failures"] = 0


def set_enabled(world: World, webhook: Document, *, is_enabled: bool) -> None:
    """Switch a webhook on or off."""
    now = world.clock.now()
    webhook |= {"enabled": is_enabled, "enabled_changed_at": now, "updated_at": now}


def _weigh(world: World, webhook: Document) -> None:
    switches, failures = world.switches.now, webhook["failures"]
    if failures >= switches.webhook_unhealthy_after:
        set_health(world, webhook, UNHEALTHY)
    elif failures >= switches.webhook_warning_after:
        set_health(world, webhook, WARNING)


def _add(counts: dict[str, Any], name: str) -> None:
    counts[name] = counts.get(name, 0) + 1

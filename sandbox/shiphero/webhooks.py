"""Webhook subscriptions: registered with a HEAD, secret told once (contract section 10)."""

import secrets
from typing import Any

import requests
from graphql import GraphQLResolveInfo

from sandbox.shiphero import times
from sandbox.shiphero.connections import Node
from sandbox.shiphero.faults import INVALID, Refused
from sandbox.shiphero.hooks import TYPES
from sandbox.shiphero.ids import global_id, number_in
from sandbox.shiphero.visit import here, result
from sandbox.store import Document
from sandbox.world import World

HEAD_TIME_LIMIT = 10.0
DEFAULT_SHOP = "public-api"
FIRST_WEBHOOK = 540_101
Info = GraphQLResolveInfo


def webhook_node(webhook: Document) -> Node:
    """Show a subscription; the secret is shown only by the call that made it."""
    return {
        "id": global_id("Webhook", webhook["legacy_id"]),
        "legacy_id": webhook["legacy_id"],
        "account_id": global_id("Account", webhook["account"]),
        "shop_name": webhook["shop_name"],
        "name": webhook["name"],
        "url": webhook["url"],
        "source": "public-api",
        "enabled": webhook["enabled"],
        "health": "HEALTHY",
        "created_at": times.written(webhook["created_at"]),
        "updated_at": times.written(webhook["updated_at"]),
        "last_enabled_change": times.written(webhook["updated_at"]),
    }


def webhook_create(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Register a subscription; the same name and shop name twice is refused."""
    visit = here(info)
    world, shop = visit.world, data.get("shop_name") or DEFAULT_SHOP
    if data["name"] not in TYPES:
        raise Refused(f"Invalid webhook name {data['name']}", INVALID)
    if _find(world, data["name"], shop) is not None:
        raise Refused("Webhook already exists")
    _knock(world, data["url"])
    now = world.clock.now()
    with world.change() as change:
        number = change.next_id("sh_webhook", FIRST_WEBHOOK)
        webhook = {
            "legacy_id": number,
            "account": visit.account["legacy_id"],
            "name": data["name"],
            "url": data["url"],
            "shop_name": shop,
            "secret": secrets.token_hex(24),
            "enabled": data.get("enabled") is not False,
            "created_at": now,
            "updated_at": now,
        }
        change.put("sh_webhook", number, webhook)
    shown = {**webhook_node(webhook), "shared_signature_secret": webhook["secret"]}
    return result(info, webhook=shown)


def webhook_delete(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Delete by name and shop name, not by id."""
    world = here(info).world
    found = _find(world, data["name"], data.get("shop_name") or DEFAULT_SHOP)
    if found is None:
        raise Refused("Webhook not found")
    with world.change() as change:
        change.delete("sh_webhook", found["legacy_id"])
    return result(info)


def webhook_enable(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Switch a subscription on again."""
    return _changed(info, data["webhook_id"], {"enabled": True})


def webhook_disable(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Switch a subscription off; events are discarded meanwhile, not kept."""
    return _changed(info, data["webhook_id"], {"enabled": False})


def webhook_update_url(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Change the url; whether the secret turns is unknown, here it stays."""
    _knock(here(info).world, data["new_url"])
    return _changed(info, data["webhook_id"], {"url": data["new_url"]})


def _changed(info: Info, text: str, what: dict[str, Any]) -> Node:
    world, number = here(info).world, number_in(text, "Webhook")
    if world.store.get("sh_webhook", number) is None:
        raise Refused("Webhook not found")
    with world.change() as change:
        webhook = change.edit("sh_webhook", number)
        webhook.update(what, updated_at=world.clock.now())
    return result(info, webhook=webhook_node(webhook))


def _find(world: World, name: str, shop: str) -> Document | None:
    named = (w for w in world.store.all("sh_webhook") if w["name"] == name)
    return next((w for w in named if w["shop_name"] == shop), None)


def _knock(world: World, url: str) -> None:
    """Send the HEAD that must be answered with 200 (section 10, seen in three clients)."""
    if not world.switches.now.webhook_head_check:
        return
    try:
        with requests.Session() as session:
            session.trust_env = False
            status = session.head(url, timeout=HEAD_TIME_LIMIT).status_code
    except requests.RequestException as error:
        raise Refused(f"The url {url} cannot be reached: {type(error).__name__}") from error
    if status != 200:  # noqa: PLR2004 - documented
        raise Refused(f"The url {url} must answer 200 to a HEAD request, it answered {status}")


WEBHOOK_MUTATIONS = {
    "webhook_create": webhook_create,
    "webhook_delete": webhook_delete,
    "webhook_enable": webhook_enable,
    "webhook_disable": webhook_disable,
    "webhook_update_url": webhook_update_url,
}

"""Webhook subscriptions: registered with a HEAD, secret told once (contract section 10)."""

import secrets
from collections.abc import Callable
from typing import Any

import requests
from graphql import GraphQLResolveInfo

from sandbox.shiphero.accounts import acting_for, may_touch
from sandbox.shiphero.connections import Node
from sandbox.shiphero.faults import INVALID, Refused
from sandbox.shiphero.health import HEALTHY, set_enabled, set_health
from sandbox.shiphero.hooks import TYPES
from sandbox.shiphero.ids import number_in
from sandbox.shiphero.visit import here, result
from sandbox.shiphero.webhook_nodes import webhook_node
from sandbox.store import Document
from sandbox.world import World

HEAD_TIME_LIMIT = 10.0
DEFAULT_SHOP = "public-api"
FIRST_WEBHOOK = 540_101
Info = GraphQLResolveInfo


def webhook_create(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Register a subscription; the same name and shop name twice is refused."""
    visit = here(info)
    world, shop = visit.world, data.get("shop_name") or DEFAULT_SHOP
    account: int = acting_for(visit, data.get("customer_account_id"))["legacy_id"]
    if data["name"] not in TYPES:
        raise Refused(f"Invalid webhook name {data['name']}", INVALID)
    if _find(world, account, data["name"], shop) is not None:
        raise Refused("Webhook already exists")
    _knock(world, data["url"])
    now = world.clock.now()
    with world.change() as change:
        number = change.next_id("sh_webhook", FIRST_WEBHOOK)
        webhook = {
            "legacy_id": number,
            "account": account,
            "name": data["name"],
            "url": data["url"],
            "shop_name": shop,
            "secret": _new_secret(),
            "enabled": data.get("enabled") is not False,
            "health": HEALTHY,
            "failures": 0,
            "counts": {},
            "created_at": now,
            "updated_at": now,
            "enabled_changed_at": None,
        }
        change.put("sh_webhook", number, webhook)
    shown = {**webhook_node(world, webhook), "shared_signature_secret": webhook["secret"]}
    return result(info, webhook=shown)


def webhook_delete(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Delete by name and shop name, not by id."""
    visit = here(info)
    world, shop = visit.world, data.get("shop_name") or DEFAULT_SHOP
    account: int = acting_for(visit, data.get("customer_account_id"))["legacy_id"]
    found = _find(world, account, data["name"], shop)
    if found is None:
        raise Refused("Webhook not found")
    with world.change() as change:
        change.delete("sh_webhook", found["legacy_id"])
        past = {"account": account, "counts": found.get("counts", {})}
        change.put("sh_webhook_past", found["legacy_id"], past)
    return result(info)


def webhook_enable(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Switch a subscription on again; its health starts afresh."""

    def enable(world: World, webhook: Document) -> None:
        set_enabled(world, webhook, is_enabled=True)
        set_health(world, webhook, HEALTHY)

    return _changed(info, data["webhook_id"], enable)


def webhook_disable(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Switch a subscription off; events are discarded meanwhile, not kept."""

    def disable(world: World, webhook: Document) -> None:
        set_enabled(world, webhook, is_enabled=False)

    return _changed(info, data["webhook_id"], disable, shows_secret=False)


def webhook_update_url(_root: None, info: Info, *, data: dict[str, Any]) -> Node:
    """Change the url; whether the secret turns or is null is unknown."""
    _knock(here(info).world, data["new_url"])

    def change_url(world: World, webhook: Document) -> None:
        webhook |= {"url": data["new_url"], "updated_at": world.clock.now()}

    return _changed(info, data["webhook_id"], change_url)


def _changed(
    info: Info, text: str, act: Callable[[World, Document], None], *, shows_secret: bool = True
) -> Node:
    visit = here(info)
    world, number = visit.world, number_in(text, "Webhook")
    found = world.store.get("sh_webhook", number)
    if found is None or not may_touch(visit, found["account"]):
        raise Refused("Webhook not found")
    how = world.switches.now.secret_after_change if shows_secret else "null"
    with world.change() as change:
        webhook = change.edit("sh_webhook", number)
        act(world, webhook)
        if how == "rotated":
            webhook["secret"] = _new_secret()
    secret = None if how == "null" else webhook["secret"]
    return result(info, webhook={**webhook_node(world, webhook), "shared_signature_secret": secret})


def _find(world: World, account: int, name: str, shop: str) -> Document | None:
    wanted = (account, name, shop)
    return next(
        (
            each
            for each in world.store.all("sh_webhook")
            if (each.get("account"), each["name"], each["shop_name"]) == wanted
        ),
        None,
    )


def _new_secret() -> str:
    return secrets.token_hex(24)


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

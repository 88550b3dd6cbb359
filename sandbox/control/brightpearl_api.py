"""The control room's JSON for Brightpearl accounts: made, moved, switched, counted."""

import re
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from sandbox.brightpearl import hook_terms, oauth
from sandbox.brightpearl.data_centres import CENTRES
from sandbox.brightpearl.throttle import PRIVATE_POOL, Throttle
from sandbox.control.api import add_errors, read_body
from sandbox.control.counts import counts
from sandbox.control.merchant_api import add_merchant_routes
from sandbox.person import Nonsense, Wish, check_account, make_sales_orders
from sandbox.seed import NewPair, make_pair
from sandbox.store import Document
from sandbox.world import World

MOST_PRODUCTS = 20_000
_CODE = re.compile(r"[a-z0-9][a-z0-9-]{1,30}")


def brightpearl_control_routes(world: World, throttle: Throttle) -> Blueprint:
    """Build `/control/accounts/...`."""
    routes = Blueprint("brightpearl_control", __name__, url_prefix="/control/accounts")
    add_errors(routes)
    _add_accounts(routes, world)
    _add_account(routes, world, throttle)
    _add_counts(routes, world)
    _add_switches(routes, world)
    _add_tokens(routes, world)
    add_merchant_routes(routes, world)
    return routes


def known_account(world: World, code: str) -> Document:
    """Give an account, or refuse in a sentence."""
    check_account(world, code)
    account = world.store.get("bp_account", code)
    assert account is not None
    return account


def _add_accounts(routes: Blueprint, world: World) -> None:
    @routes.get("")
    def accounts() -> ResponseReturnValue:
        return jsonify(world.store.all("bp_account"))

    @routes.post("")
    def make() -> ResponseReturnValue:
        """Make a pair of accounts: `code`, `products`, `notes` made at once as one bulk action."""
        wanted = read_body()
        pair = wanted_pair(world, wanted)
        notes = int(wanted.get("notes", 0))
        made = make_pair(world, pair)
        if notes:
            wish = {"account": pair.code, "count": notes, "burst_as_one_webhook": True}
            make_sales_orders(world, Wish.read(wish))
        return jsonify({**made, "oauth": _client(world)})


def _add_account(routes: Blueprint, world: World, throttle: Throttle) -> None:
    @routes.get("/<code>")
    def account(code: str) -> ResponseReturnValue:
        return jsonify({**known_account(world, code), "oauth": _client(world)})

    @routes.post("/<code>/move")
    def move(code: str) -> ResponseReturnValue:
        """Move an account to `data_centre` euw1 or use1."""
        known_account(world, code)
        centre = read_body().get("data_centre")
        if centre not in CENTRES:
            raise Nonsense(f"data_centre is one of {', '.join(CENTRES)}.")
        with world.change() as change:
            change.edit("bp_account", code)["data_centre"] = centre
        return jsonify(world.store.get("bp_account", code))

    @routes.post("/<code>/spend")
    def spend(code: str) -> ResponseReturnValue:
        """Let another private app spend `requests` of the pool all private apps share."""
        known_account(world, code)
        standing = throttle.count(code, PRIVATE_POOL, int(read_body()["requests"]))
        return jsonify(remaining=standing.remaining, next_period_ms=standing.next_period_ms)

    @routes.post("/<code>/webhooks/forget")
    def forget_webhooks(code: str) -> ResponseReturnValue:
        """Let Brightpearl lose every webhook of the account."""
        known_account(world, code)
        return jsonify(forgotten=hook_terms.forget_all(world, code))


def _add_counts(routes: Blueprint, world: World) -> None:
    @routes.get("/<code>/counts")
    def count(code: str) -> ResponseReturnValue:
        return jsonify(counts(world, known_account(world, code)))

    @routes.post("/<code>/counts/reset")
    def reset_counts(code: str) -> ResponseReturnValue:
        known_account(world, code)
        world.calls.reset(code)
        return jsonify(ok=True)


def _add_switches(routes: Blueprint, world: World) -> None:
    @routes.get("/<code>/switches")
    def read_switches(code: str) -> ResponseReturnValue:
        known_account(world, code)
        return jsonify(world.switches.own(code))

    @routes.post("/<code>/switches")
    def turn(code: str) -> ResponseReturnValue:
        """Turn switches of Brightpearl for this account alone."""
        known_account(world, code)
        world.switches.turn_for(code, read_body())
        return jsonify(world.switches.own(code))

    @routes.delete("/<code>/switches")
    def forget_switches(code: str) -> ResponseReturnValue:
        known_account(world, code)
        world.switches.forget(code)
        return jsonify({})


def _add_tokens(routes: Blueprint, world: World) -> None:
    @routes.post("/<code>/tokens/expire")
    def expire(code: str) -> ResponseReturnValue:
        """Let every OAuth access token of the account be expired now."""
        known_account(world, code)
        return jsonify(expired=oauth.expire(world, code))

    @routes.post("/<code>/tokens/revoke")
    def revoke(code: str) -> ResponseReturnValue:
        """Take back OAuth access and refresh tokens; with `private`, those of private apps."""
        known_account(world, code)
        is_private = bool(read_body().get("private"))
        return jsonify(revoked=oauth.revoke(world, code, is_private=is_private))


def wanted_pair(world: World, wanted: Mapping[str, Any]) -> NewPair:
    """Read what pair of accounts is wanted, or refuse in a sentence."""
    code = str(wanted.get("code") or f"shop{world.store.count('bp_account') + 1}")
    if not _CODE.fullmatch(code):
        raise Nonsense(f"An account code is 2 to 31 of a-z, 0-9 and -, not {code!r}.")
    if world.store.get("bp_account", code) is not None:
        raise Nonsense(f"There is an account {code} already.")
    products = int(wanted.get("products", NewPair.products))
    if not 1 <= products <= MOST_PRODUCTS:
        raise Nonsense(f"products is 1 to {MOST_PRODUCTS}.")
    return NewPair(code, products)


def _client(world: World) -> dict[str, str]:
    settings = world.settings
    return {
        "client_id": settings.client_id,
        "client_secret": settings.client_secret,
        "dev_ref": settings.dev_ref,
    }

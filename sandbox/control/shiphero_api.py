"""The control room's JSON for ShipHero: accounts, tokens, credits, webhooks, the floor."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from sandbox.control.api import add_errors, read_body
from sandbox.control.views import order_view
from sandbox.person import Nonsense
from sandbox.shiphero import floor, health, tokens
from sandbox.shiphero.counts import counts
from sandbox.shiphero.credits import Buckets
from sandbox.shiphero.fault_kinds import SHIPHERO_FAULTS
from sandbox.shiphero.ids import number_in
from sandbox.shiphero.labels import void_label
from sandbox.shiphero.returns import make_return, receive_return
from sandbox.shiphero.switches import ShipHeroSwitches
from sandbox.store import Document
from sandbox.turnable import described
from sandbox.world import World

_SETTABLE = {"credits_max", "credits_per_second", "is_3pl", "parent", "suspended", "status"}


def shiphero_control_routes(world: World, buckets: Buckets) -> Blueprint:
    """Build `/control/shiphero/...`."""
    routes = Blueprint("shiphero_control", __name__, url_prefix="/control/shiphero")
    add_errors(routes)
    _add_accounts(routes, world, buckets)
    _add_tokens(routes, world)
    _add_webhooks(routes, world)
    _add_floor(routes, world)
    _add_returns(routes, world)

    @routes.get("/described")
    def describe() -> ResponseReturnValue:
        """List every switch and fault with what it does and the contract's section."""
        return jsonify(
            switches=[asdict(each) for each in described(ShipHeroSwitches)],
            faults=[each._asdict() for each in SHIPHERO_FAULTS],
        )

    return routes


def _add_accounts(routes: Blueprint, world: World, buckets: Buckets) -> None:
    @routes.get("/accounts")
    def accounts() -> ResponseReturnValue:
        found = world.store.all("sh_account")
        return jsonify([{**a, "user_quota": buckets.of(a["legacy_id"]).quota()} for a in found])

    @routes.post("/accounts/<int:number>")
    def change_account(number: int) -> ResponseReturnValue:
        """Set an account's own budget, standing or 3PL; a new number is a new account."""
        wanted = read_body()
        if unknown := sorted(wanted.keys() - _SETTABLE):
            raise Nonsense(f"Of an account {', '.join(sorted(_SETTABLE))} can be set: {unknown}.")
        with world.change() as change:
            if change.get("sh_account", number) is None:
                change.put("sh_account", number, _new_account(world, number))
            account = change.edit("sh_account", number)
            account.update(wanted)
        return jsonify(account)

    @routes.get("/accounts/<int:number>/counts")
    def count(number: int) -> ResponseReturnValue:
        return jsonify(counts(world, number))

    @routes.post("/accounts/<int:number>/spend")
    def spend(number: int) -> ResponseReturnValue:
        """Let another app spend credits of the account."""
        buckets.of(number).spend(int(read_body()["credits"]))
        return jsonify(buckets.of(number).quota())


def _add_tokens(routes: Blueprint, world: World) -> None:
    @routes.post("/users")
    def add_user() -> ResponseReturnValue:
        """Make a user: `username`, `account`, `scopes` (null is all), and its credentials."""
        wanted = read_body()
        return jsonify(tokens.add_user(world, str(wanted.pop("username")), **wanted))

    @routes.post("/accounts/<int:number>/tokens/expire")
    def expire(number: int) -> ResponseReturnValue:
        return jsonify(expired=tokens.expire(world, number))

    @routes.post("/accounts/<int:number>/tokens/revoke")
    def revoke(number: int) -> ResponseReturnValue:
        return jsonify(revoked=tokens.revoke(world, number))


def _add_webhooks(routes: Blueprint, world: World) -> None:
    @routes.post("/webhooks/<webhook>/health")
    def set_health(webhook: str) -> ResponseReturnValue:
        """Declare a webhook HEALTHY, WARNING or UNHEALTHY now; UNHEALTHY switches it off."""
        wanted = read_body().get("health")
        if wanted not in {health.HEALTHY, health.WARNING, health.UNHEALTHY}:
            raise Nonsense("health is one of HEALTHY, WARNING, UNHEALTHY.")
        with world.change() as change:
            found = change.edit("sh_webhook", number_in(webhook, "Webhook"))
            health.set_health(world, found, wanted)
        return jsonify(legacy_id=found["legacy_id"], enabled=found["enabled"], health=wanted)


def _add_floor(routes: Blueprint, world: World) -> None:
    @routes.post("/orders/<order>/status")
    def set_status(order: str) -> ResponseReturnValue:
        """Give an order a status of the merchant's own words."""
        text = str(read_body()["fulfillment_status"])
        return jsonify(order_view(floor.set_status(world, number_in(order, "Order"), text)))

    @routes.post("/orders/<order>/tote")
    def tote(order: str) -> ResponseReturnValue:
        """Take an order into a tote, or out of it."""
        is_in = bool(read_body().get("in_tote", True))
        return jsonify(order_view(floor.put_in_tote(world, number_in(order, "Order"), is_in=is_in)))

    @routes.post("/kits")
    def kit() -> ResponseReturnValue:
        """Let product `sku` of `account` be a kit of `parts`, so many of each SKU."""
        sent = read_body()
        account = int(sent.get("account") or world.store.all("sh_account")[0]["legacy_id"])
        parts = {str(sku): int(each) for sku, each in (sent.get("parts") or {}).items()}
        product = floor.make_kit(world, account, str(sent.get("sku")), parts)
        return jsonify(sku=product["sku"], parts=product["made_of"])

    @routes.post("/labels/<int:number>/void")
    def void(number: int) -> ResponseReturnValue:
        """Void a label; `remake` prints another, `tracking` gives its number."""
        sent = read_body()
        remake, tracking = bool(sent.get("remake")), sent.get("tracking")
        return jsonify(void_label(world, number, is_made_anew=remake, tracking=tracking))


def _add_returns(routes: Blueprint, world: World) -> None:
    @routes.post("/orders/<order>/returns")
    def new_return(order: str) -> ResponseReturnValue:
        """Announce a return: `lines` by SKU, `reason`."""
        sent = read_body()
        number = number_in(order, "Order")
        reason = str(sent.get("reason") or "")
        return jsonify(make_return(world, number, lines=sent.get("lines") or {}, reason=reason))

    @routes.post("/returns/<int:number>/receive")
    def receive(number: int) -> ResponseReturnValue:
        """Receive a return: `restock`, `condition`."""
        sent = read_body()
        condition = str(sent.get("condition") or "good")
        restock = bool(sent.get("restock"))
        return jsonify(receive_return(world, number, restock=restock, condition=condition))


def _new_account(world: World, number: int) -> Document:
    account: dict[str, Any] = {
        "legacy_id": number,
        "email": f"account-{number}@sandbox.test",
        "status": "active",
        "is_3pl": False,
        "parent": None,
        "created_at": world.clock.now(),
    }
    return account

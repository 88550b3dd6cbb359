"""One Brightpearl account's API as a blueprint."""

from flask import Blueprint, Response, request

from sandbox.brightpearl.credentials import NotAllowed
from sandbox.brightpearl.data_centres import DataCentres
from sandbox.brightpearl.drop_ship_routes import add_drop_ship_routes
from sandbox.brightpearl.faults import NONE_FOUND, Refused
from sandbox.brightpearl.fulfilment_routes import add_fulfilment_routes
from sandbox.brightpearl.gate import Gate, TurnedAway, visit
from sandbox.brightpearl.multi_message import add_multi_message_route
from sandbox.brightpearl.note_routes import add_note_routes
from sandbox.brightpearl.order_routes import add_order_routes
from sandbox.brightpearl.product_routes import add_product_routes
from sandbox.brightpearl.setting_routes import add_setting_routes
from sandbox.brightpearl.throttle import Throttle
from sandbox.brightpearl.trouble import json_answer
from sandbox.brightpearl.webhook_routes import add_webhook_routes
from sandbox.world import World

_ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def brightpearl_routes(world: World, throttle: Throttle, centres: DataCentres) -> Blueprint:
    """Build `/public-api/{account}/...`."""
    routes = Blueprint("brightpearl", __name__, url_prefix="/public-api/<account>")
    gate = Gate(world, throttle, centres)

    @routes.before_request
    def enter() -> None:
        gate.enter(str((request.view_args or {}).get("account")))

    routes.after_request(gate.leave)

    _add_refusals(routes)
    add_note_routes(routes, world)
    add_drop_ship_routes(routes, world)
    add_fulfilment_routes(routes, world)
    add_order_routes(routes, world)
    add_product_routes(routes, world)
    add_setting_routes(routes, world)
    add_webhook_routes(routes, world)
    add_multi_message_route(routes)
    _add_unknown(routes)
    return routes


def _add_refusals(routes: Blueprint) -> None:
    @routes.errorhandler(Refused)
    def refuse(refused: Refused) -> Response:
        return json_answer({"errors": refused.errors}, refused.status)

    @routes.errorhandler(NotAllowed)
    def not_allowed(error: NotAllowed) -> Response:
        return json_answer({"response": str(error)}, 401)

    @routes.errorhandler(TurnedAway)
    def turned_away(error: TurnedAway) -> Response:
        return error.response


def _add_unknown(routes: Blueprint) -> None:
    @routes.route("/<path:rest>", methods=_ALL_METHODS, endpoint="unknown")
    def unknown(account: str, rest: str) -> Response:  # noqa: ARG001 - Flask hands it in
        visit().message_type = "unknown"
        errors = [{"code": NONE_FOUND, "message": f"There is no resource /{rest}"}]
        return json_answer({"errors": errors}, 404)

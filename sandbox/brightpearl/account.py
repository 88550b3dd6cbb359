"""One Brightpearl account's API as a blueprint."""

from flask import Blueprint, Response, request

from sandbox.brightpearl.credentials import NotAllowed
from sandbox.brightpearl.faults import NONE_FOUND, Refused
from sandbox.brightpearl.gate import Gate, Struck, json_answer, visit
from sandbox.brightpearl.multi_message import add_multi_message_route
from sandbox.brightpearl.note_routes import add_note_routes
from sandbox.brightpearl.order_routes import add_order_routes
from sandbox.brightpearl.product_routes import add_product_routes
from sandbox.brightpearl.setting_routes import add_setting_routes
from sandbox.brightpearl.throttle import Throttle
from sandbox.brightpearl.webhook_routes import add_webhook_routes
from sandbox.world import World

_ALL_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def brightpearl_routes(world: World, throttle: Throttle) -> Blueprint:
    """Build `/public-api/{account}/...`."""
    routes = Blueprint("brightpearl", __name__, url_prefix="/public-api/<account>")
    gate = Gate(world, throttle)

    @routes.before_request
    def enter() -> None:
        gate.enter(str((request.view_args or {}).get("account")))

    routes.after_request(gate.leave)

    @routes.errorhandler(Refused)
    def refuse(refused: Refused) -> Response:
        return json_answer({"errors": refused.errors}, refused.status)

    @routes.errorhandler(NotAllowed)
    def not_allowed(error: NotAllowed) -> Response:
        return json_answer({"response": str(error)}, 401)

    @routes.errorhandler(Struck)
    def struck(error: Struck) -> Response:
        return gate.turned_away(error)

    add_note_routes(routes, world)
    add_order_routes(routes, world)
    add_product_routes(routes, world)
    add_setting_routes(routes, world)
    add_webhook_routes(routes, world)
    add_multi_message_route(routes)

    @routes.route("/<path:rest>", methods=_ALL_METHODS, endpoint="unknown")
    def unknown(account: str, rest: str) -> Response:  # noqa: ARG001 - Flask hands it in
        visit().message_type = "unknown"
        errors = [{"code": NONE_FOUND, "message": f"There is no resource /{rest}"}]
        return json_answer({"errors": errors}, 404)

    return routes

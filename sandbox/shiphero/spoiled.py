"""Wrong answers that need no GraphQL: statuses, pages, cut connections (contract section 4)."""

from http import HTTPStatus

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.faults import BAD_GATEWAY, Fault
from sandbox.server import CUT
from sandbox.world import World

_PAGE = "<html><head><title>401 Authorization Required</title></head><body>401</body></html>"
_HTML = {"Content-Type": "text/html"}


def unauthorized(world: World) -> ResponseReturnValue:
    """Answer an expired or bad token; the real body is unknown."""
    shape = world.switches.now.unauthorized_body
    if shape == "html":
        return _PAGE, HTTPStatus.UNAUTHORIZED, _HTML
    if shape == "empty":
        return "", HTTPStatus.UNAUTHORIZED
    return jsonify(message="Unauthorized"), HTTPStatus.UNAUTHORIZED


def spoiled(world: World, fault: Fault) -> ResponseReturnValue | None:
    """Write the answer of a kind that spoils any call; None for a kind of GraphQL's own."""
    if fault.kind in {"drop_before", "drop_after"}:
        request.environ[CUT] = True
        return "", HTTPStatus.INTERNAL_SERVER_ERROR
    if fault.kind == "html_502":
        return BAD_GATEWAY, HTTPStatus.BAD_GATEWAY, _HTML
    if fault.kind == "not_json":
        return '{"data": {"ord', HTTPStatus.OK, {"Content-Type": "application/json"}
    if fault.kind == "status":
        return _status(world, fault)
    return None


def _status(world: World, fault: Fault) -> ResponseReturnValue:
    if fault.status == HTTPStatus.UNAUTHORIZED and fault.body is None:
        return unauthorized(world)
    headers = {"Retry-After": str(int(fault.seconds))} if fault.seconds else {}
    body = fault.body or {"message": HTTPStatus(fault.status).phrase}
    return jsonify(body), fault.status, headers

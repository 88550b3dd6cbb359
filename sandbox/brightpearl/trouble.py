"""The wrong answers a fault stands for (contract sections 4, 5 and 14)."""

import json
from http import HTTPStatus
from typing import Any

from flask import Response, request

from sandbox.brightpearl.credentials import EXPIRED
from sandbox.brightpearl.faults import CODE_UNKNOWN, NONE_FOUND, UNPARSABLE_FILTER
from sandbox.brightpearl.throttle import TOO_MANY
from sandbox.faults import BAD_GATEWAY, Fault
from sandbox.server import CUT, TRICKLE
from sandbox.switches import Switches

INNER = "sandbox.inner_message"  # in the environment of a message in a multi-message: its whole
_GENERIC = "CMNU-003"
_HTML = "text/html"
_NOT_JSON = '{"response": {"70'


def json_answer(body: Any, status: int = 200) -> Response:
    """Build a JSON answer as Brightpearl writes it."""
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    return Response(text, status, content_type="application/json;charset=UTF-8")


def spoiled(fault: Fault, response: Response, seconds: float) -> Response:
    """Make the one thing wrong that an odd answer's kind says, and leave the rest."""
    if fault.kind == "trickle":
        request.environ[TRICKLE] = seconds
    if fault.kind == "skip_id" and response.status_code == HTTPStatus.OK:
        body = response.get_json(silent=True)
        if isinstance(body, dict) and body.get("response"):
            response.set_data(json.dumps({**body, "response": _all_but_one(body["response"])}))
    return response


def answer_of(fault: Fault, switches: Switches) -> Response:
    """Build the wrong answer a fault stands for."""
    if fault.kind in {"drop_before", "drop_after"}:
        # A message inside a multi-message has no connection: its whole is cut.
        request.environ.get(INNER, request.environ)[CUT] = True
        return Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
    if fault.kind == "html_502":
        return Response(BAD_GATEWAY, HTTPStatus.BAD_GATEWAY, content_type=_HTML)
    if fault.kind == "not_json":
        return json_answer(_NOT_JSON)
    status = _status(fault, switches)
    if fault.body is not None:
        return json_answer(fault.body, status)
    if fault.kind == "status":
        return _by_status(status, switches)
    return json_answer(_BODIES[fault.kind], status)


def _status(fault: Fault, switches: Switches) -> int:
    if fault.kind == "throttled":
        return switches.throttle_status
    if fault.kind == "if_match_mismatch":
        way = switches.if_match_mismatch
        return HTTPStatus.PRECONDITION_FAILED if way == "ignored" else int(way)
    return _STATUSES.get(fault.kind, fault.status)


def _by_status(status: int, switches: Switches) -> Response:
    """Write the body known for a status; of 403, 409 and 412 none is (section 14)."""
    if status == HTTPStatus.UNAUTHORIZED:
        return json_answer({"response": EXPIRED}, status)
    if status == HTTPStatus.REQUEST_URI_TOO_LONG:
        return Response("", status, content_type=_HTML)
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return json_answer(_BODIES["outage"], status)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return json_answer(_BODIES["throttled"], switches.throttle_status)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return json_answer(_BODIES["unexpected_error"], status)
    if status < HTTPStatus.BAD_REQUEST:
        return json_answer({}, status)
    code = NONE_FOUND if status == HTTPStatus.NOT_FOUND else CODE_UNKNOWN
    return json_answer(_errors(code, HTTPStatus(status).phrase), status)


def _errors(code: str, message: str) -> dict[str, Any]:
    return {"errors": [{"code": code, "message": message}]}


def _all_but_one(found: Any) -> Any:
    """Leave out the last id of a map or a list; the last of all is the empty list."""
    if isinstance(found, dict):
        return dict(list(found.items())[:-1]) or []
    return found[:-1] if isinstance(found, list) else found


_STATUSES: dict[str, int] = {
    "unexpected_error": 500,
    "bad_filter": 500,
    "refused": 400,
    "outage": 503,
    "wrong_shape": 200,
    "empty": 200,
}
_BODIES: dict[str, Any] = {
    "unexpected_error": _errors(_GENERIC, "Internal Server Error"),
    "bad_filter": _errors(UNPARSABLE_FILTER, "The filter updatedOn=x cannot be parsed as: PERIOD"),
    "refused": _errors(CODE_UNKNOWN, "The request was refused"),
    "if_match_mismatch": _errors(CODE_UNKNOWN, "The note has another version"),
    "throttled": {"response": TOO_MANY},
    "outage": {"response": "Service Unavailable"},
    "wrong_shape": {"response": "surprise"},
    "empty": {"response": []},
}

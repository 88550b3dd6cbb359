"""What every Brightpearl request passes: count, budget, credentials, faults; and its headers."""

import json
import uuid
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from flask import Response, request

from sandbox.brightpearl import credentials
from sandbox.brightpearl.throttle import TOO_MANY, Standing, Throttle
from sandbox.faults import BAD_GATEWAY, Fault
from sandbox.server import CUT
from sandbox.store import Document
from sandbox.world import World

INNER = "sandbox.inner_message"  # in the environment of a message in a multi-message: its whole
_VISIT = "sandbox.visit"

# Recorded Message-Types (samples response-headers-*.txt); the others are named in their manner.
REFUSED_AT_THE_DOOR = "api-proxy"
ANY_SEARCH = "bulk-data-search"


@dataclass
class Visit:
    """What is known about one request; a message inside a multi-message has its own."""

    operation: str
    message_type: str = REFUSED_AT_THE_DOOR
    standing: Standing | None = None
    credential: Document | None = None
    fault: Fault | None = None


def visit() -> Visit:
    """Give what is known about the present request."""
    found = request.environ.setdefault(_VISIT, Visit(_operation()))
    assert isinstance(found, Visit)
    return found


def caller() -> int:
    """Give the contact id the call acts as."""
    credential = visit().credential
    assert credential is not None
    return int(credential["contact_id"])


def _operation() -> str:
    return (request.endpoint or "").rpartition(".")[2] or "unknown"


class Struck(Exception):  # noqa: N818 - it is a fault played on purpose
    """A fault answers in the place of the call."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind)
        self.fault = fault


@dataclass(frozen=True)
class Gate:
    """The door in front of all routes of one blueprint."""

    world: World
    throttle: Throttle

    def enter(self, account: str) -> None:
        """Let the request in, or raise what turns it away."""
        here = visit()
        is_request = not request.environ.get(INNER)
        self.world.calls.note("brightpearl", account, here.operation, is_request=is_request)
        if is_request:
            self._spend(account, here)
        here.credential = credentials.check(self.world.store, account, request.headers)
        is_search = here.operation.startswith("search-")
        here.message_type = ANY_SEARCH if is_search else here.operation
        self._play_faults(here)

    def leave(self, response: Response) -> Response:
        """Put the documented headers on every answer, and play what strikes after the effect."""
        here = visit()
        if here.fault is not None:
            response = answer_of(here.fault)
        if here.standing is not None:
            remaining, period = here.standing.remaining, here.standing.next_period_ms
            response.headers["Brightpearl-Requests-Remaining"] = str(remaining)
            response.headers["Brightpearl-Next-Throttle-Period"] = str(period)
        if here.credential is not None:
            instance = here.credential["instance_id"]
            response.headers["Brightpearl-Installed-Integration-Instance-Id"] = instance
        response.headers["Message-Type"] = here.message_type
        response.headers["Ruid"] = str(uuid.uuid4())
        response.headers["Cache-Control"] = "no-cache, must-revalidate"
        return response

    def _spend(self, account: str, here: Visit) -> None:
        pool = credentials.pool_of(self.world.store, account, request.headers)
        here.standing = self.throttle.count(pool)
        if not here.standing.allowed:
            raise Struck(Fault(0, "brightpearl", here.operation, "throttled"))
        if len(request.full_path) > self.world.switches.now.uri_limit:
            too_long = HTTPStatus.REQUEST_URI_TOO_LONG
            raise Struck(Fault(0, "brightpearl", here.operation, "status", too_long))

    def _play_faults(self, here: Visit) -> None:
        pause = self.world.switches.now.brightpearl_latency
        fault = self.world.faults.take("brightpearl", (here.operation, here.message_type))
        pause += fault.seconds if fault is not None else 0.0
        if pause:
            self.world.clock.pause(self.world.clock.scaled(pause))
        if fault is None or fault.kind == "delay":
            return
        if not fault.strikes_after():
            raise Struck(fault)
        here.fault = fault

    def turned_away(self, struck: Struck) -> Response:
        """Answer a request that did not get through the door."""
        if struck.fault.kind == "throttled":
            status = self.world.switches.now.throttle_status
            return json_answer({"response": TOO_MANY}, status)
        return answer_of(struck.fault)


def json_answer(body: Any, status: int = 200) -> Response:
    """Build a JSON answer as Brightpearl writes it."""
    text = body if isinstance(body, str) else json.dumps(body, separators=(",", ":"))
    return Response(text, status, content_type="application/json;charset=UTF-8")


def answer_of(fault: Fault) -> Response:
    """Build the wrong answer a fault stands for."""
    if fault.kind in {"drop_before", "drop_after"}:
        # A message inside a multi-message has no connection: its whole is cut.
        request.environ.get(INNER, request.environ)[CUT] = True
        return Response(status=HTTPStatus.INTERNAL_SERVER_ERROR)
    if fault.kind == "html_502":
        return Response(BAD_GATEWAY, HTTPStatus.BAD_GATEWAY, content_type="text/html")
    if fault.kind == "empty":
        return json_answer({"response": []} if fault.body is None else fault.body)
    if fault.kind == "unexpected_error" or fault.body is None:
        error = {"code": "CMNU-003", "message": "Internal Server Error"}
        is_server_error = fault.status >= HTTPStatus.INTERNAL_SERVER_ERROR
        return json_answer({"errors": [error]} if is_server_error else {}, fault.status)
    return json_answer(fault.body, fault.status)

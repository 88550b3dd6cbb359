"""What every Brightpearl request passes: count, budget, credentials, faults; and its headers."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Response, request

from sandbox.brightpearl import credentials
from sandbox.brightpearl.data_centres import DataCentres
from sandbox.brightpearl.fault_kinds import ODD_KINDS, WEBHOOK_KINDS
from sandbox.brightpearl.search import EMPTY
from sandbox.brightpearl.throttle import TOO_MANY, Standing, Throttle
from sandbox.brightpearl.trouble import INNER, answer_of, json_answer, spoiled
from sandbox.calls import OVER_THE_LIMIT
from sandbox.faults import Fault
from sandbox.store import Document
from sandbox.switches import Switches
from sandbox.world import World

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
    switches: Switches = field(default_factory=Switches)


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


class TurnedAway(Exception):  # noqa: N818 - it is an answer
    """Something answers in the place of the call."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status)
        self.response = response


@dataclass(frozen=True)
class Gate:
    """The door in front of all routes of one blueprint."""

    world: World
    throttle: Throttle
    centres: DataCentres

    def enter(self, account: str) -> None:
        """Let the request in, or raise what turns it away."""
        here = visit()
        here.switches = self.world.switches.of(account)
        is_request = not request.environ.get(INNER)
        self.world.calls.note("brightpearl", account, here.operation, is_request=is_request)
        if is_request:
            self._spend(account, here)
            self._check_place(account, here)
        here.credential = credentials.check(self.world, account, request.headers)
        is_search = here.operation.startswith("search-")
        here.message_type = ANY_SEARCH if is_search else here.operation
        fault = play_faults(self.world, account, here, (here.operation, here.message_type))
        if fault is not None and not fault.strikes_after() and fault.kind not in ODD_KINDS:
            raise TurnedAway(_answer(fault, here))
        here.fault = fault

    def leave(self, response: Response) -> Response:
        """Put the documented headers on every answer, and play what strikes after the effect."""
        here = visit()
        if here.fault is not None and here.fault.kind in ODD_KINDS:
            response = spoiled(here.fault, response, self.world.clock.scaled(here.fault.seconds))
        elif here.fault is not None:
            response = _answer(here.fault, here)
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
        pool = credentials.pool_of(self.world, account, request.headers)
        here.standing = self.throttle.count(account, pool)
        self.world.calls.tally(account, "windows", f"{here.standing.window:.3f}")
        if not here.standing.allowed:
            self.world.calls.tally(account, OVER_THE_LIMIT, pool)
            raise TurnedAway(json_answer({"response": TOO_MANY}, here.switches.throttle_status))
        if len(request.full_path) > here.switches.uri_limit:
            too_long = HTTPStatus.REQUEST_URI_TOO_LONG
            raise TurnedAway(Response("", too_long, content_type="text/html"))

    def _check_place(self, account: str, here: Visit) -> None:
        """Refuse a call at the wrong data centre; how the real one does it is unknown."""
        kept = self.world.store.get("bp_account", account)
        if kept is None or kept["data_centre"] == self.centres.called(request.host):
            return
        way = here.switches.moved_answer
        if way == "expired":
            raise credentials.NotAllowed(credentials.EXPIRED)
        if way == "not_found":
            raise TurnedAway(Response("", HTTPStatus.NOT_FOUND, content_type="text/html"))
        moved = Response("", HTTPStatus.TEMPORARY_REDIRECT, content_type="text/html")
        domain = self.centres.domain(kept["data_centre"], request.host)
        moved.headers["Location"] = f"http://{domain}{request.full_path.removesuffix('?')}"
        raise TurnedAway(moved)


def play_faults(
    world: World, account: str, here: Visit, names: Iterable[str], *, is_named: bool = False
) -> Fault | None:
    """Take the fault that waits for this call, and let the time pass that the call takes."""
    fault = world.faults.take(
        "brightpearl", names, account=account, is_named=is_named, but=WEBHOOK_KINDS
    )
    is_message = bool(request.environ.get(INNER))
    pause = here.switches.message_latency if is_message else here.switches.brightpearl_latency
    pause += fault.seconds if fault is not None and fault.kind != "trickle" else 0.0
    if pause:
        world.clock.pause(world.clock.scaled(pause))
    return fault


def _answer(fault: Fault, here: Visit) -> Response:
    if fault.kind == "empty" and fault.body is None and here.message_type == ANY_SEARCH:
        return json_answer(EMPTY)
    return answer_of(fault, here.switches)

"""ShipHero over HTTP: `/auth/token`, `/auth/refresh`, `/graphql`."""

from dataclasses import dataclass
from functools import cache

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from graphql import GraphQLSchema

from sandbox.faults import Fault
from sandbox.shiphero import tokens
from sandbox.shiphero.credits import Buckets
from sandbox.shiphero.door import add_door
from sandbox.shiphero.endpoint import Invalid, Question, answer, read_question
from sandbox.shiphero.order_mutations import ORDER_MUTATIONS
from sandbox.shiphero.product_mutations import PRODUCT_MUTATIONS
from sandbox.shiphero.queries import QUERIES
from sandbox.shiphero.schema import Resolver, load_schema
from sandbox.shiphero.spoiled import unauthorized
from sandbox.shiphero.trouble import spoil, strikes_before, struck
from sandbox.shiphero.visit import Caller, Visit, new_request_id
from sandbox.shiphero.webhooks import WEBHOOK_MUTATIONS
from sandbox.world import World

RESOLVERS: dict[str, Resolver] = {
    **QUERIES,
    **ORDER_MUTATIONS,
    **PRODUCT_MUTATIONS,
    **WEBHOOK_MUTATIONS,
}


@cache
def played_schema(*, is_newer: bool) -> GraphQLSchema:
    """Build each of the two schemas once; it holds no state."""
    return load_schema(RESOLVERS, is_newer=is_newer)


@dataclass(frozen=True)
class Endpoint:
    """What stands behind `/graphql`."""

    world: World
    buckets: Buckets

    def ask(self, caller: Caller, question: Question) -> ResponseReturnValue:
        """Answer a question, or play the fault that waits for it."""
        number = caller.account["legacy_id"]
        for at, name in enumerate(question.names):
            self.world.calls.note("shiphero", str(number), name, is_request=at == 0)
        fault = self.world.faults.take("shiphero", question.names, account=str(number))
        self._pause(fault)
        bucket = self.buckets.of(number)
        visit = Visit(self.world, bucket, caller, new_request_id(self.world.clock.now()))
        if not bucket.takes_one_more():
            return self._too_many(visit)
        if fault is not None and strikes_before(fault):
            return struck(fault, visit, question)
        return spoil(fault, visit, question, answer(self.world, bucket, caller, question))

    def _pause(self, fault: Fault | None) -> None:
        """Wait outside every lock: other calls go on meanwhile."""
        waits = fault.seconds if fault is not None and fault.kind == "delay" else 0.0
        seconds = self.world.switches.now.shiphero_latency + waits
        if seconds:
            self.world.clock.pause(self.world.clock.scaled(seconds))

    def _too_many(self, visit: Visit) -> ResponseReturnValue:
        """Answer more than 7,000 requests in 5 minutes; how ShipHero does it is unknown."""
        form = self.world.switches.now.request_cap_answer
        message = "Too many requests"
        if form == "error":
            return jsonify(errors=[{"message": message, "request_id": visit.request_id}], data=None)
        return jsonify(message=message), int(form)


def shiphero_routes(world: World, buckets: Buckets) -> Blueprint:
    """Build ShipHero's three addresses."""
    routes = Blueprint("shiphero", __name__)
    endpoint = Endpoint(world, buckets)
    for is_newer in (True, False):
        played_schema(is_newer=is_newer)
    add_door(routes, world)

    @routes.post("/graphql")
    def graphql() -> ResponseReturnValue:
        caller = tokens.caller_of(world, request.headers.get("Authorization", ""))
        if caller is None:
            world.calls.note("shiphero", "auth", "refused")
            return unauthorized(world)
        # One live client posts the query form-encoded and it works (contract section 1).
        sent = request.get_json(silent=True) if request.is_json else request.form.to_dict()
        schema = played_schema(is_newer=world.switches.now.newer_schema)
        try:
            question = read_question(schema, sent if isinstance(sent, dict) else {})
        except Invalid as invalid:
            return jsonify(errors=invalid.errors), world.switches.now.validation_status
        return endpoint.ask(caller, question)

    return routes

"""ShipHero over HTTP: `/auth/token`, `/auth/refresh`, `/graphql`."""

from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from graphql import GraphQLSchema

from sandbox.faults import BAD_GATEWAY, Fault
from sandbox.server import CUT
from sandbox.shiphero import tokens
from sandbox.shiphero.answers import UNEXPECTED, throttling
from sandbox.shiphero.credits import Bucket
from sandbox.shiphero.endpoint import Invalid, Question, answer, answer_name, read_question
from sandbox.shiphero.faults import CREDITS
from sandbox.shiphero.order_mutations import ORDER_MUTATIONS
from sandbox.shiphero.product_mutations import PRODUCT_MUTATIONS
from sandbox.shiphero.queries import QUERIES
from sandbox.shiphero.schema import Resolver, load_schema
from sandbox.shiphero.visit import new_request_id
from sandbox.shiphero.webhooks import WEBHOOK_MUTATIONS
from sandbox.store import Document
from sandbox.world import World

RESOLVERS: dict[str, Resolver] = {
    **QUERIES,
    **ORDER_MUTATIONS,
    **PRODUCT_MUTATIONS,
    **WEBHOOK_MUTATIONS,
}


@cache
def played_schema(*, is_of_2024: bool) -> GraphQLSchema:
    """Build each of the two schemas once; it holds no state."""
    return load_schema(RESOLVERS, is_of_2024=is_of_2024)


@dataclass(frozen=True)
class Endpoint:
    """The two schemas and the bucket behind `/graphql`."""

    world: World
    bucket: Bucket
    newest: GraphQLSchema
    of_2024: GraphQLSchema

    def schema(self) -> GraphQLSchema:
        """Give the schema that is played now."""
        return self.of_2024 if self.world.switches.now.schema_2024 else self.newest

    def ask(self, account: Document, question: Question) -> ResponseReturnValue:
        """Answer a question, or play the fault that waits for it."""
        for at, name in enumerate(question.names):
            number = str(account["legacy_id"])
            self.world.calls.note("shiphero", number, name, is_request=at == 0)
        fault = self.world.faults.take("shiphero", question.names)
        self._pause(fault)
        if fault is not None and fault.kind != "delay" and not fault.strikes_after():
            return self._struck(fault, question)
        body = answer(self.world, self.bucket, account, question)
        if fault is not None and fault.strikes_after():
            return self._struck(fault, question)
        return jsonify(body)

    def _pause(self, fault: Fault | None) -> None:
        seconds = self.world.switches.now.shiphero_latency + (fault.seconds if fault else 0.0)
        if seconds:
            self.world.clock.pause(self.world.clock.scaled(seconds))

    def _struck(self, fault: Fault, question: Question) -> ResponseReturnValue:
        """Build the wrong answer a fault stands for."""
        if fault.kind in {"drop_before", "drop_after"}:
            request.environ[CUT] = True
            return "", HTTPStatus.INTERNAL_SERVER_ERROR
        if fault.kind == "html_502":
            return BAD_GATEWAY, HTTPStatus.BAD_GATEWAY, {"Content-Type": "text/html"}
        if fault.kind == "status":
            return jsonify(fault.body or {"message": "Internal Server Error"}), fault.status
        nulls = {answer_name(field): None for field in question.fields}
        counts = dict.fromkeys(nulls, 0)
        errors = {
            "unexpected_error": {"message": UNEXPECTED},
            "throttled": {"code": CREDITS, **_wait(self.bucket, max(fault.seconds, 1.0))},
        }
        body: dict[str, Any] = {"data": nulls}
        if fault.kind in errors:
            error = {**errors[fault.kind], "operation": question.names[0]}
            error["request_id"] = new_request_id(self.world.clock.now())
            body = {"errors": [error], **body}
        return jsonify(fault.body or {**body, "extensions": throttling(self.bucket, 1, counts, 0)})


def shiphero_routes(world: World, bucket: Bucket) -> Blueprint:
    """Build ShipHero's three addresses."""
    routes = Blueprint("shiphero", __name__)
    endpoint = Endpoint(
        world,
        bucket,
        newest=played_schema(is_of_2024=False),
        of_2024=played_schema(is_of_2024=True),
    )

    @routes.post("/auth/token")
    def token() -> ResponseReturnValue:
        sent = request.get_json(force=True, silent=True) or {}
        world.calls.note("shiphero", "auth", "token")
        return _token(tokens.by_password(world, sent.get("username"), sent.get("password")))

    @routes.post("/auth/refresh")
    def refresh() -> ResponseReturnValue:
        sent = request.get_json(force=True, silent=True) or {}
        world.calls.note("shiphero", "auth", "refresh")
        return _token(tokens.by_refresh_token(world, sent.get("refresh_token")))

    @routes.post("/graphql")
    def graphql() -> ResponseReturnValue:
        account = tokens.account_of(world, request.headers.get("Authorization", ""))
        if account is None:
            return jsonify(message="Unauthorized"), HTTPStatus.UNAUTHORIZED
        # One live client posts the query form-encoded and it works (contract section 1).
        sent = request.get_json(silent=True) if request.is_json else request.form.to_dict()
        try:
            question = read_question(endpoint.schema(), sent if isinstance(sent, dict) else {})
        except Invalid as invalid:
            return jsonify(errors=invalid.errors), world.switches.now.validation_status
        return endpoint.ask(account, question)

    return routes


def _token(issued: dict[str, Any] | None) -> ResponseReturnValue:
    """Answer a token, or a refusal; the real bodies of refusals are unknown (section 4)."""
    if issued is None:
        return jsonify(message="Unauthorized"), HTTPStatus.UNAUTHORIZED
    return jsonify(issued)


def _wait(bucket: Bucket, seconds: float) -> dict[str, Any]:
    """Write the waiting form of error 30 for a bucket that is told to be short."""
    left = bucket.quota()["credits_remaining"]
    return {
        "message": (
            "There are not enough credits to perform the requested operation, which requires "
            f"{left + 1} credits, but there are only {left} left. In {int(seconds)} seconds you "
            "will have enough credits to perform the operation"
        ),
        "required_credits": left + 1,
        "remaining_credits": left,
        "time_remaining": f"{int(seconds)} seconds",
    }

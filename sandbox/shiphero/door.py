"""`/auth/token` and `/auth/refresh` (contract section 1)."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.shiphero import tokens
from sandbox.shiphero.spoiled import spoiled
from sandbox.world import World

Sent = dict[str, Any]
Issued = dict[str, Any] | None


def add_door(routes: Blueprint, world: World) -> None:
    """Add the two addresses that give tokens."""

    @routes.post("/auth/token")
    def token() -> ResponseReturnValue:
        return _answer(world, "token", _by_password)

    @routes.post("/auth/refresh")
    def refresh() -> ResponseReturnValue:
        return _answer(world, "refresh", _by_refresh_token)


def _by_password(world: World, sent: Sent) -> Issued:
    return tokens.by_password(world, sent.get("username"), sent.get("password"))


def _by_refresh_token(world: World, sent: Sent) -> Issued:
    return tokens.by_refresh_token(world, sent.get("refresh_token"))


def _answer(world: World, name: str, issue: Callable[[World, Sent], Issued]) -> ResponseReturnValue:
    """Answer a token, a refusal whose real status and body are unknown, or a fault."""
    world.calls.note("shiphero", "auth", name)
    # A fault for any operation is meant for `/graphql`; the door has to be named.
    fault = world.faults.take("shiphero", [name], is_named=True)
    if fault is not None and fault.kind == "delay":
        world.clock.pause(world.clock.scaled(fault.seconds))
    wrong = None if fault is None else spoiled(world, fault)
    if wrong is not None and fault is not None and not fault.strikes_after():
        return wrong
    sent = request.get_json(force=True, silent=True)
    issued = issue(world, sent if isinstance(sent, dict) else {})
    if wrong is not None:
        return wrong
    if issued is not None:
        return jsonify(issued)
    status = int(world.switches.now.wrong_password_answer)
    return jsonify(error="invalid_grant", error_description="Unauthorized"), status

"""The wrong answers of `/graphql` that a fault stands for (contract sections 3 and 4)."""

from collections.abc import Callable
from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from sandbox.faults import Fault
from sandbox.server import TRICKLE
from sandbox.shiphero.answers import UNEXPECTED, throttling
from sandbox.shiphero.endpoint import Question, answer_name, refusal
from sandbox.shiphero.faults import INVALID, NOT_FOUND, SCOPE
from sandbox.shiphero.spoiled import spoiled
from sandbox.shiphero.visit import Visit

_ERRORS: dict[str, dict[str, Any]] = {
    "unexpected_error": {"message": UNEXPECTED},
    "code_3": {"message": "Invalid id FAKE", "code": INVALID},
    "code_5": {"message": "Order not found", "code": NOT_FOUND},
    "code_7": {"message": "Missing required scope(s): view:orders", "code": SCOPE},
}
_RIGHT_BUT_ODD = {"delay", "trickle", "error_beside_data"}


def strikes_before(fault: Fault | None) -> bool:
    """Tell whether the call is answered wrongly without having been run."""
    return fault is not None and fault.kind not in _RIGHT_BUT_ODD and not fault.strikes_after()


def spoil(fault: Fault | None, visit: Visit, question: Question, body: Any) -> ResponseReturnValue:
    """Write the answer to a call that was run, or what the fault leaves of it."""
    if fault is None or fault.kind == "delay":
        return jsonify(body)
    if fault.kind == "trickle":
        request.environ[TRICKLE] = visit.world.clock.scaled(fault.seconds)
        return jsonify(body)
    if fault.kind == "error_beside_data":
        error = _error(visit, question, {"message": UNEXPECTED})
        return jsonify({"errors": [error], **body})
    return struck(fault, visit, question)


def struck(fault: Fault, visit: Visit, question: Question) -> ResponseReturnValue:
    """Write the wrong answer a fault stands for."""
    if (answer := spoiled(visit.world, fault)) is not None:
        return answer
    if fault.body is not None:
        return jsonify(fault.body)
    return _WRITERS.get(fault.kind, _errors)(fault, visit, question)


def _wrong_shape(_fault: Fault, _visit: Visit, question: Question) -> ResponseReturnValue:
    return jsonify(data={answer_name(field): ["surprise"] for field in question.fields})


def _throttled(fault: Fault, visit: Visit, question: Question) -> ResponseReturnValue:
    """Say to wait as long as told, as if another app had just drained the bucket."""
    limits, seconds = visit.bucket.limits, max(1, int(fault.seconds))
    lacking = min(limits.most, max(1, int(seconds * limits.rate)))
    return jsonify(refusal(visit, question, visit.bucket.waiting(lacking, left=0, wait=seconds)))


def _structural(_fault: Fault, visit: Visit, question: Question) -> ResponseReturnValue:
    refused = visit.bucket.structural(visit.bucket.limits.most + 1)
    return jsonify(refusal(visit, question, refused))


def _invalid(_fault: Fault, visit: Visit, question: Question) -> ResponseReturnValue:
    message = f'Cannot query field "{question.names[0]}" on type "{question.root_type.name}".'
    error = {"message": message, "locations": [{"line": 1, "column": 3}]}
    return jsonify(errors=[error]), visit.world.switches.now.validation_status


def _errors(fault: Fault, visit: Visit, question: Question) -> ResponseReturnValue:
    """Answer every field null, with the error of the kind where it has one."""
    nulls = {answer_name(field): None for field in question.fields}
    extensions = throttling(visit.bucket, 1, dict.fromkeys(nulls, 0), 1)
    body = {"data": nulls, "extensions": extensions}
    if fault.kind not in _ERRORS:
        return jsonify(body)
    return jsonify({"errors": [_error(visit, question, _ERRORS[fault.kind])], **body})


def _error(visit: Visit, question: Question, what: dict[str, Any]) -> dict[str, Any]:
    name = question.names[0]
    return {**what, "operation": name, "field": name, "request_id": visit.request_id}


_WRITERS: dict[str, Callable[[Fault, Visit, Question], ResponseReturnValue]] = {
    "wrong_shape": _wrong_shape,
    "throttled": _throttled,
    "throttled_structural": _structural,
    "validation_error": _invalid,
}

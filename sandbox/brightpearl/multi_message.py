"""Up to ten writes in one counted request (contract section 15)."""

import json
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, current_app, request
from werkzeug.test import EnvironBuilder, run_wsgi_app

from sandbox.brightpearl.bodies import read_body
from sandbox.brightpearl.faults import bad_request
from sandbox.brightpearl.gate import visit
from sandbox.brightpearl.trouble import INNER, answer_of, json_answer

FEWEST, MOST = 2, 10
_METHODS = ("POST", "PUT", "DELETE")
Send = Callable[[int, dict[str, Any]], tuple[int, str]]


def add_multi_message_route(routes: Blueprint) -> None:
    """Put the multi-message route on the account's blueprint."""

    @routes.post("/multi-message", endpoint="post-multi-message")
    def post(account: str) -> Response:
        body = _checked(read_body())
        response = run(body, partial(_sent, account))
        failed = any(
            m["statusCode"] >= HTTPStatus.BAD_REQUEST for m in response["processedMessages"]
        )
        status = HTTPStatus.MULTI_STATUS if failed else HTTPStatus.OK
        return json_answer({"response": response}, status)


def run(body: dict[str, Any], send: Send) -> dict[str, Any]:
    """Send the messages one after the other; STOP leaves what follows a failure unprocessed."""
    processed: list[dict[str, Any]] = []
    messages = body["messages"]
    for at, message in enumerate(messages, start=1):
        status, content = send(at, message)
        processed.append(
            {"label": message.get("label"), "statusCode": status, "body": {"content": content}}
        )
        if status >= HTTPStatus.BAD_REQUEST and body["onFail"] == "STOP":
            break
    return {
        "processedMessages": processed,
        "unprocessedMessages": [message.get("label") for message in messages[len(processed) :]],
    }


def _sent(account: str, at: int, message: dict[str, Any]) -> tuple[int, str]:
    """Play one message as a request of its own, with the headers of the whole."""
    fault = visit().fault
    if fault is not None and fault.kind == "part_fails" and fault.part == at:
        failed = answer_of(replace(fault, kind="status"), visit().switches)
        return failed.status_code, failed.get_data(as_text=True)
    given = message.get("body")
    builder = EnvironBuilder(
        path=f"/public-api/{account}{message['uri']}",
        method=message["httpMethod"],
        headers=[(k, v) for k, v in request.headers if k.lower() not in _OWN_HEADERS],
        data="" if given is None else json.dumps(given),
        content_type="application/json",
        environ_overrides={INNER: request.environ},
    )
    answer, status, _ = run_wsgi_app(current_app.wsgi_app, builder.get_environ())
    return int(status.split()[0]), b"".join(answer).decode()


_OWN_HEADERS = {"content-length", "content-type", "host", "if-match", "connection"}


def _checked(body: dict[str, Any]) -> dict[str, Any]:
    messages = body.get("messages")
    mode, on_fail = body.get("processingMode"), body.get("onFail")
    if mode not in {"SEQUENTIAL", "PARALLEL"} or on_fail not in {"STOP", "CONTINUE"}:
        raise bad_request("processingMode is SEQUENTIAL or PARALLEL, onFail STOP or CONTINUE")
    if mode == "PARALLEL" and on_fail == "STOP":
        raise bad_request("onFail cannot be STOP with processingMode PARALLEL")
    if not isinstance(messages, list) or not FEWEST <= len(messages) <= MOST:
        raise bad_request(f"There must be {FEWEST} to {MOST} messages")
    for message in messages:
        uri = str(message.get("uri", ""))
        if message.get("httpMethod") not in _METHODS or not uri.startswith("/"):
            raise bad_request("A message needs a uri and one of POST, PUT, DELETE")
        if uri.startswith("/multi-message"):
            raise bad_request("A multi-message cannot hold a multi-message")
    return body

"""Reads the JSON body of a call."""

from typing import Any

from flask import request

from sandbox.brightpearl.faults import BODY_REQUIRED, bad_request


def read_body() -> dict[str, Any]:
    """Give the body, or refuse a missing or unreadable one with CMNC-010."""
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise bad_request("A JSON body is required", BODY_REQUIRED)
    return body

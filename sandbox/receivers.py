"""Where programs and chats of a merchant would listen: keeps what is told, and checks signatures.

Written from https://www.standardwebhooks.com and https://api.slack.com/messaging/webhooks alone.
"""

import base64
import binascii
import hmac
import json
import time
from hashlib import sha256
from typing import Any

from flask import Blueprint, Request, request
from flask.typing import ResponseReturnValue

from sandbox.receiver_switches import SLOW
from sandbox.store import Document
from sandbox.world import World

WEBHOOK, SLACK, TEAMS = "webhook", "slack", "teams"
SECRETS = "receiver_secret"
RECEIVED = "received"
OK, BAD_REQUEST = 200, 400
SLOW_FOR = 60.0  # real seconds, longer than anybody waits
TOO_OLD = 300.0  # seconds; a signature of another day may be somebody's repetition
GOOD, WRONG, OLD, UNSIGNED, UNKNOWN = "good", "wrong", "too old", "unsigned", "no secret given"


def receiver_routes(world: World) -> Blueprint:
    """Build `/receivers/webhook`, `/receivers/slack` and `/receivers/teams`."""
    routes = Blueprint("receivers", __name__)

    @routes.post(f"/receivers/<any({WEBHOOK},{SLACK},{TEAMS}):name>")
    def receive(name: str) -> ResponseReturnValue:
        """Keep what came, and answer as the switch says."""
        asked = world.switches.now.receiver_answer
        status, text = _answer(name, asked)
        _keep(world, name, status, request)
        if asked == SLOW:
            time.sleep(SLOW_FOR)
        headers = {"Content-Type": "text/plain"}
        if status == 302:  # noqa: PLR2004 - found, elsewhere
            headers["Location"] = f"/receivers/{name}"
        return text, status, headers

    return routes


def give_secret(world: World, secret: str) -> None:
    """Check signatures with this secret from now on; ValueError where it is none."""
    if secret:
        _key(secret)
    with world.change() as change:
        change.put(SECRETS, WEBHOOK, {"secret": secret})


def received(world: World) -> list[Document]:
    """Give everything that came, oldest first."""
    return world.store.all(RECEIVED)


def verdict(body: bytes, headers: dict[str, str], secret: str, now: float) -> str:
    """Check a signature as a receiver does: any of those given may fit."""
    given = headers.get("webhook-signature", "")
    if not given:
        return UNSIGNED
    if not secret:
        return UNKNOWN
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    wanted = base64.b64encode(hmac.digest(_key(secret), signed, sha256)).decode()
    if not any(hmac.compare_digest(one, f"v1,{wanted}") for one in given.split()):
        return WRONG
    is_old = abs(now - float(headers["webhook-timestamp"])) > TOO_OLD
    return OLD if is_old else GOOD


def _keep(world: World, name: str, status: int, came: Request) -> None:
    body = came.get_data()
    headers = {
        header: came.headers.get(header, "")
        for header in ("webhook-id", "webhook-timestamp", "webhook-signature")
    }
    secret = (world.store.get(SECRETS, WEBHOOK) or {}).get("secret", "")
    earlier = [one["message"] for one in received(world) if one["name"] == name]
    with world.change() as change:
        number = change.next_id(RECEIVED)
        kept = {
            "id": number,
            "at": world.clock.now(),
            "name": name,
            "message": headers["webhook-id"],
            "headers": headers,
            # By the machine's clock: the sandbox's own may run faster.
            "verdict": verdict(body, headers, secret, time.time()) if name == WEBHOOK else "",
            "again": bool(headers["webhook-id"]) and headers["webhook-id"] in earlier,
            "answered": status,
            "body": body.decode("utf-8", "replace"),
            "says": _says(body),
        }
        change.put(RECEIVED, number, kept)


def _answer(name: str, asked: str) -> tuple[int, str]:
    status = OK if asked == SLOW else int(asked)
    if status == OK:
        return status, "ok" if name == SLACK else ""
    return status, "invalid_payload" if status == BAD_REQUEST else f"the switch says {status}"


def _says(body: bytes) -> list[str]:
    """Give what a person reads of it, line by line, whichever form it has."""
    try:
        told: Any = json.loads(body)
        if "blocks" in told:
            texts = [block.get("text", {}).get("text", "") for block in told["blocks"]]
        elif "attachments" in told:
            texts = [part["text"] for part in told["attachments"][0]["content"]["body"]]
        else:
            texts = [told["data"]["heading"], *told["data"]["paragraphs"]]
        return [str(text) for text in texts if text]
    except (ValueError, KeyError, TypeError, IndexError, AttributeError):
        return []


def _key(secret: str) -> bytes:
    try:
        return base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        raise ValueError("A secret is whsec_ and base64.") from None

"""Brightpearl tells us that goods-out notes or products changed."""

import json
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from flask import Blueprint, abort
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from shared.clock import Now
from shared.db.engine import OpenSession, our_trouble
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, PRODUCTS_ANNOUNCED, NewEvent
from shared.secrets import SecretBox
from shared.webhooks.at_brightpearl import PRODUCT
from shared.webhooks.edge import Deadline, TooLarge, bounded_body, enter_trace
from shared.webhooks.keep import ask_for_comparison, body_digest, keep, raw_body
from shared.webhooks.subscriptions import Subscription, subscription_for

SOURCE = "brightpearl"
SUBJECT_LIMIT = 200
EVENT_OF_TOPIC = {PRODUCT: PRODUCTS_ANNOUNCED}

log = structlog.get_logger()

# What is to be kept for a proved webhook; returns whether it was new.
Keep = Callable[[Session, Subscription, datetime], bool]


def goods_out_note_webhooks(
    *, open_session: OpenSession, box: SecretBox, now: Now, deadline: Deadline
) -> Blueprint:
    """Build the route Brightpearl calls. It cannot sign: the path holds the secret."""
    routes = Blueprint("goods_out_note_webhooks", __name__, url_prefix="/webhooks/brightpearl")

    @routes.post("/<path_secret>")
    def receive_goods_out_notes(path_secret: str) -> ResponseReturnValue:
        """Prove, keep, announce, answer. Reading the body is the handler's work."""
        traceparent = enter_trace()
        try:
            body = bounded_body()
        except TooLarge:
            prove_and(partial(_look_at_everything, traceparent=traceparent), path_secret)
            return {"error": "a body may hold 1 MiB; we compare everything instead"}, 413
        is_new = prove_and(partial(_announce, body=body, traceparent=traceparent), path_secret)
        return {"kept": True, "repeated": not is_new}

    def prove_and(keep_it: Keep, path_secret: str) -> bool:
        is_new = deadline.run(partial(_keep_proved, keep_it, path_secret))
        if is_new is None:
            log.warning("webhook.unknown_path", source=SOURCE)
            abort(404)
        return is_new

    def _keep_proved(keep_it: Keep, path_secret: str) -> bool | None:
        with our_trouble(), open_session() as session:
            at = now()
            found = subscription_for(session, SOURCE, path_secret, box=box, now=at)
            if found is None:
                return None
            is_new = keep_it(session, found, at)
            session.commit()
        log.info("webhook.received", source=SOURCE, account=found.account_code, is_new=is_new)
        return is_new

    return routes


def _announce(
    session: Session, found: Subscription, at: datetime, *, body: bytes, traceparent: str
) -> bool:
    told = _leniently_read(body)
    # Brightpearl sends no event id: the same event, ids and moment are the same webhook.
    parts = [str(told.get(name, "")) for name in ("fullEvent", "id", "raisedOn")]
    same = body_digest(json.dumps(parts).encode() if all(parts) else body)
    event = NewEvent(
        account_id=found.account_id,
        name=EVENT_OF_TOPIC.get(found.topic, GOODS_OUT_NOTES_ANNOUNCED),
        subject=str(told.get("id", ""))[:SUBJECT_LIMIT],
        dedupe_key=f"{found.account_code}:{SOURCE}:{same}",
        payload=raw_body(body),
        traceparent=traceparent,
    )
    return keep(session, event, source=SOURCE, now=at)


def _look_at_everything(
    session: Session, found: Subscription, at: datetime, *, traceparent: str
) -> bool:
    log.error("webhook.too_large", source=SOURCE, account=found.account_code)
    return ask_for_comparison(session, found, source=SOURCE, traceparent=traceparent, now=at)


def _leniently_read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}

"""ShipHero tells us that a shipment changed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from flask import Blueprint, abort, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.shipment_return.announcement import not_followed
from shared.clock import Now
from shared.db.engine import OpenSession, our_trouble
from shared.errors import OurTrouble
from shared.events import SHIPHERO_WEBHOOK_RECEIVED, SHIPMENT_ANNOUNCED, NewEvent
from shared.metrics.webhooks import FORGED
from shared.notes.key import read_key
from shared.secrets import SecretBox
from shared.vendors.shiphero.webhook_bodies import (
    ORDER_ALLOCATED,
    RETURN_UPDATE,
    SHIPMENT_UPDATE,
    Announcement,
)
from shared.webhooks import signature
from shared.webhooks.edge import Deadline, TooLarge, bounded_body, enter_trace
from shared.webhooks.keep import ask_for_comparison, body_digest, keep, raw_body
from shared.webhooks.subscriptions import Subscription, subscription_for

SOURCE = "shiphero"
# The answer ShipHero expects; its pages differ in the last key, so both are sent (contract §10).
ACKNOWLEDGED = {"code": "200", "Status": "Success", "Message": "Success"}
EVENT_OF_TOPIC = {SHIPMENT_UPDATE: SHIPMENT_ANNOUNCED}
# Registered, so that they are there once something wants them, and kept; nobody looks at them.
NOT_FOLLOWED = frozenset({ORDER_ALLOCATED, RETURN_UPDATE})

log = structlog.get_logger()


# What is to be kept for a known path; returns whether it was new.
Keep = Callable[[Session, Subscription, datetime], bool]


class Forged(Exception):  # noqa: N818 - named after what the webhook is
    """The signature does not fit the body."""


def shipment_webhooks(
    *, open_session: OpenSession, box: SecretBox, now: Now, deadline: Deadline
) -> Blueprint:
    """Build the route ShipHero calls; each subscription has a path of its own."""
    routes = Blueprint("shipment_webhooks", __name__, url_prefix="/webhooks/shiphero")
    door = _Door(open_session=open_session, box=box, now=now, deadline=deadline)

    # ShipHero sends a HEAD when the webhook is registered, before we hold its secret (§10).
    @routes.route("/<path_secret>", methods=["HEAD"])
    def greet_shiphero(path_secret: str) -> ResponseReturnValue:  # noqa: ARG001 - any path will do
        """Answer 200, whatever the path: it proves nothing and keeps nothing."""
        return ""

    @routes.post("/<path_secret>")
    def receive_shipment_update(path_secret: str) -> ResponseReturnValue:
        """Prove, keep, announce, answer. Reading the body is the handler's work."""
        traceparent = enter_trace()
        try:
            body = bounded_body()
        except TooLarge:
            # It cannot be proved, but its path is a secret of its own.
            door.keep_or_refuse(partial(_look_at_everything, traceparent=traceparent), path_secret)
            return {"error": "a body may hold 1 MiB; we compare everything instead"}, 413
        door.keep_or_refuse(_announcing(body, traceparent), path_secret)
        return ACKNOWLEDGED

    return routes


@dataclass(frozen=True, kw_only=True)
class _Door:
    """Lets in what belongs to a known path, within the deadline."""

    open_session: OpenSession
    box: SecretBox
    now: Now
    deadline: Deadline

    def keep_or_refuse(self, keep_it: Keep, path_secret: str) -> None:
        """Keep it, or end the request with 401 or 404."""
        try:
            known = self.deadline.run(partial(self._keep, keep_it, path_secret))
        except Forged:
            FORGED.labels(SOURCE).inc()
            log.warning("webhook.forged", source=SOURCE)
            abort(401)
        if not known:
            log.warning("webhook.unknown_path", source=SOURCE)
            abort(404)

    def _keep(self, keep_it: Keep, path_secret: str) -> bool:
        with our_trouble(), self.open_session() as session:
            at = self.now()
            found = subscription_for(session, SOURCE, path_secret, box=self.box, now=at)
            if found is None:
                return False
            is_new = keep_it(session, found, at)
            session.commit()
        log.info("webhook.received", source=SOURCE, account=found.account_code, is_new=is_new,
                 topic=found.topic)  # fmt: skip
        return True


def _announcing(body: bytes, traceparent: str) -> Keep:
    return partial(
        _announce,
        body=body,
        signed=request.headers.get("x-shiphero-hmac-sha256", ""),
        message_id=request.headers.get("X-Shiphero-Message-ID", "")[:100],
        traceparent=traceparent,
    )


def _announce(
    session: Session,
    found: Subscription,
    at: datetime,
    *,
    body: bytes,
    signed: str,
    message_id: str,
    traceparent: str,
) -> bool:
    """Prove the body by its signature and keep it. Raises Forged, and OurTrouble without secret."""
    if found.signing_secret is None:
        raise OurTrouble("the subscription's signing secret is not held yet")
    if not signature.matches(body, signed, found.signing_secret):
        raise Forged
    event = NewEvent(
        account_id=found.account_id,
        name=EVENT_OF_TOPIC.get(found.topic, SHIPHERO_WEBHOOK_RECEIVED),
        subject=_note_named_in(body),
        dedupe_key=f"{found.account_code}:{SOURCE}:{message_id}:{body_digest(body)}",
        payload=raw_body(body),
        traceparent=traceparent,
    )
    skipped = not_followed(found.topic) if found.topic in NOT_FOLLOWED else None
    return keep(session, event, source=SOURCE, now=at, skipped=skipped)


def _look_at_everything(
    session: Session, found: Subscription, at: datetime, *, traceparent: str
) -> bool:
    log.error("webhook.too_large", source=SOURCE, account=found.account_code)
    return ask_for_comparison(session, found, source=SOURCE, traceparent=traceparent, now=at)


def _note_named_in(body: bytes) -> str:
    """Find which note the webhook is about, leniently; "" when it names none of ours."""
    try:
        key = read_key(Announcement.model_validate(json.loads(body)).partner_order_id)
    except (ValueError, RecursionError):
        return ""
    return str(key.note_id) if key else ""

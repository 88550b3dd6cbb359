"""See that Brightpearl holds our webhooks as it should, and have what they missed looked up."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from services.order_ingest.settings import OrderIngestSettings
from shared.db.engine import our_trouble
from shared.events import RECONCILIATION_REQUESTED, REFERENCE_REQUESTED, Event, NewEvent
from shared.messaging.delivery import Unit
from shared.outcome import Busy, Delivered, Outcome, Skipped
from shared.process import ConsumerParts
from shared.webhooks.at_brightpearl import PRODUCT, Wanted
from shared.webhooks.registration import Checked, check_brightpearl
from shared.webhooks.under_way import is_another_under_way
from shared.webhooks.wiring import registrar_of

# Compares one account's webhooks and mends them, once for all these requests; None where we have
# no public address.
Check = Callable[[Sequence[Event]], Checked | Busy | None]


def wired_check(parts: ConsumerParts[OrderIngestSettings]) -> Check:
    """Wire a check to the account's client and to our public address."""

    def check(events: Sequence[Event]) -> Checked | Busy | None:
        base_url = parts.settings.webhooks_url_brightpearl
        if not base_url:
            return None
        with our_trouble(), parts.open_reading() as session:
            if is_another_under_way(session, events, now=parts.now()):
                return Busy(reason="These webhooks are being checked just now; this comes after.")
        return check_brightpearl(
            registrar_of(parts, events[0].account_id),
            parts.connections.brightpearl(events[0].account_id),
            Wanted(base_url=base_url),
        )

    return check


def check_brightpearl_webhooks(events: Sequence[Event], *, check: Check) -> Iterable[Unit]:
    """Check once for all requests in the group."""
    return [Unit(events=tuple(events), run=partial(check_webhooks, events, check=check))]


def check_webhooks(events: Sequence[Event], *, check: Check) -> Outcome:
    """Mend what is not as it should be; a webhook that had stopped has its gap looked through."""
    checked = check(events)
    if isinstance(checked, Busy):
        return checked
    if checked is None:
        return Skipped(
            code="webhooks_url_unset",
            reason="No webhook is registered with Brightpearl: WEBHOOKS_URL_BRIGHTPEARL is not "
            "set, so nobody knows where it could call us. The operator sets it.",
        )
    return Delivered(
        reference=events[0].subject,
        summary=checked.summary,
        follow_ons=tuple(_look_through(events[0], topic) for topic in checked.gaps),
        keep=checked.keep,
    )


def _look_through(event: Event, topic: str) -> NewEvent:
    is_product = topic == PRODUCT
    return NewEvent(
        account_id=event.account_id,
        name=REFERENCE_REQUESTED if is_product else RECONCILIATION_REQUESTED,
        subject=event.subject,
        dedupe_key=f"{event.id}:{topic}",
        payload={"part": "products"} if is_product else {"because": "a webhook had stopped"},
        traceparent=event.traceparent,
    )

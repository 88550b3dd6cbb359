"""See that ShipHero holds our webhooks as it should, and have what they missed looked up."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from services.shipment_return.settings import ShipmentReturnSettings
from shared.db.engine import our_trouble
from shared.events import SHIPHERO_RECONCILIATION_REQUESTED, Event, NewEvent
from shared.messaging.delivery import Unit
from shared.outcome import Busy, Delivered, Outcome, Skipped
from shared.process import ConsumerParts
from shared.webhooks.at_shiphero import Wanted
from shared.webhooks.registration import Checked, check_shiphero, label_of
from shared.webhooks.under_way import is_another_under_way
from shared.webhooks.wiring import registrar_of

# Compares one account's webhooks and mends them, once for all these requests; None where we have
# no public address.
Check = Callable[[Sequence[Event]], Checked | Busy | None]


def wired_check(parts: ConsumerParts[ShipmentReturnSettings]) -> Check:
    """Wire a check to the account's client, our public address and our label."""

    def check(events: Sequence[Event]) -> Checked | Busy | None:
        base_url = parts.settings.webhooks_url_shiphero
        if not base_url:
            return None
        with our_trouble(), parts.open_reading() as session:
            if is_another_under_way(session, events, now=parts.now()):
                return Busy(reason="These webhooks are being checked just now; this comes after.")
        registrar = registrar_of(parts, events[0].account_id)
        label = label_of(registrar.account_code, registrar.account_id)
        return check_shiphero(
            registrar,
            parts.connections.shiphero(events[0].account_id),
            Wanted(base_url=base_url, label=label),
        )

    return check


def check_shiphero_webhooks(events: Sequence[Event], *, check: Check) -> Iterable[Unit]:
    """Check once for all requests in the group."""
    return [Unit(events=tuple(events), run=partial(check_webhooks, events, check=check))]


def check_webhooks(events: Sequence[Event], *, check: Check) -> Outcome:
    """Mend what is not as it should be; what came while a webhook was off is looked up."""
    checked = check(events)
    if isinstance(checked, Busy):
        return checked
    if checked is None:
        return Skipped(
            code="webhooks_url_unset",
            reason="No webhook is registered with ShipHero: WEBHOOKS_URL_SHIPHERO is not set, so "
            "nobody knows where it could call us. The operator sets it.",
        )
    return Delivered(
        reference=events[0].subject,
        summary=checked.summary,
        follow_ons=_look_through(events[0], checked),
        keep=checked.keep,
    )


def _look_through(event: Event, checked: Checked) -> tuple[NewEvent, ...]:
    if not checked.gaps:
        return ()
    since = min(checked.gaps.values())
    return (
        NewEvent(
            account_id=event.account_id,
            name=SHIPHERO_RECONCILIATION_REQUESTED,
            subject=event.subject,
            dedupe_key=f"{event.id}:since",
            payload={"from": since.isoformat()},
            traceparent=event.traceparent,
        ),
    )

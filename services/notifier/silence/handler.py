"""The hour is over: count it, and open or end the alert about each signal that fell silent."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import structlog
from sqlmodel import Session

from services.notifier.silence.counting import Counted, count_hours, keep_hours
from services.notifier.silence.judging import silences
from services.notifier.silence.signals import SIGNALS, sentence_of
from shared.alerts import end_alert, open_alert_of, raise_alert, silent
from shared.clock import Now
from shared.db.account_tables import Account
from shared.db.engine import OpenSession, our_trouble
from shared.events import SILENCE_ENDED, SILENCE_NOTICED, Event, NewEvent
from shared.journal.record import record
from shared.messaging.units import Unit
from shared.outcome import Delivered, Outcome
from shared.signals import SHIPMENTS
from shared.watermarks import NOTES, ORDERS, watermark

log = structlog.get_logger()

# Lists are compared every few minutes; older than this they prove nothing.
COMPARED_WITHIN = timedelta(hours=1)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What one account is listened to with."""

    code: str
    open_reading: OpenSession
    now: Now


def check_silence(events: Sequence[Event], *, desk_of: Callable[[Event], Desk]) -> Iterable[Unit]:
    """Look once for all that ask for the same account."""
    desk = desk_of(events[0])
    return [Unit(events=tuple(events), run=partial(check_one, events[0], desk=desk))]


def check_one(event: Event, *, desk: Desk) -> Outcome:
    """Count the hours that are over, and say which signals are silent. Safe to run twice."""
    with our_trouble(), desk.open_reading() as session:
        counted = count_hours(session, event.account_id, now=desk.now())
        is_compared = _is_compared(session, event.account_id, now=desk.now())
        account = session.get_one(Account, event.account_id)
    zone = _zone(account.time_zone)
    found = silences(
        {signal: counted.count_of(signal) for signal in SIGNALS},
        end=counted.end,
        zone=zone,
        is_compared=is_compared,
    )
    end = counted.end.astimezone(zone)
    told = {
        signal: sentence_of(signal, one, end=end)
        for signal, one in found.items()
        if signal not in _switched_off(account)
    }
    return Delivered(
        reference=event.subject,
        summary=" ".join(told.values()) or "Nothing is unusually silent.",
        keep=partial(_keep, event, desk.code, counted, told),
    )


def tell_silence(events: Sequence[Event], *, open_reading: OpenSession) -> Iterable[Unit]:
    """Give each notice a unit of its own."""
    return [
        Unit(events=(event,), run=partial(tell_one, event, open_reading=open_reading))
        for event in events
    ]


def tell_one(event: Event, *, open_reading: OpenSession) -> Outcome:
    """Say what the alert says now; the alert itself stands on the portal's pages."""
    with our_trouble(), open_reading() as session:
        alert = open_alert_of(session, silent(event.account_id, event.subject))
        sentence = alert.sentence if alert else "What was silent is heard again."
    return Delivered(reference=event.subject, summary=sentence)


def _keep(
    event: Event,
    code: str,
    counted: Counted,
    told: Mapping[str, str],
    session: Session,
    now: datetime,
) -> None:
    keep_hours(session, event.account_id, counted)
    for signal in SIGNALS:
        cause = silent(event.account_id, signal)
        if signal in told:
            opened = raise_alert(session, cause, sentence=told[signal], raised_at=now)
            name = SILENCE_NOTICED if opened else None
        else:
            name = SILENCE_ENDED if end_alert(session, cause, now=now) else None
        if name is not None:
            record(session, _change(event, code, signal, name), now=now)
            log.info("silence.changed", kind=signal, status=name)


def _change(event: Event, code: str, signal: str, name: str) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=name,
        subject=signal,
        dedupe_key=f"{code}:{name}:{signal}:{event.id}",
        traceparent=event.traceparent,
    )


def _switched_off(account: Account) -> frozenset[str]:
    """Name what a person has stopped: its silence is wanted."""
    ships = account.order_sync_on and account.shipment_sync_on and not account.shadow_on
    return frozenset() if ships else frozenset({SHIPMENTS})


def _is_compared(session: Session, account_id: UUID, *, now: datetime) -> bool:
    lists = [watermark(session, account_id, name) for name in (NOTES, ORDERS)]
    return all(one is not None and one.compared_at >= now - COMPARED_WITHIN for one in lists)


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")

"""An announcement names goods-out notes: record one event for each, so that each goes its way."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from types import MappingProxyType

from services.order_ingest.announcement import NOTE_TYPE, Announcement, read_announcement
from shared.errors import Permanent
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    RECONCILIATION_REQUESTED,
    Event,
    NewEvent,
)
from shared.messaging.units import Unit
from shared.number_words import counted
from shared.outcome import Delivered, Outcome, Skipped

NO_TIMES: Mapping[int, datetime] = MappingProxyType({})


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What one account's announcements are expanded with.

    `needless` picks the notes that need no look of their own: one is about to be taken anyway, or
    we shipped the note ourselves, and our own writes are announced to us as well. `at_shiphero`
    picks those that became orders: they are looked at again at `settled_at`, so that what comes
    within a moment, our own tracking and shipped event above all, is one look or none.
    """

    account_code: str
    needless: Callable[[Collection[int]], AbstractSet[int]]
    at_shiphero: Callable[[Collection[int]], AbstractSet[int]]
    settled_at: datetime


def expand_announcements(events: Sequence[Event], *, desk: Desk) -> Iterable[Unit]:
    """Turn the announcements' id sets into one event a note, however many of them name it."""
    named = {event.id: _changed_notes(event, desk.account_code) for event in events}
    everyone = set().union(*named.values())
    needless = set(desk.needless(everyone))
    not_before = dict.fromkeys(desk.at_shiphero(everyone - needless), desk.settled_at)
    for event in events:
        run = partial(
            expand_announcement,
            event,
            desk.account_code,
            needless=named[event.id] & needless,
            not_before=not_before,
        )
        yield Unit(events=(event,), run=run, quick=True)
        needless |= named[event.id]


def expand_announcement(
    event: Event,
    account_code: str,
    *,
    needless: AbstractSet[int] = frozenset(),
    not_before: Mapping[int, datetime] = NO_TIMES,
) -> Outcome:
    """Record one event for each note named; too many ids start a reconciliation instead.

    Changed notes that are `needless` get none, those in `not_before` are due at that time only.
    Raises Permanent when the body cannot be read.
    """
    told = read_announcement(dict(event.payload))
    if told.resource_type != NOTE_TYPE:
        what = told.resource_type or "an unnamed thing"
        return Skipped(code="not_followed", reason=f"Goodsout does not follow {what}.")
    if told.account_code and told.account_code != account_code:
        return Skipped(
            code="foreign_account",
            reason=f"The webhook names account {told.account_code}, this one is {account_code}.",
        )
    if told.ids.ids is None:
        because = f"a webhook named {told.ids.size} notes"
        return Delivered(
            reference=event.subject,
            summary=f"Not expanded, {because}: everything is compared instead.",
            follow_ons=(_reconciliation(event, because),),
        )
    needless = frozenset() if told.destroyed else needless
    return Delivered(
        reference=event.subject,
        summary=_summary(len(told.ids.ids), len(needless)),
        follow_ons=tuple(
            _one_note(event, told, note_id, not_before=not_before.get(note_id))
            for note_id in told.ids.ids
            if note_id not in needless
        ),
    )


def _changed_notes(event: Event, account_code: str) -> set[int]:
    try:
        told = read_announcement(dict(event.payload))
    except Permanent:
        return set()  # raised again, and told, when its turn comes
    ours = told.resource_type == NOTE_TYPE and told.account_code in ("", account_code)
    return set(told.ids.ids or ()) if ours and not told.destroyed else set()


def _summary(announced: int, needless: int) -> str:
    what = counted(announced, "note")
    if not needless:
        return f"{what} announced."
    which = "" if needless == announced else f"{needless} of them "
    return f"{what} announced; {which}{'needs' if needless == 1 else 'need'} no look more."


def _one_note(
    event: Event, told: Announcement, note_id: int, *, not_before: datetime | None
) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=GOODS_OUT_NOTE_DESTROYED if told.destroyed else GOODS_OUT_NOTE_CHANGED,
        subject=str(note_id),
        dedupe_key=f"{event.id}:{note_id}",
        traceparent=event.traceparent,
        not_before=None if told.destroyed else not_before,
    )


def _reconciliation(event: Event, because: str) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=RECONCILIATION_REQUESTED,
        subject=event.subject,
        dedupe_key=f"{event.id}:reconciliation",
        payload={"because": because},
        traceparent=event.traceparent,
    )

"""An announcement names goods-out notes: record one event for each, so that each goes its way."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from services.order_ingest.announcement import NOTE_TYPE, Announcement, read_announcement
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    RECONCILIATION_REQUESTED,
    Event,
    NewEvent,
)
from shared.messaging.delivery import Unit
from shared.outcome import Delivered, Outcome, Skipped


def expand_announcements(
    events: Sequence[Event], *, account_code: Callable[[Event], str]
) -> Iterable[Unit]:
    """Turn each announcement's id set into one event a note."""
    return [
        Unit(events=(event,), run=partial(expand_announcement, event, account_code(event)))
        for event in events
    ]


def expand_announcement(event: Event, account_code: str) -> Outcome:
    """Record one event for each note named; too many ids start a reconciliation instead.

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
    return Delivered(
        reference=event.subject,
        summary="1 note announced."
        if len(told.ids.ids) == 1
        else f"{len(told.ids.ids)} notes announced.",
        follow_ons=tuple(_one_note(event, told, note_id) for note_id in told.ids.ids),
    )


def _one_note(event: Event, told: Announcement, note_id: int) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=GOODS_OUT_NOTE_DESTROYED if told.destroyed else GOODS_OUT_NOTE_CHANGED,
        subject=str(note_id),
        dedupe_key=f"{event.id}:{note_id}",
        traceparent=event.traceparent,
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

"""An announcement names goods-out notes: record one event for each, so that each goes its way."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from services.order_ingest.announcement import NOTE_TYPE, Announcement, read_announcement
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    RECONCILIATION_REQUESTED,
    SHIPMENT_SUSPECTED,
    Event,
    Lane,
    NewEvent,
)
from shared.messaging.delivery import Unit
from shared.outcome import Delivered, Outcome, Skipped
from shared.vendors.brightpearl.account_models import FoundNote


class SearchesNotes(Protocol):
    """What reconciliation asks of Brightpearl."""

    def found_goods_out_notes(
        self, *, created_from: datetime | None, shipped: bool | None, transfer: bool | None
    ) -> Iterator[FoundNote]:
        """Go through all notes that match."""
        ...


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


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What one account is compared with: `sent` picks the notes that ShipHero has as orders."""

    brightpearl: SearchesNotes
    go_live_at: datetime | None
    sent: Callable[[Sequence[int]], set[int]]


def reconcile(
    events: Sequence[Event], *, comparison: Callable[[Event], Comparison]
) -> Iterable[Unit]:
    """Compare once for all requests in the group."""
    run = partial(reconcile_account, events[0], comparison=comparison)
    return [Unit(events=tuple(events), run=run)]


def reconcile_account(event: Event, *, comparison: Callable[[Event], Comparison]) -> Outcome:
    """Have each open note since go-live looked at again, sent ones for a missed shipment."""
    compared = comparison(event)
    if compared.go_live_at is None:
        return Skipped(code="go_live_unset", reason="The account has no go-live time yet.")
    found = compared.brightpearl.found_goods_out_notes(
        created_from=compared.go_live_at, shipped=False, transfer=False
    )
    note_ids = [note.goods_out_note_id for note in found]
    sent = compared.sent(note_ids)
    return Delivered(
        reference=event.subject,
        summary=f"{len(note_ids)} open notes found, {len(sent)} of them at ShipHero.",
        follow_ons=tuple(_found_note(event, one, is_sent=one in sent) for one in note_ids),
    )


def _one_note(event: Event, told: Announcement, note_id: int) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=GOODS_OUT_NOTE_DESTROYED if told.destroyed else GOODS_OUT_NOTE_CHANGED,
        subject=str(note_id),
        dedupe_key=f"{event.id}:{note_id}",
        traceparent=event.traceparent,
    )


def _found_note(event: Event, note_id: int, *, is_sent: bool) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=SHIPMENT_SUSPECTED if is_sent else GOODS_OUT_NOTE_CHANGED,
        subject=str(note_id),
        dedupe_key=f"{event.id}:{note_id}",
        lane=Lane.BACKFILL,
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

"""Go through the notes that Brightpearl lists as open, to see which of ours it no longer shows.

The list goes up by note id, so each page is compared with our open notes between its ends. What
it does not show is read by ID set: a page can miss rows, and a person may have shipped the note.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from services.order_ingest.reconciliation.desk import Desk
from services.order_ingest.reconciliation.never_sent import never_sent
from services.order_ingest.reconciliation.run import Run
from services.order_ingest.reconciliation.suspicion import (
    leave_to_a_person,
    suspect,
    too_many,
)
from shared.comparisons import Made, keep_comparison
from shared.differences import NEVER_SENT, end_unseen, see
from shared.events import GOODS_OUT_NOTE_MISSED, SHIPMENT_SUSPECTED, Event, Lane, NewEvent
from shared.missing_notes import clear
from shared.outcome import Delivered, Outcome
from shared.watermarks import OPEN_NOTES, move_watermark

# Five requests; what an empty list leaves over is read in the next sweep.
READ_AT_MOST = 500
# The part of a round that the beginning moves on each sweep. No number of sweeps makes whole rounds
# of it, so whatever lies between two of them, none begins where one before did.
GOLDEN = (5**0.5 - 1) / 2


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What one page brought: notes that are there, shipped by another, or not shown at all.

    `unsent` has a sentence for each that is there and that we never sent.
    """

    there: AbstractSet[int]
    shipped: AbstractSet[int]
    missing: AbstractSet[int]
    unsent: Mapping[str, str]


def sweep_page(event: Event, run: Run, *, desk: Desk) -> Outcome:
    """Compare one page of open notes with ours. Safe to run twice."""
    page = desk.brightpearl.notes_page(
        created_from=run.created_from, first=run.first, shipped=False, transfer=False
    )
    listed = {row.goods_out_note_id for row in page.rows}
    last = None if page.next_first is None else max(listed, default=run.after)
    seen = _seen(listed, run, last, never_sent(page.rows, desk=desk), desk)
    run = replace(
        run,
        found=run.found + len(listed),
        missed=run.missed + len(seen.shipped) + len(seen.missing),
    )
    by_hand = tuple(_suspect_shipment(event, one, desk) for one in sorted(seen.shipped))
    if page.next_first is None:
        return _end(event, run, seen, by_hand, desk=desk)
    following = replace(run, first=page.next_first, after=last or run.after)
    return Delivered(
        reference=event.subject,
        summary=f"{run.found} of {page.total} open notes compared.",
        follow_ons=(*by_hand, following.page(event, code=desk.code)),
        keep=partial(_keep_page, event, seen),
    )


def _seen(
    listed: AbstractSet[int], run: Run, last: int | None, unsent: Mapping[str, str], desk: Desk
) -> Seen:
    absent = _in_turn(
        sorted(desk.books.open_between(run.after, last) - listed), run, every=desk.sweep_every
    )
    read = desk.brightpearl.goods_out_notes(absent) if absent else {}
    return Seen(
        there=listed | read.keys(),
        shipped={note.id for note in read.values() if note.shipped},
        missing=set(absent) - read.keys(),
        unsent=unsent,
    )


def _in_turn(absent: list[int], run: Run, *, every: timedelta) -> list[int]:
    """Pick as many as are read at once, beginning elsewhere in each sweep."""
    sweeps = run.created_to.timestamp() // every.total_seconds()
    begin = int(sweeps * GOLDEN % 1 * len(absent)) if len(absent) > READ_AT_MOST else 0
    return [*absent[begin:], *absent[:begin]][:READ_AT_MOST]


def _end(
    event: Event, run: Run, seen: Seen, by_hand: tuple[NewEvent, ...], *, desk: Desk
) -> Outcome:
    """Have what is missing looked at one by one, or, when it is too much, by a person."""
    suspects = desk.books.suspects()
    settled = {one for one in suspects if not desk.books.is_open(one)}
    missing = (suspects.keys() | seen.missing) - seen.there - settled
    ours = desk.books.open_count()
    over = too_many(len(missing), open_notes=ours)
    waiting = {one.note_id for one in suspects.values() if one.waits_for_person}
    to_look_for = set() if over else missing - waiting - desk.books.looked_for(missing)
    looks = tuple(first_look(event, one, desk) for one in sorted(to_look_for))

    def keep(session: Session, now: datetime) -> None:
        _keep_page(event, seen, session, now)
        clear(session, event.account_id, settled, now=now)
        if over:
            leave_to_a_person(session, event.account_id, now=now)
        end_unseen(session, event.account_id, NEVER_SENT, since=run.created_to, now=now)
        _move(event, run, ours, session, now)

    return Delivered(
        reference=event.subject,
        summary=_told(run, len(missing), over=over),
        follow_ons=(*by_hand, *looks),
        keep=keep,
    )


def _told(run: Run, missing: int, *, over: bool) -> str:
    if not missing:
        return f"{run.found} open notes compared."
    end = "they wait for a person" if over else "each is looked at by itself"
    return f"{run.found} open notes compared; {missing} of ours are missing, {end}."


def _move(event: Event, run: Run, ours: int, session: Session, now: datetime) -> None:
    move_watermark(
        session,
        event.account_id,
        OPEN_NOTES,
        reached=run.created_to,
        now=now,
        found=run.found,
        missed=run.missed,
    )
    made = Made(
        list_name=OPEN_NOTES,
        window_from=run.created_from,
        window_to=run.created_to,
        theirs=run.found,
        ours=ours,
        missed=run.missed,
    )
    keep_comparison(session, event.account_id, made, now=now)


def _keep_page(event: Event, seen: Seen, session: Session, now: datetime) -> None:
    suspect(session, event.account_id, seen.missing, now=now)
    clear(session, event.account_id, seen.there, now=now)
    see(session, event.account_id, NEVER_SENT, seen.unsent, now=now)


def first_look(event: Event, note_id: int, desk: Desk) -> NewEvent:
    """Ask whether a note is really gone; again in every sweep while it is not proved."""
    return NewEvent(
        account_id=event.account_id,
        name=GOODS_OUT_NOTE_MISSED,
        subject=str(note_id),
        dedupe_key=f"{desk.code}:missed:{note_id}:{event.id}",
        payload={"look": 1},
        lane=Lane.BACKFILL,
        traceparent=event.traceparent,
    )


def _suspect_shipment(event: Event, note_id: int, desk: Desk) -> NewEvent:
    """Have a note that somebody shipped by hand looked at, once a day."""
    return NewEvent(
        account_id=event.account_id,
        name=SHIPMENT_SUSPECTED,
        subject=str(note_id),
        dedupe_key=f"{desk.code}:shipped_by_hand:{note_id}:{desk.now():%Y%m%d}",
        lane=Lane.BACKFILL,
        traceparent=event.traceparent,
    )

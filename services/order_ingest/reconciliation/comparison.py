"""Go through the notes that Brightpearl lists since go-live and look at those we do not know.

One page an event: the next page is a follow-on behind live work, and the watermark moves in the
transaction that settles the last one. A run that dies is begun anew and records nothing twice.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session

from services.order_ingest.reconciliation.desk import Desk
from services.order_ingest.reconciliation.open_notes import sweep_page
from services.order_ingest.reconciliation.run import CREATED, OPEN, Run, is_page
from services.order_ingest.reconciliation.window import Window, next_window, widened
from shared.comparisons import Made, keep_comparison
from shared.events import GOODS_OUT_NOTE_CHANGED, Event, Lane, NewEvent
from shared.messaging.units import Unit
from shared.outcome import Delivered, Keep, Outcome, Skipped
from shared.settled_differences import end_settled
from shared.vendors.brightpearl.account_models import FoundNote
from shared.vendors.brightpearl.search import Page
from shared.watermarks import (
    NOTES,
    NOTES_FROM,
    NOTES_WIDE,
    OPEN_NOTES,
    WHOLE,
    WIDE_EVERY,
    cover_from,
    move_watermark,
)

# A list that gets shorter so often while it is read is not read to the letter any more.
STEPS_BACK = 5


def reconcile(events: Sequence[Event], *, desk_of: Callable[[Event], Desk]) -> Iterable[Unit]:
    """Read each page of a run, and begin one run for all requests of the group."""
    desk = desk_of(events[0])
    pages = [event for event in events if is_page(event)]
    requests = tuple(event for event in events if not is_page(event))
    units = [Unit(events=(page,), run=partial(go_on, page, desk=desk)) for page in pages]
    if requests:
        units.append(Unit(events=requests, run=partial(begin, requests, desk=desk)))
    return units


def begin(events: Sequence[Event], *, desk: Desk) -> Outcome:
    """Compare from where the last run ended until now."""
    if desk.go_live_at is None:
        return Skipped(code="go_live_unset", reason="The account has no go-live time yet.")
    known = desk.books.watermarks()
    window = next_window(
        go_live=desk.go_live_at,
        covered_from=known[NOTES_FROM].reached if NOTES_FROM in known else None,
        reached=known[NOTES].reached if NOTES in known else None,
        now=desk.now(),
        overlap=desk.overlap,
    )
    if window is None:
        return Skipped(
            code="go_live_ahead",
            reason=f"Go-live is {desk.go_live_at:%d %b %Y %H:%M} UTC; no note is compared before.",
        )
    if desk.books.is_under_way(events):
        return Skipped(
            code="already_running",
            reason="The notes are being compared already; this adds nothing.",
        )
    wide = known.get(NOTES_WIDE)
    if wide is None or desk.now() - wide.compared_at >= WIDE_EVERY:
        window = widened(window, since=wide.reached if wide else desk.go_live_at)
    whole = any(event.payload.get(WHOLE) for event in events)
    return compare_page(events[0], _run(events[0], window, whole=whole), desk=desk)


def _run(event: Event, window: Window, *, whole: bool) -> Run:
    return Run(
        name=str(event.id),
        part=CREATED,
        created_from=window.start,
        created_to=window.end,
        covers_from=window.covers_from,
        wide=window.wide,
        whole=whole,
    )


def go_on(event: Event, *, desk: Desk) -> Outcome:
    """Read the next page of a run."""
    run = Run.of(event)
    if run.part == OPEN:
        return sweep_page(event, run, desk=desk)
    return compare_page(event, run, desk=desk)


def compare_page(event: Event, run: Run, *, desk: Desk) -> Outcome:
    """Have every note of one page looked at that we do not know. Safe to run twice."""
    page = desk.brightpearl.notes_page(
        created_from=run.created_from, created_to=run.created_to, first=run.first, transfer=False
    )
    ours = _ours(page.rows, go_live=desk.go_live_at or run.covers_from)
    unknown = sorted(ours - desk.books.known(ours))
    run = replace(run, found=run.found + len(ours), missed=run.missed + len(unknown))
    looks = tuple(_look(event, one, run, desk) for one in unknown)
    following = _following(run, page)
    if following is not None:
        return Delivered(
            reference=event.subject,
            summary=f"{run.found} notes compared so far, {run.missed} were missed.",
            follow_ons=(*looks, following.page(event, code=desk.code)),
        )
    return Delivered(
        reference=event.subject,
        summary=f"{run.found} notes compared, {run.missed} were missed.",
        follow_ons=(*looks, *_sweep(event, run, desk)),
        keep=_keep(event, run),
    )


def _ours(rows: Sequence[FoundNote], *, go_live: datetime) -> set[int]:
    """Pick the notes that are ours to send, whatever was asked for: a filter may be ignored."""
    return {
        row.goods_out_note_id
        for row in rows
        if not row.transfer and (row.created_on is None or row.created_on >= go_live)
    }


def _following(run: Run, page: Page[FoundNote]) -> Run | None:
    """Give the state before the next page; None after the last one."""
    gone = run.total - page.total
    if run.first > 1 and gone > 0 and run.steps_back < STEPS_BACK:
        # Rows vanished since the last page, so that others moved into what was read before.
        first = max(1, run.first - gone)
        return replace(run, first=first, total=page.total, steps_back=run.steps_back + 1)
    if page.next_first is None:
        return None
    return replace(run, first=page.next_first, total=page.total)


def _look(event: Event, note_id: int, run: Run, desk: Desk) -> NewEvent:
    """Ask for a look; once a day and go-live, so that a note still unknown is found again."""
    day, go_live = f"{desk.now():%Y%m%d}", int((desk.go_live_at or run.created_from).timestamp())
    return NewEvent(
        account_id=event.account_id,
        name=GOODS_OUT_NOTE_CHANGED,
        subject=str(note_id),
        dedupe_key=f"{desk.code}:found:{note_id}:{day}:{go_live}",
        lane=Lane.BACKFILL,
        traceparent=event.traceparent,
    )


def _sweep(event: Event, run: Run, desk: Desk) -> tuple[NewEvent, ...]:
    """Begin the look through all open notes: when asked for, or where one is open for long."""
    known, before = desk.books.watermarks().get(OPEN_NOTES), desk.now() - desk.sweep_every
    is_due = known is None or known.compared_at <= before
    if not run.whole and not (is_due and desk.books.has_open_for_long(before)):
        return ()
    start = min(run.covers_from, desk.go_live_at or run.covers_from)
    sweep = Run(
        name=run.name,
        part=OPEN,
        created_from=start,
        created_to=run.created_to,
        covers_from=run.covers_from,
    )
    return (sweep.page(event, code=desk.code),)


def _keep(event: Event, run: Run) -> Keep:
    def keep(session: Session, now: datetime) -> None:
        move_watermark(
            session,
            event.account_id,
            NOTES,
            reached=run.created_to,
            now=now,
            found=run.found,
            missed=run.missed,
        )
        cover_from(session, event.account_id, NOTES_FROM, start=run.covers_from, now=now)
        if run.wide:
            move_watermark(session, event.account_id, NOTES_WIDE, reached=run.created_to, now=now)
        end_settled(session, event.account_id, now=now)
        made = Made(
            list_name=NOTES,
            window_from=run.created_from,
            window_to=run.created_to,
            theirs=run.found,
            ours=run.found - run.missed,
            missed=run.missed,
        )
        keep_comparison(session, event.account_id, made, now=now)

    return keep

"""The rows that say how far each part's run is, written in the transactions that end events.

A row belongs to the newest run of its part. What an older run, or a page that was done before,
still brings is told apart by run and cursor, and changes nothing.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from services.order_ingest.fetching.fetched import Fetched
from services.order_ingest.fetching.request import PageOf, page_asked
from shared.catalogue.progress import DONE, FAILED, RUNNING, WAITING
from shared.db.engine import insert_for
from shared.db.vendor_tables import FetchProgress
from shared.events import Event
from shared.journal.verdict import Dead, Hold, Retry
from shared.messaging.result import Result

KEYS = frozenset({"account_id", "part"})


def begin_runs(session: Session, event: Event, pages: Iterable[PageOf], *, now: datetime) -> None:
    """Put a new run in the place of each part's last one, unless that was asked for later."""
    for page in pages:
        row = _first_row(event, page, now=now)
        insert = insert_for(session)(FetchProgress).values(row)
        told = {name: value for name, value in insert.excluded.items() if name in row.keys() - KEYS}
        is_older = col(FetchProgress.started_at) <= insert.excluded.started_at
        # A request whose end is written twice begins its run once.
        is_another = col(FetchProgress.run_id) != insert.excluded.run_id
        session.execute(
            insert.on_conflict_do_update(
                index_elements=sorted(KEYS), set_=told, where=is_older & is_another
            )
        )


def present_row(
    session: Session, account_id: UUID, page: PageOf, *, lock: bool = False
) -> FetchProgress | None:
    """Give the row of the page's run; None when a newer run took over or the page was done."""
    found = select(FetchProgress).where(
        FetchProgress.account_id == account_id, FetchProgress.part == page.part.value
    )
    row = session.exec(found.with_for_update() if lock else found).first()
    if row is None or row.run_id != page.run_id or row.cursor != page.cursor or row.state == DONE:
        return None
    return row


def move_on(row: FetchProgress, fetched: Fetched, *, now: datetime) -> None:
    """Count a page and remember where the run stands."""
    row.done += fetched.done
    row.cursor, row.moved_at, row.failure = fetched.cursor, now, ""
    if fetched.more:
        row.state = RUNNING
        row.total = None if fetched.left is None else row.done + fetched.left
    else:
        row.state, row.total, row.ended_at = DONE, row.done, now


def follow_fetch(session: Session, event: Event, result: Result, now: datetime) -> None:
    """Show on a part's row why its page failed, waits or is tried again.

    Only its own part stops: the others have events of their own.
    """
    page = page_asked(event) if "run_id" in event.payload else None
    if page is None or not isinstance(result, Dead | Hold | Retry):
        return
    row = present_row(session, event.account_id, page, lock=True)
    if row is None:
        return
    if isinstance(result, Dead):
        row.state, row.ended_at = FAILED, now
    elif isinstance(result, Hold):
        row.state = WAITING
    row.failure = result.reason
    session.add(row)


def _first_row(event: Event, page: PageOf, *, now: datetime) -> dict[str, Any]:
    return {
        "account_id": event.account_id,
        "part": page.part.value,
        "run_id": page.run_id,
        "state": WAITING,
        "done": 0,
        "total": None,
        "added": None,
        "cursor": page.cursor,
        "started_at": event.recorded_at,
        "moved_at": now,
        "ended_at": None,
        "failure": "",
    }

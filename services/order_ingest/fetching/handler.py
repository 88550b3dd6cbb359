"""Fetch what the vendors hold: each page is one event that writes its rows and where it goes on."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from sqlmodel import Session, select

from services.order_ingest.fetching import lists, products, shiphero_lists
from services.order_ingest.fetching.fetched import Desk, Fetched
from services.order_ingest.fetching.request import PageOf, page_asked, page_event, parts_asked
from services.order_ingest.fetching.runs import begin_runs, move_on, present_row
from shared.catalogue.parts import Part
from shared.db.engine import our_trouble
from shared.db.vendor_tables import FetchProgress
from shared.events import Event
from shared.messaging.delivery import Unit
from shared.outcome import Delivered, Keep, Outcome, Skipped

Step = Callable[[Desk, str], Fetched]

STEPS: Mapping[Part, Step] = {
    Part.CONFIGURATION: lists.fetch_configuration,
    Part.WAREHOUSES: lists.fetch_warehouses,
    Part.SHIPPING_METHODS: lists.fetch_shipping_methods,
    Part.CHANNELS: lists.fetch_channels,
    Part.PRODUCTS: products.fetch_products,
    Part.SHIPHERO_ACCOUNT: shiphero_lists.fetch_warehouses,
    Part.SHIPHERO_PRODUCTS: shiphero_lists.fetch_products,
}


def fetch_reference(events: Sequence[Event], *, desk: Callable[[Event], Desk]) -> Iterable[Unit]:
    """Begin each run that is asked for, and fetch each page of a run."""
    return [
        Unit(events=(event,), run=partial(fetch_one, event, desk=desk(event))) for event in events
    ]


def fetch_one(event: Event, *, desk: Desk) -> Outcome:
    """Fetch one page, or begin the runs that lead to pages. Safe to run twice.

    Raises Permanent for a part that does not exist, and whatever the vendor raises.
    """
    page = page_asked(event)
    return _begin(event, desk=desk) if page is None else _fetch(event, page, desk=desk)


def _begin(event: Event, *, desk: Desk) -> Outcome:
    parts = parts_asked(event)
    known = _rows(desk)
    starting = [one for one in parts if one not in known or not _is_newer(known[one], event)]
    if not starting:
        return _superseded(event)
    pages = [
        PageOf(part=part, run_id=event.id, cursor=_first_cursor(part, known.get(part), event, desk))
        for part in starting
    ]
    return Delivered(
        reference=event.subject,
        summary=f"Fetching {', '.join(one.label for one in starting)}.",
        follow_ons=tuple(page_event(event, page) for page in pages),
        keep=lambda session, now: begin_runs(session, event, pages, now=now),
    )


def _first_cursor(part: Part, row: FetchProgress | None, event: Event, desk: Desk) -> str:
    if part is not Part.PRODUCTS:
        return ""
    return products.first_cursor(desk, row.cursor if row else "", asked_at=event.recorded_at)


def _fetch(event: Event, page: PageOf, *, desk: Desk) -> Outcome:
    with our_trouble(), desk.open_reading() as session:
        if present_row(session, event.account_id, page) is None:
            return _superseded(event)
    fetched = STEPS[page.part](desk, page.cursor)
    following = replace(page, cursor=fetched.cursor)
    return Delivered(
        reference=event.subject,
        summary=f"{page.part.label}: {fetched.summary or f'{fetched.done:,} fetched.'}",
        follow_ons=(page_event(event, following),) if fetched.more else (),
        keep=_keeping(event, page, fetched),
    )


def _keeping(event: Event, page: PageOf, fetched: Fetched) -> Keep:
    """Write rows and progress with the event's end, unless a newer run took over meanwhile."""

    def keep(session: Session, now: datetime) -> None:
        row = present_row(session, event.account_id, page, lock=True)
        if row is None:
            return
        fetched.write(session, row)
        move_on(row, fetched, now=now)
        session.add(row)

    return keep


def _rows(desk: Desk) -> dict[str, FetchProgress]:
    with our_trouble(), desk.open_reading() as session:
        of_account = select(FetchProgress).where(FetchProgress.account_id == desk.account_id)
        return {row.part: row for row in session.exec(of_account)}


def _is_newer(row: FetchProgress, event: Event) -> bool:
    return row.started_at > event.recorded_at


def _superseded(event: Event) -> Skipped:
    return Skipped(
        code="fetch_superseded",
        reason=f"A later fetch of {event.subject or 'everything'} took over, or this page was "
        "fetched before.",
    )

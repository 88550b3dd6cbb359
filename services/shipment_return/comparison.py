"""Go through the orders that changed at ShipHero and look at those we did not hear of."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol

from sqlmodel import Session

from services.shipment_return.comparison_differences import (
    Seen,
    all_ours,
    keep,
    keep_standing,
    seen_on,
)
from services.shipment_return.comparison_looks import looks_for, ours_among
from services.shipment_return.comparison_run import Run, is_page
from services.shipment_return.comparison_window import (
    Window,
    beyond,
    cut,
    first_window,
    widened,
)
from services.shipment_return.records import Records
from services.shipment_return.settings import ShipmentReturnSettings
from shared.clock import Now
from shared.comparisons import Made, keep_comparison
from shared.db.engine import OpenSession, our_trouble
from shared.events import SHIPHERO_RECONCILIATION_REQUESTED, Event, NewEvent
from shared.messaging.units import Unit
from shared.outcome import Delivered, Keep, Outcome, Skipped
from shared.process import ConsumerParts
from shared.vendors.shiphero.api import Page
from shared.vendors.shiphero.models import ShipHeroOrder
from shared.watermarks import (
    ORDERS,
    ORDERS_WIDE,
    WIDE_EVERY,
    Compared,
    compared,
    is_under_way,
    move_watermark,
)

ASK_AGAIN = timedelta(minutes=1)


class ListsOrders(Protocol):
    """What a comparison asks of ShipHero."""

    def orders_page(
        self, *, updated_from: datetime, updated_to: datetime, after: str | None = None
    ) -> Page[ShipHeroOrder]:
        """Read some of the orders changed in a closed window, shipments included."""
        ...


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Everything one account is compared with; `code` begins its keys."""

    code: str
    go_live_at: datetime | None
    shiphero: ListsOrders
    records: Records
    open_reading: OpenSession
    overlap: timedelta
    now: Now


def desk_of(parts: ConsumerParts[ShipmentReturnSettings], event: Event) -> Desk:
    """Wire the desk of the event's account."""
    account = parts.account(event.account_id)
    return Desk(
        code=account.code,
        go_live_at=account.go_live_at,
        shiphero=parts.connections.shiphero(event.account_id),
        records=Records(parts.open_session, parts.open_reading, account.id, now=parts.now),
        open_reading=parts.open_reading,
        overlap=timedelta(seconds=parts.settings.reconcile_overlap),
        now=parts.now,
    )


def compare_orders(events: Sequence[Event], *, desk_of: Callable[[Event], Desk]) -> Iterable[Unit]:
    """Read each page of a run, and begin one run for all requests of the group."""
    desk = desk_of(events[0])
    pages = [event for event in events if is_page(event)]
    requests = tuple(event for event in events if not is_page(event))
    units = [Unit(events=(page,), run=partial(go_on, page, desk=desk)) for page in pages]
    if requests:
        units.append(Unit(events=requests, run=partial(begin, requests, desk=desk)))
    return units


def begin(events: Sequence[Event], *, desk: Desk) -> Outcome:
    """Compare from where the last run ended, or as early as a request asks for, until now."""
    if desk.go_live_at is None:
        return Skipped(code="go_live_unset", reason="The account has no go-live time yet.")
    known = _watermarks(events[0], desk)
    window = first_window(
        go_live=desk.go_live_at,
        reached=known[ORDERS].reached if ORDERS in known else None,
        since=min(_sinces(events), default=None),
        now=desk.now(),
        overlap=desk.overlap,
    )
    if window is None:
        return Skipped(
            code="go_live_ahead",
            reason=f"Go-live is {desk.go_live_at:%d %b %Y %H:%M} UTC; no order can be there yet.",
        )
    if _is_under_way(events, desk):
        return Skipped(
            code="already_running",
            reason="ShipHero's orders are being compared already.",
            follow_ons=_later(events, desk),
        )
    wide = known.get(ORDERS_WIDE)
    if wide is None or desk.now() - wide.compared_at >= WIDE_EVERY:
        window = widened(window, since=wide.reached if wide else desk.go_live_at)
    run = Run(name=str(events[0].id), begins=window.start, window=window)
    return compare_window(events[0], run, desk=desk)


def go_on(event: Event, *, desk: Desk) -> Outcome:
    """Read what a run left for its next event."""
    return compare_window(event, Run.of(event), desk=desk)


def compare_window(event: Event, run: Run, *, desk: Desk) -> Outcome:
    """Have each order of ours looked at of which something was not told to Brightpearl."""
    window = run.window
    page = desk.shiphero.orders_page(
        updated_from=window.start, updated_to=window.end, after=window.after or None
    )
    ours = ours_among(page.rows, desk.code)
    known = desk.records.known(list(ours))
    looks = looks_for(ours, known, event, code=desk.code)
    keep_page = partial(_keep_page, event, seen_on(all_ours(page.rows, desk.code), known, looks))
    changed = [order.updated_at for order in page.rows if order.updated_at is not None]
    if page.cursor is not None:
        # Counted once the window is read as a whole.
        following = run.on(cut(window, page.cursor, changed=changed)).page(event, code=desk.code)
        return Delivered(
            reference=event.subject,
            summary="More orders changed than one page holds; they are read in parts.",
            follow_ons=(*looks, following),
            keep=keep_page,
        )
    to_come = beyond(window, changed=changed)
    done = run.on(to_come or window, found=len(ours), missed=len(looks))
    again = to_come is not None and to_come.pass_ > window.pass_
    return Delivered(
        reference=event.subject,
        summary=_told(done, canceled=sum(one.order.canceled for one in ours.values())),
        follow_ons=(*looks, *(() if to_come is None else (done.page(event, code=desk.code),))),
        keep=keep_page if again else partial(_keep, event, done, window, keep_page),
    )


def _told(done: Run, *, canceled: int) -> str:
    end = f", {canceled} orders are cancelled there." if canceled else "."
    return f"{done.found} orders of ours had changed, {done.missed} were not told of{end}"


def _keep_page(event: Event, seen: Seen, session: Session, now: datetime) -> None:
    keep(session, event.account_id, seen, now=now)


def _keep(
    event: Event, done: Run, window: Window, keep_page: Keep, session: Session, now: datetime
) -> None:
    keep_page(session, now)
    is_end = window.end >= window.until
    if is_end:
        keep_standing(session, event.account_id, now=now)
    for name in (ORDERS, ORDERS_WIDE) if is_end and window.wide else (ORDERS,):
        move_watermark(
            session,
            event.account_id,
            name,
            reached=window.reached,
            now=now,
            found=done.found,
            missed=done.missed,
        )
    if is_end:
        made = Made(
            list_name=ORDERS,
            window_from=done.begins,
            window_to=window.end,
            theirs=done.found,
            ours=done.found - done.missed,
            missed=done.missed,
        )
        keep_comparison(session, event.account_id, made, now=now)


def _sinces(events: Sequence[Event]) -> list[datetime]:
    asked = (event.payload.get("from") for event in events)
    return [datetime.fromisoformat(one) for one in asked if one]


def _later(events: Sequence[Event], desk: Desk) -> tuple[NewEvent, ...]:
    """Ask again for what reaches further back than the run under way may do."""
    sinces = _sinces(events)
    if not sinces:
        return ()
    first = events[0]
    return (
        NewEvent(
            account_id=first.account_id,
            name=SHIPHERO_RECONCILIATION_REQUESTED,
            subject=first.subject,
            dedupe_key=f"{desk.code}:{first.id}:later",
            payload={"from": min(sinces).isoformat()},
            lane=first.lane,
            traceparent=first.traceparent,
            not_before=desk.now() + ASK_AGAIN,
        ),
    )


def _watermarks(event: Event, desk: Desk) -> Mapping[str, Compared]:
    with our_trouble(), desk.open_reading() as session:
        return {one.name: one for one in compared(session, event.account_id)}


def _is_under_way(events: Sequence[Event], desk: Desk) -> bool:
    with our_trouble(), desk.open_reading() as session:
        return is_under_way(session, events, now=desk.now())

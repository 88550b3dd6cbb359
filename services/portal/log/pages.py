"""The sync log: the list of notes that a merchant reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from time import monotonic
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.connections.connection_view import open_alerts
from services.portal.frame.access import Need, Room, viewer_account
from services.portal.frame.recent import Recently
from services.portal.log import sync_log
from services.portal.log.cursor import GREATEST_ID, Cursor
from services.portal.log.sync_log import STATES, Page, Wanted
from shared.clock import Now
from shared.db.engine import OpenSession
from shared.db.vendor_tables import Alert


@dataclass(frozen=True, kw_only=True)
class ListView:
    """The sync log as the template draws it; `live` is the address that refreshes it."""

    page: Page
    wanted: Wanted
    counts: Mapping[str, int]
    news: int
    live: str
    next_tries: Mapping[int, datetime] = field(default_factory=dict)
    alerts: Sequence[Alert] = ()

    @property
    def links(self) -> dict[str, str]:
        """Give the filter as it stands in the address."""
        filled = {"state": self.wanted.state, "q": self.wanted.text}
        return {name: value for name, value in filled.items() if value}


class SyncLogPages:
    """Reads for the person who is logged in, and for their account only."""

    def __init__(self, open_session: OpenSession, now: Now) -> None:
        """`open_session` opens sessions that only read."""
        self._open = open_session
        self._now = now
        self._counts: Recently[Mapping[str, int]] = Recently(monotonic)

    def show_sync_log(self) -> ResponseReturnValue:
        """Show one page of the sync log."""
        wanted, arguments = _wanted(), request.args
        after, before = (Cursor.read(arguments.get(name, "")) for name in ("after", "before"))
        with self._open() as session:
            page = (
                sync_log.page_after(session, viewer_account(), wanted, after)
                if after
                else sync_log.page_before(session, viewer_account(), wanted, before)
            )
            view = self._view(session, page, wanted, newest=_top(page))
        return render_template("log/sync_log.html", view=view, labels=STATE_LABELS)

    def refresh_sync_log(self) -> ResponseReturnValue:
        """Show the rows that are on the screen as they are now, and how many came above them."""
        wanted, arguments = _wanted(), request.args
        newer, older, newest = (
            Cursor.read(arguments.get(name, "")) for name in ("newer", "older", "newest")
        )
        with self._open() as session:
            rows = sync_log.rows_of(session, viewer_account(), _note_ids())
            page = Page(rows=rows, newer=newer, older=older)
            view = self._view(session, page, wanted, newest=newest)
        return render_template("log/sync_log_live.html", view=view, labels=STATE_LABELS, again=True)

    def _view(
        self, session: Session, page: Page, wanted: Wanted, *, newest: Cursor | None
    ) -> ListView:
        account_id, ids = viewer_account(), [row.note_id for row in page.rows]
        on_top = page.newer is None
        filled = {
            "notes": ",".join(str(note_id) for note_id in ids),
            "newest": newest,
            "newer": page.newer,
            "older": page.older,
            "state": wanted.state,
            "q": wanted.text,
        }
        return ListView(
            page=page,
            wanted=wanted,
            counts=self._counts.get(
                account_id, lambda: sync_log.count_by_state(session, account_id)
            ),
            news=sync_log.count_newer(session, account_id, wanted, newest) if on_top else 0,
            live=_address("pages.refresh_sync_log", filled),
            next_tries=sync_log.next_tries(session, account_id, ids, now=self._now()),
            alerts=open_alerts(session, account_id),
        )


STATE_LABELS = {
    "needs_you": ("Needs you", "alert-triangle", "red", "failed, or waiting for a setting"),
    "on_the_way": ("On the way", "clock", "blue", "moving by themselves"),
    "synced": ("Synced", "circle-check", "green", "at ShipHero, shipment awaited"),
    "shipped": ("Shipped", "truck-delivery", "green", "and written back to Brightpearl"),
    "cancelled": ("Cancelled", "x", "grey", "orders cancelled at ShipHero"),
    "skipped": ("Skipped", "circle-minus", "grey", "not meant for ShipHero"),
    "handled": ("Handled", "user-check", "grey", "marked as handled by a person"),
}


def sync_log_routes(pages: SyncLogPages) -> Room:
    """Build the routes."""
    routes = Room("pages", __name__)
    routes.page("/sync-log", pages.show_sync_log, Need.VIEWER)
    routes.page("/sync-log/live", pages.refresh_sync_log, Need.VIEWER)
    return routes


def _wanted() -> Wanted:
    state = request.args.get("state", "")
    return Wanted(
        state=state if state in STATES else "", text=request.args.get("q", "").strip()[:100]
    )


def _address(endpoint: str, filled: Mapping[str, Any]) -> str:
    values: dict[str, Any] = {name: str(value) for name, value in filled.items() if value}
    return url_for(endpoint, **values)


def _top(page: Page) -> Cursor | None:
    return sync_log.place_of(page.rows[0]) if page.rows else None


def _note_ids() -> list[int]:
    named = request.args.get("notes", "").split(",")[: sync_log.PAGE_SIZE]
    return [int(note) for note in named if note.isdecimal() and int(note) <= GREATEST_ID]

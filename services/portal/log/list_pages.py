"""The sync log's pages: the list, what refreshes it, and the list as a file."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import monotonic
from typing import Any, Final
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.connections.connection_view import open_alerts
from services.portal.frame.access import viewer_account, viewer_id
from services.portal.frame.recent import Recently
from services.portal.frame.tenants import Tenants
from services.portal.log import sync_log
from services.portal.log.columns import ATTEMPTS, Drawn, attempts_of, drawn_for
from services.portal.log.cursor import GREATEST_ID, Cursor
from services.portal.log.customers import Customers, may_search
from services.portal.log.export import export
from services.portal.log.filter_words import Choices
from services.portal.log.list_view import ListView
from services.portal.log.matching import BROAD, finds_too_much, matching
from services.portal.log.ordering import place_in, place_of
from services.portal.log.sync_log import Conditions, Group, Page
from services.portal.log.wanted import INSERTED, NEEDS_YOU, Wanted
from shared.clock import Now
from shared.db.account_tables import Account

EXACTLY: Final = "exactly"


class ListPages:
    """Reads for the person who is logged in, and for their account only."""

    def __init__(self, tenants: Tenants, customers: Customers, now: Now) -> None:
        self._tenants = tenants
        self._customers = customers
        self._open = tenants.open_reading
        self._now = now
        self._counts: Recently[Mapping[str, int]] = Recently(monotonic)
        self._exact_counts: Recently[Mapping[str, int]] = Recently(monotonic)
        self._choices: Recently[Choices] = Recently(monotonic)

    def show_sync_log(self) -> ResponseReturnValue:
        """Show one page of the sync log."""
        wanted = self._customers.read(request.args)
        if "" in request.args.values() and not wanted.problems:
            # A form sends its empty fields too; an address that people pass on is shorter.
            return redirect(list_address(wanted))
        if not request.args and (usual := Wanted.read(self._drawn().order)).links:
            return redirect(list_address(usual))
        start, end = (place_in(request.args.get(one, ""), wanted.sort) for one in ("next", "prev"))
        with self._open() as session:
            found = matching(viewer_account(), wanted, now=self._now())
            page = sync_log.page(session, wanted, found, after=start, before=end)
            newest = place_of(page.rows[0]) if page.rows else None
            view = self._view(session, page, wanted, found, newest=newest)
            is_cut = finds_too_much(session, viewer_account(), wanted)
        return render_template("log/sync_log.html", view=view, is_cut=is_cut, broad=BROAD)

    def refresh_sync_log(self) -> ResponseReturnValue:
        """Show the rows that are on the screen as they are now, and how many came above them."""
        wanted, arguments = self._customers.read(request.args), request.args
        previous, following = (
            place_in(arguments.get(name, ""), wanted.sort) for name in ("previous", "following")
        )
        with self._open() as session:
            found = matching(viewer_account(), wanted, now=self._now())
            rows = sync_log.rows_of(session, viewer_account(), _note_ids())
            page = Page(rows=rows, previous=previous, next=following)
            newest = place_in(arguments.get("newest", ""), INSERTED)
            view = self._view(session, page, wanted, found, newest=newest)
        return render_template("log/sync_log_live.html", view=view, again=True)

    def download(self) -> ResponseReturnValue:
        """Give the rows that match as a file, row by row, so that it may be long."""
        account_id, wanted = viewer_account(), self._customers.read(request.args)
        with self._open() as session:
            code = session.get_one(Account, account_id).code
            warehouses = sync_log.warehouse_names(session, account_id)
        lines = export(
            self._tenants.reading_afterwards(), account_id, wanted, warehouses, now=self._now()
        )
        name = f"sync-log-{code}-{self._now():%Y-%m-%d}.csv"
        return Response(
            lines,
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _view(
        self,
        session: Session,
        page: Page,
        wanted: Wanted,
        found: Conditions,
        *,
        newest: Cursor | None,
    ) -> ListView:
        account_id, ids = viewer_account(), [row.note_id for row in page.rows]
        exactly = request.args.get("count") == EXACTLY
        is_top = page.previous is None and wanted.is_newest_first
        drawn = drawn_for(session, account_id, viewer_id())
        return ListView(
            page=page,
            wanted=wanted,
            counts=self._count(session, account_id, exactly=exactly),
            exactly=exactly,
            news=sync_log.count_newer(session, found, newest) if is_top else 0,
            live=_live(page, wanted, newest, exactly=exactly),
            groups=self._groups(session, wanted) if wanted.state == NEEDS_YOU else (),
            choices=self.choices(session, account_id),
            next_tries=sync_log.next_tries(session, account_id, ids, now=self._now()),
            alerts=open_alerts(session, account_id),
            drawn=drawn,
            finds_customers=may_search(),
            now=self._now(),
            attempts=attempts_of(session, account_id, ids) if ATTEMPTS in drawn.columns else {},
        )

    def _drawn(self) -> Drawn:
        with self._open() as session:
            return drawn_for(session, viewer_account(), viewer_id())

    def _groups(self, session: Session, wanted: Wanted) -> Sequence[Group]:
        """Count all reasons among what is filtered otherwise, so that another can be chosen."""
        whatever = replace(wanted, reason="")
        found = matching(viewer_account(), whatever, now=self._now())
        return sync_log.reason_groups(session, found)

    def _count(self, session: Session, account_id: UUID, *, exactly: bool) -> Mapping[str, int]:
        kept = self._exact_counts if exactly else self._counts
        return kept.get(
            account_id, lambda: sync_log.count_by_state(session, account_id, exactly=exactly)
        )

    def choices(self, session: Session, account_id: UUID) -> Choices:
        """Give what can be chosen in the filter's fields."""
        return self._choices.get(
            account_id,
            lambda: Choices(
                reasons=sync_log.known_reasons(session, account_id),
                warehouses=sync_log.warehouse_names(session, account_id),
                methods=sync_log.method_names(session, account_id),
                channels=sync_log.channel_names(session, account_id),
            ),
        )


def list_address(wanted: Wanted) -> str:
    """Give the address of a list."""
    values: dict[str, Any] = wanted.links
    return url_for("pages.show_sync_log", **values)


def _live(page: Page, wanted: Wanted, newest: Cursor | None, *, exactly: bool) -> str:
    values: dict[str, Any] = {
        **wanted.links,
        "notes": ",".join(str(row.note_id) for row in page.rows),
        "newest": str(newest or ""),
        "previous": str(page.previous or ""),
        "following": str(page.next or ""),
        "count": EXACTLY if exactly else "",
    }
    filled = {name: value for name, value in values.items() if value}
    return url_for("pages.refresh_sync_log", **filled)


def _note_ids() -> list[int]:
    named = request.args.get("notes", "").split(",")[: sync_log.PAGE_SIZE]
    return [int(note) for note in named if note.isdecimal() and int(note) <= GREATEST_ID]

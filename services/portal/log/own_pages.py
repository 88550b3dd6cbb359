"""What each person makes of the sync log for themselves: views that they keep, and its columns."""

from typing import Final
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.portal.frame.access import Need, Room, viewer_account, viewer_id
from services.portal.frame.tenants import Tenants
from services.portal.log.columns import ADDED, Drawn, drawn_for, keep_drawn
from services.portal.log.customers import Customers
from services.portal.log.filter_words import Choices, in_words
from services.portal.log.list_pages import list_address
from services.portal.log.sync_log import warehouse_names
from services.portal.log.views import LONGEST_NAME, RefusedError, keep_view, remove_view, views_of
from services.portal.log.wanted import INSERTED, Wanted
from shared.clock import Now

DRAWN: Final = "The list is drawn as you chose, wherever you log in."


class OwnPages:
    """Reads and keeps for the person who is logged in."""

    def __init__(self, tenants: Tenants, customers: Customers, now: Now) -> None:
        self._tenants = tenants
        self._customers = customers
        self._now = now

    def show_views(self) -> ResponseReturnValue:
        """List the views with their counts, and offer to keep the present filter."""
        wanted = Wanted.read(request.args)
        with self._tenants.open_reading() as session:
            views = views_of(session, viewer_account(), viewer_id(), now=self._now())
            names = warehouse_names(session, viewer_account())
        return render_template(
            "log/views.html",
            views=views,
            wanted=wanted,
            words=in_words(wanted, Choices(warehouses=names)),
            longest=LONGEST_NAME,
        )

    def keep_view(self) -> ResponseReturnValue:
        """Keep the filter that was shown under a name."""
        wanted = self._customers.read(request.form)
        name = " ".join(request.form.get("name", "").split())[:LONGEST_NAME]
        try:
            with self._tenants.open_session() as session:
                keep_view(session, viewer_account(), viewer_id(), name, wanted, now=self._now())
                session.commit()
        except RefusedError as refused:
            flash(str(refused), "problem")
        else:
            flash(f"“{name}” is kept under Views.", "done")
        return redirect(list_address(wanted))

    def remove_view(self, view_id: UUID) -> ResponseReturnValue:
        """Remove one of the person's own views; the notes in it stay as they are."""
        with self._tenants.open_session() as session:
            name = remove_view(session, viewer_account(), viewer_id(), view_id)
            session.commit()
        if name is None:
            abort(404)
        flash(f"“{name}” is removed. Nothing else has changed.", "done")
        return redirect(url_for("own.show_views"))

    def show_columns(self) -> ResponseReturnValue:
        """Show what can be chosen."""
        wanted = Wanted.read(request.args)
        with self._tenants.open_reading() as session:
            drawn = drawn_for(session, viewer_account(), viewer_id())
        return render_template("log/columns.html", drawn=drawn, added=ADDED, wanted=wanted)

    def choose_columns(self) -> ResponseReturnValue:
        """Keep how the person wants the list drawn, and the order it stands in if they say so."""
        wanted, form = Wanted.read(request.form), request.form
        with self._tenants.open_session() as session:
            before = drawn_for(session, viewer_account(), viewer_id())
            sort, direction = before.sort, before.direction
            if form.get("keep_order"):
                sort = "" if wanted.sort == INSERTED and not wanted.ascending else wanted.sort
                direction = "asc" if wanted.ascending else ""
            drawn = Drawn(
                columns=[code for code in ADDED if code in form.getlist("column")],
                is_dense=bool(form.get("dense")),
                sort=sort,
                direction=direction,
            )
            keep_drawn(session, viewer_account(), viewer_id(), drawn)
            session.commit()
        flash(DRAWN, "done")
        return redirect(list_address(wanted))


def own_routes(pages: OwnPages) -> Room:
    """Build the routes; everybody chooses for themselves."""
    routes = Room("own", __name__, url_prefix="/sync-log")
    routes.page("/views", pages.show_views, Need.VIEWER)
    routes.act("/views", pages.keep_view, Need.VIEWER)
    routes.act("/views/<uuid:view_id>/remove", pages.remove_view, Need.VIEWER)
    routes.page("/columns", pages.show_columns, Need.VIEWER)
    routes.act("/columns", pages.choose_columns, Need.VIEWER)
    return routes

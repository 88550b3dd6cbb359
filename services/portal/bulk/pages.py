"""The pages of bulk actions: all of them, one with its progress, pausing it, its notes as CSV."""

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.portal.bulk.view import BulkView, act_of, acts_before, notes_of, told
from services.portal.frame.access import Need, Room, may, viewer_account, viewer_name
from services.portal.frame.places import Place
from services.portal.frame.tenants import Tenants
from services.portal.log.export import export_notes
from services.portal.log.filter_words import STATE_LABELS
from services.portal.log.sync_log import warehouse_names
from shared.bulk import cancel, pause, resume
from shared.clock import Now
from shared.db.list_tables import BulkAct

PAUSED: Final = "It is paused. What was done stays done, and the rest waits for “Go on”."
RESUMED: Final = "It goes on."
CANCELLED: Final = "The rest is cancelled. What was done stays done."
OVER: Final = "Nothing was changed: it has ended, or a colleague has done so already."


class BulkActPages:
    """Reads and acts for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now

    def show(self) -> ResponseReturnValue:
        """List the bulk actions, newest first."""
        before = Place.read(request.args.get("before", ""))
        with self._tenants.open_reading() as session:
            page = acts_before(session, viewer_account(), before)
        return render_template("bulk/acts.html", page=page, is_first=before is None)

    def show_act(self, act_id: UUID) -> ResponseReturnValue:
        """Show one, with its progress."""
        return self._act("bulk/act.html", act_id)

    def refresh_act(self, act_id: UUID) -> ResponseReturnValue:
        """Show the same as it is now."""
        return self._act("bulk/act_live.html", act_id, again=True)

    def pause_act(self, act_id: UUID) -> ResponseReturnValue:
        """Have no further part of it done for now."""
        return self._change(act_id, partial(pause, who=viewer_name()), PAUSED)

    def resume_act(self, act_id: UUID) -> ResponseReturnValue:
        """Have it go on where it was paused."""
        return self._change(act_id, resume, RESUMED)

    def cancel_act(self, act_id: UUID) -> ResponseReturnValue:
        """End it, and leave what is left of it as it is."""
        return self._change(act_id, partial(cancel, who=viewer_name()), CANCELLED)

    def download_notes(self, act_id: UUID) -> ResponseReturnValue:
        """Give its notes as they stand now, as a file."""
        view, account_id = self._view(act_id), viewer_account()
        if not view.is_of_notes:
            abort(404)
        with self._tenants.open_reading() as session:
            notes = notes_of(session, account_id, act_id)
            warehouses = warehouse_names(session, account_id)
        lines = export_notes(self._tenants.reading_afterwards(), account_id, notes, warehouses)
        name = f"bulk-action-{view.row.asked_at:%Y-%m-%d}.csv"
        return Response(
            lines,
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def _view(self, act_id: UUID) -> BulkView:
        with self._tenants.open_reading() as session:
            view = act_of(session, viewer_account(), act_id)
        if view is None:
            abort(404)
        return view

    def _change(self, act_id: UUID, change: Callable[..., bool], told: str) -> ResponseReturnValue:
        self._view(act_id)
        with self._tenants.open_session() as session:
            is_changed = change(session, act_id, now=self._now())
            session.commit()
        flash(told if is_changed else OVER, "done" if is_changed else "problem")
        return redirect(url_for("bulk_acts.show_act", act_id=act_id))

    def _act(self, template: str, act_id: UUID, *, again: bool = False) -> str:
        view = self._view(act_id)
        return render_template(
            template, view=view, again=again, may_act=may(Need.OPERATOR), labels=STATE_LABELS
        )


def after_asking(act: BulkAct, otherwise: str, more: str = "") -> ResponseReturnValue:
    """Go on after an action was begun: to its progress, or back where all of it is done."""
    if act.ended_at is None:
        return redirect(url_for("bulk_acts.show_act", act_id=act.id))
    flash(told(act) + more, "done" if act.done else "problem")
    return redirect(otherwise)


def bulk_act_routes(pages: BulkActPages) -> Room:
    """Build the routes; everybody sees how far it is, who may act may pause and cancel it."""
    routes = Room("bulk_acts", __name__, url_prefix="/bulk-actions")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/<uuid:act_id>", pages.show_act, Need.VIEWER)
    routes.page("/<uuid:act_id>/live", pages.refresh_act, Need.VIEWER)
    routes.page("/<uuid:act_id>/notes.csv", pages.download_notes, Need.VIEWER)
    routes.act("/<uuid:act_id>/pause", pages.pause_act, Need.OPERATOR)
    routes.act("/<uuid:act_id>/resume", pages.resume_act, Need.OPERATOR)
    routes.act("/<uuid:act_id>/cancel", pages.cancel_act, Need.OPERATOR)
    return routes

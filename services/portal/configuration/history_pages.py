"""The settings as they were: every saving with what it changed, and the way back to one."""

from dataclasses import dataclass

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.configuration.effect_told import MEANWHILE, effect_told
from services.portal.frame.access import Need, Room, may, viewer_account, viewer_name
from services.portal.frame.ids import read_id
from services.portal.frame.tenants import Tenants
from shared.audit import record_act
from shared.clock import Now
from shared.configuring.fields import moment
from shared.configuring.history import PAGE_SIZE, Restorable, restorable, saved_before
from shared.configuring.saving import Preview, preview_of, read_known, save
from shared.configuring.words import was_done
from shared.connecting.stored import lock_account
from shared.db.account_tables import Account, SavedSettings
from shared.db.columns import GREATEST_INTEGER

AS_THEN = "The settings are as they were then; there is nothing to restore."


@dataclass(frozen=True, kw_only=True)
class WayBack:
    """A version, and what going back to it changes."""

    kept: SavedSettings
    part: Restorable
    preview: Preview


class HistoryPages:
    """Reads and restores for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now

    def show(self) -> ResponseReturnValue:
        """List the savings, newest first, each with what it changed."""
        before = read_id(request.args.get("before", ""))
        with self._tenants.open_reading() as session:
            found = saved_before(session, viewer_account(), before)
        return render_template(
            "configuration/history.html",
            versions=found[:PAGE_SIZE],
            older=found[PAGE_SIZE - 1].version if len(found) > PAGE_SIZE else None,
            is_newest=before is None,
            may_change=may(Need.OPERATOR),
        )

    def ask(self, version: int) -> ResponseReturnValue:
        """Show what going back to a version would change and set free."""
        with self._tenants.open_reading() as session:
            return _asked(self._way_back(session, version))

    def restore(self, version: int) -> ResponseReturnValue:
        """Go back to a version, unless the settings are others than those that were shown."""
        account_id, now = viewer_account(), self._now()
        with self._tenants.open_session() as session:
            lock_account(session, account_id)
            way = self._way_back(session, version)
            if request.form.get("version") != str(way.preview.before.version):
                return _asked(way, notice=MEANWHILE)
            saved = save(session, account_id, way.part.change, by=viewer_name(), now=now)
            if saved.is_new:
                record_act(
                    session,
                    account_id,
                    who=viewer_name(),
                    act="settings_restored",
                    subject=f"Version {version}",
                    after=f"as saved {moment(way.kept.saved_at, saved.time_zone)}",
                    now=now,
                )
            session.commit()
        told = was_done(saved.effect, saved.after, zone=saved.time_zone)
        words = (f"Version {version} is restored.", *told) if saved.is_new else (AS_THEN,)
        flash(" ".join(words), "done")
        return redirect(url_for("configuration_history.show"))

    def _way_back(self, session: Session, version: int) -> WayBack:
        account_id, now = viewer_account(), self._now()
        kept = session.get(SavedSettings, (account_id, version))
        if kept is None:
            abort(404)
        account = session.get_one(Account, account_id)
        part = restorable(kept, account, read_known(session, account_id, now=now))
        preview = preview_of(session, account_id, part.change, now=now)
        return WayBack(kept=kept, part=part, preview=preview)


def _asked(way: WayBack, notice: str = "") -> ResponseReturnValue:
    if not way.preview.differences and not way.part.left_out:
        flash(AS_THEN, "done")
        return redirect(url_for("configuration_history.show"))
    return render_template(
        "configuration/restore.html",
        kept=way.kept,
        left_out=way.part.left_out,
        preview=way.preview,
        notice=notice,
        since=None,
        **effect_told(way.preview),
    )


def history_routes(pages: HistoryPages) -> Room:
    """Build the routes; everybody of the account looks back, an operator goes back."""
    routes = Room("configuration_history", __name__, url_prefix="/configuration/history")
    routes.page("", pages.show, Need.VIEWER)
    version = f"/<int(max={GREATEST_INTEGER}):version>"
    routes.page(version, pages.ask, Need.OPERATOR)
    routes.act(f"{version}/restore", pages.restore, Need.OPERATOR)
    return routes

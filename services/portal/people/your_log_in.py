"""Your log-in: password, second factor, and where a person is logged in."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_security import auth_required, current_user
from flask_security.proxies import _security
from sqlmodel import Session

from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from services.portal.people.accounts import role_of
from services.portal.people.following import this_session
from services.portal.people.log_in import FRESH_FOR
from services.portal.people.sessions import end_session, end_sessions, open_sessions
from services.portal.people.store import commit_with_page, people_session
from shared.audit import record_act
from shared.clock import Now


class YourLogInPages:
    """Everybody's own log-in, whatever their role."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now

    def show(self) -> ResponseReturnValue:
        """Show how and where the person logs in."""
        with self._tenants.open_reading() as session:
            sessions = open_sessions(session, viewer_account(), current_user.id, now=self._now())
        return render_template(
            "people/your_log_in.html",
            sessions=sessions,
            here=this_session(),
            role_word=role_of(current_user),
            has_factor=bool(current_user.tf_primary_method),
            codes_left=len(current_user.mf_recovery_codes or ()),
        )

    def end_one(self, session_id: UUID) -> ResponseReturnValue:
        """Log one other browser out."""
        if session_id == this_session():
            abort(400)
        with self._tenants.open_session() as session:
            ended = end_session(
                session, viewer_account(), current_user.id, session_id, now=self._now()
            )
            self._keep(1 if ended else 0, session)
            session.commit()
        flash("It is logged out." if ended else "That one was logged out already.", "done")
        return redirect(url_for("your_log_in.show"))

    def end_others(self) -> ResponseReturnValue:
        """Log every other browser out."""
        with self._tenants.open_session() as session:
            count = end_sessions(
                session, viewer_account(), current_user.id, but=this_session(), now=self._now()
            )
            self._keep(count, session)
            session.commit()
        flash("You are logged in here only now.", "done")
        return redirect(url_for("your_log_in.show"))

    def make_codes(self) -> ResponseReturnValue:
        """Make recovery codes and show them, this once."""
        if not current_user.tf_primary_method:
            abort(400)
        codes = _security.mf_recovery_codes_util.create_recovery_codes(current_user)
        record_act(
            people_session(),
            viewer_account(),
            who=viewer_name(),
            act="recovery_codes_made",
            subject=viewer_name(),
            now=self._now(),
        )
        commit_with_page()
        return render_template("people/recovery_codes.html", codes=codes)

    def _keep(self, count: int, session: Session) -> None:
        if count:
            record_act(
                session,
                viewer_account(),
                who=viewer_name(),
                act="session_ended",
                subject=viewer_name(),
                after=f"{count} logged out",
                now=self._now(),
            )


def your_log_in_routes(pages: YourLogInPages) -> Room:
    """Build the routes."""
    routes = Room("your_log_in", __name__, url_prefix="/your-log-in")
    routes.page("", pages.show, Need.VIEWER)
    routes.act("/sessions/<uuid:session_id>/end", pages.end_one, Need.VIEWER)
    routes.act("/sessions/end-others", pages.end_others, Need.VIEWER)
    # Whoever finds an open browser must not read codes that let them in later.
    fresh = auth_required("session", within=lambda: FRESH_FOR, grace=lambda: FRESH_FOR)
    routes.act("/recovery-codes", fresh(pages.make_codes), Need.VIEWER)
    return routes

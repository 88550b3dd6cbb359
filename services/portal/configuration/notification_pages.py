"""Each person's own choice of mail."""

from collections.abc import Mapping

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user
from sqlmodel import Session

from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from shared.audit import record_act
from shared.clock import Now
from shared.notifications import KINDS, choose_kinds, wanted_kinds


class NotificationPages:
    """Reads and keeps the choice of the person who is logged in."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now

    def choose(self) -> ResponseReturnValue:
        """Keep which kinds of mail the person wants."""
        asked = {kind: kind in request.form for kind in KINDS}
        with self._tenants.open_session() as session:
            before = viewers_choice(session)
            new = {kind: wanted for kind, wanted in asked.items() if wanted != before[kind]}
            choose_kinds(session, viewer_account(), current_user.id, new)
            for kind, wanted in new.items():
                record_act(
                    session,
                    viewer_account(),
                    who=viewer_name(),
                    act="notifications_chosen",
                    subject=KINDS[kind].label,
                    before=_word(is_wanted=not wanted),
                    after=_word(is_wanted=wanted),
                    now=self._now(),
                )
            session.commit()
        flash("Your choice of mail is saved." if new else "Your choice is as it was.", "done")
        return redirect(url_for("configuration.show", _anchor="notifications"))


def viewers_choice(session: Session) -> Mapping[str, bool]:
    """Say of every kind whether the person who is logged in gets it."""
    roles = [role.name for role in current_user.roles]
    return wanted_kinds(session, viewer_account(), current_user.id, roles)


def notification_routes(pages: NotificationPages) -> Room:
    """Build the route; everybody chooses for themselves."""
    routes = Room("notifications", __name__, url_prefix="/configuration")
    routes.act("/notifications", pages.choose, Need.VIEWER)
    return routes


def _word(*, is_wanted: bool) -> str:
    return "on" if is_wanted else "off"

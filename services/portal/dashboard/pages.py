"""The dashboard: one page, its live part, and the figures of its chart."""

from collections.abc import Sequence
from time import monotonic
from typing import Final

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from services.portal.dashboard.figures import Hour
from services.portal.dashboard.reading import Dashboard, Dear, read_dashboard
from services.portal.frame.access import Need, Room, viewer_account
from services.portal.frame.links import link
from services.portal.frame.recent import Recently
from services.portal.log.list_view import STATE_LABELS
from shared.clock import Now
from shared.db.engine import OpenSession
from shared.number_words import counted, lasting

# What the templates say with.
WORDS: Final = {"lasting": lasting, "counted": counted, "labels": STATE_LABELS, "link": link}


def dear_kept() -> Recently[Dear]:
    """Keep what is dear: with a million notes the figures are up to two minutes old, and say so.

    Somebody who watches asks every five seconds: fewer than one look in twenty is then slow.
    """
    return Recently(monotonic, share=400, at_most=120.0)


class DashboardPages:
    """Reads for the person who is logged in, and for their account only."""

    def __init__(self, open_session: OpenSession, now: Now) -> None:
        """`open_session` opens sessions that only read."""
        self._open = open_session
        self._now = now
        self._dear = dear_kept()

    def show(self) -> ResponseReturnValue:
        """Show how everything stands."""
        return render_template("dashboard/dashboard.html", view=self._read(), **WORDS)

    def refresh(self) -> ResponseReturnValue:
        """Show the same as it is now."""
        return render_template(
            "dashboard/dashboard_live.html", view=self._read(), again=True, **WORDS
        )

    def tell_hours(self) -> ResponseReturnValue:
        """Give the figures of the chart."""
        return jsonify(columns_of(self._read().dear.hours))

    def _read(self) -> Dashboard:
        with self._open() as session:
            return read_dashboard(session, viewer_account(), self._dear.get, now=self._now())


def dashboard_routes(pages: DashboardPages) -> Room:
    """Build the routes."""
    routes = Room("dashboard", __name__, url_prefix="/dashboard")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/live", pages.refresh, Need.VIEWER)
    routes.page("/hours.json", pages.tell_hours, Need.VIEWER)
    return routes


def columns_of(hours: Sequence[Hour]) -> dict[str, list[int]]:
    """Lay the hours out as the chart wants them: a list each of times, sent and shipped."""
    return {
        "at": [int(hour.at.timestamp()) for hour in hours],
        "sent": [hour.sent for hour in hours],
        "shipped": [hour.shipped for hour in hours],
    }

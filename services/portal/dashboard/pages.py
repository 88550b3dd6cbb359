"""The dashboard: one page, its live part, and the figures of its chart."""

from collections.abc import Sequence
from time import monotonic
from typing import Final

from flask import jsonify, render_template
from flask.typing import ResponseReturnValue

from services.portal.dashboard.figures import Hour
from services.portal.dashboard.reading import Dashboard, Dear, Keep, read_dashboard
from services.portal.frame.access import Need, Room, viewer_account
from services.portal.frame.links import link
from services.portal.frame.recent import Recently
from services.portal.log.filter_words import STATE_LABELS
from shared.audit import ACTS
from shared.clock import Now
from shared.db.engine import OpenSession
from shared.number_words import counted, lasting

# What the templates say with.
WORDS: Final = {"lasting": lasting, "counted": counted, "labels": STATE_LABELS, "link": link,
               "acts": ACTS}  # fmt: skip


def dear_kept() -> Recently[Dear]:
    """Keep what is dear: with a million notes the figures are up to two minutes old, and say so.

    Somebody who watches asks every five seconds: fewer than one look in twenty is then slow.
    """
    return Recently(monotonic, share=400, at_most=120.0)


def waiting_for(dear: Recently[Dear]) -> Keep:
    """Have what is too old worked out, however long that takes."""
    return lambda account_id, work_out: (dear.get(account_id, work_out), False)


class DashboardPages:
    """Reads for the person who is logged in, and for their account only."""

    def __init__(self, open_session: OpenSession, now: Now) -> None:
        """`open_session` opens sessions that only read."""
        self._open = open_session
        self._now = now
        self._dear = dear_kept()

    def show(self) -> ResponseReturnValue:
        """Show how everything stands."""
        view = self._read(self._dear.get_at_once)
        return render_template("dashboard/dashboard.html", view=view, **WORDS)

    def refresh(self) -> ResponseReturnValue:
        """Show the same as it is now."""
        view = self._read(waiting_for(self._dear))
        return render_template("dashboard/dashboard_live.html", view=view, again=True, **WORDS)

    def tell_hours(self) -> ResponseReturnValue:
        """Give the figures of the chart."""
        return hours_told(self._read(self._dear.get_at_once))

    def _read(self, keep: Keep) -> Dashboard:
        with self._open() as session:
            return read_dashboard(session, viewer_account(), keep, now=self._now())


def dashboard_routes(pages: DashboardPages) -> Room:
    """Build the routes."""
    routes = Room("dashboard", __name__, url_prefix="/dashboard")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/live", pages.refresh, Need.VIEWER)
    routes.page("/hours.json", pages.tell_hours, Need.VIEWER)
    return routes


def hours_told(view: Dashboard) -> ResponseReturnValue:
    """Give a chart its figures; 503 where they could not be read."""
    if view.dear.hours is None:
        return jsonify({"problem": "the figures could not be read"}), 503
    return jsonify(columns_of(view.dear.hours))


def columns_of(hours: Sequence[Hour]) -> dict[str, list[int | None]]:
    """Lay the hours out as the chart wants them: a list each of times and of what is counted."""
    return {
        "at": [int(hour.at.timestamp()) for hour in hours],
        "came": [hour.came for hour in hours],
        "sent": [hour.sent for hour in hours],
        "shipped": [hour.shipped for hour in hours],
        "usual_low": [hour.usual.low if hour.usual else None for hour in hours],
        "usual_high": [hour.usual.high if hour.usual else None for hour in hours],
    }

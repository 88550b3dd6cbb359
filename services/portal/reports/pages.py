"""The pages of reports: the list, one report without anything active, and its CSV."""

from typing import Final
from uuid import UUID

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_security import current_user

from services.portal.frame.access import Need, Room, viewer_account
from services.portal.frame.places import Place
from services.portal.frame.policies import CONTENT_SECURITY_POLICY, POLICY
from services.portal.frame.tenants import Tenants
from services.portal.reports.kept import report_of, reports_before
from shared.clock import Now
from shared.days import day_of, zone_of
from shared.db.account_tables import Account
from shared.db.portal_tables import Report
from shared.journal.record import record
from shared.reports import report_so_far

# A mail styles itself inside its tags. Nothing in it runs, sends or fetches anything; a link opens
# beside it.
OF_A_MAIL: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; "
    "base-uri 'none'; frame-ancestors 'self'; sandbox allow-popups allow-popups-to-escape-sandbox"
)
# A mail that is shown inside a page cannot leave it; before its own doctype this one counts.
LINKS_OPEN_BESIDE: Final = '<!doctype html><base target="_blank">'
WITH_A_FRAME: Final = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"


class ReportPages:
    """Reads for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants, now: Now) -> None:
        self._tenants = tenants
        self._now = now

    def show(self) -> ResponseReturnValue:
        """List the reports, newest first."""
        before = Place.read(request.args.get("before", ""))
        with self._tenants.open_reading() as session:
            page = reports_before(session, viewer_account(), before)
        return render_template("reports/reports.html", page=page, is_first=before is None)

    def show_one(self, report_id: UUID) -> ResponseReturnValue:
        """Show one report: as it looked in the mail, or its plain text."""
        report = self._report(report_id)
        as_text = request.args.get("part") == "text" or not report.html
        page = render_template("reports/report.html", report=report, as_text=as_text)
        return Response(page, headers={POLICY: WITH_A_FRAME})

    def show_html(self, report_id: UUID) -> ResponseReturnValue:
        """Give the mail itself, under a policy that lets nothing of it act."""
        report = self._report(report_id)
        mail = LINKS_OPEN_BESIDE + report.html
        return Response(mail, mimetype="text/html", headers={POLICY: OF_A_MAIL})

    def download_csv(self, report_id: UUID) -> ResponseReturnValue:
        """Give the table that was sent along."""
        report = self._report(report_id)
        if not report.csv:
            abort(404)
        name = f"goodsout-{report.kind}-{report.day}.csv"
        return Response(
            report.csv,
            mimetype="text/csv",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def send_so_far(self) -> ResponseReturnValue:
        """Have what there is to tell of today made, and sent to the person who asks."""
        now = self._now()
        with self._tenants.open_session() as session:
            account = session.get_one(Account, viewer_account())
            wanted = report_so_far(
                account.id,
                account.code,
                day=day_of(now, zone_of(account.time_zone)),
                user_id=current_user.id,
                now=now,
            )
            record(session, wanted, now=now)
            session.commit()
        flash(f"Today so far is sent to {current_user.email}, and stands here in a moment.", "done")
        return redirect(url_for("reports.show"))

    def _report(self, report_id: UUID) -> Report:
        with self._tenants.open_reading() as session:
            report = report_of(session, viewer_account(), report_id)
        if report is None:
            abort(404)
        return report


def report_routes(pages: ReportPages) -> Room:
    """Build the routes; reports hold no more than the pages do, so every viewer reads them."""
    routes = Room("reports", __name__, url_prefix="/reports")
    routes.page("", pages.show, Need.VIEWER)
    routes.act("/so-far", pages.send_so_far, Need.VIEWER)
    routes.page("/<uuid:report_id>", pages.show_one, Need.VIEWER)
    routes.page("/<uuid:report_id>/html", pages.show_html, Need.VIEWER)
    routes.page("/<uuid:report_id>/csv", pages.download_csv, Need.VIEWER)
    return routes

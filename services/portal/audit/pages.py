"""The page Audit trail, and the same as a file."""

from collections.abc import Iterator
from datetime import date

from flask import Response, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.audit.trail import Trail, Wanted
from services.portal.frame.access import Need, Room, viewer_account
from services.portal.frame.places import Place
from services.portal.frame.tenants import Tenants
from shared.audit import ACTS
from shared.db.account_tables import Account
from shared.db.portal_tables import AuditEntry
from shared.spreadsheet import BEGINNING, csv_line

LONGEST = 200  # characters of a filter
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)
# A file has so many lines at most; a narrower span of days gives the rest.
LINES_AT_MOST = 50_000
LINES_AT_ONCE = 1_000
HEAD = ("At (UTC)", "Who", "Did what", "Of what", "From", "To")


class AuditPages:
    """Reads for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants) -> None:
        self._tenants = tenants

    def show(self) -> ResponseReturnValue:
        """Show one page of the trail."""
        wanted, problem = _wanted()
        after, before = (Place.read(request.args.get(one, "")) for one in ("after", "before"))
        with self._tenants.open_reading() as session:
            trail = _trail(session, wanted)
            page = trail.page(session, older_than=before, newer_than=after)
        return render_template(
            "audit/audit.html",
            page=page,
            wanted=wanted,
            links=_links(wanted),
            zone=trail.zone,
            acts=ACTS,
            problem=problem,
        ), (400 if problem else 200)

    def export(self) -> ResponseReturnValue:
        """Give the trail as it is narrowed, as CSV, while it is read."""
        wanted, _problem = _wanted()
        name = "attachment; filename=audit-trail.csv"
        lines = stream_with_context(self._lines(wanted))
        return Response(lines, mimetype="text/csv", headers={"Content-Disposition": name})

    def _lines(self, wanted: Wanted) -> Iterator[str]:
        yield BEGINNING + csv_line(HEAD)
        place: Place | None = None
        for _ in range(LINES_AT_MOST // LINES_AT_ONCE):
            with self._tenants.open_reading() as session:
                trail = _trail(session, wanted)
                page = trail.page(session, older_than=place, size=LINES_AT_ONCE)
            yield "".join(csv_line(_cells(entry)) for entry in page.rows)
            place = page.next
            if place is None:
                return


def audit_routes(pages: AuditPages) -> Room:
    """Build the routes; everybody of the account may read what was done."""
    routes = Room("audit", __name__, url_prefix="/audit")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/audit-trail.csv", pages.export, Need.VIEWER)
    return routes


def _trail(session: Session, wanted: Wanted) -> Trail:
    account = session.get_one(Account, viewer_account())
    return Trail(account_id=account.id, zone=account.time_zone, wanted=wanted)


def _wanted() -> tuple[Wanted, str]:
    """Read the filter, and say what of it cannot be meant; that is left out."""
    given, act = request.args, request.args.get("act", "")
    first, last = _day(given.get("first", "")), _day(given.get("last", ""))
    wanted = Wanted(
        who=given.get("who", "").strip()[:LONGEST],
        act=act if act in ACTS else "",
        first=first,
        last=last,
    )
    if act and not wanted.act:
        return wanted, "There is no such act; choose one from the list."
    if (given.get("first") and not first) or (given.get("last") and not last):
        return wanted, "That is no day; write it as 2026-11-24."
    if first and last and first > last:
        return wanted, "The first day lies after the last one, so nothing can be found."
    return wanted, ""


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if EARLIEST <= day <= LATEST else None


def _links(wanted: Wanted) -> dict[str, str]:
    """Give the filter as it stands in the address."""
    filled = {
        "who": wanted.who,
        "act": wanted.act,
        "first": wanted.first.isoformat() if wanted.first else "",
        "last": wanted.last.isoformat() if wanted.last else "",
    }
    return {name: value for name, value in filled.items() if value}


def _cells(entry: AuditEntry) -> tuple[str, ...]:
    at = entry.at.isoformat(timespec="seconds")
    did = ACTS.get(entry.act, entry.act)
    return (at, entry.who, did, entry.subject, entry.before, entry.after)

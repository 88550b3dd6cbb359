"""The Reconciliation page: compare now, look at differences, ask for repairs, decide."""

from datetime import datetime
from typing import Final
from uuid import UUID

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from services.portal.frame.access import Need, Room, may, viewer_account, viewer_name
from services.portal.frame.places import Place
from services.portal.log.sync_log import known_among
from services.portal.reconciliation.repairing import (
    AT_MOST,
    DELETED,
    EVENTS,
    EXIST,
    Chosen,
    chosen_rows,
    compare_now,
    decide,
    may_be_asked,
    repair,
)
from services.portal.reconciliation.view import note_ids, section, view_of
from shared.clock import Now
from shared.db.engine import OpenSession
from shared.differences import KINDS, MISSING, open_counts
from shared.number_words import counted

NAMED: Final = 200  # ids that a question shows before it counts the rest


class ReconciliationPages:
    """Reads and acts for the account of the person who is logged in."""

    def __init__(self, open_session: OpenSession, open_reading: OpenSession, now: Now) -> None:
        self._open_session = open_session
        self._open_reading = open_reading
        self._now = now

    def show(self) -> ResponseReturnValue:
        """Show the last comparisons and the open differences."""
        return self._page("reconciliation/reconciliation.html")

    def refresh(self) -> ResponseReturnValue:
        """Show the same as it is now."""
        return self._page("reconciliation/reconciliation_live.html", again=True)

    def compare(self) -> ResponseReturnValue:
        """Have both lists compared at once."""
        with self._open_session() as session:
            asked = compare_now(session, viewer_account(), who=viewer_name(), now=self._now())
            session.commit()
        if asked:
            told = "Both lists are being compared. This page shows by itself what comes of it."
            flash(told, "done")
        else:
            flash("Nothing is compared before a go-live date is set.", "problem")
        return redirect(url_for("reconciliation.show"))

    def show_kind(self, kind: str) -> ResponseReturnValue:
        """Show all differences of one kind, page by page."""
        code, before = _known(kind), Place.read(request.args.get("before", ""))
        with self._open_reading() as session:
            count = open_counts(session, viewer_account())[code]
            found = section(session, viewer_account(), code, count=count, before=before)
        return render_template(
            "reconciliation/kind.html",
            section=found,
            notes=note_ids(found.rows),
            may_act=may(Need.OPERATOR),
            events=EVENTS,
        )

    def ask(self, kind: str) -> ResponseReturnValue:
        """Say what a repair does, or what is to be decided, and ask."""
        chosen = self._chosen(kind)
        with self._open_reading() as session:
            rows = chosen_rows(session, viewer_account(), chosen)
            notes = sorted(set(note_ids(rows[:AT_MOST]).values()))
            pages = known_among(session, viewer_account(), notes[:NAMED])
        if not rows:
            return self._nothing_open()
        return render_template(
            "reconciliation/ask.html",
            kind=KINDS[chosen.kind],
            chosen=chosen,
            notes=notes[:NAMED],
            pages=pages,
            unnamed=max(0, len(notes) - NAMED),
            count=min(len(rows), AT_MOST),
            more=len(rows) > AT_MOST,
            decides=chosen.kind == MISSING,
            deleted=DELETED,
            exist=EXIST,
            until=max(row.found_at for row in rows[:AT_MOST]),
        )

    def repair(self, kind: str) -> ResponseReturnValue:
        """Have the chosen differences repaired."""
        chosen = self._chosen(kind)
        if chosen.kind not in EVENTS:
            abort(404)
        with self._open_session() as session:
            count = repair(session, viewer_account(), chosen, who=viewer_name(), now=self._now())
            session.commit()
        if not count:
            return self._nothing_open()
        flash(f"{counted(count, 'difference')}: looked at again in a moment.", "done")
        return redirect(url_for("reconciliation.show"))

    def decide(self) -> ResponseReturnValue:
        """Take a person's word on missing notes."""
        chosen, answer = self._chosen(MISSING), request.form.get("answer", "")
        if answer not in (DELETED, EXIST):
            abort(400)
        with self._open_session() as session:
            count = decide(
                session, viewer_account(), chosen, answer, who=viewer_name(), now=self._now()
            )
            session.commit()
        if not count:
            return self._nothing_open()
        if answer == DELETED:
            said = "what was sent of it is cancelled in ShipHero unless something has shipped"
        else:
            said = "compared afresh; what Brightpearl still lacks comes back here"
        flash(f"{counted(count, 'note')}: {said}.", "done")
        return redirect(url_for("reconciliation.show"))

    def _chosen(self, kind: str) -> Chosen:
        code = _known(kind)
        if not may_be_asked(code):
            abort(404)
        named, until = request.values.get("id", ""), request.form.get("until", "")
        if request.method == "POST" and not named and not until:
            abort(400)  # what is found after a person looked is none of what they agreed to
        try:
            return Chosen(
                kind=code,
                id=UUID(named) if named else None,
                found_until=_zoned(until) if until else None,
            )
        except ValueError:
            abort(400)

    def _nothing_open(self) -> ResponseReturnValue:
        flash("Nothing was done: that difference is gone by now.", "problem")
        return redirect(url_for("reconciliation.show"))

    def _page(self, template: str, **more: object) -> str:
        with self._open_reading() as session:
            view = view_of(session, viewer_account(), now=self._now())
        notes = note_ids([row for one in view.sections for row in one.rows])
        may_act = may(Need.OPERATOR)
        return render_template(
            template, view=view, notes=notes, may_act=may_act, events=EVENTS, **more
        )


def reconciliation_room(open_session: OpenSession, open_reading: OpenSession, now: Now) -> Room:
    """Build the routes; a viewer sees the differences and asks for nothing."""
    pages = ReconciliationPages(open_session, open_reading, now)
    routes = Room("reconciliation", __name__, url_prefix="/reconciliation")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/live", pages.refresh, Need.VIEWER)
    routes.act("/compare", pages.compare, Need.OPERATOR)
    routes.act("/decide", pages.decide, Need.OPERATOR)
    routes.page("/<kind>", pages.show_kind, Need.VIEWER)
    routes.page("/<kind>/repair", pages.ask, Need.OPERATOR)
    routes.act("/<kind>/repair", pages.repair, Need.OPERATOR)
    return routes


def _known(kind: str) -> str:
    """Give the kind back; an address with another word leads nowhere."""
    if kind not in KINDS:
        abort(404)
    return kind


def _zoned(text: str) -> datetime:
    """Read a time of a form of ours; raises ValueError."""
    read = datetime.fromisoformat(text)
    if read.tzinfo is None:
        raise ValueError("a time without a zone")
    return read

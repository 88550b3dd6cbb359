"""Many notes at once: a page that says what would happen, and the act."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from flask import abort, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.bulk.pages import after_asking
from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from services.portal.log.customers import Customers, unnamed
from services.portal.log.filter_words import Choices, in_words
from services.portal.log.list_pages import list_address
from services.portal.log.matching import matching
from services.portal.log.plan import (
    WORDINGS,
    Plan,
    costs_of,
    handle_lines,
    hold_lines,
    retry_lines,
)
from services.portal.log.selection import NOTES_AT_MOST, Selection
from services.portal.log.sync_log import count_needing_person, count_since, warehouse_names
from shared.audit import record_act
from shared.budgets.share import share_of
from shared.budgets.shiphero_credits import ShipHeroCredits
from shared.bulk import HANDLE, HOLD, LET_GO, RETRY, Wish, begin
from shared.clock import Now
from shared.connecting.stored import SHIPHERO
from shared.db.vendor_tables import VendorBudget
from shared.events import Lane
from shared.notes.asking import audit_subject
from shared.notes.retrying_many import Chance, foresee_retries
from shared.notes.stopping_many import Fate, foresee_letting_go, foresee_stops

LONGEST_NOTE = 500
AUDIT_ACTS = {RETRY: "retried", HANDLE: "handled", HOLD: "stopped", LET_GO: "let_go"}
NOTHING_TICKED = "Tick the notes first, or choose all that match the filter."
NO_FILTER = "Set a filter first: nothing is done with all notes there are at once."
NO_NOTE = "Write down why, so that others understand it later."


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """With how many notes the act does something, what becomes of the others, what it costs."""

    possible: int
    lines: Sequence[tuple[int, str]]
    costs: str = ""


class BulkPages:
    """Acts for the person who is logged in, on their account's notes only."""

    def __init__(self, tenants: Tenants, customers: Customers, now: Now) -> None:
        self._tenants = tenants
        self._customers = customers
        self._now = now

    def show_plan(self) -> ResponseReturnValue:
        """Say what would become of the selected notes, and ask."""
        selection = self._selection()
        if refused := _refused(selection):
            flash(refused, "problem")
            return redirect(_back(selection))
        return self._plan(selection)

    def carry_out(self) -> ResponseReturnValue:
        """Do it at once, or the first part of it, and say what was done."""
        selection = self._selection()
        if refused := _refused(selection):
            flash(refused, "problem")
            return redirect(_back(selection))
        note = request.form.get("why", "").strip()[:LONGEST_NOTE]
        if WORDINGS[selection.act].note_needed and not note:
            return self._plan(selection, problem=NO_NOTE), 400
        with self._tenants.open_reading() as session:
            ids = selection.note_ids(session, viewer_account(), now=self._now())[:NOTES_AT_MOST]
            words = self._words(session, selection)
        with self._tenants.open_session() as session:
            self._record(session, selection, ids, f"{words}: {note}".strip(": "))
            act = begin(
                session, viewer_account(), _wish(selection, ids, words, note), now=self._now()
            )
            session.commit()
        return after_asking(act, _back(selection), self._new_ones(selection))

    def _selection(self) -> Selection:
        selection = Selection.read(request.values, now=self._now())
        if selection is None:
            abort(400)
        return replace(selection, wanted=self._customers.known_in(selection.wanted))

    def _plan(self, selection: Selection, problem: str = "") -> str:
        with self._tenants.open_reading() as session:
            ids = selection.note_ids(session, viewer_account(), now=self._now())
            words = self._words(session, selection)
            foreseen = self._foreseen(session, selection.act, ids[:NOTES_AT_MOST])
        plan = Plan(
            selection=selection,
            filter_words=words,
            matching=len(ids),
            possible=foreseen.possible,
            lines=foreseen.lines,
            costs=foreseen.costs,
        )
        back = _back(selection)
        return render_template("log/plan.html", plan=plan, problem=problem, back=back)

    def _foreseen(self, session: Session, act: str, ids: Sequence[int]) -> Foreseen:
        account_id, now = viewer_account(), self._now()
        if act == RETRY:
            counts = foresee_retries(session, account_id, ids, now=now)
            return Foreseen(
                possible=counts.get(Chance.RETRIED, 0),
                lines=retry_lines(counts),
                costs=costs_of(counts, _credits(session, account_id, now)),
            )
        if act == HANDLE:
            waiting = count_needing_person(session, account_id, ids)
            return Foreseen(possible=waiting, lines=handle_lines(len(ids) - waiting))
        foresee, wanted = {
            HOLD: (foresee_stops, Fate.STOPPED), LET_GO: (foresee_letting_go, Fate.LET_GO)
        }[act]  # fmt: skip
        fates = foresee(session, account_id, ids)
        return Foreseen(possible=fates.get(wanted, 0), lines=hold_lines(fates))

    def _record(
        self, session: Session, selection: Selection, ids: Sequence[int], after: str
    ) -> None:
        """Name each ticked note in the audit trail; a whole filter is one entry."""
        subjects = [f"{len(ids)} notes"] if selection.whole else [audit_subject(one) for one in ids]
        for subject in subjects:
            record_act(
                session,
                viewer_account(),
                who=viewer_name(),
                act=AUDIT_ACTS[selection.act],
                now=self._now(),
                subject=subject,
                after=after,
            )

    def _words(self, session: Session, selection: Selection) -> str:
        """Say the filter, where it is what was selected; it is kept, so it names no customer."""
        if not selection.whole:
            return ""
        names = warehouse_names(session, viewer_account())
        told = unnamed(session, viewer_account(), selection.wanted)
        return in_words(told, Choices(warehouses=names))

    def _new_ones(self, selection: Selection) -> str:
        """Tell of notes that came to match since the plan was shown: they were left alone."""
        if not selection.whole:
            return ""
        with self._tenants.open_reading() as session:
            found = matching(viewer_account(), selection.wanted, now=self._now())
            new = count_since(session, found, selection.as_of)
        return f" {new} more came in meanwhile and were left alone." if new else ""


def bulk_routes(pages: BulkPages) -> Room:
    """Build the routes; a plan may be asked for with a long list, hence also by a form."""
    routes = Room("bulk", __name__, url_prefix="/sync-log/plan")
    routes.page("", pages.show_plan, Need.OPERATOR, methods=("GET", "POST"))
    routes.act("/carry-out", pages.carry_out, Need.OPERATOR)
    return routes


def _refused(selection: Selection) -> str:
    if selection.is_unbounded:
        return NO_FILTER
    return "" if selection.whole or selection.ticked else NOTHING_TICKED


def _back(selection: Selection) -> str:
    return list_address(selection.wanted)


def _wish(selection: Selection, ids: Sequence[int], words: str, note: str) -> Wish:
    return Wish(
        kind=selection.act,
        asked_by=viewer_name(),
        subjects=[str(one) for one in ids],
        chosen_by=words,
        note=note,
        # Very many go behind what comes in meanwhile.
        lane=Lane.BACKFILL if selection.whole else Lane.LIVE,
    )


def _credits(session: Session, account_id: UUID, now: datetime) -> ShipHeroCredits:
    row = session.get(VendorBudget, (account_id, SHIPHERO))
    known = ShipHeroCredits.model_validate(row.state if row else {})
    return known.swept(now=now.timestamp(), share=share_of(session, account_id, SHIPHERO))

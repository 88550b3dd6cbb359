"""Correct and retry: one note's fields as Brightpearl has them, and as they are to be sent.

Who opens the form sees names and addresses, so that is a press of a button that is kept.
"""

from collections.abc import Mapping
from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from services.portal.corrections.desk import CorrectionDesk, seen_of
from services.portal.corrections.showing import changes_of, choices, shown_corrections
from services.portal.corrections.wish import (
    LONGEST,
    LONGEST_REASON,
    Wish,
    countries,
    faults_of,
    wish_of,
)
from services.portal.dry_run.looking import DryRun
from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from services.portal.log.deep_links import vendor_pages
from services.portal.log.note_pages import address_of, story_of
from services.portal.log.note_story import NoteStory
from shared.accounts import account_settings
from shared.audit import record_act
from shared.connecting.refusal import Refused
from shared.connections import Connections
from shared.errors import GoodsoutError
from shared.notes.asking import audit_subject
from shared.notes.correcting import SENT_AGAIN, opened, why_not_correct
from shared.pushing.corrections import FIELDS, LABELS
from shared.reasons.listed import reason_of
from shared.vendors.personal import initials

SAVED: Final = "Corrected, and tried again: how it ends is in the timeline in a moment."
TAKEN_BACK: Final = "The correction is taken back: the note is sent as Brightpearl has it."
TOO_LATE: Final = "Nothing was kept: the note has moved on since the page was shown."
MEANWHILE: Final = (
    "Brightpearl's own values changed since the form was shown. Look at them, and save again."
)


class CorrectionPages:
    """Acts for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants, connections: Connections) -> None:
        self._tenants = tenants
        self._connections = connections

    def ask_to_correct(self, note_id: int) -> ResponseReturnValue:
        """Say what a correction is, and what stands of one; no vendor is asked yet."""
        return self._first_page(note_id)

    def show_correction_form(self, note_id: int) -> ResponseReturnValue:
        """Show the note's fields to be corrected, and keep who looked."""
        if self._refused(note_id):
            return self._first_page(note_id), 409
        try:
            run = self._desk.as_it_is(note_id)
        except (GoodsoutError, Refused) as trouble:
            return self._first_page(note_id, problem=str(trouble)), 503
        with self._tenants.open_session() as session:
            record_act(
                session,
                viewer_account(),
                who=viewer_name(),
                act="personal_data_shown",
                subject=audit_subject(note_id),
                after="the form for corrections",
                now=self._connections.now(),
            )
            session.commit()
        values, reason = self._given(note_id, run)
        return self._form(note_id, run, values, reason=reason)

    def review_correction(self, note_id: int) -> ResponseReturnValue:
        """Show what would be sent instead of what, and whether that would go."""
        return self._reviewed(note_id, save=False)

    def save_correction(self, note_id: int) -> ResponseReturnValue:
        """Keep it and have the note tried again, unless something moved on meanwhile."""
        return self._reviewed(note_id, save=True)

    def take_back_correction(self, note_id: int) -> ResponseReturnValue:
        """Have the note tried as Brightpearl has it."""
        with self._tenants.open_session() as session:
            story_of(session, note_id)
            done = self._desk.take_back(session, note_id, who=viewer_name())
            if done:
                session.commit()
        if not done:
            return self._first_page(note_id, problem=TOO_LATE), 409
        flash(TAKEN_BACK, "done")
        return redirect(address_of(note_id))

    @property
    def _desk(self) -> CorrectionDesk:
        return CorrectionDesk(self._connections, viewer_account())

    def _reviewed(self, note_id: int, *, save: bool) -> ResponseReturnValue:
        if self._refused(note_id):
            return self._first_page(note_id, problem=TOO_LATE), 409
        values = {name: request.form[name] for name in FIELDS if name in request.form}
        try:
            own = self._desk.as_it_is(note_id)
            wish = wish_of(values, request.form.get("reason", ""), own.own)
            if faults := faults_of(wish, own.settings):
                return self._form(note_id, own, values, reason=wish.reason, faults=faults), 400
            seen = seen_of(own.own, note_id)
            if save and request.form.get("seen") == seen:
                return self._kept(note_id, wish)
            run = self._desk.with_wish(note_id, wish.corrections)
        except (GoodsoutError, Refused) as trouble:
            return self._first_page(note_id, problem=str(trouble)), 503
        problem, status = (MEANWHILE, 409) if save else ("", 200)
        page = render_template(
            "corrections/review.html",
            row=self._story(note_id).row,
            run=run,
            changes=changes_of(wish, run.settings),
            wish=wish,
            values=values,
            seen=seen,
            problem=problem,
            back=address_of(note_id),
            reason_of=reason_of,
        )
        return page, status

    def _kept(self, note_id: int, wish: Wish) -> ResponseReturnValue:
        with self._tenants.open_session() as session:
            answer = self._desk.save(session, note_id, wish, who=viewer_name())
            if answer is not None:
                session.commit()
        if answer is None:
            return self._first_page(note_id, problem=TOO_LATE), 409
        flash(SAVED if answer.done else f"Corrected. {SENT_AGAIN}", "done")
        return redirect(address_of(note_id))

    def _refused(self, note_id: int) -> str:
        story = self._story(note_id)
        return why_not_correct(story.row, story.link)

    def _first_page(self, note_id: int, *, problem: str = "") -> str:
        with self._tenants.open_reading() as session:
            story = story_of(session, note_id)
            settings = account_settings(session, viewer_account())
        return render_template(
            "corrections/ask.html",
            row=story.row,
            correction=story.correction,
            shown=shown_corrections(story, self._connections, settings),
            why_not=why_not_correct(story.row, story.link),
            problem=problem,
            initials=initials,
            back=address_of(note_id),
        )

    def _given(self, note_id: int, run: DryRun) -> tuple[Mapping[str, str], str]:
        """Give what the form begins with: what was typed, else what stands, else Brightpearl's."""
        if "reason" in request.form:
            return request.form, request.form["reason"]
        story = self._story(note_id)
        if story.correction is None:
            return run.own, ""
        kept = opened(story.correction, self._connections.box).corrections
        corrected = {name: one.value for name, one in kept.items()}
        return {**run.own, **corrected}, story.correction.reason

    def _form(
        self,
        note_id: int,
        run: DryRun,
        values: Mapping[str, str],
        *,
        reason: str,
        faults: Mapping[str, str] | None = None,
    ) -> str:
        with self._tenants.open_reading() as session:
            story = story_of(session, note_id)
            pages = vendor_pages(session, viewer_account())
        return render_template(
            "corrections/form.html",
            row=story.row,
            own=run.own,
            values=values,
            reason=reason,
            faults=faults or {},
            fields=[name for name in FIELDS if name in run.own],
            labels=LABELS,
            longest=LONGEST,
            longest_reason=LONGEST_REASON,
            countries=countries(),
            methods=choices(run),
            in_brightpearl=pages.sales_order(story.row.order_id),
            back=address_of(note_id),
        )

    def _story(self, note_id: int) -> NoteStory:
        with self._tenants.open_reading() as session:
            return story_of(session, note_id)


def add_correction_pages(routes: Room, pages: CorrectionPages) -> None:
    """Add them to the sync log's routes, where the acts on a note are."""
    path = "/sync-log/<int:note_id>/acts/correct"
    routes.page(path, pages.ask_to_correct, Need.OPERATOR)
    routes.act(f"{path}/form", pages.show_correction_form, Need.OPERATOR)
    routes.act(f"{path}/review", pages.review_correction, Need.OPERATOR)
    routes.act(path, pages.save_correction, Need.OPERATOR)
    routes.act(f"{path}/take-back", pages.take_back_correction, Need.OPERATOR)

"""What a person does about one note; each act is asked about on a page of its own.

Whatever is done is done by writing to the journal or the note's row, in the transaction that keeps
who did it. What applies is worked out here anew when the form comes in.
"""

from collections.abc import Callable, Mapping, Sequence
from io import BytesIO
from typing import Final

from flask import abort, flash, redirect, render_template, request, send_file
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.corrections.showing import shown_corrections
from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from services.portal.frame.tenants import Tenants
from services.portal.log import acts
from services.portal.log.acts import Act, act_on
from services.portal.log.evidence import Evidence, pack
from services.portal.log.note_pages import address_of, story_of
from services.portal.log.note_story import NoteStory
from services.portal.log.sides import orders_of_link
from services.portal.log.verdicts import (
    Verdict,
    could_not_look,
    verdict_on_cancel,
    verdict_on_resend,
    verdict_on_retry,
)
from shared.accounts import account_settings
from shared.audit import record_act
from shared.clock import Now
from shared.connections import Connections
from shared.db.account_tables import Account
from shared.errors import GoodsoutError
from shared.events import ORDER_CANCEL_REQUESTED, ORDER_RESEND_REQUESTED
from shared.journal.exchanges import exchanges_of
from shared.notes.asking import ask_about_order, audit_subject, mark_handled, unmark_handled
from shared.notes.retrying import Answer, foresee_retry, retry_note
from shared.notes.stopping import let_go, stop_note
from shared.vendors.shiphero.models import ShipHeroOrder

LONGEST_WORDS: Final = 500  # characters of what a person writes beside "handled"

Judge = Callable[[Sequence[ShipHeroOrder]], Verdict]

JUDGES: Final[Mapping[str, Judge]] = {
    acts.RETRY: verdict_on_retry,
    acts.SEND_AGAIN: verdict_on_resend,
    acts.CANCEL: verdict_on_cancel,
}
# The code of the audit trail, and what is said when it is done.
KEPT_AS: Final[Mapping[str, tuple[str, str]]] = {
    acts.RETRY: ("retried", "Retried: how it ends is in the timeline in a moment."),
    acts.SEND_AGAIN: ("sent_again", "It is sent again: how that ends is in the timeline shortly."),
    acts.CANCEL: ("order_cancelled", "ShipHero is asked to cancel it: see the timeline shortly."),
    acts.HOLD: ("stopped", "It waits now. If it was just being sent, the timeline says so."),
    acts.LET_GO: ("let_go", "It goes on: it is read afresh and sent in a moment."),
    acts.COMMENT: ("commented", "Your comment stands in the timeline."),
    acts.HANDLED: ("handled", "Marked as handled. The mark goes by itself if the note moves on."),
    acts.UNHANDLED: ("handled", "It counts as open again."),
}
CHANGED: Final = "Nothing was done: the note has moved on since the page was shown. Look again."
NO_COMMENT: Final = "Write what your colleagues are to read."
NO_WORDS: Final = "Say in a few words what was done, so that your colleagues know."
SO_ALREADY: Final = "A colleague has done so already."
TOO_LATE: Final = (
    "It is too late to hold it: its order is made, or on its way, or it waits already."
)
# Acts that are offered at times only, and why one is not any more.
GONE_BY: Final[Mapping[str, str]] = {
    acts.HANDLED: SO_ALREADY, acts.UNHANDLED: SO_ALREADY,
    acts.HOLD: TOO_LATE, acts.LET_GO: SO_ALREADY,
}  # fmt: skip
WANTS_WORDS: Final[Mapping[str, str]] = {acts.HANDLED: NO_WORDS, acts.COMMENT: NO_COMMENT}


class ActPages:
    """Acts for the account of the person who is logged in."""

    def __init__(self, tenants: Tenants, connections: Connections, now: Now) -> None:
        self._tenants = tenants
        self._connections = connections
        self._now = now

    def ask_about_note(self, note_id: int, name: str) -> ResponseReturnValue:
        """Say what an act would do, whether it is safe, and ask."""
        return self._question(note_id, name)

    def act_on_note(self, note_id: int, name: str) -> ResponseReturnValue:
        """Do it, unless it no longer applies."""
        words = request.form.get("words", "").strip()[:LONGEST_WORDS]
        if not words and (problem := WANTS_WORDS.get(name)):
            return self._question(note_id, name, problem=problem), 400
        with self._tenants.open_session() as session:
            story = story_of(session, note_id)
            act = _act(story, self._foreseen(session, note_id), name)
            if name == acts.EVIDENCE:
                return self._send_pack(session, story)
            told = None if act.why_not else self._do(session, note_id, name, words)
            if told is not None:
                self._record(session, note_id, KEPT_AS[name][0], told)
                session.commit()
        if told is None:
            return self._question(note_id, name, problem=CHANGED), 409
        flash(KEPT_AS[name][1], "done")
        return redirect(address_of(note_id))

    def _do(self, session: Session, note_id: int, name: str, words: str) -> str | None:
        """Write what the act writes; gives what the audit trail says, None for too late."""
        account_id, now = viewer_account(), self._now()
        if name == acts.RETRY:
            answer = retry_note(session, account_id, note_id, now=now)
            return "; ".join(answer.sentences) if answer.done else None
        who = viewer_name()
        if name == acts.COMMENT:
            return words
        if name == acts.HOLD:
            return words if stop_note(session, account_id, note_id, who=who, now=now) else None
        if name == acts.LET_GO:
            return "" if let_go(session, account_id, note_id, now=now) else None
        if name == acts.HANDLED:
            done = mark_handled(session, account_id, note_id, who=who, words=words, now=now)
            return words if done else None
        if name == acts.UNHANDLED:
            return (
                "the mark was taken back" if unmark_handled(session, account_id, note_id) else None
            )
        asked = ORDER_RESEND_REQUESTED if name == acts.SEND_AGAIN else ORDER_CANCEL_REQUESTED
        return "" if ask_about_order(session, account_id, note_id, asked, now=now) else None

    def _question(self, note_id: int, name: str, *, problem: str = "") -> str:
        with self._tenants.open_reading() as session:
            story = story_of(session, note_id)
            retry = self._foreseen(session, note_id)
        act = _act(story, retry, name)
        # No transaction is open while ShipHero is asked.
        verdict = self._verdict(story, name) if not act.why_not and name in JUDGES else None
        return render_template(
            "log/note_act.html",
            row=story.row,
            link=story.link,
            act=act,
            retry=retry,
            verdict=verdict,
            problem=problem,
            longest=LONGEST_WORDS,
            back=address_of(note_id),
        )

    def _verdict(self, story: NoteStory, name: str) -> Verdict | None:
        """Ask ShipHero which orders of the note it has; None where an act cannot make another."""
        link, judge = story.link, JUDGES[name]
        is_there = bool(story.row.shiphero_order_id)
        if name == acts.RETRY and (is_there or link is None or not link.order_number):
            # What is linked is never created anew, and what was never tried is not there.
            return None
        if link is None:
            return None
        try:
            return judge(orders_of_link(self._connections, viewer_account(), link))
        except GoodsoutError as error:
            return could_not_look(str(error))

    def _foreseen(self, session: Session, note_id: int) -> Answer:
        return foresee_retry(session, viewer_account(), note_id, now=self._now())

    def _send_pack(self, session: Session, story: NoteStory) -> ResponseReturnValue:
        note_id, with_personal = story.row.note_id, "personal" in request.form
        account_id, ids = viewer_account(), [event.id for event in story.events]
        settings = account_settings(session, account_id)
        packed = pack(
            Evidence(
                story=story,
                exchanges=exchanges_of(session, account_id, ids),
                corrected=shown_corrections(story, self._connections, settings),
                account=session.get_one(Account, account_id).name,
                made_at=self._now(),
                made_by=viewer_name(),
                with_personal=with_personal,
            )
        )
        self._record(session, note_id, "evidence_taken", "")
        if with_personal:
            self._record(session, note_id, "personal_data_shown", "in an evidence pack")
        session.commit()
        return send_file(
            BytesIO(packed),
            mimetype="application/zip",
            as_attachment=True,
            download_name=f"goodsout-note-{note_id}.zip",
        )

    def _record(self, session: Session, note_id: int, act: str, told: str) -> None:
        record_act(
            session,
            viewer_account(),
            who=viewer_name(),
            act=act,
            subject=audit_subject(note_id),
            after=told,
            now=self._now(),
        )


def add_act_pages(routes: Room, pages: ActPages) -> None:
    """Add them to the sync log's routes."""
    path = "/sync-log/<int:note_id>/acts/<name>"
    routes.page(path, pages.ask_about_note, Need.OPERATOR)
    routes.act(path, pages.act_on_note, Need.OPERATOR)


def _act(story: NoteStory, retry: Answer, name: str) -> Act:
    try:
        return act_on(story, retry, name)
    except KeyError:
        # An act and its reverse: the page was shown before a colleague pressed the other.
        if name not in GONE_BY:
            abort(404)
        return Act(name=name, why_not=GONE_BY[name])

"""The journal's pages: the list with its filters, and one event with all that belongs to it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlmodel import Session

from services.portal.events import journal, words
from services.portal.events.dead_letters import groups
from services.portal.events.masking import shown
from services.portal.events.story import replayed_among, story_of
from services.portal.events.wanted import read_wanted, shown_time
from services.portal.frame.access import Need, may, viewer_account, viewer_name
from services.portal.frame.ids import read_id
from services.portal.frame.places import Place
from services.portal.frame.recent import Recently
from services.portal.log.calls import calls_of, duration
from services.portal.log.story_lines import RESULTS
from services.portal.log.sync_log import known_among
from shared.audit import record_act
from shared.clock import Now
from shared.days import zone_of
from shared.db.account_tables import Account
from shared.db.engine import OpenSession
from shared.journal.planned import try_now
from shared.reasons.listed import reason_of


@dataclass(frozen=True, kw_only=True)
class Looks:
    """What the templates draw events with; `notes` are those that have a page of their own."""

    now: datetime
    zone: ZoneInfo
    notes: frozenset[int] = frozenset()

    def with_notes(self, session: Session, account_id: UUID, rows: Iterable[Any]) -> "Looks":
        """Give the same, which knows which of the rows' notes have a page."""
        about = {note for row in rows if (note := self.note(row)) is not None}
        return replace(self, notes=frozenset(known_among(session, account_id, about)))

    def state(self, row: Any, *, was_replayed: bool = False) -> words.State:
        """Give an event's chip."""
        return words.state_of(row, was_replayed=was_replayed, now=self.now)

    def name(self, row: Any) -> str:
        """Give an event's name in words."""
        return words.name_of(row.name)

    def queue(self, name: str) -> str:
        """Give a queue in words."""
        return words.QUEUES.get(name, name)

    def note(self, row: Any) -> int | None:
        """Give the note that an event is about, if it is about one."""
        return read_id(row.subject) if row.name in words.ABOUT_A_NOTE else None

    def typed(self, at: datetime | None) -> str:
        """Give a time as a form's field holds it."""
        return shown_time(at, self.zone)


class EventPages:
    """Reads and acts for the account of the person who is logged in."""

    def __init__(self, open_session: OpenSession, open_reading: OpenSession, now: Now) -> None:
        self._open_session = open_session
        self._open_reading = open_reading
        self._now = now
        self._counts: Recently[dict[str, int]] = Recently(monotonic)

    def show(self) -> ResponseReturnValue:
        """Show one page of the journal; dead letters with what may be done about them."""
        now, account_id, arguments = self._now(), viewer_account(), request.args
        after, before = (Place.read(arguments.get(name, "")) for name in ("after", "before"))
        with self._open_reading() as session:
            looks = looks_of(session, account_id, now=now)
            asked = read_wanted(arguments, looks.zone)
            page = journal.page(
                session, account_id, asked.wanted, older_than=before, newer_than=after, now=now
            )
            counts = self._counts.get(
                account_id, lambda: journal.count_unfinished(session, account_id, now=now)
            )
            looks = looks.with_notes(session, account_id, [one.row for one in page.events])
            is_dead = asked.wanted.state == words.DEAD
            found = groups(session, account_id) if is_dead else ()
        return render_template(
            "events/events.html",
            asked=asked, wanted=asked.wanted, page=page, counts=counts, groups=found, looks=looks,
            states=words.STATES, names=words.NAMES, queues=words.QUEUES,
            counted_to=journal.COUNTED_TO, may_act=may(Need.OPERATOR), is_dead=is_dead,
        )  # fmt: skip

    def show_event(self, event_id: UUID) -> ResponseReturnValue:
        """Show one event; what may be personal in a vendor's words is hidden."""
        return self._event(event_id, in_full=False)

    def show_in_full(self, event_id: UUID) -> ResponseReturnValue:
        """Show it with everything that the vendor sent, which the audit trail remembers."""
        with self._open_session() as session:
            if story_of(session, viewer_account(), event_id) is None:
                abort(404)
            self._record(session, "personal_data_shown", event_id, "the body of a webhook")
            session.commit()
        return self._event(event_id, in_full=True)

    def try_now(self, event_id: UUID) -> ResponseReturnValue:
        """Bring a planned try forward."""
        with self._open_session() as session:
            if story_of(session, viewer_account(), event_id) is None:
                abort(404)
            is_brought = try_now(session, event_id, now=self._now())
            if is_brought:
                self._record(session, "tried_now", event_id, "")
            session.commit()
        if is_brought:
            flash("It is tried at once.", "done")
        else:
            flash("It is not waiting for a later try any more, so nothing was changed.", "problem")
        return redirect(url_for("events.show_event", event_id=event_id))

    def _event(self, event_id: UUID, *, in_full: bool) -> str:
        account_id, now = viewer_account(), self._now()
        with self._open_reading() as session:
            story = story_of(session, account_id, event_id)
            if story is None:
                abort(404)
            related = [*story.causes, *story.follow_ons, *story.replays]
            looks = looks_of(session, account_id, now=now)
            looks = looks.with_notes(session, account_id, [story.event, *related])
            replayed = replayed_among(session, account_id, related)
        event = story.event
        return render_template(
            "events/event.html",
            story=story, event=event, looks=looks, replayed=replayed,
            state=words.state_code(event, was_replayed=story.was_replayed, now=now),
            payload=shown(event.payload, in_full=in_full), in_full=in_full,
            reason=reason_of(event.reason_code) if event.reason_code else None,
            results=RESULTS, calls_of=calls_of, duration=duration, may_act=may(Need.OPERATOR),
        )  # fmt: skip

    def _record(self, session: Session, act: str, event_id: UUID, after: str) -> None:
        record_act(
            session,
            viewer_account(),
            who=viewer_name(),
            act=act,
            subject=str(event_id),
            after=after,
            now=self._now(),
        )


def looks_of(session: Session, account_id: UUID, *, now: datetime) -> Looks:
    """Give what the account's events are drawn with."""
    return Looks(now=now, zone=zone_of(session.get_one(Account, account_id).time_zone))

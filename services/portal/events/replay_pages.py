"""Dead letters: the plan of a replay, the replay, and discarding with a note."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from services.portal.bulk.pages import after_asking
from services.portal.events.dead_letters import AT_MOST, Chosen, chosen_rows
from services.portal.events.pages import EventPages, looks_of
from services.portal.events.replaying import carry_out, discard_chosen, plan
from services.portal.events.wanted import read_wanted
from services.portal.events.words import DEAD, QUEUES, name_of
from services.portal.frame.access import Need, Room, viewer_account, viewer_name
from shared.clock import Now
from shared.db.engine import OpenSession
from shared.db.list_tables import BulkAct

IDS_AT_MOST: Final = 200
LONGEST_NOTE: Final = 500


class ReplayPages:
    """Plans and acts for the account of the person who is logged in."""

    def __init__(self, open_session: OpenSession, open_reading: OpenSession, now: Now) -> None:
        self._open_session = open_session
        self._open_reading = open_reading
        self._now = now

    def plan_replay(self) -> ResponseReturnValue:
        """Say what a replay of the chosen dead letters would do, and ask."""
        chosen, faults = self._chosen(request.args)
        if faults:
            return self._refuse(faults)
        now = self._now()
        if not chosen.ids and chosen.wanted.died_until is None:
            # What dies after this plan was shown is not part of it.
            chosen = replace(chosen, wanted=replace(chosen.wanted, died_until=now))
        with self._open_reading() as session:
            ahead = plan(session, viewer_account(), chosen, now=now)
            looks = looks_of(session, viewer_account(), now=now)
        return render_template(
            "events/replay.html", plan=ahead, chosen=chosen, looks=looks, at_most=AT_MOST
        )

    def replay(self) -> ResponseReturnValue:
        """Do what the plan says by now."""
        chosen, faults = self._chosen(request.form, planned=True)
        if faults:
            return self._refuse(faults)
        with self._open_session() as session:
            act = carry_out(
                session,
                viewer_account(),
                chosen,
                who=viewer_name(),
                words=chosen_words(chosen),
                now=self._now(),
            )
            session.commit()
        return self._after(act)

    def plan_discard(self) -> ResponseReturnValue:
        """Say what discarding the chosen dead letters means, and ask for a note."""
        chosen, faults = self._chosen(request.args)
        return self._refuse(faults) if faults else self._ask_for_note(chosen)

    def discard(self) -> ResponseReturnValue:
        """Close the chosen dead letters, with a note that says why."""
        chosen, faults = self._chosen(request.form, planned=True)
        if faults:
            return self._refuse(faults)
        note = request.form.get("note", "").strip()
        if not note or len(note) > LONGEST_NOTE:
            problem = (
                f"Say why, in {LONGEST_NOTE} characters at most: who looks here next wants to know."
            )
            return self._ask_for_note(chosen, note=note[:LONGEST_NOTE], problem=problem), 400
        with self._open_session() as session:
            act = discard_chosen(
                session,
                viewer_account(),
                chosen,
                who=viewer_name(),
                note=note,
                words=chosen_words(chosen),
                now=self._now(),
            )
            session.commit()
        return self._after(act)

    def _after(self, act: BulkAct | None) -> ResponseReturnValue:
        back = url_for("events.show", state=DEAD)
        if act is None:
            flash(NOTHING_OPEN, "problem")
            return redirect(back)
        return after_asking(act, back)

    def _ask_for_note(self, chosen: Chosen, *, note: str = "", problem: str = "") -> str:
        now = self._now()
        if not chosen.ids and chosen.wanted.died_until is None:
            chosen = replace(chosen, wanted=replace(chosen.wanted, died_until=now))
        with self._open_reading() as session:
            count = len(chosen_rows(session, viewer_account(), chosen, now=now))
            looks = looks_of(session, viewer_account(), now=now)
        return render_template(
            "events/discard.html",
            chosen=chosen, count=min(count, AT_MOST), more=count > AT_MOST, looks=looks, note=note,
            problem=problem, longest=LONGEST_NOTE, at_most=AT_MOST,
        )  # fmt: skip

    def _chosen(
        self, given: MultiDict[str, str], *, planned: bool = False
    ) -> tuple[Chosen, Sequence[str]]:
        """Read what was chosen; a plan bounds what it was made of by its own time."""
        with self._open_reading() as session:
            zone = looks_of(session, viewer_account(), now=self._now()).zone
        asked = read_wanted(given, zone)
        named = given.getlist("id")[:IDS_AT_MOST]
        ids = tuple(id_ for text in named if (id_ := _id(text)) is not None)
        faults = [*asked.faults.values()]
        chose_by_tick = bool(named or given.get("choose"))
        if chose_by_tick and not ids:
            faults.append("No dead letter was chosen: tick at least one.")
        elif planned and not ids and asked.wanted.died_until is None:
            faults.append("Look at the plan first, then say what is to be done.")
        return Chosen(wanted=replace(asked.wanted, state=DEAD), ids=ids), faults

    def _refuse(self, faults: Sequence[str]) -> ResponseReturnValue:
        for fault in faults:
            flash(fault, "problem")
        return redirect(url_for("events.show", state=DEAD))


NOTHING_OPEN: Final = (
    "Nothing was done: none of what you chose is an open dead letter any more. Somebody may have "
    "dealt with it meanwhile."
)


def chosen_words(chosen: Chosen) -> str:
    """Say by what dead letters were chosen; "" where they were ticked."""
    if chosen.ids:
        return ""
    wanted = chosen.wanted
    parts = (
        name_of(wanted.name) if wanted.name else "",
        QUEUES.get(wanted.queue, wanted.queue),
        f"reason {wanted.reason}" if wanted.reason else "",
        f"about {wanted.subject}" if wanted.subject else "",
        f"recorded since {wanted.since:%d %b %Y %H:%M} UTC" if wanted.since else "",
        f"recorded until {wanted.until:%d %b %Y %H:%M} UTC" if wanted.until else "",
        f"given up since {wanted.died_since:%d %b %Y %H:%M} UTC" if wanted.died_since else "",
        f"given up until {wanted.died_until:%d %b %Y %H:%M} UTC" if wanted.died_until else "",
    )
    return "; ".join(["All open dead letters", *filter(None, parts)])


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def events_room(open_session: OpenSession, open_reading: OpenSession, now: Now) -> Room:
    """Build the routes; a viewer sees the journal and changes nothing."""
    pages = EventPages(open_session, open_reading, now)
    replays = ReplayPages(open_session, open_reading, now)
    routes = Room("events", __name__, url_prefix="/events")
    routes.page("", pages.show, Need.VIEWER)
    routes.page("/<uuid:event_id>", pages.show_event, Need.VIEWER)
    routes.act("/<uuid:event_id>/in-full", pages.show_in_full, Need.OPERATOR)
    routes.act("/<uuid:event_id>/try-now", pages.try_now, Need.OPERATOR)
    routes.page("/replay", replays.plan_replay, Need.OPERATOR)
    routes.act("/replay", replays.replay, Need.OPERATOR)
    routes.page("/discard", replays.plan_discard, Need.OPERATOR)
    routes.act("/discard", replays.discard, Need.OPERATOR)
    return routes

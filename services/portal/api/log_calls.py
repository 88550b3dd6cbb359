"""The sync log by the API: its rows, one note's details, and a retry."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.portal.api.log_reading import find_notes, state_of
from services.portal.api.log_shapes import (
    AdviceTold,
    Attempt,
    Call,
    Happening,
    Link,
    Note,
    NoteDetails,
    NotePage,
    NotesQuery,
    Retried,
    Side,
)
from services.portal.api.shapes import Nothing
from services.portal.frame.access import viewer_account, viewer_name
from services.portal.frame.problem_documents import Problem
from services.portal.frame.problems import MISSING
from services.portal.frame.tenants import Tenants
from services.portal.log.advice import advice_for
from services.portal.log.calls import calls_of
from services.portal.log.customers import Customers
from services.portal.log.note_story import NoteStory, next_try, note_story
from services.portal.log.wanted import Wanted
from shared.audit import record_act
from shared.clock import Now
from shared.db.columns import GREATEST_INTEGER
from shared.db.journal_tables import AttemptRow, EventRow
from shared.db.note_tables import OrderLink, SyncLogRow
from shared.notes.retrying import retry_note
from shared.notes.state import ORDER_WORDS, SHIPMENT_WORDS


class LogCalls:
    """Reads and acts for the account whose token was shown."""

    def __init__(self, tenants: Tenants, customers: Customers, now: Now) -> None:
        self._tenants = tenants
        self._customers = customers
        self._now = now

    def list_notes(self, *, query: NotesQuery) -> NotePage:
        """List goods-out notes, newest first.

        Paged by key: a note that comes in meanwhile shifts nothing.
        """
        wanted = self._customers.known_in(Wanted(state=query.state or "", text=query.q))
        with self._tenants.open_reading() as session:
            found = find_notes(session, viewer_account(), query, wanted, now=self._now())
        notes = [_note(row, state) for row, state in found.rows]
        return NotePage(notes=notes, next=str(found.next) if found.next else None)

    def get_note(self, *, note_id: int, query: Nothing) -> NoteDetails:  # noqa: ARG002 - every call has one
        """Tell all that is known of one note.

        Its row, its ShipHero order, every event with its attempts, and what to do.
        """
        refuse_beyond(note_id)
        account_id = viewer_account()
        with self._tenants.open_reading() as session:
            story = note_story(session, account_id, note_id)
            if story is None:
                raise no_note(note_id)
            state = state_of(session, account_id, note_id)
        advice = advice_for(story.row)
        return NoteDetails(
            note=_note(story.row, state),
            links=[_link(link) for link in story.links],
            events=_happenings(story),
            next_try=next_try(story, now=self._now()),
            advice=None if advice is None else AdviceTold.model_validate(_of(advice, AdviceTold)),
        )

    def retry_note(self, *, note_id: int, query: Nothing) -> Retried:  # noqa: ARG002 - every call has one
        """Have a note tried again now.

        What failed is replayed and what is planned is brought forward; where nothing would help,
        nothing is done and the sentences say why. Safe to repeat.
        """
        refuse_beyond(note_id)
        account_id, now = viewer_account(), self._now()
        with self._tenants.open_session() as session:
            if session.get(SyncLogRow, (account_id, note_id)) is None:
                raise no_note(note_id)
            answer = retry_note(session, account_id, note_id, now=now)
            if answer.done:
                record_act(
                    session,
                    account_id,
                    who=viewer_name(),
                    act="retried",
                    now=now,
                    subject=str(note_id),
                    after=" ".join(answer.sentences),
                )
            session.commit()
        return Retried(done=answer.done, sentences=list(answer.sentences))


def refuse_beyond(note_id: int) -> None:
    """Raise a Problem for a number that no note can have."""
    if not 1 <= note_id <= GREATEST_INTEGER:
        raise no_note(note_id)


def no_note(note_id: int) -> Problem:
    """Say that the account has no such note."""
    return Problem(404, MISSING[0], f"Your account has no goods-out note {note_id}.")


def _note(row: SyncLogRow, state: str) -> Note:
    order = Side(
        stage=row.order_stage,
        word=ORDER_WORDS.get(row.order_stage, ""),
        reason_code=row.order_reason_code,
        reason=row.order_reason,
    )
    shipment = Side(
        stage=row.shipment_stage,
        word=SHIPMENT_WORDS.get(row.shipment_stage, ""),
        reason_code=row.shipment_reason_code,
        reason=row.shipment_reason,
    )
    given = {"order": order, "shipment": shipment, "state": state}
    return Note.model_validate(_of(row, Note) | given)


def _link(link: OrderLink) -> Link:
    return Link.model_validate(_of(link, Link))


def _happenings(story: NoteStory) -> list[Happening]:
    tries = defaultdict[UUID, list[AttemptRow]](list)
    for attempt in story.attempts:
        tries[attempt.event_id].append(attempt)
    return [_happening(event, tries[event.id]) for event in story.events]


def _happening(event: EventRow, attempts: Sequence[AttemptRow]) -> Happening:
    told = [_attempt(attempt) for attempt in attempts]
    return Happening.model_validate(_of(event, Happening) | {"attempts": told})


def _attempt(attempt: AttemptRow) -> Attempt:
    calls = [Call.model_validate(_of(call, Call)) for call in calls_of(attempt.vendor_calls)]
    return Attempt.model_validate(_of(attempt, Attempt) | {"calls": calls})


def _of(row: object, shape: type[Any]) -> dict[str, Any]:
    """Take from a row what the shape tells, and nothing else of it."""
    return {name: getattr(row, name) for name in shape.model_fields if hasattr(row, name)}

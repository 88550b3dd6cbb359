"""What our books say of one account's notes: which we know, which should still be open."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select, union
from sqlmodel import col

from shared.clock import Now
from shared.db.engine import OpenSession, our_trouble
from shared.db.journal_tables import EVENT
from shared.db.note_tables import SYNC_LOG, OrderLink
from shared.db.vendor_tables import MissingNote
from shared.differences import NEVER_SENT, subjects
from shared.events import (
    GOODS_OUT_NOTE_CHANGED,
    GOODS_OUT_NOTE_DESTROYED,
    GOODS_OUT_NOTE_MISSED,
    Event,
)
from shared.journal.supersede import DEAD
from shared.notes.state import AT_SHIPHERO, DONE, QUEUED, SKIPPED
from shared.watermarks import Compared, compared, is_under_way

BEFORE_GO_LIVE: Final = "before_go_live"
# Where the sync log counts notes on their way; its index leads to those that never got on.
ON_THE_WAY: Final = "on_the_way"
# How many notes are offered for a proof that Brightpearl answers; one of them may be gone itself.
WITNESSES = 5

_E = EVENT.c
_S = SYNC_LOG.c


@dataclass(frozen=True, kw_only=True)
class Suspect:
    """A note that Brightpearl's list did not show."""

    note_id: int
    empty_looks: int
    looked_at: datetime | None
    waits_for_person: bool


@dataclass(frozen=True)
class Books:
    """One account's side of a comparison; every call only reads."""

    open_reading: OpenSession
    account_id: UUID
    now: Now

    def is_under_way(self, events: Collection[Event]) -> bool:
        """Say whether what these events ask for is going on already."""
        with our_trouble(), self.open_reading() as session:
            return is_under_way(session, events, now=self.now())

    def watermarks(self) -> Mapping[str, Compared]:
        """Give how far each list was compared, by name."""
        with our_trouble(), self.open_reading() as session:
            return {one.name: one for one in compared(session, self.account_id)}

    def known(self, note_ids: Collection[int]) -> set[int]:
        """Pick the notes that need no look: one query.

        We have judged or sent them, are about to look, or gave up on them: a dead letter waits for
        a person, whatever the list says. Any other is looked at, again on each later day.
        """
        if not note_ids:
            return set()
        with our_trouble(), self.open_reading() as session:
            found = session.execute(union(*self._known(note_ids)))
            return {int(note_id) for note_id in found.scalars()}

    def open_between(self, after: int, last: int | None) -> set[int]:
        """Pick our open notes with ids over `after`, up to `last`; None is no end."""
        upto = () if last is None else (_S.note_id <= last,)
        with our_trouble(), self.open_reading() as session:
            found = session.execute(
                select(_S.note_id).where(self._open(), _S.note_id > after, *upto)
            )
            return set(found.scalars())

    def is_open(self, note_id: int) -> bool:
        """Say whether one note is among our open ones."""
        return note_id in self.open_between(note_id - 1, note_id)

    def has_open_for_long(self, before: datetime) -> bool:
        """Say whether a note has been open or unsent for so long, or one is under suspicion."""
        old = select(_S.note_id).where(self._open(), _S.inserted_at <= before).limit(1)
        unsent = select(_S.note_id).where(
            self._ours(),
            _S.state == ON_THE_WAY,
            _S.order_stage == QUEUED,
            _S.inserted_at <= before,
        )
        with our_trouble(), self.open_reading() as session:
            return (
                session.execute(old).first() is not None
                or session.execute(unsent.limit(1)).first() is not None
                or bool(subjects(session, self.account_id, NEVER_SENT))
                or bool(self.suspects())
            )

    def unsent(self, note_ids: Collection[int]) -> set[int]:
        """Pick the notes that were not sent, of which nothing says why and no look is on its way.

        Brightpearl lists them as open, and they are to be sent.
        """
        if not note_ids:
            return set()
        ids, named = list(note_ids), [str(one) for one in note_ids]
        judged = select(cast(_S.note_id, String)).where(
            self._ours(), _S.note_id.in_(ids), _S.order_stage != QUEUED
        )
        on_the_way = select(cast(_E.subject, String)).where(
            _E.account_id == self.account_id,
            _E.subject.in_(named),
            _E.name == GOODS_OUT_NOTE_CHANGED,
            _E.settled_at.is_(None),
        )
        with our_trouble(), self.open_reading() as session:
            explained = session.execute(union(judged, on_the_way))
            return set(note_ids) - {int(note_id) for note_id in explained.scalars()}

    def open_count(self) -> int:
        """Count our open notes."""
        with our_trouble(), self.open_reading() as session:
            return session.scalar(select(func.count()).where(self._open())) or 0

    def witnesses(self, note_id: int) -> Sequence[int]:
        """Give other notes that Brightpearl should show: open ones, else those it has shipped."""
        others = (
            select(_S.note_id)
            .where(self._ours(), _S.note_id != note_id, self._not_missing())
            .where(_S.order_stage.in_(AT_SHIPHERO), _S.deleted_at.is_(None))
            .order_by((_S.shipment_stage == DONE).asc(), _S.note_id.desc())
            .limit(WITNESSES)
        )
        with our_trouble(), self.open_reading() as session:
            return list(session.execute(others).scalars())

    def suspects(self) -> Mapping[int, Suspect]:
        """Give every note under suspicion, by id."""
        of_account = select(MissingNote).where(col(MissingNote.account_id) == self.account_id)
        with our_trouble(), self.open_reading() as session:
            return {row.note_id: _suspect(row) for row in session.scalars(of_account)}

    def looked_for(self, note_ids: Collection[int]) -> set[int]:
        """Pick the missing notes whose next look is on its way."""
        looks = select(_E.subject).where(
            _E.account_id == self.account_id,
            _E.subject.in_([str(one) for one in note_ids]),
            _E.name == GOODS_OUT_NOTE_MISSED,
            _E.settled_at.is_(None),
        )
        with our_trouble(), self.open_reading() as session:
            return {int(note_id) for note_id in session.execute(looks).scalars()}

    def _known(self, note_ids: Collection[int]) -> Sequence[Select[str]]:
        ids, named = list(note_ids), [str(one) for one in note_ids]
        # A row that nothing has come of, or that another go-live judged, is looked at again.
        before = and_(_S.order_stage == SKIPPED, _S.order_reason_code == BEFORE_GO_LIVE)
        unjudged = or_(_S.order_stage == QUEUED, before)
        links = (col(OrderLink.account_id) == self.account_id, col(OrderLink.note_id).in_(ids))
        looks = (GOODS_OUT_NOTE_CHANGED, GOODS_OUT_NOTE_DESTROYED)
        return (
            select(cast(_S.note_id, String)).where(self._ours(), _S.note_id.in_(ids), ~unjudged),
            select(cast(col(OrderLink.note_id), String)).where(*links),
            select(cast(_E.subject, String)).where(
                _E.account_id == self.account_id,
                _E.subject.in_(named),
                _E.name.in_(looks),
                or_(_E.settled_at.is_(None), _E.outcome == DEAD),
            ),
        )

    def _open(self) -> ColumnElement[bool]:
        """Sent, and neither shipped nor known as deleted."""
        sent = and_(_S.order_stage.in_(AT_SHIPHERO), _S.shipment_stage != DONE)
        return and_(self._ours(), sent, _S.shipped_at.is_(None), _S.deleted_at.is_(None))

    def _ours(self) -> ColumnElement[bool]:
        return _S.account_id == self.account_id

    def _not_missing(self) -> ColumnElement[bool]:
        missing = select(col(MissingNote.note_id)).where(
            col(MissingNote.account_id) == self.account_id
        )
        return _S.note_id.not_in(missing)


def _suspect(row: MissingNote) -> Suspect:
    return Suspect(
        note_id=row.note_id,
        empty_looks=row.empty_looks,
        looked_at=row.looked_at,
        waits_for_person=row.waits_for_person,
    )

"""What shadow mode found out about an account's notes, and what went live of it.

While it is on, notes are read and transformed and nothing is written at a vendor; the order that
each would have become is kept, and compared with the one that is sent later.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, SQLModel, col, select, update

from shared.clock import Now
from shared.db.engine import OpenSession, insert_for, our_trouble
from shared.db.portal_tables import ShadowNote
from shared.pushing.comparing import Otherwise
from shared.pushing.rehearsal import SKIPPED, WOULD_SEND

SHADOW_NOTE: Final = SQLModel.metadata.tables["shadow_note"]
# Both databases bound the values of one statement; a row has thirteen.
ROWS_AT_ONCE: Final = 100


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What would have become of one note; `order_sent` is empty where no order could be made."""

    note_id: int
    made_at: datetime
    outcome: str
    code: str = ""
    reason: str = ""
    order_sent: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ShadowBook:
    """One account's notes in shadow mode. Every call is a transaction of its own."""

    open_session: OpenSession
    open_reading: OpenSession
    account_id: UUID
    now: Now

    def show(self, notes: Iterable[Shown], *, settings_version: int) -> None:
        """Keep what would become of the notes, in place of what was kept before.

        One that has gone live, or was shipped by hand meanwhile, stays as it was shown last.
        """
        rows = [self._row(one, settings_version) for one in notes]
        if not rows:
            return
        with our_trouble(), self.open_session() as session:
            # In one order everywhere, so that two groups with the same notes cannot deadlock.
            rows.sort(key=lambda row: row["note_id"])
            for start in range(0, len(rows), ROWS_AT_ONCE):
                _put(session, rows[start : start + ROWS_AT_ONCE])
            session.commit()

    def deleted(self, note_id: int) -> None:
        """Keep that a note which was shown is deleted by now."""
        gone = {
            "outcome": SKIPPED,
            "reason_code": "note_deleted",
            "reason": "The note was deleted in Brightpearl.",
            "order_sent": {},
            "looked_at": self.now(),
        }
        self._change(note_id, gone)

    def orders_shown(self, note_ids: Collection[int]) -> dict[int, Mapping[str, Any]]:
        """Give the orders that were shown of those notes that have not gone live yet."""
        if not note_ids:
            return {}
        with our_trouble(), self.open_reading() as session:
            rows = session.exec(
                select(ShadowNote.note_id, ShadowNote.order_sent).where(
                    ShadowNote.account_id == self.account_id,
                    col(ShadowNote.note_id).in_(note_ids),
                    ShadowNote.outcome == WOULD_SEND,
                    col(ShadowNote.sent_at).is_(None),
                    col(ShadowNote.erased_at).is_(None),
                )
            ).all()
        return dict(rows)

    def went_live(self, note_id: int, differences: Sequence[Otherwise]) -> None:
        """Keep that the note's order was really sent, and in what it was otherwise than shown."""
        told = [asdict(one) for one in differences]
        self._change(note_id, {"sent_at": self.now(), "differences": told})

    def _row(self, one: Shown, settings_version: int) -> dict[str, Any]:
        return {
            "account_id": self.account_id,
            "note_id": one.note_id,
            "made_at": one.made_at,
            "looked_at": self.now(),
            "settings_version": settings_version,
            "outcome": one.outcome,
            "reason_code": one.code,
            "reason": one.reason,
            "order_sent": dict(one.order_sent),
            "differences": [],
            "erased_at": None,
        }

    def _change(self, note_id: int, values: Mapping[str, Any]) -> None:
        with our_trouble(), self.open_session() as session:
            session.execute(
                update(ShadowNote)
                .where(
                    col(ShadowNote.account_id) == self.account_id,
                    col(ShadowNote.note_id) == note_id,
                    col(ShadowNote.sent_at).is_(None),
                )
                .values(**values)
            )
            session.commit()


def _put(session: Session, rows: Sequence[Mapping[str, Any]]) -> None:
    insert = insert_for(session)(SHADOW_NOTE).values(rows)
    # What was shown before it was shipped by hand says more than that it was.
    news = insert.excluded.reason_code != "already_shipped"
    keys = ["account_id", "note_id"]
    fresh = {name: insert.excluded[name] for name in rows[0] if name not in keys}
    session.execute(
        insert.on_conflict_do_update(
            index_elements=keys, set_=fresh, where=SHADOW_NOTE.c.sent_at.is_(None) & news
        )
    )

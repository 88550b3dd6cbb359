"""Settled events that are old leave the journal for the archive, and the ledger's counts stay.

The journal stays as small as the work of some weeks, and its indexes with it. Each batch is one
transaction: archived, counted and gone from the journal, or none of it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import RowMapping, delete, exists, insert, or_, select
from sqlmodel import Session

from services.notifier.retention.erasing import BECAUSE, ERASED, closed
from services.notifier.retention.periods import Before
from shared.db.engine import insert_for
from shared.db.history_tables import ARCHIVED_COUNT, EVENT_ARCHIVE
from shared.db.journal_tables import ATTEMPT, EVENT
from shared.events import MAIL_REQUESTED
from shared.journal.archived import FROM_WEBHOOKS

_A, _E, _C = ATTEMPT.c, EVENT.c, ARCHIVED_COUNT.c
_ORIGINAL = EVENT.alias("original").c

# What stands in columns of its own, or says only how far the work had come.
_NOT_KEPT: Final = frozenset({
    "id", "account_id", "name", "subject", "recorded_at", "settled_at", "outcome",
    "claimed_by", "claimed_until", "publishing_until", "hold_cause", "hold_version",
})  # fmt: skip


def archive_events(session: Session, account_id: UUID, before: Before, *, limit: int) -> int:
    """Move some of an account's events, the oldest first; says how many.

    What waits for a person stays, and so does a replay whose dead letter is still there: without
    it the letter would wait again. Mails stay: their dedupe keys keep a cause from being told
    twice, however long it lasts.
    """
    original_is_there = exists().where(_ORIGINAL.id == _E.replay_of)
    old = (
        select(EVENT)
        .where(
            _E.account_id == account_id,
            _E.recorded_at < before.journal,
            _E.settled_at < before.journal,
            _E.name != MAIL_REQUESTED,
            closed(),
            or_(_E.replay_of.is_(None), ~original_is_there),
        )
        .order_by(_E.recorded_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(old).mappings().all()
    if not rows:
        return 0
    ids = [row["id"] for row in rows]
    attempts = _attempts(session, ids)
    session.execute(insert(EVENT_ARCHIVE), [_archived(row, attempts) for row in rows])
    _count(session, rows)
    session.execute(delete(ATTEMPT).where(_A.event_id.in_(ids)))
    session.execute(delete(EVENT).where(_E.id.in_(ids)))
    return len(rows)


def _attempts(session: Session, ids: Sequence[UUID]) -> Mapping[UUID, list[dict[str, Any]]]:
    """Read the attempts without what was asked and answered, which may be personal."""
    shown = [column for column in ATTEMPT.columns if column.name not in {"event_id", "exchanges"}]
    found = session.execute(
        select(_A.event_id, *shown).where(_A.event_id.in_(ids)).order_by(_A.event_id, _A.number)
    )
    attempts: dict[UUID, list[dict[str, Any]]] = {id_: [] for id_ in ids}
    for row in found.mappings():
        kept = {name: _json(value) for name, value in row.items() if name != "event_id"}
        attempts[row["event_id"]].append(kept)
    return attempts


def _archived(row: RowMapping, attempts: Mapping[UUID, list[dict[str, Any]]]) -> dict[str, Any]:
    kept = {
        name: _json(value)
        for name, value in row.items()
        if name not in _NOT_KEPT and value not in (None, "")
    }
    if row["name"] in FROM_WEBHOOKS:
        kept["payload"] = {ERASED: BECAUSE}
    return {
        "id": row["id"],
        "account_id": row["account_id"],
        "name": row["name"],
        "subject": row["subject"],
        "recorded_at": row["recorded_at"],
        "settled_at": row["settled_at"],
        "outcome": row["outcome"] or "",
        "kept": {**kept, "attempts": attempts[row["id"]]},
    }


def _json(value: Any) -> Any:
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _count(session: Session, rows: Sequence[RowMapping]) -> None:
    counts = Counter(
        (
            row["account_id"],
            row["recorded_at"].date(),
            row["name"],
            row["outcome"] or "",
            row["replay_of"] is not None,
        )
        for row in rows
    )
    keys = ("account_id", "day", "name", "outcome", "replayed")
    # In one order everywhere, so that two who archive side by side cannot deadlock.
    values = [{**dict(zip(keys, key, strict=True)), "count": counts[key]} for key in sorted(counts)]
    adding = insert_for(session)(ARCHIVED_COUNT)
    session.execute(
        adding.on_conflict_do_update(
            index_elements=list(keys), set_={"count": _C.count + adding.excluded.count}
        ),
        values,
    )

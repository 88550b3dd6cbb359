"""A summary of each comparison with a vendor's list, as it ended: for pages and reports."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from shared.db.history_tables import Comparison
from shared.differences import open_counts
from shared.journal.record import new_id


@dataclass(frozen=True, kw_only=True)
class Made:
    """One comparison: the vendor's list had `theirs` rows of this kind and our books `ours`.

    `missed` are those that only one side had, until then.
    """

    list_name: str  # of `shared.watermarks`
    window_from: datetime
    window_to: datetime
    theirs: int
    ours: int
    missed: int


@dataclass(frozen=True, kw_only=True)
class Summary:
    """The comparisons of one list in a stretch of time; `last` is the newest as it ended.

    `missed` adds up what each found that we did not know until then.
    """

    count: int
    missed: int
    last: Comparison


def keep_comparison(session: Session, account_id: UUID, made: Made, *, now: datetime) -> None:
    """Keep how a comparison ended, and what differed then; the caller commits."""
    session.flush()
    session.add(
        Comparison(
            id=new_id(),
            account_id=account_id,
            list_name=made.list_name,
            window_from=made.window_from,
            window_to=made.window_to,
            compared_at=now,
            theirs=made.theirs,
            ours=made.ours,
            missed=made.missed,
            differences={
                kind: count for kind, count in open_counts(session, account_id).items() if count
            },
        )
    )


def comparisons_between(
    session: Session, account_id: UUID, *, start: datetime, end: datetime
) -> Mapping[str, Summary]:
    """Sum up an account's comparisons that ended from `start` to before `end`, by list."""
    then = (
        col(Comparison.account_id) == account_id,
        col(Comparison.compared_at) >= start,
        col(Comparison.compared_at) < end,
    )
    counted = select(
        col(Comparison.list_name), func.count(), func.sum(col(Comparison.missed))
    ).where(*then)
    return {
        name: Summary(count=count, missed=int(missed), last=_last(session, name, then))
        for name, count, missed in session.execute(counted.group_by(col(Comparison.list_name)))
    }


def _last(session: Session, name: str, then: Sequence[ColumnElement[bool]]) -> Comparison:
    newest = (
        select(Comparison)
        .where(*then, col(Comparison.list_name) == name)
        .order_by(col(Comparison.compared_at).desc(), col(Comparison.id).desc())
    )
    found: Comparison = session.scalars(newest.limit(1)).one()
    return found

"""Count what needs attention, line by line: notes, what they are worth, since when."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, Label, Numeric, Row, Select, func, select
from sqlmodel import Session

from shared.db.note_tables import SYNC_LOG
from shared.issues.issue import NEEDS_YOU, Issue, key_of_note, way_of_note

_S: Final = SYNC_LOG.c
# More lines than anybody reads.
LINES_AT_MOST: Final = 300


@dataclass(frozen=True, kw_only=True)
class Count:
    """How a line stands.

    `sums` are what its sales orders come to, each order once, by currency; `first` and `last` when
    the oldest and the newest of its notes came in.
    """

    issue: Issue
    notes: int
    sums: Mapping[str, Decimal]
    first: datetime
    last: datetime


def counts(session: Session, account_id: UUID) -> Sequence[Count]:
    """Give every line that there is, those with the most notes first."""
    parts: dict[Issue, list[Row[Any]]] = defaultdict(list)
    for row in session.execute(_by_currency(account_id)):
        parts[Issue(code=row.code, way=row.way, key=row.key)].append(row)
    lines = [_count(issue, rows) for issue, rows in parts.items()]
    return sorted(lines, key=lambda one: (-one.notes, one.issue))[:LINES_AT_MOST]


def _by_currency(account_id: UUID) -> Select[Any]:
    """Sum up by line and currency; several notes of an order bear the order's total each."""
    one = needing(account_id)
    alike = (one.code, one.way, one.key, one.currency)
    orders = (
        select(
            *alike,
            func.max(one.total).label("total"),
            func.count().label("notes"),
            func.min(one.inserted_at).label("first"),
            func.max(one.inserted_at).label("last"),
        )
        .group_by(*alike, one.order_id)
        .subquery()
    ).c
    grouped = (orders.code, orders.way, orders.key, orders.currency)
    return select(
        *grouped,
        func.sum(orders.total, type_=Numeric(20, 4)).label("total"),
        func.sum(orders.notes).label("notes"),
        func.min(orders.first, type_=_S.inserted_at.type).label("first"),
        func.max(orders.last, type_=_S.inserted_at.type).label("last"),
    ).group_by(*grouped)


def needing(
    account_id: UUID, *narrower: ColumnElement[bool], beside: Sequence[Label[Any]] = ()
) -> Any:
    """Give the columns of a query of the notes that need a person, each with its line.

    `narrower` are further conditions, `beside` further columns.
    """
    # The expressions stand in a query of their own: bound values would else differ from those of
    # the grouping, and PostgreSQL would not know the two for one.
    asked = select(
        _S.reason_code.label("code"),
        way_of_note.label("way"),
        key_of_note.label("key"),
        _S.currency,
        _S.order_id,
        _S.total,
        _S.inserted_at,
        *beside,
    )
    mine = (_S.account_id == account_id, _S.state == NEEDS_YOU)
    return asked.where(*mine, *narrower).subquery().c


def _count(issue: Issue, rows: Sequence[Row[Any]]) -> Count:
    return Count(
        issue=issue,
        notes=sum(int(row.notes) for row in rows),
        sums=dict(sorted(_sums(rows))),
        first=min(row.first for row in rows),
        last=max(row.last for row in rows),
    )


def _sums(rows: Sequence[Row[Any]]) -> Iterator[tuple[str, Decimal]]:
    for row in rows:
        if row.currency and row.total is not None:
            yield row.currency, Decimal(row.total)

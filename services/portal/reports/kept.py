"""What was kept of the reports of one account; every question names it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Self
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from shared.db.portal_tables import Report

PAGE_SIZE: Final = 30

_PLACE = tuple_(col(Report.made_at), col(Report.id))


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a page begins: behind this report."""

    made_at: datetime
    id: UUID

    def __str__(self) -> str:
        """Give the text that `read` understands."""
        return f"{self.made_at.isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Read a place; None for anything that is none."""
        at, _, report_id = text.partition("~")
        try:
            # A plus sign in an address is a space.
            place = cls(made_at=datetime.fromisoformat(at.replace(" ", "+")), id=UUID(report_id))
        except ValueError:
            return None
        # Beyond these a time could not be turned into UTC.
        return place if place.made_at.tzinfo and 2000 <= place.made_at.year <= 2200 else None  # noqa: PLR2004 - years


@dataclass(frozen=True, kw_only=True)
class Line:
    """A report in the list."""

    id: UUID
    kind: str
    day: str
    made_at: datetime
    subject: str
    has_csv: bool


@dataclass(frozen=True, kw_only=True)
class Page:
    """Up to PAGE_SIZE reports, newest first, and where the older ones begin."""

    lines: Sequence[Line]
    older: Place | None


def reports_before(session: Session, account_id: UUID, before: Place | None) -> Page:
    """Give the newest reports, or those older than `before`; their texts are not read."""
    listed = (col(Report.id), col(Report.kind), col(Report.day), col(Report.made_at))
    query = select(*listed, col(Report.subject), col(Report.csv) != "").where(
        col(Report.account_id) == account_id
    )
    if before is not None:
        query = query.where(_PLACE.__lt__((before.made_at, before.id)))
    newest_first = query.order_by(col(Report.made_at).desc(), col(Report.id).desc())
    found = session.execute(newest_first.limit(PAGE_SIZE + 1)).all()
    lines = [
        Line(id=id_, kind=kind, day=str(day), made_at=made_at, subject=subject, has_csv=has_csv)
        for id_, kind, day, made_at, subject, has_csv in found[:PAGE_SIZE]
    ]
    last = lines[-1] if len(found) > PAGE_SIZE else None
    return Page(lines=lines, older=Place(made_at=last.made_at, id=last.id) if last else None)


def report_of(session: Session, account_id: UUID, report_id: UUID) -> Report | None:
    """Give one of the account's reports in full."""
    query = select(Report).where(col(Report.account_id) == account_id, col(Report.id) == report_id)
    return session.execute(query).scalar_one_or_none()

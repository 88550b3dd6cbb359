"""What was kept of the reports of one account; every question names it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlmodel import Session, col

from services.portal.frame.paging import Leaf, leaf
from services.portal.frame.places import Place
from shared.db.portal_tables import Report

PAGE_SIZE: Final = 30

_PLACE = tuple_(col(Report.made_at), col(Report.id))


@dataclass(frozen=True, kw_only=True)
class Line:
    """A report in the list."""

    id: UUID
    kind: str
    day: str
    made_at: datetime
    subject: str
    has_csv: bool


Page = Leaf[Line, Place]


def reports_before(session: Session, account_id: UUID, before: Place | None) -> Page:
    """Give the newest reports, or those older than `before`; their texts are not read."""
    listed = (col(Report.id), col(Report.kind), col(Report.day), col(Report.made_at))
    query = select(*listed, col(Report.subject), col(Report.csv) != "").where(
        col(Report.account_id) == account_id
    )
    newest_first = query.order_by(col(Report.made_at).desc(), col(Report.id).desc())

    def find(place: Place | None, limit: int, *, onward: bool) -> list[Line]:  # noqa: ARG001 - the list goes one way
        older = () if place is None else (_PLACE.__lt__((place.at, place.id)),)
        found = session.execute(newest_first.where(*older).limit(limit)).all()
        return [
            Line(id=id_, kind=kind, day=str(day), made_at=made_at, subject=subject, has_csv=has_csv)
            for id_, kind, day, made_at, subject, has_csv in found
        ]

    return leaf(find, _place_of, size=PAGE_SIZE, after=before)


def report_of(session: Session, account_id: UUID, report_id: UUID) -> Report | None:
    """Give one of the account's reports in full."""
    query = select(Report).where(col(Report.account_id) == account_id, col(Report.id) == report_id)
    return session.execute(query).scalar_one_or_none()


def _place_of(line: Line) -> Place:
    return Place(at=line.made_at, id=line.id)

"""`goodsout archived`: what has left the journal, as JSON lines."""

import json
from collections.abc import Iterator
from typing import Annotated, Any
from uuid import UUID

import typer
from sqlmodel import Session, col, select

from shared.cli.database import account_of, database, refusing
from shared.cli.settings import Code
from shared.db.engine import reading_session_maker
from shared.db.history_tables import EventArchive

AT_ONCE = 500


def archived(
    account: Code,
    subject: Annotated[
        str, typer.Option(metavar="ID", help="Only what is about this, such as a note's id.")
    ] = "",
) -> None:
    """Write archived events as JSON lines, the oldest first; with their attempts.

    A whole archive goes into a file with `goodsout archived acme | gzip > acme.jsonl.gz`.
    """
    with database() as engine, reading_session_maker(engine)() as session, refusing():
        for line in _lines(session, account_of(session, account).id, subject):
            print(json.dumps(line, ensure_ascii=False))


def _lines(session: Session, account_id: UUID, subject: str) -> Iterator[dict[str, Any]]:
    query = select(EventArchive).where(EventArchive.account_id == account_id)
    if subject:
        query = query.where(EventArchive.subject == subject)
    oldest = query.order_by(col(EventArchive.recorded_at), col(EventArchive.id))
    for row in session.exec(oldest.execution_options(yield_per=AT_ONCE)):
        yield {
            "id": str(row.id),
            "name": row.name,
            "subject": row.subject,
            "recorded_at": row.recorded_at.isoformat(),
            "settled_at": row.settled_at.isoformat(),
            "outcome": row.outcome,
            **row.kept,
        }
        session.expunge(row)

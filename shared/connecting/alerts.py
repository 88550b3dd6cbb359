"""The alert that a connection is broken: one open row for each vendor, as its row says."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from shared.connecting.stored import WRITTEN, is_connected, locked
from shared.db.account_tables import VendorConnection
from shared.db.vendor_tables import Alert
from shared.journal.record import new_id

CONNECTION_BROKEN = "connection_broken"


def tell_connection(session: Session, account_id: UUID, vendor: str, *, now: datetime) -> str:
    """Open or end the alert so that it agrees with the connection now; the caller commits.

    Gives what is said now, "" while there is nothing to say. Events may come late and out of order:
    only the row counts.
    """
    row = locked(session, account_id, vendor)
    is_broken = row is not None and is_connected(row) and row.broken_since is not None
    if row is None or not is_broken:
        end_alert(session, account_id, vendor, now=now)
        return ""
    sentence = _sentence(row)
    if session.exec(_open(account_id, vendor)).first() is None:
        session.add(
            Alert(
                id=new_id(),
                account_id=account_id,
                kind=CONNECTION_BROKEN,
                subject=vendor,
                sentence=sentence,
                raised_at=row.broken_since or now,
            )
        )
    return sentence


def end_alert(session: Session, account_id: UUID, vendor: str, *, now: datetime) -> None:
    """End what is open about one connection; the caller commits."""
    for alert in session.exec(_open(account_id, vendor)).all():
        alert.ended_at = now
        session.add(alert)


def _open(account_id: UUID, vendor: str) -> SelectOfScalar[Alert]:
    return select(Alert).where(
        Alert.account_id == account_id,
        Alert.kind == CONNECTION_BROKEN,
        Alert.subject == vendor,
        col(Alert.ended_at).is_(None),
    )


def _sentence(row: VendorConnection) -> str:
    written = WRITTEN[row.vendor]
    return (
        f"{written} refuses our credentials: {row.broken_reason} Everything that needs {written} "
        "is held and nothing is lost; it goes on by itself when you reconnect."
    )

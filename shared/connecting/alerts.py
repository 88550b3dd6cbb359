"""The alert that a connection is broken: one open row for each vendor, as its row says."""

from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from shared.alerts import CONNECTION_BROKEN, Cause, end_alert, raise_alert
from shared.connecting.stored import WRITTEN, is_connected, locked
from shared.db.account_tables import VendorConnection


def connection_broken(account_id: UUID, vendor: str) -> Cause:
    """Name the alert about one connection."""
    return Cause(account_id=account_id, kind=CONNECTION_BROKEN, subject=vendor)


def tell_connection(session: Session, account_id: UUID, vendor: str, *, now: datetime) -> str:
    """Open or end the alert so that it agrees with the connection now; the caller commits.

    Gives what is said now, "" while there is nothing to say. Events may come late and out of order:
    only the row counts.
    """
    cause = connection_broken(account_id, vendor)
    row = locked(session, account_id, vendor)
    is_broken = row is not None and is_connected(row) and row.broken_since is not None
    if row is None or not is_broken:
        end_alert(session, cause, now=now)
        return ""
    sentence = _sentence(row)
    raise_alert(session, cause, sentence=sentence, raised_at=row.broken_since or now)
    return sentence


def _sentence(row: VendorConnection) -> str:
    written = WRITTEN[row.vendor]
    return (
        f"{written} refuses our credentials: {row.broken_reason} Everything that needs {written} "
        "is held and nothing is lost; it goes on by itself when you reconnect."
    )

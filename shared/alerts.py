"""Alerts: what a person should know, one open row a cause until it mends. The caller commits."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from shared.db.vendor_tables import Alert
from shared.journal.record import new_id

CONNECTION_BROKEN: Final = "connection_broken"
NOTES_MISSING: Final = "notes_missing"
SILENCE: Final = "silence"
# The ledger of a day, the subject, lacks rows that were there.
UNEXPLAINED: Final = "unexplained"
ORDER_CANCELED: Final = "order_canceled"
WEBHOOK_UNHEALTHY: Final = "webhook_unhealthy"
# A destination of notices was switched off by itself, because nobody was there any more.
DESTINATION_OFF: Final = "destination_off"
# Brightpearl has a warehouse that it had not when its list was fetched first; its notes wait until
# it is decided, which ends the alert.
WAREHOUSE_NEW: Final = "warehouse_new"


@dataclass(frozen=True, kw_only=True)
class Cause:
    """What an alert is about: of each cause at most one alert is open.

    `subject` is the vendor, webhook or note in question, "" for the whole account.
    """

    account_id: UUID
    kind: str
    subject: str = ""


def webhook_stopped(account_id: UUID, vendor: str, topic: str) -> Cause:
    """Name the alert about one of our webhooks at a vendor."""
    return Cause(account_id=account_id, kind=WEBHOOK_UNHEALTHY, subject=f"{vendor}:{topic}")


def order_canceled(account_id: UUID, note_id: int) -> Cause:
    """Name the alert that the warehouse cancelled a note's order."""
    return Cause(account_id=account_id, kind=ORDER_CANCELED, subject=str(note_id))


def warehouse_new(account_id: UUID, warehouse_id: int) -> Cause:
    """Name the alert about a new Brightpearl warehouse."""
    return Cause(account_id=account_id, kind=WAREHOUSE_NEW, subject=str(warehouse_id))


def destination_off(account_id: UUID, destination_id: UUID) -> Cause:
    """Name the alert that a destination was switched off."""
    return Cause(account_id=account_id, kind=DESTINATION_OFF, subject=str(destination_id))


def silent(account_id: UUID, signal: str) -> Cause:
    """Name the alert that fewer notes, shipments or webhooks come than usual."""
    return Cause(account_id=account_id, kind=SILENCE, subject=signal)


def open_alert_of(session: Session, cause: Cause) -> Alert | None:
    """Give what is open about this cause."""
    return session.exec(select(Alert).where(*_open(cause))).first()


def raise_alert(session: Session, cause: Cause, *, sentence: str, raised_at: datetime) -> bool:
    """Open an alert, unless one about this cause is open; says whether it was opened."""
    if open_alert_of(session, cause) is not None:
        return False
    session.add(
        Alert(
            id=new_id(),
            account_id=cause.account_id,
            kind=cause.kind,
            subject=cause.subject,
            sentence=sentence,
            raised_at=raised_at,
        )
    )
    return True


def end_alert(session: Session, cause: Cause, *, now: datetime) -> bool:
    """End what is open about this cause; says whether anything was."""
    ended = update(Alert).where(*_open(cause)).values(ended_at=now).returning(col(Alert.id))
    return session.execute(ended).first() is not None


def _open(cause: Cause) -> tuple[ColumnElement[bool], ...]:
    return (
        col(Alert.account_id) == cause.account_id,
        col(Alert.kind) == cause.kind,
        col(Alert.subject) == cause.subject,
        col(Alert.ended_at).is_(None),
    )

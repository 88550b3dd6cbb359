"""Alerts about webhooks: one open row for each webhook that stopped, ended when it stands again."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlmodel import Session, col, select

from shared.db.vendor_tables import Alert
from shared.journal.record import new_id

WEBHOOK_UNHEALTHY = "webhook_unhealthy"


def subject_of(vendor: str, topic: str) -> str:
    """Name the webhook that an alert is about."""
    return f"{vendor}:{topic}"


def raise_alert(
    session: Session, account_id: UUID, subject: str, *, sentence: str, now: datetime
) -> None:
    """Open an alert about one webhook, unless one is open; the caller commits."""
    is_open = session.exec(
        select(Alert.id).where(
            Alert.account_id == account_id,
            Alert.kind == WEBHOOK_UNHEALTHY,
            Alert.subject == subject,
            col(Alert.ended_at).is_(None),
        )
    ).first()
    if is_open is None:
        session.add(
            Alert(
                id=new_id(),
                account_id=account_id,
                kind=WEBHOOK_UNHEALTHY,
                subject=subject,
                sentence=sentence,
                raised_at=now,
            )
        )


def end_alerts(
    session: Session, account_id: UUID, subjects: Iterable[str], *, now: datetime
) -> None:
    """End what is open about these webhooks; the caller commits."""
    session.execute(
        update(Alert)
        .where(
            col(Alert.account_id) == account_id,
            col(Alert.kind) == WEBHOOK_UNHEALTHY,
            col(Alert.subject).in_(list(subjects)),
            col(Alert.ended_at).is_(None),
        )
        .values(ended_at=now)
    )

"""Tell of alerts: once when one opens, and once when it ends."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, literal_column
from sqlmodel import Session, col, select

from services.notifier.telling.alert_words import (
    GATHERED,
    ended_notice,
    opened_notice,
    words_of,
)
from services.notifier.telling.source import Source
from shared.connecting.stored import WRITTEN, is_connected
from shared.db.account_tables import VendorConnection
from shared.db.vendor_tables import Alert
from shared.mails import Notice
from shared.telling import Place, Telling, tell
from shared.untold import note_untold

# The index's own words, else the database would not take it.
_UNTOLD: Final[ColumnElement[bool]] = literal_column(
    "(told_at IS NULL OR (ended_at IS NOT NULL AND end_told_at IS NULL))"
)
AT_ONCE: Final = 1000


def untold_alerts(session: Session, _now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Give account and id of those that people were not told the last of."""
    found = select(Alert.account_id, Alert.id).where(_UNTOLD)
    return [(one, id_) for one, id_ in session.exec(found.order_by(col(Alert.id)).limit(AT_ONCE))]


def tell_alert(session: Session, told: Telling, alert_id: UUID, now: datetime) -> None:
    """Tell what people were not told yet; many about single notes are gathered."""
    alert = session.get(Alert, alert_id, with_for_update=True, populate_existing=True)
    if alert is None:
        return
    is_new = alert.told_at is None
    is_over = alert.ended_at is not None and alert.end_told_at is None
    if not is_new and not is_over:
        return  # another clock was first
    if is_new:
        alert.told_at = now
    if is_over:
        alert.end_told_at = now
    session.add(alert)
    if alert.kind in GATHERED:
        if is_new and not is_over:
            _gather(session, alert, now=now)
    elif is_new:
        notice = opened_notice(alert, portal_url=told.portal_url)
        _tell(session, told, alert, notice, number=1, now=now)
    elif _is_connected(session, alert):
        notice = ended_notice(alert, portal_url=told.portal_url)
        _tell(session, told, alert, notice, number=2, now=now)


ALERTS: Final[Source[Any]] = Source(name="alerts", beat=5.0, find=untold_alerts, tell=tell_alert)


def _gather(session: Session, alert: Alert, *, now: datetime) -> None:
    note_untold(
        session,
        alert.account_id,
        kind=GATHERED[alert.kind],
        cause=alert.kind,
        subjects=[alert.subject],
        now=now,
    )


def _is_connected(session: Session, alert: Alert) -> bool:
    """Say whether the vendor that an alert is about is connected; who disconnected it knows."""
    vendor = alert.subject.partition(":")[0]
    if vendor not in WRITTEN:
        return True
    row = session.get(VendorConnection, (alert.account_id, vendor))
    return row is not None and is_connected(row)


def _tell(
    session: Session, told: Telling, alert: Alert, notice: Notice, *, number: int, now: datetime
) -> None:
    tell(
        session,
        told,
        words_of(alert.kind).kind,
        notice,
        about=f"alert {alert.id}",
        once_for=f"{alert.id}:{number}",
        now=now,
        place=Place(thread=alert.id, number=number),
    )

"""Raise an alert as soon as an account's ledger has something unexplained; end it when it has not.

Today and yesterday are looked at: what went missing did so lately, or was told of then.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from services.notifier.telling.source import Source
from shared.alerts import UNEXPLAINED, Cause, end_alert, raise_alert
from shared.db.account_tables import Account
from shared.db.journal_tables import EdgeCount
from shared.journal.account_ledger import account_days
from shared.telling import Telling

DAYS: Final = 2


def counted_accounts(session: Session, _now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Give the accounts whose webhooks were ever counted."""
    return [(one, one) for one in session.exec(select(col(EdgeCount.account_id)).distinct())]


def look_at_ledger(session: Session, _told: Telling, account_id: UUID, now: datetime) -> None:
    """Agree with the ledger; people are told of the alert."""
    # Two clocks that look at once would each raise it.
    session.exec(select(Account.id).where(Account.id == account_id).with_for_update()).one()
    for day in account_days(session, account_id, last=now.date(), days=DAYS):
        cause = Cause(account_id=account_id, kind=UNEXPLAINED, subject=day.day.isoformat())
        if day.unexplained:
            webhooks = "1 webhook" if day.unexplained == 1 else f"{day.unexplained:,} webhooks"
            sentence = (
                f"Of the {day.kept:,} webhooks that were kept on {day.day:%d %b} (UTC), "
                f"{webhooks} can not be found in the journal any more."
            )
            raise_alert(session, cause, sentence=sentence, raised_at=now)
        else:
            end_alert(session, cause, now=now)


LEDGERS: Final[Source[Any]] = Source(
    name="ledgers", beat=300.0, find=counted_accounts, tell=look_at_ledger
)

"""Dead letters in a merchant's journal, and a person who deals with them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from shared.db.journal_tables import EventRow
from shared.db.portal_tables import AuditEntry
from tests.integration.portal.merchants import FERNLEAF, NOON, Merchants, token_on


def a_dead_letter(merchants: Merchants, subject: str, **known: Any) -> UUID:
    """Keep an event that was given up a minute after it came."""
    recorded_at = known.get("recorded_at", NOON)
    usual = {
        "outcome": "dead",
        "settled_at": recorded_at + timedelta(minutes=1),
        "published_at": recorded_at,
        "reason_code": "sku_unknown",
        "reason": f"ShipHero does not know a SKU of note {subject}.",
    }
    return merchants.event(subject=subject, **(usual | known))


def post(client: FlaskClient, page: str, path: str, **fields: Any) -> TestResponse:
    """Send a form of `page` as a person does."""
    form = {"csrf_token": token_on(client.get(page)), **fields}
    return client.post(path, data=form, follow_redirects=True)


def replays(merchants: Merchants) -> list[EventRow]:
    """Give the events that are replays, by subject."""
    of_all = select(EventRow).where(col(EventRow.replay_of).is_not(None))
    with merchants.open_session() as session:
        return list(session.exec(of_all.order_by(EventRow.subject)))


def acts(merchants: Merchants, account_id: UUID = FERNLEAF) -> list[tuple[str, str, str]]:
    """Give what the audit trail holds: who did what about what."""
    of_account = select(AuditEntry).where(AuditEntry.account_id == account_id)
    with merchants.open_session() as session:
        found = session.exec(of_account.order_by(col(AuditEntry.at), col(AuditEntry.id)))
        return [(row.who, row.act, row.subject) for row in found]

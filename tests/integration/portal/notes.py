"""What the pages of one note are tested with: forms, roles, attempts with bodies, a sent note."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlmodel import select
from werkzeug.test import TestResponse

from services.portal.people.accounts import hashed, keep_user
from shared.db.journal_tables import ATTEMPT, EventRow
from shared.db.note_tables import OrderLink
from shared.db.portal_tables import AuditEntry
from tests.integration.portal.merchants import (
    FERNLEAF,
    NOON,
    PASSWORD,
    Merchants,
    log_in,
    token_on,
)

NOTE = 7001
PERSON = {"~personal": "Jane Smith"}
KEPT = {
    "method": "POST",
    "path": "/graphql",
    "asked": {"data": {"sku": "TEA", "shipping_address": {"first_name": PERSON, "country": "GB"}}},
    "answered": {"data": {"order_create": {"order": {"id": "SH-1"}}}},
    "sharers": 1,
}
CALL = {"vendor": "shiphero", "operation": "order_create", "status": 200, "request_id": "r-1"}


def a_link(note_id: int = NOTE, account_id: UUID = FERNLEAF, **known: Any) -> OrderLink:
    usual: dict[str, Any] = {
        "account_id": account_id,
        "note_id": note_id,
        "key": f"GO-fernleaf-{note_id}",
        "order_number": "SHOP-77",
        "intended_at": NOON,
        "shiphero_order_id": "SH-1",
    }
    return OrderLink(**(usual | known))


def sent(merchants: Merchants, **known: Any) -> None:
    """Keep note 7001 as one that became order SH-1."""
    usual = {"order_stage": "done", "shiphero_order_id": "SH-1", "customer_reference": "SHOP-77"}
    merchants.note(NOTE, **(usual | known))
    merchants.keep(a_link())


def attempted(merchants: Merchants, account_id: UUID = FERNLEAF, note_id: int = NOTE) -> UUID:
    """Keep an attempt whose request and answer were kept; gives its event."""
    event_id = merchants.event(
        account_id, subject=str(note_id), outcome="delivered", settled_at=NOON, tries=1
    )
    with merchants.open_session() as session:
        session.execute(
            insert(ATTEMPT).values(
                event_id=event_id,
                number=1,
                worker="worker",
                started_at=NOON,
                ended_at=NOON + timedelta(seconds=1),
                result="delivered",
                reason_code="",
                reason="",
                vendor_calls=[CALL],
                exchanges=[KEPT],
            )
        )
        session.commit()
    return event_id


def colleague(merchants: Merchants, role: str) -> FlaskClient:
    """Give a colleague of Fernleaf who is logged in."""
    email = f"{role}@fernleaf.example"
    with merchants.open_session() as session:
        keep_user(
            session,
            account_code="fernleaf",
            email=email,
            password_hash=hashed(merchants.app, PASSWORD),
            role=role,
            now=NOON,
        )
        session.commit()
    client = merchants.visitor()
    log_in(client, email)
    return client


def press(client: FlaskClient, path: str, **form: str) -> TestResponse:
    """Send a form of the portal's."""
    token = token_on(client.get("/connections"))
    return client.post(path, data={"csrf_token": token, **form})


def act(client: FlaskClient, name: str, **form: str) -> TestResponse:
    """Press an act's button on its own page."""
    return press(client, f"/sync-log/{NOTE}/acts/{name}", **form)


def asked(client: FlaskClient, name: str) -> TestResponse:
    """Open an act's page."""
    return client.get(f"/sync-log/{NOTE}/acts/{name}")


def trail(merchants: Merchants) -> list[tuple[str, str, str]]:
    """Read the audit trail: act, subject and what it became."""
    with merchants.open_session() as session:
        return [(row.act, row.subject, row.after) for row in session.exec(select(AuditEntry))]


def events(merchants: Merchants, name: str) -> list[EventRow]:
    """Read the journal's rows of a name."""
    with merchants.open_session() as session:
        return list(session.exec(select(EventRow).where(EventRow.name == name)))

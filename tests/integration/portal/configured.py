"""A merchant whose lists were fetched, and what a person does on the page Sync configuration."""

import html
import re
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from services.portal.people.accounts import hashed, keep_user
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.journal_tables import EventRow
from shared.db.portal_tables import AuditEntry
from shared.db.vendor_tables import ShipHeroWarehouse
from tests.integration.portal.merchants import (
    FERNLEAF,
    NOON,
    PASSWORD,
    Merchants,
    log_in,
    token_on,
)

LEEDS, YORK = 3, 4
ROYAL_MAIL, NEXT_DAY = 5, 6


def fetch_lists(merchants: Merchants, account_id: UUID = FERNLEAF) -> None:
    """Keep two warehouses, two shipping methods and a ShipHero warehouse."""
    with merchants.open_session() as session:
        session.add_all(
            [
                WarehouseMapping(
                    account_id=account_id,
                    brightpearl_warehouse_id=one,
                    brightpearl_name=name,
                    decision=decision,
                )
                for one, name, decision in (
                    (LEEDS, "Leeds", "undecided"),
                    (YORK, "York", "not_sent"),
                )
            ]
        )
        session.add_all(
            [
                ShippingMethodMapping(
                    account_id=account_id, brightpearl_method_id=one, brightpearl_name=name,
                    title=title,
                )
                for one, name, title in (
                    (ROYAL_MAIL, "Royal Mail", "Royal"), (NEXT_DAY, "Next day", ""),
                )
            ]
        )  # fmt: skip
        session.add(ShipHeroWarehouse(account_id=account_id, warehouse_id="W-1", name="Primary"))
        session.get_one(Account, account_id).time_zone = "Europe/London"
        session.commit()


def hold(merchants: Merchants, cause: str, count: int = 1, account_id: UUID = FERNLEAF) -> None:
    """Keep events about so many notes, 7001 first, that wait for `cause`."""
    for number in range(count):
        subject = str(7001 + number)
        merchants.event(account_id, subject=subject, hold_cause=cause, hold_version=1)


def held(merchants: Merchants, cause: str) -> int:
    """Count what waits for `cause`."""
    with merchants.open_session() as session:
        return len(session.exec(select(EventRow).where(EventRow.hold_cause == cause)).all())


def trail(merchants: Merchants) -> list[tuple[str, str, str, str, str]]:
    """Read the audit trail, oldest first: who, act, subject, from, to."""
    with merchants.open_session() as session:
        entries = session.exec(select(AuditEntry).order_by(col(AuditEntry.id))).all()
    return [(one.who, one.act, one.subject, one.before, one.after) for one in entries]


def account(merchants: Merchants) -> Account:
    """Read Fernleaf's row."""
    with merchants.open_session() as session:
        return session.get_one(Account, FERNLEAF)


def colleague(merchants: Merchants, role: str) -> FlaskClient:
    """Make a log-in with this role and give its client, logged in."""
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


def send(client: FlaskClient, path: str, **form: Any) -> TestResponse:
    """Send fields of the form to `path`; a mapping's field is written with underscores."""
    token = token_on(client.get("/configuration"))
    fields = {
        name.replace("_", "-") if name.startswith(("warehouse", "method")) else name: value
        for name, value in form.items()
    }
    return client.post(f"/configuration{path}", data={"csrf_token": token, **fields})


def review(client: FlaskClient, **form: Any) -> TestResponse:
    """Ask what a change would do."""
    return send(client, "/review", **form)


def confirm(client: FlaskClient, page: TestResponse) -> TestResponse:
    """Press Save on a review, and follow to the page after it."""
    found = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', _form_on(page))
    fields = {name: html.unescape(value) for name, value in found}
    return client.post("/configuration/save", data=fields, follow_redirects=True)


def effects_on(page: TestResponse) -> list[str]:
    """Read what a review says that saving does."""
    listed = page.text.split('<ul class="effects">')[1].split("</ul>")[0]
    return [html.unescape(one) for one in re.findall(r"<span>([^<]+)</span>", listed)]


def done_on(page: TestResponse) -> str:
    """Read what the page says was done."""
    return _first_span(page, 'class="form-done" role="status">')


def fault_on(page: TestResponse, field: str) -> str:
    """Read the sentence that stands by a field."""
    return _first_span(page, f'id="{field.replace(".", "-")}-fault" role="alert">')


def _first_span(page: TestResponse, after: str) -> str:
    found = re.search(r"<span>([^<]+)</span>", page.text.partition(after)[2])
    return html.unescape(found[1]) if found else ""


def _form_on(page: TestResponse) -> str:
    return page.text.split('action="/configuration/save"')[1].split("</form>")[0]

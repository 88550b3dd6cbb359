"""What has to be looked at once credentials are new: events, recorded with the credentials."""

from collections.abc import Iterator
from datetime import datetime

from sqlmodel import Session

from shared.connecting.stored import BRIGHTPEARL
from shared.db.account_tables import Account, VendorConnection
from shared.events import (
    BRIGHTPEARL_CHECK_REQUESTED,
    RECONCILIATION_REQUESTED,
    REFERENCE_REQUESTED,
    SHIPHERO_CHECK_REQUESTED,
    SHIPHERO_RECONCILIATION_REQUESTED,
    NewEvent,
)
from shared.journal.record import record_all

# Brightpearl's connection fetches everything: what is ShipHero's waits until that is connected.
PARTS = {"brightpearl": ("all",), "shiphero": ("shiphero_account", "shiphero_products")}
CHECKS = {"brightpearl": BRIGHTPEARL_CHECK_REQUESTED, "shiphero": SHIPHERO_CHECK_REQUESTED}
RECONCILIATIONS = {
    "brightpearl": RECONCILIATION_REQUESTED,
    "shiphero": SHIPHERO_RECONCILIATION_REQUESTED,
}


def record_check(session: Session, row: VendorConnection, *, now: datetime) -> None:
    """Have the vendor's webhooks looked at with the new credentials."""
    record_all(session, [_check(session, row)], now=now)


def record_arrival(session: Session, row: VendorConnection, *, now: datetime) -> None:
    """Have webhooks looked at, everything fetched, and what was missed meanwhile looked up."""
    code = session.get_one(Account, row.account_id).code
    events = [_check(session, row), *_fetches(code, row), _reconciliation(code, row)]
    record_all(session, events, now=now)


def _check(session: Session, row: VendorConnection) -> NewEvent:
    code = session.get_one(Account, row.account_id).code
    name = CHECKS[row.vendor]
    return NewEvent(
        account_id=row.account_id, name=name, subject=code, dedupe_key=_key(code, name, row)
    )


def _fetches(code: str, row: VendorConnection) -> Iterator[NewEvent]:
    for part in PARTS[row.vendor]:
        yield NewEvent(
            account_id=row.account_id,
            name=REFERENCE_REQUESTED,
            subject=part,
            payload={"part": part},
            dedupe_key=_key(code, f"{REFERENCE_REQUESTED}:{part}", row),
        )


def _reconciliation(code: str, row: VendorConnection) -> NewEvent:
    name = RECONCILIATIONS[row.vendor]
    payload = {"because": "connected"} if row.vendor == BRIGHTPEARL else {}
    return NewEvent(
        account_id=row.account_id,
        name=name,
        subject=code,
        payload=payload,
        dedupe_key=_key(code, name, row),
    )


def _key(code: str, name: str, row: VendorConnection) -> str:
    return f"{code}:{name}:{row.vendor}-credentials-{row.credentials_version}"

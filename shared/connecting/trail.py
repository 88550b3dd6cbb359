"""What the audit trail says of connections; never a credential. The caller commits."""

from datetime import datetime

from sqlmodel import Session

from shared.audit import record_act
from shared.connecting.stored import OAUTH, PRIVATE_APP, WRITTEN
from shared.db.account_tables import VendorConnection

WAYS = {OAUTH: "by consent", PRIVATE_APP: "by a private app"}


def record_connected(session: Session, row: VendorConnection, *, by: str, now: datetime) -> None:
    """Keep that a vendor was connected, or connected again, and by which way."""
    way = WAYS.get(row.kind, "by user and password")
    record_act(session, row.account_id, who=by, act="connected", subject=_named(row), after=way,
               now=now)  # fmt: skip


def record_disconnected(session: Session, row: VendorConnection, *, by: str, now: datetime) -> None:
    """Keep that a vendor was disconnected."""
    record_act(session, row.account_id, who=by, act="disconnected", subject=_named(row), now=now)


def _named(row: VendorConnection) -> str:
    account = f" account {row.vendor_account}" if row.vendor_account else ""
    return f"{WRITTEN[row.vendor]}{account}"

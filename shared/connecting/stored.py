"""A connection's row with its credentials opened, and whether it may be used at all."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlmodel import Session

from shared.db.account_tables import Account, VendorConnection
from shared.errors import ConnectionBroken, OurTrouble
from shared.secrets import SecretBox

BRIGHTPEARL = "brightpearl"
SHIPHERO = "shiphero"
WRITTEN = {BRIGHTPEARL: "Brightpearl", SHIPHERO: "ShipHero"}

# How we reach a vendor, in the column `kind`; "" once a person disconnected it.
OAUTH, PRIVATE_APP, USER = "oauth", "private_app", "user"
# A 3PL has to say for which of its customers we act; until then nothing may be sent.
CHOOSING_CUSTOMER = "choosing_customer"


@dataclass(frozen=True, kw_only=True)
class Stored:
    """A connection as stored, its credentials opened."""

    account_id: UUID
    vendor: str
    vendor_account: str
    base_url: str
    kind: str
    version: int
    expires_at: datetime | None
    updated_at: datetime
    secrets: dict[str, str] = field(repr=False)

    @property
    def is_complete(self) -> bool:
        """Whether all is known that a call needs; a 3PL's customer may still have to be chosen."""
        return self.kind != CHOOSING_CUSTOMER


def opened(row: VendorConnection, box: SecretBox) -> Stored:
    """Open a row's credentials; raises OurTrouble when none of our keys fits."""
    try:
        secrets = box.open_mapping(row.credentials)
    except ValueError as error:
        raise OurTrouble(f"{row.vendor}: {error}") from error
    return Stored(
        account_id=row.account_id,
        vendor=row.vendor,
        vendor_account=row.vendor_account,
        base_url=row.base_url,
        kind=row.kind,
        version=row.credentials_version,
        expires_at=row.expires_at,
        updated_at=row.updated_at,
        secrets=secrets,
    )


def is_connected(row: VendorConnection | None) -> bool:
    """Tell whether there are credentials; they may be refused ones."""
    return row is not None and row.credentials != ""


def usable(row: VendorConnection | None, vendor: str) -> VendorConnection:
    """Give the row back; raises ConnectionBroken where nothing may be sent with it."""
    written = WRITTEN[vendor]
    if row is None or not is_connected(row):
        version = 0 if row is None else row.credentials_version
        again = "yet" if row is None else "any more"
        raise ConnectionBroken(
            f"{written} is not connected {again}; connect it on the page Connections.",
            vendor=vendor,
            version=version,
        )
    if row.kind == CHOOSING_CUSTOMER:
        raise ConnectionBroken(
            f"{written} belongs to a 3PL; choose the customer account on the page Connections.",
            vendor=vendor,
            version=row.credentials_version,
        )
    if row.broken_since is not None:
        raise ConnectionBroken(
            f"{written} has refused our credentials since {row.broken_since:%d %b %H:%M} UTC; "
            "reconnect the account.",
            vendor=vendor,
            version=row.credentials_version,
        )
    return row


def locked(session: Session, account_id: UUID, vendor: str) -> VendorConnection | None:
    """Lock the account's row, then the connection's, in the order that a hold locks them in."""
    # A hold locks the account, then its event, then the connection: the same order everywhere, or
    # two could wait for each other.
    lock_account(session, account_id)
    return session.get(
        VendorConnection, (account_id, vendor), with_for_update=True, populate_existing=True
    )


def lock_account(session: Session, account_id: UUID) -> Account:
    """Lock the account's row for a change of what holds are judged by."""
    return session.get_one(
        Account, account_id, with_for_update={"key_share": True}, populate_existing=True
    )

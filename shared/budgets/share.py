"""How much of what a vendor allows an account is ours, in percent."""

from uuid import UUID

from sqlmodel import Session

from shared.db.account_tables import Account, VendorConnection

# An OAuth app has a pool of its own; all private apps of an account share one (contract §4).
OF_OUR_OWN_POOL = 95
OF_A_SHARED_POOL = 50
# The bucket at ShipHero is shared by everything that uses the account: a reserve is left.
OF_SHIPHERO = 90


def share_of(session: Session, account_id: UUID, vendor: str) -> int:
    """Give the account's own setting, else what suits its kind of connection."""
    account = session.get_one(Account, account_id)
    if vendor == "shiphero":
        return account.shiphero_share or OF_SHIPHERO
    connection = session.get(VendorConnection, (account_id, vendor))
    is_oauth = connection is not None and connection.kind == "oauth"
    return account.brightpearl_share or (OF_OUR_OWN_POOL if is_oauth else OF_A_SHARED_POOL)

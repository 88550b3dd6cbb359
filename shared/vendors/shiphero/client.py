"""The ShipHero client: every call of one account, usable in a Python shell."""

from shared.vendors.calls import Watch
from shared.vendors.http import Patience, VendorHttp
from shared.vendors.shiphero.account import AccountCalls
from shared.vendors.shiphero.api import receipt
from shared.vendors.shiphero.orders import Orders
from shared.vendors.shiphero.products import Products

VENDOR = "shiphero"


class ShipHero(Orders, Products, AccountCalls):
    """Speaks ShipHero's GraphQL API for one account; may be shared by threads.

    Every call may raise Transient, Throttled, Permanent and ConnectionBroken; a mutation that is
    not repeatable also UnknownOutcome.
    """


def shiphero_http(watch: Watch | None = None, *, patience: Patience | None = None) -> VendorHttp:
    """Open the way to ShipHero, one for all accounts of a process."""
    return VendorHttp(VENDOR, receipt=receipt, watch=watch, patience=patience or Patience())

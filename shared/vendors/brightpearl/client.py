"""The Brightpearl client: every call of one account, usable in a Python shell."""

from shared.vendors.brightpearl.account import Account
from shared.vendors.brightpearl.api import receipt
from shared.vendors.brightpearl.notes import Notes
from shared.vendors.brightpearl.orders import Orders
from shared.vendors.brightpearl.search import Search
from shared.vendors.brightpearl.shipping import Shipping
from shared.vendors.calls import Watch
from shared.vendors.http import Patience, VendorHttp

VENDOR = "brightpearl"


class Brightpearl(Notes, Shipping, Orders, Search, Account):
    """Speaks Brightpearl's REST API for one account; may be shared by threads.

    Every call may raise Transient, Throttled, Permanent and ConnectionBroken; a call that is not
    repeatable also UnknownOutcome.
    """


def brightpearl_http(watch: Watch | None = None, *, patience: Patience | None = None) -> VendorHttp:
    """Open the way to Brightpearl, one for all accounts of a process."""
    return VendorHttp(VENDOR, receipt=receipt, watch=watch, patience=patience or Patience())

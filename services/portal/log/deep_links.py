"""Where a person mends what a reason names: the field itself, in the portal or at a vendor."""

import re
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit
from uuid import UUID

from flask import current_app, url_for
from sqlmodel import Session

from services.portal.frame.access import may, need_of
from services.portal.frame.mending import PLACES
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.db.account_tables import VendorConnection
from shared.vendors.brightpearl.hosts import DATA_CENTRES

# Neither vendor promises these addresses: they are what public integrations of others link to, and
# no document of the vendors confirms them. A vendor that we reach elsewhere gets no link at all.
BRIGHTPEARL_ORDER: Final = (
    "https://{data_centre}.brightpearlapp.com/patt-op.php?scode=invoice&oID={id}"
)
SHIPHERO_ORDER: Final = "https://app.shiphero.com/dashboard/orders/details/{id}"
SHIPHERO_HOST: Final = "public-api.shiphero.com"
# What an id of ShipHero's says when it is decoded (contract section 2).
_ORDER_NUMBER = re.compile(rb"Order:(\d+)")
UNPROMISED: Final = "{} does not promise this address; it may lead to its start page."


@dataclass(frozen=True, kw_only=True)
class DeepLink:
    """A link to where something is mended or seen; `hint` says what is not certain about it."""

    label: str
    address: str
    hint: str = ""

    @property
    def leaves(self) -> bool:
        """Whether it leads out of the portal."""
        return self.address.startswith("https://")


@dataclass(frozen=True, kw_only=True)
class VendorPages:
    """The vendors' own pages for one account, as far as their addresses are known."""

    data_centre: str = ""  # Brightpearl's
    is_shiphero: bool = False

    def sales_order(self, order_id: int | None) -> DeepLink | None:
        """Link to a sales order in Brightpearl."""
        if not self.data_centre or not order_id:
            return None
        address = BRIGHTPEARL_ORDER.format(data_centre=self.data_centre, id=order_id)
        return _out("Sales order in Brightpearl", address, "Brightpearl")

    def order(self, legacy_id: int | None) -> DeepLink | None:
        """Link to an order in ShipHero by the number that its pages go by."""
        if not self.is_shiphero or not legacy_id:
            return None
        return _out("Order in ShipHero", SHIPHERO_ORDER.format(id=legacy_id), "ShipHero")

    def order_with_id(self, shiphero_order_id: str) -> DeepLink | None:
        """Link to an order in ShipHero by the id that its interface gives."""
        return self.order(_number_in(shiphero_order_id))


def vendor_pages(session: Session, account_id: UUID) -> VendorPages:
    """Read which of the vendors' pages we can name for an account."""
    brightpearl = session.get(VendorConnection, (account_id, BRIGHTPEARL))
    shiphero = session.get(VendorConnection, (account_id, SHIPHERO))
    host = urlsplit(brightpearl.base_url).hostname or "" if brightpearl else ""
    data_centre, _, rest = host.partition(".")
    own = data_centre in DATA_CENTRES and rest.startswith("brightpearl")
    return VendorPages(
        data_centre=data_centre if own else "",
        is_shiphero=shiphero is not None and urlsplit(shiphero.base_url).hostname == SHIPHERO_HOST,
    )


def field_of(code: str, causes: Sequence[str] = ()) -> DeepLink | None:
    """Link to the field in the portal that mends a reason; `causes` name what holds wait for.

    None where there is no such page, or the person may not see it.
    """
    if code not in PLACES:
        return None
    place = PLACES[code]
    need = need_of(current_app, place.endpoint)
    if need is None or not may(need):
        return None
    named = next((cause.partition(":")[2] for cause in causes if cause.startswith(f"{code}:")), "")
    anchor = place.anchor_of(quote(named, safe=""))
    return DeepLink(label=place.field, address=url_for(place.endpoint, _anchor=anchor or None))


def _number_in(shiphero_order_id: str) -> int | None:
    try:
        found = _ORDER_NUMBER.fullmatch(b64decode(shiphero_order_id, validate=True))
    except ValueError:
        return None
    return int(found[1]) if found else None


def _out(label: str, address: str, vendor: str) -> DeepLink:
    return DeepLink(label=label, address=address, hint=UNPROMISED.format(vendor))

"""What ShipHero makes of a shipping address: checked in the US, and written its own way."""

import re
import zlib
from collections.abc import Mapping
from typing import Any

from sandbox.world import World

_US = {"US", "USA", "UNITED STATES"}
_ZIP = re.compile(r"\d{5}(-\d{4})?")
_RAISED = ("address1", "address2", "city", "state", "zip")


def is_doubtful(wanted: Mapping[str, Any]) -> bool:
    """Tell whether an order gets an address hold: US addresses are validated (section 6)."""
    is_free = wanted.get("skip_address_validation") or wanted.get(
        "ignore_address_validation_errors"
    )
    address = wanted.get("shipping_address") or {}
    return not is_free and _is_us(address) and not _is_good(address)


def normalised(world: World, wanted: Mapping[str, Any]) -> dict[str, Any] | None:
    """Give the shipping address as it is read back: capitals, and ZIP+4 in the US (section 8)."""
    address = wanted.get("shipping_address")
    if address is None or wanted.get("skip_address_validation"):
        return address
    whose = world.switches.now.normalise_addresses
    is_known = _is_us(address) and _is_good(address)
    if whose == "never" or not (is_known or whose == "all"):
        return dict(address)
    raised = {name: str(address[name]).upper() for name in _RAISED if address.get(name)}
    if is_known and "-" not in raised["zip"]:
        raised["zip"] += f"-{zlib.crc32(raised['address1'].encode()) % 9000 + 1000}"
    return {**address, **raised}


def _is_us(address: Mapping[str, Any]) -> bool:
    country = address.get("country_code") or address.get("country") or ""
    return str(country).upper() in _US


def _is_good(address: Mapping[str, Any]) -> bool:
    state = address.get("state_code") or address.get("state") or ""
    is_full = bool(address.get("address1") and address.get("city") and state)
    return is_full and _ZIP.fullmatch(address.get("zip") or "") is not None

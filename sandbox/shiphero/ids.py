"""ShipHero's ids: base64 of `Type:number`, and the number itself (contract section 2)."""

import base64
import binascii

from sandbox.shiphero.faults import INVALID, Refused


def global_id(kind: str, number: int) -> str:
    """Write an id as the API does."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def number_in(text: str, *kinds: str) -> int:
    """Read an id of one of these types; plain numbers are taken too, "for a period"."""
    if text.isdecimal():
        return int(text)
    try:
        kind, _, number = base64.b64decode(text, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Refused(f"Invalid id {text}", INVALID) from None
    if kind not in kinds or not number.isdecimal():
        raise Refused(f"Invalid id {text}", INVALID)
    return int(number)

"""Vendors' ids and our own numbers as they stand in an address or a form; pure."""

from typing import Final

from shared.db.columns import GREATEST_INTEGER

_DIGITS: Final = len(str(GREATEST_INTEGER))


def read_id(text: str) -> int | None:
    """Read an id; None for anything that is none, or that no column of ours holds."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _DIGITS
    return int(text) if is_number and int(text) <= GREATEST_INTEGER else None

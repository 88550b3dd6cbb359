"""A vendor's own words, made fit for our sentences: short, and without personal data."""

import re

LONGEST = 200  # characters kept of what a vendor said

_EMAIL = re.compile(r"[^\s@,;:'\"<>()]+@[^\s@,;:'\"<>()]+")
_SECRET = re.compile(r"[A-Za-z0-9+/_=.-]{33,}")  # longer than a SKU (32): a token or the like


def without_personal_data(said: str) -> str:
    """Cut to 200 characters, with mail addresses and long opaque runs masked."""
    one_line = " ".join(said.split())
    return _SECRET.sub("[…]", _EMAIL.sub("[e-mail]", one_line))[:LONGEST]

"""How ShipHero says no: HTTP 200 and flat `errors[]` with a `code` (contract section 4)."""

from typing import Any

INVALID = 3
NOT_FOUND = 5
SCOPE = 7
CREDITS = 30


class Refused(Exception):  # noqa: N818 - it is an answer, not a mistake of ours
    """A field is answered with an error; `code` None where the contract knows none."""

    def __init__(self, message: str, code: int | None = None, **more: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.more = more


def not_found(what: str) -> Refused:
    """Build the documented code 5, "Order not found"."""
    return Refused(f"{what} not found", NOT_FOUND)

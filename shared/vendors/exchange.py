"""The values of one HTTP exchange with a vendor: what is asked, and what came back."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from shared.vendors.calls import Allowance


class Effect(Enum):
    """What sending a request a second time would do, and so what losing its answer means."""

    READ = "read"
    REPEATABLE_WRITE = "repeatable write"
    SINGLE_WRITE = "single write"

    @property
    def safe_to_repeat(self) -> bool:
        """Whether a second request does no harm."""
        return self is not Effect.SINGLE_WRITE


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request to be made; credentials are added on the way and never shown.

    `cost` is set aside of `allowance` before each HTTP request: 1 at Brightpearl, the estimated
    credits at ShipHero.
    """

    operation: str
    method: str
    url: str
    effect: Effect
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes | None = field(default=None, repr=False)
    cost: int = 1
    allowance: Allowance | None = field(default=None, repr=False)


@dataclass(frozen=True, kw_only=True)
class Answer:
    """An answer, whatever its status; header names are matched in any case.

    `request_id` is the vendor's, "" when it gave none; `credentials_version` is of what it was
    asked with, None where that has no version.
    """

    status: int
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    body: bytes = field(default=b"", repr=False)
    request_id: str = ""
    credentials_version: int | None = None

    def header(self, name: str) -> str:
        """Look a header up; "" when it is not there."""
        wanted = name.lower()
        return next((value for key, value in self.headers.items() if key.lower() == wanted), "")

    def json(self) -> Any:
        """Read the body, numbers with a point as `Decimal`; ValueError when it is not JSON."""
        return json.loads(self.body, parse_float=Decimal, parse_constant=_refuse)


def _refuse(word: str) -> None:
    raise ValueError(f"{word} is no JSON number")

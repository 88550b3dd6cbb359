"""Credentials of one version, as a client proves itself with them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol


class Headers(Protocol):
    """What makes the headers out of credentials."""

    def headers(self) -> Mapping[str, str]:
        """Build the headers that prove who we are."""
        ...


@dataclass(frozen=True, kw_only=True)
class Proof:
    """An authentication that knows its version and where it holds.

    After a refusal `renew` gives what to repeat with: newer credentials, or these once more where
    none can be had, so that a single wrong refusal breaks no connection.
    """

    made_by: Headers = field(repr=False)
    base_url: str
    version: int
    renew: "Renew" = field(repr=False)

    def headers(self) -> Mapping[str, str]:
        """Build the headers that prove who we are."""
        return self.made_by.headers()

    def refreshed(self) -> "Proof":
        """Give what to repeat a refused request with."""
        return self.renew(self)


Renew = Callable[[Proof], Proof]


def once_more(refused: Proof) -> Proof:
    """Repeat with the same credentials: newer ones cannot be had."""
    return refused

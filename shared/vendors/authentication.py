"""Who we are at a vendor, as a value; and sending with it, refreshing once when it is refused."""

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from shared.vendors.exchange import Answer, Ask
from shared.vendors.http import VendorHttp

UNAUTHORIZED = 401


class Authentication(Protocol):
    """Credentials of one connection."""

    def headers(self) -> Mapping[str, str]:
        """Build the headers that prove who we are; never to be logged."""

    def refreshed(self) -> "Authentication | None":
        """Fetch and keep newer credentials; None when there is nothing newer to be had.

        Called by one thread at a time. Raises Transient or ConnectionBroken.
        """


class SignedHttp:
    """Send with credentials; on 401 refresh them once for all threads, and repeat once.

    Repeating is harmless even for a write: a refused request did nothing.
    """

    def __init__(self, http: VendorHttp, authentication: Authentication) -> None:
        self.http = http
        self._authentication = authentication
        self._refreshing = threading.Lock()

    def send(self, ask: Ask) -> Answer:
        """Send; a 401 that comes back is the second one in a row."""
        used = self._authentication
        answer = self.http.send(_signed(ask, used))
        if answer.status != UNAUTHORIZED:
            return answer
        newer = self._newer_than(used)
        return answer if newer is None else self.http.send(_signed(ask, newer))

    def _newer_than(self, used: Authentication) -> Authentication | None:
        with self._refreshing:
            if self._authentication is not used:
                return self._authentication  # another thread has refreshed meanwhile
            newer = used.refreshed()
            if newer is not None:
                self._authentication = newer
            return newer


def _signed(ask: Ask, authentication: Authentication) -> Ask:
    return replace(ask, headers={**ask.headers, **authentication.headers()})

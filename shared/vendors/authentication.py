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

    @property
    def base_url(self) -> str:
        """Where they hold, as a refresh may move the account; "" is where the client points."""
        ...

    @property
    def version(self) -> int | None:
        """Tell them from older and newer ones; None where there are no others."""
        ...

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

    def __init__(
        self, http: VendorHttp, authentication: Authentication, *, base_url: str = ""
    ) -> None:
        """`base_url` is what the addresses asked for begin with."""
        self.http = http
        self._authentication = authentication
        self._base_url = base_url
        self._refreshing = threading.Lock()

    def send(self, ask: Ask) -> Answer:
        """Send; a 401 that comes back is the second one in a row."""
        used = self._authentication
        answer = self._send(ask, used)
        if answer.status != UNAUTHORIZED:
            return answer
        newer = self._newer_than(used)
        return answer if newer is None else self._send(ask, newer)

    def _send(self, ask: Ask, proof: Authentication) -> Answer:
        url = ask.url
        if proof.base_url and self._base_url:
            url = proof.base_url.rstrip("/") + url.removeprefix(self._base_url)
        signed = replace(ask, url=url, headers={**ask.headers, **proof.headers()})
        return replace(self.http.send(signed), credentials_version=proof.version)

    def _newer_than(self, used: Authentication) -> Authentication | None:
        with self._refreshing:
            if self._authentication is not used:
                return self._authentication  # another thread has refreshed meanwhile
            newer = used.refreshed()
            if newer is not None:
                self._authentication = newer
            return newer

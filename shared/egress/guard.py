"""Looks a name up, checks every answer, and connects to the very address that was checked.

A name that is looked up to be checked and once more to be connected can lead elsewhere the second
time; here nothing is looked up twice.
"""

import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError
from urllib3.util.connection import create_connection

from shared.egress.address import Rules
from shared.egress.networks import Address, read_address
from shared.vendors.bounded_reading import BoundedConnection, BoundedSecureConnection

# Of one name; further ones are not tried.
TRIED_AT_MOST: Final = 4
SHORTEST_TRY: Final = 0.1


class NameUnknown(NewConnectionError):  # noqa: N818 - its name is the sentence
    """The resolver has no address for the host."""


# Gives the IP addresses of a name, as texts; raises OSError.
LookUp = Callable[[str, int], Sequence[str]]


def look_up(host: str, port: int) -> Sequence[str]:
    """Ask the machine's resolver."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Connects where `rules` let it, within `connect` seconds, the look-up included."""

    rules: Rules
    connect: float
    look_up: LookUp = look_up

    def checked(self, scheme: str, host: str, port: int) -> Sequence[Address]:
        """Give the addresses of a host; raises AddressRefused when a single one is forbidden.

        Raises TimeoutError when the resolver takes too long, and what it raises itself.
        """
        addresses = [read_address(text) for text in self._look_up_in_time(host, port)]
        for address in addresses:
            self.rules.check(address, scheme=scheme)
        return addresses

    def open(self, connection: HTTPConnection, *, scheme: str) -> socket.socket:
        """Connect as urllib3 wants it, with its errors; AddressRefused passes through."""
        until = time.monotonic() + self.connect
        try:
            try:
                addresses = self.checked(scheme, connection.host, connection.port)
            except socket.gaierror as error:
                raise NameUnknown(connection, "no such name") from error
            return self._first_that_answers(connection, addresses[:TRIED_AT_MOST], until)
        except TimeoutError as error:
            raise ConnectTimeoutError(connection, "no connection in time") from error
        except OSError as error:
            raise NewConnectionError(connection, "no connection") from error

    def _first_that_answers(
        self, connection: HTTPConnection, addresses: Sequence[Address], until: float
    ) -> socket.socket:
        last: OSError = TimeoutError("no time was left to connect")
        for tried, address in enumerate(addresses):
            share = (until - time.monotonic()) / (len(addresses) - tried)
            if share < SHORTEST_TRY:
                break
            try:
                return create_connection(
                    (str(address), connection.port),
                    timeout=share,
                    socket_options=connection.socket_options,
                )
            except OSError as error:
                last = error
        raise last

    def _look_up_in_time(self, host: str, port: int) -> Sequence[str]:
        """Look up in a thread of its own: a resolver knows no timeout, and whose it is asks whom.

        A thread that is left behind ends when the resolver gives up.
        """
        found: list[Sequence[str] | OSError] = []

        def ask() -> None:
            try:
                found.append(self.look_up(host, port))
            except OSError as error:
                found.append(error)
            except UnicodeError as error:  # a name that is none to the resolver
                found.append(socket.gaierror(str(error)))

        thread = threading.Thread(target=ask, name="look_up", daemon=True)
        thread.start()
        thread.join(self.connect)
        if not found:
            raise TimeoutError("the name was not found in time")
        if isinstance(found[0], OSError):
            raise found[0]
        return found[0]


class GuardedAdapter(HTTPAdapter):
    """The adapter of requests whose every connection is opened by a guard; it knows no proxy."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(self, *given: object, **named: object) -> None:
        """Make the pools whose connections the guard opens."""
        super().init_poolmanager(*given, **named)  # type: ignore[arg-type]
        self.poolmanager.pool_classes_by_scheme = _pools(self._guard)

    def proxy_manager_for(self, *_given: object, **_named: object) -> None:
        """Refuse: a proxy would look the name up by itself."""
        raise AssertionError("a guarded address is never asked through a proxy")


def _pools(guard: Guard) -> dict[str, type[HTTPConnectionPool]]:
    class Connection(BoundedConnection):
        def _new_conn(self) -> socket.socket:
            return guard.open(self, scheme="http")

    class SecureConnection(BoundedSecureConnection):
        def _new_conn(self) -> socket.socket:
            return guard.open(self, scheme="https")

    class Pool(HTTPConnectionPool):
        ConnectionCls = Connection

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = SecureConnection

    return {"http": Pool, "https": SecurePool}

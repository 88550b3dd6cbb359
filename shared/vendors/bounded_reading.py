"""A deadline for a whole answer: sockets know a timeout only for each single read.

A vendor, or a proxy before it, that sends a byte now and then would hold a thread for as long as
it likes; with this, each read waits no longer than what is left of the answer's time.
"""

import io
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection

_until: ContextVar[float | None] = ContextVar("answer_until", default=None)


@contextmanager
def answer_within(seconds: float) -> Iterator[None]:
    """Give everything that is read inside, headers and body, so many seconds altogether.

    Reads beyond it raise what a read timeout raises.
    """
    reset = _until.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _until.reset(reset)


class BoundedAdapter(HTTPAdapter):
    """The adapter whose connections heed `answer_within`."""

    def init_poolmanager(self, *given: Any, **named: Any) -> None:
        """Make the pools of our connections."""
        super().init_poolmanager(*given, **named)
        self.poolmanager.pool_classes_by_scheme = _POOLS

    def proxy_manager_for(self, *given: Any, **named: Any) -> ProxyManager:
        """Make the pools of our connections to a proxy."""
        manager: ProxyManager = super().proxy_manager_for(*given, **named)
        manager.pool_classes_by_scheme = _POOLS
        return manager


class _BoundedSocket:
    """A connected socket, plain or TLS, whose reads end with the answer's time."""

    def __init__(self, inner: socket.socket) -> None:
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._inner, name)

    def makefile(self, *_mode: object, **_named: object) -> io.BufferedReader:
        """Give what http.client reads from; it is only ever read."""
        self._inner._io_refs += 1  # type: ignore[attr-defined]  # noqa: SLF001
        return io.BufferedReader(socket.SocketIO(self, "r"))  # type: ignore[arg-type]

    def recv_into(self, *given: Any, **named: Any) -> int:
        """Read, waiting for the usual timeout or for what is left of the answer's time."""
        until, usual = _until.get(), self._inner.gettimeout()
        if until is None:
            return self._inner.recv_into(*given, **named)
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long as a whole")
        self._inner.settimeout(left if usual is None else min(usual, left))
        try:
            return self._inner.recv_into(*given, **named)
        finally:
            self._inner.settimeout(usual)


class BoundedConnection(HTTPConnection):
    """A plain connection that heeds `answer_within`."""

    def connect(self) -> None:
        """Connect, and bound what is read from then on."""
        super().connect()
        self.sock = _BoundedSocket(self.sock)


class BoundedSecureConnection(HTTPSConnection):
    """A TLS connection that heeds `answer_within`."""

    def connect(self) -> None:
        """Connect, and bound what is read from then on."""
        super().connect()
        self.sock = _BoundedSocket(self.sock)


class _Pool(HTTPConnectionPool):
    ConnectionCls = BoundedConnection


class _SecurePool(HTTPSConnectionPool):
    ConnectionCls = BoundedSecureConnection


_POOLS = {"http": _Pool, "https": _SecurePool}

"""How to reach a broker through kombu, and which errors mean that it fails."""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

from kombu.connection import Connection
from kombu.exceptions import ChannelError, KombuError

from shared.messaging.filesystem_transport import FilesystemTransport
from shared.messaging.memory_transport import MemoryTransport
from shared.messaging.url import scheme_of

POLL_SECONDS = 0.05

# kombu publishes its types in part only; a connection is Any from here on.
Connect = Callable[[], Any]


def connector(url: str) -> Connect:
    """Say how to connect to `url`; ValueError for a filesystem URL without a folder."""
    location, _, query = url.partition("://")[2].partition("?")
    options = {key: values[0] for key, values in parse_qs(query).items()}
    poll = float(options.get("poll", POLL_SECONDS))
    if scheme_of(url) == "memory":
        return lambda: _connection(
            transport=MemoryTransport,
            transport_options={"room": location, "polling_interval": poll},
        )
    if scheme_of(url) == "filesystem":
        if not location:
            raise ValueError("A filesystem broker's URL names a folder: filesystem://var/broker.")
        return lambda: _connection(
            transport=FilesystemTransport,
            transport_options={"folder": location, "polling_interval": poll},
        )
    return lambda: _connection(url)


def _connection(*url: str, **options: Any) -> Any:
    return Connection(*url, **options)  # type: ignore[no-untyped-call]


def errors_of(connection: Any) -> tuple[type[BaseException], ...]:
    """List what a transport raises when its server, disk or network fails."""
    return (
        *connection.connection_errors,
        *connection.channel_errors,
        ChannelError,
        KombuError,
        OSError,
    )

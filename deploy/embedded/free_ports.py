"""Free TCP ports for systems and servers that run beside others."""

import os
import socket
from collections.abc import Iterator

from deploy.embedded.parts import Ports

# Below what Linux gives to outgoing connections (32768 and up): whoever stops and starts again
# on its port finds it taken by none of them.
LOWEST, HIGHEST = 20_000, 32_767


def free_ports() -> Ports:
    """Choose free ports, for a system that runs beside others."""
    return Ports(**{name: free_port() for name in Ports.__dataclass_fields__})


def free_port() -> int:
    """Find a TCP port of 127.0.0.1 that nobody listens on, each time another."""
    return next(port for port in _PORTS if _is_free(port))


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _in_turn() -> Iterator[int]:
    # Processes that choose at the same moment begin at different places.
    span = HIGHEST - LOWEST + 1
    at = int.from_bytes(os.urandom(4)) % span
    while True:
        yield LOWEST + at
        at = (at + 1) % span


_PORTS = _in_turn()

"""kombu's memory transport, for tests: its messages come back when a consumer closes."""

import queue
from typing import Any

from kombu.transport import memory, virtual

# Queues by the room that the URL names, so that two tests do not read each other's messages.
_rooms: dict[str, dict[str, queue.Queue[Any]]] = {}


class MemoryChannel(memory.Channel):
    """A channel whose queues are shared by all of the transport option `room`."""

    do_restore = True

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)  # type: ignore[no-untyped-call]
        self.queues = _rooms.setdefault(connection.client.transport_options["room"], {})

    def _restore(self, message: virtual.Message) -> None:
        message.delivery_info["redelivered"] = True
        super()._restore(message)  # type: ignore[no-untyped-call]


class MemoryTransport(memory.Transport):
    """The transport to give to `kombu.Connection`, with `room` among its options."""

    Channel = MemoryChannel

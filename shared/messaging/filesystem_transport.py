"""kombu's filesystem transport, made safe for several processes.

kombu's own writes messages under their final name, reads without a lock, keeps its bindings in
a file that concurrent declarations corrupt, and works through the system's temporary folder.
Here a queue is a `Spool` below one folder, and nothing else is kept: Goodsout publishes straight
to the queue, so there is no table of bindings to rewrite.
"""

import json
from pathlib import Path
from queue import Empty
from typing import Any, NoReturn

import structlog
from kombu.exceptions import ChannelError
from kombu.transport import filesystem, virtual

from shared.messaging.spool import Held, Spool, Taken
from shared.messaging.topology import DEAD_SUFFIX, DELIVERY_LIMIT, dead_letters_of

log = structlog.get_logger()


class FilesystemQoS(virtual.QoS):
    """kombu's list of unacknowledged messages, with their files kept until they are settled."""

    def ack(self, delivery_tag: str) -> None:
        """Remove the message and its file."""
        super().ack(delivery_tag)  # type: ignore[no-untyped-call]
        self.channel.finish(delivery_tag)

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:  # noqa: FBT001, FBT002 - kombu's signature
        """Put the message back, or among the queue's dead letters."""
        if not requeue:
            self.channel.bury(delivery_tag)
        super().reject(delivery_tag, requeue)  # type: ignore[no-untyped-call]


class FilesystemChannel(filesystem.Channel):
    """A channel whose queues are folders below the transport option `folder`."""

    QoS = FilesystemQoS

    def __init__(self, connection: Any, **options: Any) -> None:
        super().__init__(connection, **options)  # type: ignore[no-untyped-call]
        self._folder = Path(self.transport_options["folder"])
        self._spools: dict[str, Spool] = {}
        # The delivery tag of a message in hand is its file.
        self._in_hand: dict[str, str] = {}

    def close(self) -> None:
        """Give back what is unacknowledged; kombu calls `_restore` for each first."""
        super().close()  # type: ignore[no-untyped-call]
        for spool in self._spools.values():
            spool.close()

    def finish(self, delivery_tag: str) -> None:
        """Remove the file of an acknowledged message."""
        if queue := self._in_hand.pop(delivery_tag, None):
            self._spool(queue).finish(Path(delivery_tag))

    def bury(self, delivery_tag: str) -> None:
        """Move a message in hand to the dead letters of its queue."""
        if queue := self._in_hand.pop(delivery_tag, None):
            self._spool(dead_letters_of(queue)).receive(Path(delivery_tag))

    def held(self, queue: str) -> Held:
        """Say what consumers hold of a queue just now."""
        return self._spool(queue).held()

    def _spool(self, queue: str) -> Spool:
        if queue not in self._spools:
            self._spools[queue] = Spool(self._folder / queue)
        return self._spools[queue]

    def _new_queue(self, queue: str, **_options: Any) -> None:
        self._spool(queue).create()

    def _has_queue(self, queue: str, **_options: Any) -> bool:
        return self._spool(queue).exists

    def _put(self, queue: str, payload: dict[str, Any], **_options: Any) -> None:  # type: ignore[override]
        self._spool(queue).put(json.dumps(payload).encode())

    def _get(self, queue: str, timeout: float | None = None) -> dict[str, Any]:  # noqa: ARG002 - kombu's signature
        while taken := self._spool(queue).take():
            self._in_hand[str(taken.file)] = queue
            payload = _payload(taken)
            buried = queue.endswith(DEAD_SUFFIX)
            if payload is not None and (buried or taken.deliveries <= DELIVERY_LIMIT):
                return payload
            if buried:
                # It goes back to the dead letters when the channel closes.
                continue
            log.warning("broker.dead_letter", queue=queue, deliveries=taken.deliveries)
            self.bury(str(taken.file))
        raise Empty

    def _restore(self, message: virtual.Message) -> None:
        if queue := self._in_hand.pop(message.delivery_tag, None):
            self._spool(queue).give_back(Path(message.delivery_tag))

    def _purge(self, queue: str) -> int:
        return self._spool(queue).purge()

    def _size(self, queue: str) -> int:
        return self._spool(queue).size()

    def _queue_bind(self, exchange: str, *_rest: Any) -> NoReturn:
        raise ChannelError(f"Exchange {exchange!r}: publish to the queue, nothing is bound here.")


class FilesystemTransport(filesystem.Transport):
    """The transport to give to `kombu.Connection`, with `folder` among its options."""

    Channel = FilesystemChannel


def _payload(taken: Taken) -> dict[str, Any] | None:
    """Read a file; None when it is none of ours, as after a power cut."""
    try:
        payload: dict[str, Any] = json.loads(taken.content)
        properties = payload["properties"]
        properties["delivery_tag"] = str(taken.file)
        properties["delivery_info"]["redelivered"] = taken.deliveries > 0
    except (ValueError, KeyError, TypeError):
        return None
    return payload

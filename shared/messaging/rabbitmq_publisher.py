"""Publishes to RabbitMQ with a window of streaming confirms."""

import threading
import time
from collections.abc import Sequence
from functools import partial

from pika import BasicProperties, DeliveryMode, spec
from pika.channel import Channel
from pika.frame import Method

from shared.errors import OurTrouble
from shared.messaging.confirm_window import Batch, ConfirmWindow
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.protocol import Outgoing, PublishResult
from shared.messaging.rabbitmq_connection import RabbitConnection
from shared.messaging.topology import LIVE_EXCHANGE
from shared.messaging.url import without_secret

BLOCKED = "it accepts no messages while it is short of memory or disk"


class RabbitPublisher:
    """A Publisher; several threads may use it, their batches go out one after the other."""

    def __init__(self, url: str) -> None:
        self._shown_url = without_secret(url)
        self._why = "no connection was made yet"
        self._closed = False
        self._ready = threading.Event()
        self._window: ConfirmWindow | None = None
        self._connection = RabbitConnection(url, purpose="publisher", user=self)
        self._connection.start()

    def publish(self, messages: Sequence[Outgoing], *, timeout: float) -> Sequence[PublishResult]:
        """Publish all and wait for the confirms; see Publisher."""
        if not self._closed and not self._connection.is_alive:
            # Waiting would not bring it back; the process ends and is started anew.
            raise RuntimeError("The publisher's connection thread died of a bug.")
        deadline = time.monotonic() + timeout
        if not self._ready.wait(timeout):
            raise self._trouble()
        if not messages:
            return ()
        batch = Batch(messages)
        self._connection.call(partial(self._add, batch))
        results = batch.wait(deadline - time.monotonic())
        # Unconfirmed messages are sent again by the journal; only silence for all of them,
        # on a connection that is known to be down or blocked, is an outage.
        if not any(results) and not self._ready.is_set():
            raise self._trouble()
        return tuple(result or PublishResult.REFUSED for result in results)

    def close(self) -> None:
        """Release the connection."""
        self._closed = True
        self._connection.close()

    def opened(self, channel: Channel) -> None:
        """Turn confirms on; only a channel of this moment's window is ever published on."""
        window = ConfirmWindow(partial(_send, channel))
        channel.add_on_return_callback(partial(_on_return, window))
        channel.confirm_delivery(
            partial(_on_answer, window), callback=lambda _frame: self._open_for(window)
        )

    def lost(self, why: str) -> None:
        """Let whoever waits for a confirm go: the journal will send those again."""
        self._why = why
        self._ready.clear()
        if self._window is not None:
            self._window.abandon()
            self._window = None

    def blocked(self, is_blocked: bool) -> None:  # noqa: FBT001 - see ChannelUser
        """Send nothing more until the broker has room again."""
        if self._window is None:
            return
        self._window.paused = is_blocked
        if is_blocked:
            self._why = BLOCKED
            self._ready.clear()
        else:
            self._ready.set()
            self._window.pump()

    def _open_for(self, window: ConfirmWindow) -> None:
        self._window = window
        self._ready.set()

    def _add(self, batch: Batch) -> None:
        if self._window is None:
            batch.give_up()
        else:
            self._window.add(batch)

    def _trouble(self) -> OurTrouble:
        return OurTrouble(f"RabbitMQ at {self._shown_url} cannot be published to: {self._why}.")


def _send(channel: Channel, message: Outgoing) -> None:
    channel.basic_publish(
        LIVE_EXCHANGE.name,
        message.routing_key,
        message.body,
        BasicProperties(
            content_type=CONTENT_TYPE,
            delivery_mode=DeliveryMode.Persistent.value,
            message_id=message.message_id,
            headers=dict(message.headers) or None,
        ),
        mandatory=True,
    )


def _on_return(
    window: ConfirmWindow,
    _channel: Channel,
    method: spec.Basic.Return,
    properties: BasicProperties,
    _body: bytes,
) -> None:
    window.returned(routing_key=method.routing_key, message_id=properties.message_id or "")


def _on_answer(window: ConfirmWindow, frame: Method) -> None:
    answer = frame.method
    window.answered(
        answer.delivery_tag,
        multiple=answer.multiple,
        is_ack=isinstance(answer, spec.Basic.Ack),
    )

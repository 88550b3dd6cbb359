"""The one place that knows pika's SelectConnection: a connection that keeps itself alive.

It runs on a thread of its own, so heartbeats go on while a handler works. Its user is told when
a channel is there and when it is gone, and hands over work with `call`. pika 1.5's thread-safe
`Connection` can take this class's place without its users noticing.
"""

import os
import random
import threading
import time
from collections.abc import Callable
from typing import Protocol

import structlog
from pika import SelectConnection, URLParameters
from pika.adapters.select_connection import IOLoop
from pika.adapters.utils.connection_workflow import (
    AMQPConnectionWorkflowFailed,
    AMQPConnectorPhaseErrorBase,
)
from pika.channel import Channel

from shared.messaging.url import without_secret

# https://www.rabbitmq.com/docs/heartbeats: 5 to 20 s is best; less gives false alarms.
HEARTBEAT_SECONDS = 15
CONNECT_SECONDS = 5
FIRST_PAUSE = 0.1
LONGEST_PAUSE = 3.0
# A connection that held this long was no failed attempt: the pauses start small again.
STEADY_SECONDS = 5.0
GOODBYE_SECONDS = 3.0

log = structlog.get_logger()


class ChannelUser(Protocol):
    """Whoever works on the channel; every method is called on the connection's thread."""

    def opened(self, channel: Channel) -> None:
        """Begin: a fresh channel is open."""
        ...

    def lost(self, why: str) -> None:
        """Forget the channel, if there was one. Called for every failed attempt too."""
        ...

    def blocked(self, is_blocked: bool) -> None:  # noqa: FBT001 - pika tells it in two callbacks
        """Stop or resume publishing: the broker is short of memory or disk."""
        ...


def parameters_from(url: str, *, purpose: str) -> URLParameters:
    """Read an AMQP URL; ValueError when it is none. `?heartbeat=` and the like are kept."""
    parameters = URLParameters(url)
    if "heartbeat=" not in url.partition("?")[2]:
        parameters.heartbeat = HEARTBEAT_SECONDS
    parameters.socket_timeout = CONNECT_SECONDS
    parameters.stack_timeout = 2 * CONNECT_SECONDS
    # Our own pauses, with jitter, so that a hundred processes do not return in one second.
    parameters.connection_attempts = 1
    parameters.client_properties = {"connection_name": f"goodsout {purpose} {os.getpid()}"}
    return parameters


def in_words(reason: BaseException) -> str:
    """Find what pika's error is about: a failed attempt comes wrapped three times."""
    while True:
        if isinstance(reason, AMQPConnectionWorkflowFailed):
            reason = reason.exceptions[-1]
        elif isinstance(reason, AMQPConnectorPhaseErrorBase):
            reason = reason.exception
        elif reason.args and isinstance(reason.args[0], BaseException):
            reason = reason.args[0]
        else:
            return str(reason) or type(reason).__name__


class RabbitConnection:
    """Connects, opens one channel, and does both again after any loss until it is closed."""

    def __init__(self, url: str, *, purpose: str, user: ChannelUser) -> None:
        self._parameters = parameters_from(url, purpose=purpose)
        self._user = user
        self._log = log.bind(broker=without_secret(url), purpose=purpose)
        self._loop = IOLoop()
        self._guard = threading.Lock()
        self._closing = False
        self._ended = False
        self._connection: SelectConnection | None = None
        self._why = ""
        self._was_lost = False
        self._pause = FIRST_PAUSE
        self._up_since: float | None = None
        self._thread = threading.Thread(target=self._run, name=f"rabbitmq-{purpose}", daemon=True)

    def start(self) -> None:
        """Begin connecting and return at once."""
        self._thread.start()

    @property
    def is_alive(self) -> bool:
        """Say whether the thread runs; it ends by `close` or by a bug, never by an outage."""
        return self._thread.is_alive()

    def call(self, work: Callable[[], None]) -> None:
        """Run `work` on the connection's thread soon; from any thread, nothing after `close`."""
        with self._guard:
            if not self._ended:
                self._loop.add_callback_threadsafe(work)

    def call_later(self, seconds: float, work: Callable[[], None]) -> None:
        """Run `work` after a while; on the connection's thread only."""
        self._loop.call_later(seconds, work)

    def drop(self, why: str) -> None:
        """Give up the present channel and connect afresh; on the connection's thread only."""
        self._why = self._why or why
        if self._connection is not None and self._connection.is_open:
            self._connection.close()

    def close(self) -> None:
        """Say goodbye to the broker, for `GOODBYE_SECONDS` at most, and end the thread."""
        self.call(self._say_goodbye)
        self._thread.join(timeout=GOODBYE_SECONDS + 1)

    def _run(self) -> None:
        try:
            self._connect()
            self._loop.start()
        finally:
            with self._guard:
                self._ended = True
                self._loop.close()
            self._user.lost("the connection was closed")

    def _connect(self) -> None:
        self._why = ""
        self._connection = SelectConnection(
            self._parameters,
            on_open_callback=self._on_open,
            on_open_error_callback=self._on_ended,
            on_close_callback=self._on_ended,
            custom_ioloop=self._loop,
        )

    def _on_open(self, connection: SelectConnection) -> None:
        self._up_since = time.monotonic()
        connection.add_on_connection_blocked_callback(lambda *_: self._on_blocked(True))
        connection.add_on_connection_unblocked_callback(lambda *_: self._on_blocked(False))
        connection.channel(on_open_callback=self._on_channel)

    def _on_blocked(self, is_blocked: bool) -> None:  # noqa: FBT001 - see ChannelUser.blocked
        self._log.warning("broker.blocked" if is_blocked else "broker.unblocked")
        self._user.blocked(is_blocked)

    def _on_channel(self, channel: Channel) -> None:
        # A consumer timeout or a wrong declaration closes the channel only. One way back for
        # every loss is worth more than the connection that could have been kept.
        channel.add_on_close_callback(lambda _channel, reason: self.drop(in_words(reason)))
        # The broker cancels a consumer whose queue was deleted or lost its leader.
        channel.add_on_cancel_callback(lambda _frame: self.drop("the broker cancelled us"))
        # The first connection is no news: every look at the queues' depths makes one.
        tell = self._log.info if self._was_lost else self._log.debug
        tell("broker.connected")
        self._user.opened(channel)

    def _on_ended(self, _connection: SelectConnection, reason: BaseException) -> None:
        self._connection = None
        if self._closing:
            self._loop.stop()
            return
        why = self._why or in_words(reason)
        self._was_lost = True
        self._user.lost(why)
        pause = self._next_pause()
        self._log.warning("broker.lost", why=why, retry_in=round(pause, 2))
        self._loop.call_later(pause, self._reconnect)

    def _reconnect(self) -> None:
        if not self._closing:
            self._connect()

    def _next_pause(self) -> float:
        held = self._up_since is not None and time.monotonic() - self._up_since > STEADY_SECONDS
        self._up_since = None
        base = FIRST_PAUSE if held else self._pause
        self._pause = min(LONGEST_PAUSE, base * 2)
        return base * random.uniform(0.5, 1.0)

    def _say_goodbye(self) -> None:
        self._closing = True
        if self._connection is None:
            self._loop.stop()
            return
        if self._connection.is_open:
            self._connection.close()
        # A broker that does not answer, or a connection half made, must not keep us.
        self._loop.call_later(GOODBYE_SECONDS, self._loop.stop)

"""Bookkeeping of published messages: which wait for their confirm, and what came of each.

Knows neither pika nor threads: the publisher's connection thread is its only caller, except for
`Batch.wait`, by which the publishing thread takes the results.
"""

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence

from shared.messaging.protocol import Outgoing, PublishResult

# Unconfirmed messages at once. Measured on a quorum queue: 200 reach 90 % of the rate, more than
# 2,000 only add waiting.
WINDOW = 2_000


class Batch:
    """The messages of one `publish` call and, by and by, their results in the same order."""

    def __init__(self, messages: Sequence[Outgoing]) -> None:
        self.messages = messages
        self.results: list[PublishResult | None] = [None] * len(messages)
        self.abandoned = False
        self._open = len(messages)
        self._done = threading.Event()

    def settle(self, index: int, result: PublishResult) -> None:
        """Note one message's result; the last one wakes the waiting thread."""
        self.results[index] = result
        self._open -= 1
        if self._open == 0:
            self._done.set()

    def give_up(self) -> None:
        """Wake the waiting thread although some messages have no result, and never will."""
        self.abandoned = True
        self._done.set()

    def wait(self, timeout: float) -> Sequence[PublishResult | None]:
        """Wait up to `timeout` s, then give what is known; nothing is sent of it afterwards."""
        self._done.wait(timeout)
        self.abandoned = True
        return tuple(self.results)


class ConfirmWindow:
    """Sends batches in order, at most `limit` messages ahead of the broker's confirms."""

    def __init__(self, send: Callable[[Outgoing], None], *, limit: int = WINDOW) -> None:
        """`send` publishes one message on a channel on which nothing was published before."""
        self._send = send
        self._limit = limit
        self._queue: deque[tuple[Batch, int]] = deque()
        self._outstanding: dict[int, tuple[Batch, int]] = {}
        self._last_sent = 0
        self._first_unsettled = 1
        # A returned message is told by its content, before its confirm is told by its number.
        self._returned: Counter[tuple[str, str]] = Counter()
        self.paused = False

    def add(self, batch: Batch) -> None:
        """Queue a batch and send what fits."""
        self._queue.extend((batch, index) for index in range(len(batch.messages)))
        self.pump()

    def pump(self) -> None:
        """Send until the window is full or nothing waits."""
        while self._queue and len(self._outstanding) < self._limit and not self.paused:
            batch, index = self._queue.popleft()
            if not batch.abandoned:
                self._last_sent += 1
                self._outstanding[self._last_sent] = (batch, index)
                self._send(batch.messages[index])

    def returned(self, *, routing_key: str, message_id: str) -> None:
        """Remember a message that found no queue; its confirm follows."""
        self._returned[routing_key, message_id] += 1

    def answered(self, number: int, *, multiple: bool, is_ack: bool) -> None:
        """Settle message `number`, or with `multiple` all up to it; then send more."""
        numbers = range(self._first_unsettled, number + 1) if multiple else (number,)
        for each in numbers:
            self._settle(each, is_ack=is_ack)
        if multiple:
            self._first_unsettled = max(self._first_unsettled, number + 1)
        self.pump()

    def abandon(self) -> None:
        """Give up everything queued or unconfirmed: the channel is gone."""
        for batch in {id(batch): batch for batch, _ in self._waiting()}.values():
            batch.give_up()
        self._queue.clear()
        self._outstanding.clear()

    def _waiting(self) -> Sequence[tuple[Batch, int]]:
        return (*self._outstanding.values(), *self._queue)

    def _settle(self, number: int, *, is_ack: bool) -> None:
        batch, index = self._outstanding.pop(number, (None, 0))
        if batch is None:
            return
        message = batch.messages[index]
        batch.settle(index, self._result(message, is_ack=is_ack))

    def _result(self, message: Outgoing, *, is_ack: bool) -> PublishResult:
        if self._returned:
            key = (message.routing_key, message.message_id)
            if self._returned[key] > 0:
                self._returned -= Counter([key])
                return PublishResult.RETURNED
        return PublishResult.CONFIRMED if is_ack else PublishResult.REFUSED

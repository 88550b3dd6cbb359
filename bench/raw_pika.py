"""The baseline for the relay: pika alone, streaming confirms, nothing else."""

import time
from typing import Any

import pika

WINDOW = 1000


class RawPublisher:
    """Publishes `count` bodies to one queue and waits for every confirm."""

    def __init__(self, url: str, exchange: str, routing_key: str, body: bytes, count: int) -> None:
        self._exchange, self._routing_key, self._body, self._count = (
            exchange, routing_key, body, count,
        )  # fmt: skip
        self._sent = self._confirmed = 0
        self._connection = pika.SelectConnection(
            pika.URLParameters(url), on_open_callback=self._opened
        )
        self._channel: Any = None

    def seconds(self) -> float:
        """Publish everything; gives how long it took, connecting not counted."""
        self._connection.ioloop.start()
        return self._ended - self._begun

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._on_channel)

    def _on_channel(self, channel: Any) -> None:
        self._channel = channel
        channel.confirm_delivery(self._on_confirm, callback=lambda _: self._begin())

    def _begin(self) -> None:
        self._begun = time.monotonic()
        self._fill()

    def _fill(self) -> None:
        properties = pika.BasicProperties(delivery_mode=2)
        while self._sent < self._count and self._sent - self._confirmed < WINDOW:
            self._channel.basic_publish(
                self._exchange, self._routing_key, self._body, properties, mandatory=True
            )
            self._sent += 1

    def _on_confirm(self, frame: Any) -> None:
        tag = frame.method.delivery_tag
        self._confirmed = tag if frame.method.multiple else self._confirmed + 1
        if self._confirmed >= self._count:
            self._ended = time.monotonic()
            self._connection.close()
            self._connection.ioloop.stop()
            return
        self._fill()

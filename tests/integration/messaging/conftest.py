"""Brokers, publishers and consumers that are closed when a test is over."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from shared.messaging.open import open_broker
from shared.messaging.protocol import Broker, Consumer, Publisher

OpenConsumer = Callable[..., Consumer]


@pytest.fixture(params=["rabbitmq", "filesystem", "memory"])
def broker_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "rabbitmq":
        url: str = request.getfixturevalue("broker_url_rabbitmq")
        return url
    if request.param == "filesystem":
        return f"filesystem://{tmp_path}/broker"
    return f"memory://{tmp_path.name}"


@pytest.fixture
def broker(broker_url: str) -> Broker:
    broker = open_broker(broker_url)
    broker.declare()
    return broker


@pytest.fixture
def publisher(broker: Broker) -> Iterator[Publisher]:
    with closing(broker.publisher()) as publisher:
        yield publisher


@pytest.fixture
def open_consumer(broker: Broker) -> Iterator[OpenConsumer]:
    """Open consumers of one queue; `prefetch` is 100 unless a test is about it."""
    with ExitStack() as until_the_end:

        def open_one(queue: str, *, prefetch: int = 100) -> Consumer:
            consumer = broker.consumer(queue, prefetch=prefetch)
            return until_the_end.enter_context(closing(consumer))

        yield open_one

"""Broker URLs: chosen by scheme, shown without their secrets."""

import pytest

from shared.messaging.open import open_broker
from shared.messaging.rabbitmq import RabbitBroker
from shared.messaging.url import without_secret
from shared.messaging.virtual import VirtualBroker


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("amqp://goodsout:p%40ss@rabbit:5672/%2F", "amqp://goodsout:***@rabbit:5672/%2F"),
        ("amqp://user:a@b@rabbit/vhost?heartbeat=5", "amqp://user:***@rabbit/vhost"),
        ("redis://:secret@host:6379/0", "redis://:***@host:6379/0"),
        ("redis://secret@host/0", "redis://***@host/0"),
        ("redis://host/0?password=secret", "redis://host/0"),
        ("filesystem://var/broker", "filesystem://var/broker"),
        ("filesystem:///srv/broker", "filesystem:///srv/broker"),
        ("amqp://user:secret@[broken/", "amqp://user:***@[broken/"),
        ("amqp://user:un/escaped@rabbit/", "amqp://user:***@rabbit/"),
        ("secret", "***"),
    ],
)
def test_a_url_is_shown_without_its_secret(url: str, shown: str) -> None:
    assert without_secret(url) == shown


@pytest.mark.parametrize("url", ["amqp://host", "amqps://user:secret@host/vhost?heartbeat=10"])
def test_rabbitmq_is_spoken_to_by_our_own_client(url: str) -> None:
    assert isinstance(open_broker(url), RabbitBroker)


@pytest.mark.parametrize(
    "url", ["filesystem://var/broker", "memory://", "redis://host/0", "sqs://"]
)
def test_every_other_broker_goes_through_kombu(url: str) -> None:
    assert isinstance(open_broker(url), VirtualBroker)


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("", "unknown scheme ''"),
        ("rabbit", "unknown scheme ''"),
        ("http://user:secret@host", "unknown scheme 'http'; use amqp://"),
        ("pyamqp://user:secret@host", "unknown scheme 'pyamqp'"),
        ("filesystem://", "names a folder"),
        ("filesystem://var/broker?poll=often", "cannot be used"),
        ("amqp://user:secret@host:port/", "cannot be used"),
    ],
)
def test_a_url_that_cannot_be_used_is_explained_without_its_secret(url: str, fault: str) -> None:
    with pytest.raises(ValueError, match=fault) as error:
        open_broker(url)

    assert "secret" not in str(error.value)

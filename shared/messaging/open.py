"""Chooses the broker by the scheme of its URL."""

from kombu.transport import TRANSPORT_ALIASES

from shared.messaging.protocol import Broker
from shared.messaging.rabbitmq import RabbitBroker
from shared.messaging.url import scheme_of, without_secret
from shared.messaging.virtual import VirtualBroker

RABBITMQ_SCHEMES = frozenset({"amqp", "amqps"})
# kombu's ways to RabbitMQ and its like: their confirms can hang or be lost, ours cannot.
NOT_THROUGH_KOMBU = frozenset({"amqp", "amqps", "pyamqp", "librabbitmq", "qpid", "confluentkafka"})
THROUGH_KOMBU = frozenset(TRANSPORT_ALIASES) - NOT_THROUGH_KOMBU


def open_broker(url: str) -> Broker:
    """Give the broker that `BROKER_URL` names; ValueError with a sentence when there is none.

    Nothing is connected yet: `check` tells whether it can be reached.
    """
    scheme = scheme_of(url)
    shown = without_secret(url)
    try:
        if scheme in RABBITMQ_SCHEMES:
            return RabbitBroker(url)
        if scheme in THROUGH_KOMBU:
            return VirtualBroker(url)
    except ValueError as error:
        raise ValueError(f"BROKER_URL {shown} cannot be used: {error}") from None
    known = ", ".join(f"{name}://" for name in ("amqp", "amqps", "filesystem", "memory", "redis"))
    raise ValueError(
        f"BROKER_URL {shown} has an unknown scheme {scheme!r}; use {known} "
        "or another transport of kombu."
    )

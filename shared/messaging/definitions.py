"""The topology as RabbitMQ's own definitions, for a broker that makes it before anyone connects.

https://www.rabbitmq.com/docs/definitions
"""

from typing import Any

from shared.messaging.topology import TOPOLOGY

USUAL_HOST = "/"


def definitions(*, virtual_host: str = USUAL_HOST) -> dict[str, Any]:
    """Give what `load_definitions` reads: the virtual host, exchanges, queues and bindings.

    Neither users nor policies: those are the operator's.
    """
    return {
        "vhosts": [{"name": virtual_host}],
        "exchanges": [
            {
                "name": spec.name,
                "vhost": virtual_host,
                "type": spec.kind,
                "durable": True,
                "auto_delete": False,
                "internal": False,
                "arguments": {},
            }
            for spec in TOPOLOGY.exchanges
        ],
        "queues": [
            {
                "name": spec.name,
                "vhost": virtual_host,
                "durable": True,
                "auto_delete": False,
                "arguments": dict(spec.arguments),
            }
            for spec in TOPOLOGY.queues
        ],
        "bindings": [
            {
                "source": spec.exchange,
                "vhost": virtual_host,
                "destination": spec.name,
                "destination_type": "queue",
                "routing_key": spec.pattern,
                "arguments": {},
            }
            for spec in TOPOLOGY.queues
        ],
    }

"""Rates and unacknowledged messages as RabbitMQ's management plugin tells them.

https://www.rabbitmq.com/docs/http-api-reference
"""

from collections.abc import Mapping
from typing import Final
from urllib.parse import quote, unquote, urlsplit

import requests
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from shared.errors import OurTrouble
from shared.messaging.url import without_secret

SECONDS: Final = 3.0


class _Reading(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore")


class _Rate(_Reading):
    rate: float = 0.0


class _Stats(_Reading):
    publish_details: _Rate = _Rate()
    deliver_get_details: _Rate = _Rate()
    ack_details: _Rate = _Rate()


class QueueRates(_Reading):
    """One queue by its name; rates are messages a second."""

    name: str
    messages_unacknowledged: int = 0
    consumers: int = 0
    message_stats: _Stats = _Stats()

    @property
    def published(self) -> float:
        """Messages that come in."""
        return self.message_stats.publish_details.rate

    @property
    def acknowledged(self) -> float:
        """Messages that are done."""
        return self.message_stats.ack_details.rate


_QUEUES: Final = TypeAdapter(tuple[QueueRates, ...])


def read_rates(management_url: str, broker_url: str) -> Mapping[str, QueueRates]:
    """Give every queue of the broker's virtual host by its name; raises OurTrouble."""
    where = urlsplit(management_url)
    host = quote(_virtual_host(broker_url), safe="")
    port = f":{where.port}" if where.port else ""
    address = f"{where.scheme}://{where.hostname}{port}{where.path.rstrip('/')}/api/queues/{host}"
    try:
        with requests.Session() as session:
            # Neither a proxy nor a .netrc of the machine is asked.
            session.trust_env = False
            if where.username:
                session.auth = unquote(where.username), unquote(where.password or "")
            answer = session.get(address, timeout=SECONDS, allow_redirects=False)
        answer.raise_for_status()
        queues = _QUEUES.validate_json(answer.content)
    except (requests.RequestException, ValidationError) as error:
        raise OurTrouble(
            f"RabbitMQ's management at {without_secret(management_url)} does not tell rates: "
            f"{type(error).__name__}."
        ) from error
    return {queue.name: queue for queue in queues}


def _virtual_host(broker_url: str) -> str:
    # As pika reads it: no path at all, or a lone slash, is the default one.
    return unquote(urlsplit(broker_url).path[1:]) or "/"

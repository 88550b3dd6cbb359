"""RabbitMQ makes the whole topology from its definitions, before anyone of ours connects."""

import http.client
import json

import pytest

from shared.messaging.definitions import definitions
from shared.messaging.open import open_broker
from tests.servers.rabbitmq import Management


@pytest.fixture
def broker_url(broker_url_rabbitmq: str) -> str:
    return broker_url_rabbitmq


def test_what_is_imported_is_what_would_be_declared(
    broker_url: str, rabbitmq_management: Management
) -> None:
    told = json.dumps(definitions(virtual_host=broker_url.rpartition("/")[2]))

    status = rabbitmq_management.call("POST", "/api/definitions", told)

    assert status == http.client.NO_CONTENT
    broker = open_broker(broker_url)
    broker.check()
    broker.declare()  # refused where a single argument differs

"""Rates as RabbitMQ's management tells them, read with distrust."""

import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from shared.errors import OurTrouble
from shared.messaging.rabbitmq_management import read_rates

# As RabbitMQ 3.10 answers, shortened.
QUEUES = [
    {
        "name": "notifier",
        "vhost": "go/odsout",
        "messages_ready": 3,
        "messages_unacknowledged": 7,
        "consumers": 2,
        "message_stats": {
            "publish": 100,
            "publish_details": {"rate": 4.2},
            "deliver_get_details": {"rate": 4.0},
            "ack_details": {"rate": 3.8},
        },
    },
    {"name": "notifier.dead", "vhost": "go/odsout", "messages_unacknowledged": 0, "consumers": 0},
]


@dataclass
class Management:
    """A server that answers with `body` and remembers what was asked, and by whom."""

    body: str = json.dumps(QUEUES)
    status: int = 200
    asked: list[tuple[str, str]] = field(default_factory=list)

    def answer(self, request: Request) -> Response:
        """Answer one request."""
        asked = request.environ["REQUEST_URI"], request.headers.get("Authorization", "")
        self.asked.append(asked)
        return Response(self.body, status=self.status)


@pytest.fixture
def management() -> Management:
    return Management()


@pytest.fixture
def port(management: Management) -> Iterator[int]:
    server = make_server("127.0.0.1", 0, Request.application(management.answer))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


def test_rates_are_read_for_the_virtual_host(management: Management, port: int) -> None:
    rates = read_rates(f"http://ops:p%40ss@127.0.0.1:{port}/", "amqp://x@host/go%2Fodsout")

    told = rates["notifier"]
    assert (told.published, told.acknowledged) == (4.2, 3.8)
    assert (told.messages_unacknowledged, told.consumers) == (7, 2)
    assert rates["notifier.dead"].published == 0.0
    [(path, authorization)] = management.asked
    assert path == "/api/queues/go%2Fodsout"
    assert authorization == f"Basic {b64encode(b'ops:p@ss').decode()}"


@pytest.mark.parametrize(("status", "body"), [(401, "[]"), (200, "<html>"), (200, '[{"a": 1}]')])
def test_an_answer_that_tells_nothing_is_our_trouble_without_its_secret(
    management: Management, port: int, status: int, body: str
) -> None:
    management.status, management.body = status, body

    with pytest.raises(OurTrouble, match="does not tell rates") as trouble:
        read_rates(f"http://ops:hidden@127.0.0.1:{port}", "amqp://host")

    assert "hidden" not in str(trouble.value)

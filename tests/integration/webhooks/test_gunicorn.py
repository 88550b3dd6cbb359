"""The endpoint as it is served: real chunks, real lengths, behind gunicorn."""

import http.client
import os
import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from deploy.embedded.free_ports import free_port
from deploy.embedded.parts import GUNICORN
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, RECONCILIATION_REQUESTED
from tests.integration.webhooks.edge import MEGABYTE, PATHS, Edge, a_brightpearl_body
from tests.servers.processes import answers
from tests.waiting import until

ROOT = Path(__file__).parents[3]


@pytest.fixture
def port(sqlite_edge: Edge) -> Iterator[int]:
    """Serve order_ingest and give its port."""
    port = free_port()
    environment = {
        **os.environ,
        "DATABASE_URL": str(sqlite_edge.engine.url),
        "BROKER_URL": "memory://",
        "SECRET_KEYS": sqlite_edge.key,
        "KEEP_DEADLINE": "20",
    }
    served = subprocess.Popen(
        [*GUNICORN, "--bind", f"127.0.0.1:{port}", "services.order_ingest.app:app()"],
        cwd=ROOT, env=environment, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until(lambda: answers(port), within=30, what="gunicorn serves")
    yield port
    served.terminate()
    served.wait(30)


def send(port: int, chunks: Iterable[bytes]) -> int:
    """Post a body in chunks and give the answer's status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    path = f"/webhooks/brightpearl/{PATHS['brightpearl']}"
    connection.request("POST", path, body=iter(chunks), encode_chunked=True,
                       headers={"Transfer-Encoding": "chunked"})  # fmt: skip
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_body_in_chunks_is_kept_whole(port: int, sqlite_edge: Edge) -> None:
    body = a_brightpearl_body(id=",".join(map(str, range(1, 20_000))))

    status = send(port, [body[:10], body[10:50_000], body[50_000:]])

    assert status == 200
    [row] = sqlite_edge.rows()
    assert (row.name, row.payload) == (GOODS_OUT_NOTES_ANNOUNCED, {"body": body.decode()})


def test_a_body_that_grows_over_the_limit_in_chunks_starts_a_comparison(
    port: int, sqlite_edge: Edge
) -> None:
    status = send(port, [b"x" * MEGABYTE, b"x"])

    assert status == 413
    assert sqlite_edge.names() == [RECONCILIATION_REQUESTED]

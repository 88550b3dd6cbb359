"""What only the filesystem's broker does: several processes on one folder, and crashes."""

import signal
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from shared.messaging.open import open_broker
from shared.messaging.protocol import Broker, Publisher, PublishResult
from tests.integration.messaging.conftest import OpenConsumer
from tests.integration.messaging.messages import QUEUE, an_outgoing, take_one, until_depth

PRODUCERS = CONSUMERS = 8
EACH = 1250
BODY_BYTES = 3000

PRODUCER = """
import sys
from shared.messaging.open import open_broker
from shared.messaging.protocol import Outgoing, PublishResult

url, name, count, size = sys.argv[1:]
messages = [
    Outgoing(routing_key="notifier.x", message_id=f"{name}-{n}", body=b"x" * int(size))
    for n in range(int(count))
]
publisher = open_broker(url).publisher()
results = publisher.publish(messages, timeout=60)
publisher.close()
assert set(results) == {PublishResult.CONFIRMED}
"""

# Ends when nothing came for a while after its standard input was closed.
CONSUMER = """
import sys, threading
from shared.messaging.open import open_broker

url, size = sys.argv[1:]
finished = threading.Event()
threading.Thread(target=lambda: (sys.stdin.read(), finished.set()), daemon=True).start()
consumer = open_broker(url).consumer("notifier", prefetch=50)
while True:
    batch = consumer.take(up_to=50, wait=0.2, gather=0.01)
    if not batch and finished.is_set():
        break
    for message in batch:
        assert message.body == b"x" * int(size), "a partial message"
        print(message.message_id)
        consumer.ack(message)
consumer.close()
"""

HOLDER = """
import sys
from shared.messaging.open import open_broker

consumer = open_broker(sys.argv[1]).consumer("notifier", prefetch=10)
[message] = consumer.take(up_to=1, wait=30, gather=0)
print("took", message.message_id, flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=["filesystem"])
def broker_url(tmp_path: Path) -> str:
    return f"filesystem://{tmp_path}/broker"


def test_eight_producers_and_consumers_lose_nothing(broker: Broker, broker_url: str) -> None:
    consumers = [_run(CONSUMER, broker_url, str(BODY_BYTES)) for _ in range(CONSUMERS)]
    producers = [
        _run(PRODUCER, broker_url, str(number), str(EACH), str(BODY_BYTES))
        for number in range(PRODUCERS)
    ]

    produced = [producer.communicate(timeout=60) for producer in producers]
    consumed = [consumer.communicate(timeout=60) for consumer in consumers]

    taken = [line for out, _ in consumed for line in out.splitlines()]
    assert [process.returncode for process in (*producers, *consumers)] == [0] * 16
    assert [error for _, error in (*produced, *consumed) if "Traceback" in error] == []
    assert len(taken) == PRODUCERS * EACH
    assert set(taken) == {f"{p}-{n}" for p in range(PRODUCERS) for n in range(EACH)}
    until_depth(broker, ready=0)


def test_nothing_is_left_behind(broker_url: str, publisher: Publisher, broker: Broker) -> None:
    publisher.publish([an_outgoing()], timeout=10)
    with closing(broker.consumer(QUEUE, prefetch=1)) as consumer:
        consumer.ack(take_one(consumer))

    folder = Path(broker_url.removeprefix("filesystem://"))

    assert [path for path in folder.rglob("*") if path.is_file()] == []
    assert list((folder / QUEUE / "taken").iterdir()) == []


def test_the_next_consumer_gets_what_a_killed_one_held(
    broker_url: str, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    publisher.publish([an_outgoing(7)], timeout=10)

    with _run(HOLDER, broker_url) as holder:
        assert holder.stdout is not None
        said = holder.stdout.readline()
        holder.send_signal(signal.SIGKILL)
    again = take_one(open_consumer(QUEUE))

    assert said == "took 7\n"
    assert again.message_id == "7"
    assert again.redelivered


def test_a_consumer_that_lives_keeps_what_it_holds(
    publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    publisher.publish([an_outgoing(7)], timeout=10)
    take_one(open_consumer(QUEUE))

    assert list(open_consumer(QUEUE).take(up_to=1, wait=0.2, gather=0)) == []


def test_a_file_cut_short_by_a_power_cut_becomes_a_dead_letter(
    broker: Broker, broker_url: str, publisher: Publisher, open_consumer: OpenConsumer
) -> None:
    ready = Path(broker_url.removeprefix("filesystem://")) / QUEUE / "ready"
    (ready / "00000000000000000001-0000001-000000001.0").write_bytes(b'{"body": "cut')
    publisher.publish([an_outgoing(7)], timeout=10)
    consumer = open_consumer(QUEUE)

    message = take_one(consumer)
    consumer.ack(message)

    assert message.message_id == "7"
    until_depth(broker, ready=0, dead_letters=1)


def test_an_undeclared_queue_returns_the_message(broker_url: str) -> None:
    with closing(open_broker(broker_url).publisher()) as publisher:
        results = publisher.publish([an_outgoing()], timeout=10)

    assert list(results) == [PublishResult.RETURNED]


def _run(script: str, *words: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", script, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )

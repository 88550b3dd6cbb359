"""Broker and database go away in the middle of the work and come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.embedded.smoke import SmokeRun
from tests.end_to_end.forged import connect_demo, start
from tests.servers.postgresql import private_postgresql
from tests.servers.protocol import Server
from tests.servers.rabbitmq import private_rabbitmq


@dataclass(frozen=True, kw_only=True)
class Plant:
    """A running system and the two servers it stands on."""

    system: SmokeRun
    postgresql: Server
    rabbitmq: Server


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    """Give a system on servers of its own, which the test may kill."""
    with private_postgresql(durable=True) as postgresql, private_rabbitmq() as rabbitmq:
        given = {"DATABASE_URL": postgresql.url, "BROKER_URL": rabbitmq.url}
        system = start(tmp_path, given)
        with system.supervisor:
            connect_demo(system)
            yield Plant(system=system, postgresql=postgresql, rabbitmq=rabbitmq)


@pytest.mark.timeout(300)
def test_killing_broker_and_database_loses_and_doubles_nothing(plant: Plant) -> None:
    system = plant.system
    for server in (plant.rabbitmq, plant.postgresql):
        _make_notes(system, 4)
        server.kill()
        _make_notes(system, 4)
        server.start()
        _make_notes(system, 4)

    system.wait_until_shipped(24, seconds=120)

    walked = system.walked()
    assert (walked.notes, walked.lost, walked.duplicates, walked.unexplained) == (24, 0, 0, 0)
    assert system.supervisor.died() == []


def _make_notes(system: SmokeRun, count: int) -> None:
    for _ in range(count):
        system.make_note()

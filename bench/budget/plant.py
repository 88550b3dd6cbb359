"""The system on real servers, with several workers, beside a sandbox with the real limits."""

import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests

from deploy.embedded.free_ports import free_ports
from deploy.embedded.parts import Part, Ports, parts_of
from deploy.embedded.prepare import prepare
from deploy.embedded.supervisor import Supervisor
from tests.servers.postgresql import private_postgresql
from tests.servers.rabbitmq import private_rabbitmq

WORKERS = 4
# What calls vendors; each is started so many times.
MULTIPLIED = ("shiphero_push_consumer", "shipment_return_consumer")
# Nothing may call a vendor but for the notes that are measured; nobody looks at the portal.
LEFT_OUT = ("clock", "portal_web")
# Seconds that each vendor takes to answer.
LATENCY = 0.3
# Credits of a mutation beside its nodes. Never seen (contract §3): here as for a query, 1.
MUTATION_COST = 1

# Times of a production system; only the logs differ, so that they can be read afterwards.
GIVEN: Mapping[str, str] = {"LOG_FORMAT": "json"}


@dataclass(frozen=True, kw_only=True)
class Plant:
    """A running system and the control API of its sandbox."""

    environment: Mapping[str, str]
    ports: Ports
    folder: Path
    supervisor: Supervisor

    @property
    def sandbox(self) -> str:
        """Where both simulated vendors answer."""
        return f"http://127.0.0.1:{self.ports.sandbox}"

    def read(self, path: str) -> Any:
        """Read from the sandbox's control API."""
        answer = requests.get(f"{self.sandbox}/control/{path}", timeout=60)
        answer.raise_for_status()
        return answer.json()

    def do(self, path: str, **body: Any) -> Any:
        """Have something done in the sandbox."""
        answer = requests.post(f"{self.sandbox}/control/{path}", json=body, timeout=120)
        answer.raise_for_status()
        return answer.json()


@contextmanager
def running_plant(*, workers: int = WORKERS, scale: float = 1.0) -> Iterator[Plant]:
    """Run the system with `workers` of each consumer; `scale` shortens the vendors' minute."""
    with (
        private_postgresql(durable=True) as postgresql,
        private_rabbitmq() as rabbitmq,
        tempfile.TemporaryDirectory(prefix="goodsout-bench-") as name,
    ):
        folder, ports = Path(name), free_ports()
        given = {
            **GIVEN,
            "DATABASE_URL": postgresql.url,
            "BROKER_URL": rabbitmq.url,
            "SANDBOX_TIME_SCALE": str(scale),
        }
        environment = prepare(folder, ports, given)
        supervisor = Supervisor(_parts(ports, workers), environment, folder / "logs")
        with supervisor:
            yield Plant(environment=environment, ports=ports, folder=folder, supervisor=supervisor)


def _parts(ports: Ports, workers: int) -> list[Part]:
    parts = [part for part in parts_of(ports) if part.name not in LEFT_OUT]
    for name in MULTIPLIED:
        [one] = [part for part in parts if part.name == name]
        parts += [_another(one, number) for number in range(2, workers + 1)]
    return parts


def _another(part: Part, number: int) -> Part:
    port = free_ports().portal
    return replace(
        part,
        name=f"{part.name}_{number}",
        port=port,
        environment={**part.environment, "HEALTH_PORT": str(port)},
    )

"""Latency of an idle system: one note at a time, embedded and on PostgreSQL with RabbitMQ."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from sqlmodel import select

from deploy.embedded.demo import connect_demo
from deploy.embedded.smoke import SmokeRun, reading, start
from deploy.embedded.walked import print_spans
from shared.db.journal_tables import EventRow
from tests.servers.postgresql import private_postgresql
from tests.servers.rabbitmq import private_rabbitmq

NOTES = 40


def main() -> None:
    """Print p50 and p95 of both directions for both pairs of database and broker."""
    _measure("SQLite, filesystem broker", {})
    with private_postgresql(durable=True) as postgresql, private_rabbitmq() as rabbitmq:
        servers = {"DATABASE_URL": postgresql.url, "BROKER_URL": rabbitmq.url}
        _measure("PostgreSQL, RabbitMQ", servers)


def _measure(name: str, given: Mapping[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="goodsout-bench-") as folder:
        run = start(Path(folder), given, ship_after=2.5)
        with run.supervisor:
            connect_demo(run.environment)
            for number in range(NOTES):
                run.make_note()
                run.wait_until_shipped(number + 1, seconds=30)
            walked = run.walked()
            relayed = _relay_spans(run)
    print(name)
    print_spans("  goods-out note to ShipHero order", walked.to_order_ms)
    print_spans("  ShipHero shipment to shipped note", walked.to_shipped_ms)
    print_spans("  of which each pass of the relay, recorded to published", relayed)


def _relay_spans(run: SmokeRun) -> list[float]:
    with reading(run.environment) as session:
        rows = session.exec(
            select(EventRow.recorded_at, EventRow.published_at).where(EventRow.generation == 1)
        ).all()
    return [(done - begun).total_seconds() * 1000 for begun, done in rows if done is not None]

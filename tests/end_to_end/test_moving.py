"""A merchant that has grown moves from SQLite and files to PostgreSQL and RabbitMQ."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlmodel import SQLModel

from deploy.embedded.parts import parts_of
from deploy.embedded.smoke import SmokeRun
from deploy.embedded.supervisor import Supervisor
from shared.db.engine import open_engine
from tests.end_to_end.conftest import NEVER
from tests.end_to_end.floor import WITHIN
from tests.end_to_end.forged import connect_demo, goodsout, start
from tests.end_to_end.room import Room
from tests.end_to_end.standing import wait_until_at_rest
from tests.servers.forge import forged

# What a broker held is due again in the new database: these columns of the journal change by it.
MADE_DUE = {
    "generation",
    "due_at",
    "published_at",
    "publishing_until",
    "claimed_by",
    "claimed_until",
}


@pytest.fixture
def small(tmp_path: Path) -> SmokeRun:
    """Give an embedded system that is not running yet."""
    return start(tmp_path, {}, ship_after=NEVER)


@pytest.fixture
def servers(copied_postgresql: str, broker_url_rabbitmq: str) -> Mapping[str, str]:
    """Give where the merchant moves to; the database is migrated and empty."""
    return {"DATABASE_URL": copied_postgresql, "BROKER_URL": broker_url_rabbitmq}


@pytest.mark.timeout(240)
def test_what_was_begun_on_sqlite_ends_on_postgresql(
    small: SmokeRun, servers: Mapping[str, str], tmp_path: Path
) -> None:
    with small.supervisor:
        connect_demo(small)
        wait_until_at_rest(small)
        room = Room(small)
        shipped, waits = room.note(), room.note()
        room.ship(shipped, tracking=["1Z-BEFORE"])
        room.wait(shipped, shipment_stage="done")
        room.choose(order_sync_on=False)
        late = room.made()
        room.wait(late, order_stage="held")
    large = _with(small, servers, tmp_path)

    code, said = goodsout(large.environment, "migrate-data", small.environment["DATABASE_URL"])

    assert code == 0, said
    assert "Start the processes with the new DATABASE_URL." in said
    assert _rows(small.environment) == _rows(large.environment)
    with large.supervisor:
        wait_until_at_rest(large)
        moved = Room(large)
        moved.ship(waits, tracking=["1Z-AFTER"])
        moved.wait(waits, shipment_stage="done", tracking="1Z-AFTER", within=2 * WITHIN)
        moved.choose(order_sync_on=True)
        moved.wait(late, order_stage="done", within=2 * WITHIN)
        moved.note()
        keys = [moved.keys(one) for one in (shipped, waits)]
    assert keys == [["fulfilled"], ["fulfilled"]]


def _with(run: SmokeRun, servers: Mapping[str, str], folder: Path) -> SmokeRun:
    environment = {**run.environment, **servers}
    supervisor = Supervisor(parts_of(run.ports), environment, folder / "moved", forged)
    return replace(run, supervisor=supervisor, environment=environment)


def _rows(environment: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    engine = open_engine(environment["DATABASE_URL"])
    try:
        return dict(_tables(engine))
    finally:
        engine.dispose()


def _tables(engine: Engine) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    with engine.connect() as connection:
        for table in SQLModel.metadata.sorted_tables:
            ordered = select(table).order_by(*table.primary_key)
            yield (
                table.name,
                [
                    {name: value for name, value in row.items() if name not in MADE_DUE}
                    for row in connection.execute(ordered).mappings()
                ],
            )

"""A running system that many tests use one after the other, each finding it as new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any

import requests
from sqlalchemy import and_, func, update
from sqlmodel import SQLModel, col, select

from deploy.embedded.smoke import SmokeRun, reading
from shared.clock import utc_now
from shared.db.account_tables import Account, ShippingMethodMapping, WarehouseMapping
from shared.db.engine import open_engine
from shared.db.journal_tables import EventRow
from tests.waiting import until

SETTINGS = tuple(
    SQLModel.metadata.tables[str(model.__tablename__)]
    for model in (Account, WarehouseMapping, ShippingMethodMapping)
)
# Raised by every change, so that what was judged before is judged anew.
VERSION = "settings_version"
# What a test left under way is waited for so long; a retry that is further off bothers nobody.
SOON = timedelta(seconds=2)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A system with a connected demo account, and how it was before the first test."""

    run: SmokeRun
    switches: Mapping[str, Any]
    settings: Mapping[str, Sequence[Mapping[str, Any]]] = field(repr=False)

    @classmethod
    def of(cls, run: SmokeRun) -> "Standing":
        """Remember a system as it is now."""
        with reading(run.environment) as session:
            settings = {
                table.name: [dict(row) for row in session.execute(table.select()).mappings()]
                for table in SETTINGS
            }
        return cls(run=run, switches=run.control("switches"), settings=settings)

    def tidy(self) -> None:
        """Put back every switch and setting, take back every fault, let what runs come to rest."""
        requests.delete(
            f"http://127.0.0.1:{self.run.ports.sandbox}/control/faults", timeout=10
        ).raise_for_status()
        self.run.control("switches", dict(self.switches))
        self._put_settings_back()
        wait_until_at_rest(self.run)
        self.run.control("calls/reset", {})

    def _put_settings_back(self) -> None:
        engine = open_engine(self.run.environment["DATABASE_URL"])
        with engine.begin() as connection:
            for table in SETTINGS:
                for row in self.settings[table.name]:
                    same = and_(*(key == row[key.name] for key in table.primary_key.columns))
                    values = {name: value for name, value in row.items() if name != VERSION}
                    connection.execute(update(table).where(same).values(values))
            version = SETTINGS[0].c[VERSION]
            connection.execute(update(SETTINGS[0]).values({VERSION: version + 1}))
        engine.dispose()


def wait_until_at_rest(run: SmokeRun) -> None:
    """Wait until nothing is under way: of a new account, until all of its first fetch is here."""
    until(partial(_is_at_rest, run), within=60, what="the system at rest")


def _is_at_rest(run: SmokeRun) -> bool:
    with reading(run.environment) as session:
        under_way = select(func.count()).where(
            col(EventRow.settled_at).is_(None),
            col(EventRow.hold_cause).is_(None),
            col(EventRow.due_at) <= utc_now() + SOON,
        )
        return session.exec(under_way).one() == 0

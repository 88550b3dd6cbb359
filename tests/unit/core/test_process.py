"""How a process waits for vendors, and what it hands to its handlers."""

from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from shared.db.account_tables import Account, WarehouseMapping
from shared.process import ConsumerParts, database_check, patience_of
from tests.unit.core.notebook import ACCOUNT, Notebook


@pytest.mark.parametrize(
    ("deadline", "parts"), [(25.0, (5.0, 15.0, 25.0, 10.0)), (4.0, (4.0, 4.0, 4.0, 4.0))]
)
def test_no_part_of_a_vendor_call_outlasts_its_deadline(
    deadline: float, parts: tuple[float, ...]
) -> None:
    patience = patience_of(deadline)

    assert (patience.connect, patience.read, patience.total, patience.within) == parts


def test_handlers_read_an_accounts_settings_as_they_are_now(tmp_path: Path) -> None:
    book = Notebook(tmp_path)
    parts: ConsumerParts[Any] = ConsumerParts(
        settings=cast("Any", SimpleNamespace(note_lease=60.0)),
        open_session=book.open_session,
        open_reading=book.open_reading,
        connections=cast("Any", None),
        now=lambda: datetime.now(UTC),
        worker="test",
    )
    before = parts.account(ACCOUNT)
    with book.session() as session:
        session.get_one(Account, ACCOUNT).order_sync_on = True
        session.add(
            WarehouseMapping(
                account_id=ACCOUNT, brightpearl_warehouse_id=2, brightpearl_name="Main",
                decision="mapped", shiphero_warehouse_id="WAREHOUSE-1",
            )
        )  # fmt: skip
        session.commit()
    after = parts.account(ACCOUNT)
    book.engine.dispose()

    assert (before.order_sync_on, before.warehouses) == (False, {})
    assert (after.order_sync_on, after.warehouses[2].shiphero_id) == (True, "WAREHOUSE-1")


def test_a_database_that_answers_passes_its_check(tmp_path: Path) -> None:
    book = Notebook(tmp_path)

    database_check(book.engine)()

    book.engine.dispose()

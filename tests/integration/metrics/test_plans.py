"""A scrape of a large journal is answered by indexes that hold what is not done."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, text

from services.notifier.figures.collector import READINGS
from services.notifier.figures.families import Reading
from tests.integration.clock.hall import connect
from tests.integration.journal.books import Books
from tests.integration.metrics.gauges import read

EVENTS, ROWS_OF_NOTES = 100_000, 30_000
LARGE = ("event", "attempt", "sync_log")

# Nearly all is done, as in a journal of weeks; one in a thousand waits in one way or another.
JOURNAL = text("""
INSERT INTO event (id, account_id, name, queue, lane, subject, payload, dedupe_key, traceparent,
    recorded_at, due_at, published_at, settled_at, generation, tries, failures, hold_cause, outcome,
    reason_code, reason, discarded_by, discard_note)
SELECT gen_random_uuid(), :account, CASE n % 3 WHEN 0 THEN 'goods_out_notes.announced'
        WHEN 1 THEN 'goods_out_note.changed' ELSE 'shipment.announced' END,
    CASE n % 3 WHEN 0 THEN 'order_ingest' WHEN 1 THEN 'shiphero_push' ELSE 'shipment_return' END,
    0, n::text, '{}', 'k' || n, '', :now - n * interval '20 seconds',
    :now - n * interval '20 seconds',
    CASE WHEN n % 1000 <> 1 THEN :now - n * interval '20 seconds' END,
    CASE WHEN n % 1000 > 3 THEN :now - n * interval '19 seconds' END,
    1, 1, 0, CASE WHEN n % 1000 = 2 THEN 'warehouse_undecided:1' END,
    CASE WHEN n % 1000 = 4 THEN 'dead' WHEN n % 1000 > 4 THEN 'delivered' END, '', '', '', ''
FROM generate_series(1, :rows) AS n
""")
NOTES = text("""
INSERT INTO sync_log (account_id, note_id, inserted_at, customer_reference, currency,
    brightpearl_method, shipping_method_sent, channel, order_stage, order_reason_code, order_reason,
    synced_at, shiphero_order_id, shipment_stage, shipment_reason_code, shipment_reason, tracking,
    parcels_told, handled_by, handled_note, stopped_by)
SELECT :account, n, :now - n * interval '20 seconds', '', '', '', '', '',
    CASE WHEN n % 1000 = 1 THEN 'held' ELSE 'done' END, '', '',
    :now - n * interval '19 seconds', '', 'done', '', '', '', '', '', '', ''
FROM generate_series(1, :rows) AS n
""")


@pytest.fixture
def large(postgresql_books: Books) -> Books:
    """Give a journal and a sync log of many rows on PostgreSQL, which knows how they lie."""
    connect(postgresql_books, postgresql_books.account)
    values = {"account": postgresql_books.account, "now": postgresql_books.clock()}
    with postgresql_books.session() as session:
        session.execute(JOURNAL, {**values, "rows": EVENTS})
        session.execute(NOTES, {**values, "rows": ROWS_OF_NOTES})
    with postgresql_books.engine.connect() as connection:
        connection.execution_options(isolation_level="AUTOCOMMIT").execute(text("VACUUM ANALYZE"))
    return postgresql_books


def test_no_reading_goes_through_a_large_table(large: Books) -> None:
    walked = {reading.name: walked_by(large, reading) for reading in READINGS}

    assert {name: tables for name, tables in walked.items() if tables} == {}


def walked_by(books: Books, reading: Reading) -> list[str]:
    """Name the large tables that a reading goes through from end to end."""
    with explained(books) as plans:
        read(books, reading)
    walked = [step for plan in plans for step in steps(plan) if step["Node Type"] == "Seq Scan"]
    return [step["Relation Name"] for step in walked if step["Relation Name"] in LARGE]


@contextmanager
def explained(books: Books) -> Iterator[list[Any]]:
    """Have every query explained beside it."""
    plans: list[Any] = []

    def explain(
        connection: Connection, _cursor: Any, statement: str, parameters: Any, *_: object
    ) -> None:
        if statement.startswith("SELECT"):
            beside: Any = connection.connection.cursor()
            beside.execute(f"EXPLAIN (FORMAT JSON) {statement}", parameters)
            [told] = beside.fetchone()
            beside.close()
            plans.append(told[0]["Plan"])

    event.listen(books.engine, "before_cursor_execute", explain)
    yield plans
    event.remove(books.engine, "before_cursor_execute", explain)


def steps(plan: Any) -> Iterator[Any]:
    """Give a plan's steps, all the way down."""
    yield plan
    for part in plan.get("Plans", ()):
        yield from steps(part)

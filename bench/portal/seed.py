"""Fill a PostgreSQL with merchants' notes: one with very many, others beside; by one's own SQL.

The shapes are those of a merchant after years: most notes shipped, a few thousand on the way, some
hundreds that need a person, references and SKUs with few and with many hits.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Engine, text

BIG: Final = UUID(int=1)
OTHERS: Final = tuple(UUID(int=number) for number in range(2, 6))
# A note of each account for so many of the big one's.
SHARE_OF_OTHERS: Final = 20
FIRST_NOTE: Final = 100_000
TABLES: Final = ("sync_log", "note_sku", "note_tracking", "order_link", "event", "attempt")

_NOTES: Final = """
INSERT INTO sync_log (
    account_id, note_id, inserted_at, order_id, sequence, customer_reference, total, currency,
    warehouse_id, brightpearl_method, shipping_method_sent, order_stage, order_reason_code,
    order_reason, synced_at, shiphero_order_id, shipment_stage, shipment_reason_code,
    shipment_reason, tracking, shipped_at, parcels_told, handled_by, handled_note)
SELECT :account, :first + n, made, 40000 + n / 2, 1 + n % 2, 'SHOP-' || n,
    CASE WHEN stage = 'queued' THEN NULL ELSE round((1 + (n * 7919) % 90000)::numeric / 100, 2) END,
    (ARRAY['GBP', 'EUR', 'USD'])[1 + n % 3], 1 + n % 4,
    'Method ' || (1 + n % 12), CASE WHEN sent THEN 'RM24' ELSE '' END, stage,
    CASE stage WHEN 'failed' THEN (ARRAY['sku_unknown', 'address_missing', 'product_without_sku'])[1 + n / 97 % 3]
        WHEN 'held' THEN (ARRAY['shipping_method_unmapped', 'warehouse_undecided'])[1 + n / 97 % 2]
        WHEN 'skipped' THEN 'before_go_live' WHEN 'retrying' THEN 'vendor_unreachable' ELSE '' END,
    CASE stage WHEN 'failed' THEN 'ShipHero does not have SKU TEA-' || n WHEN 'held' THEN 'A setting is missing.' ELSE '' END,
    CASE WHEN sent THEN made + interval '40 seconds' END, CASE WHEN sent THEN 'SH-' || (:first + n) ELSE '' END,
    CASE WHEN shipped THEN 'done' ELSE '' END, '', '', CASE WHEN shipped THEN 'JD' || (10000000 + n) ELSE '' END,
    CASE WHEN shipped THEN made + interval '5 hours' END, '', '', ''
FROM (
    SELECT n, now() - (:rows - n) * interval '31 seconds' AS made, stage, stage IN ('done', 'change_refused') AS sent,
        stage = 'done' AND n < :rows * 0.98 AS shipped
    FROM (SELECT n, CASE WHEN n % 997 = 0 THEN 'failed' WHEN n % 1499 = 0 THEN 'held'
            WHEN n > :rows - 300 AND n % 2 = 0 THEN 'queued' WHEN n % 1999 = 0 THEN 'retrying'
            WHEN n % 50 = 0 THEN 'skipped' WHEN n % 701 = 0 THEN 'canceled' ELSE 'done' END AS stage
        FROM generate_series(1, :rows) AS n) AS staged
) AS shaped
"""
_SKUS: Final = """
INSERT INTO note_sku (account_id, sku, note_id)
SELECT :account, sku, :first + n
FROM generate_series(1, :rows) AS n, LATERAL (VALUES ('sku-' || n % 20000), ('tea-' || n % 3)) AS taken (sku)
"""
_TRACKING: Final = """
INSERT INTO note_tracking (account_id, number, note_id)
SELECT account_id, lower(tracking), note_id FROM sync_log WHERE account_id = :account AND tracking <> ''
"""
_LINKS: Final = """
INSERT INTO order_link (account_id, note_id, generation, key, order_number, intended_at, empty_lookups,
    shiphero_order_id, linked_at, adopted, sent)
SELECT account_id, note_id, 1, 'GO-' || :code || '-' || note_id, customer_reference, inserted_at, 0,
    shiphero_order_id, synced_at, false, '{}'
FROM sync_log WHERE account_id = :account AND shiphero_order_id <> ''
"""
# The journal is thinned out in time: what is kept of it is that of the newest notes.
_EVENTS: Final = """
INSERT INTO event (id, account_id, name, queue, lane, subject, payload, dedupe_key, traceparent, recorded_at,
    due_at, generation, tries, failures, outcome, settled_at, published_at, reason_code, reason,
    discarded_by, discard_note)
SELECT gen_random_uuid(), account_id, name, 'shiphero_push', 0, note_id::text, '{}', :code || ':' || name || ':' || note_id,
    '00-' || md5(note_id::text) || '-' || substr(md5(name), 1, 16) || '-01', inserted_at, inserted_at, 1, 1, 0,
    CASE WHEN order_stage = 'failed' AND name = 'goods_out_note.changed' THEN 'dead'
         WHEN order_stage IN ('held', 'queued', 'retrying') AND name = 'goods_out_note.changed' THEN NULL ELSE 'delivered' END,
    CASE WHEN order_stage IN ('held', 'queued', 'retrying') AND name = 'goods_out_note.changed' THEN NULL ELSE inserted_at END,
    inserted_at, order_reason_code, order_reason, '', ''
FROM sync_log, (VALUES ('goods_out_note.changed'), ('shipment.suspected'), ('sync_log.changed')) AS named (name)
WHERE account_id = :account AND (note_id > :first + :rows - :events OR order_stage IN ('failed', 'held', 'retrying'))
"""
_ATTEMPTS: Final = """
INSERT INTO attempt (event_id, number, worker, started_at, ended_at, result, reason_code, reason, vendor_calls)
SELECT id, number, 'bench', recorded_at, recorded_at + interval '1 second', 'delivered', '', '',
    '[{"vendor": "shiphero", "operation": "order_create", "status": 200, "milliseconds": 212, "request_id": "r"}]'
FROM event, generate_series(1, 2) AS number
WHERE account_id = :account AND name <> 'sync_log.changed'
"""


@dataclass(frozen=True, kw_only=True)
class Seeded:
    """What was filled in."""

    rows: int
    first: int = FIRST_NOTE

    @property
    def last(self) -> int:
        """The newest note."""
        return self.first + self.rows


def seed(engine: Engine, rows: int) -> Seeded:
    """Fill the tables of accounts that are there already."""
    with engine.begin() as connection, _without_indexes(connection):
        for account, count in ((BIG, rows), *((one, rows // SHARE_OF_OTHERS) for one in OTHERS)):
            known = {
                "account": account, "rows": count, "first": FIRST_NOTE,
                "code": f"bench{account.int}", "events": min(count, 50_000),
            }  # fmt: skip
            for statement in (_NOTES, _SKUS, _TRACKING, _LINKS, _EVENTS, _ATTEMPTS):
                connection.execute(text(statement), known)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return Seeded(rows=rows)


@contextmanager
def _without_indexes(connection: Connection) -> Iterator[None]:
    """Fill first, index afterwards: several times faster than one row at a time."""
    connection.execute(text("SET LOCAL maintenance_work_mem = '512MB'"))
    named = connection.execute(
        text(
            "SELECT c.relname, pg_get_indexdef(c.oid) FROM pg_index i "
            "JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_class t ON t.oid = i.indrelid "
            "WHERE t.relname = ANY(:tables) AND NOT i.indisunique"
        ),
        {"tables": list(TABLES)},
    ).all()
    for name, _ in named:
        connection.execute(text(f"DROP INDEX {name}"))
    yield
    for _, definition in named:
        connection.execute(text(definition))

"""Of a deleted note whose parcel had left, the log tells the parcel's reason first."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None

STATE = (
    "CASE WHEN order_stage IN ('held', 'failed', 'cancel_refused') "
    "OR shipment_stage IN ('held', 'failed') "
    "THEN CASE WHEN handled_at IS NULL THEN 'needs_you' ELSE 'handled' END "
    "WHEN shipment_stage = 'done' THEN 'shipped' "
    "WHEN order_stage IN ('done', 'change_refused') THEN 'synced' "
    "WHEN order_stage = 'canceled' THEN 'cancelled' "
    "WHEN order_stage = 'skipped' THEN 'skipped' "
    "ELSE 'on_the_way' END"
)
REASON = (
    "CASE WHEN order_stage = 'cancel_refused' AND shipment_stage = 'failed' "
    "THEN shipment_reason_code "
    "WHEN order_stage IN ('held', 'failed', 'cancel_refused') THEN order_reason_code "
    "WHEN shipment_stage IN ('held', 'failed') THEN shipment_reason_code "
    "WHEN order_reason_code <> '' THEN order_reason_code "
    "ELSE shipment_reason_code END"
)
TELLS = sa.text("reason_code <> ''")


# What the database writes itself besides, as it was.
UNCHANGED = (
    ('state', sa.String(), STATE),
    ('reference_key', shared.db.columns.SearchKey(), 'lower(customer_reference)'),
    ('total_key', sa.Double(), 'CAST(total AS DOUBLE PRECISION)'),
)


def upgrade() -> None:
    # SQLite adds no stored column to a table that is there: it is made anew, and what the database
    # writes itself cannot be copied over.
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    with op.batch_alter_table('sync_log', recreate='always' if is_sqlite else 'never') as table:
        table.drop_index('ix_sync_log_state')
        table.drop_index('ix_sync_log_reason')
        for name, type_, sql in UNCHANGED if is_sqlite else ():
            table.drop_column(name)
            table.add_column(sa.Column(name, type_, sa.Computed(sql, persisted=True)))
        table.drop_column('reason_code')
        table.add_column(sa.Column('reason_code', sa.String(), sa.Computed(REASON, persisted=True)))
        table.create_index('ix_sync_log_state', ['account_id', 'state', 'inserted_at', 'note_id', 'reason_code'])
        table.create_index('ix_sync_log_reason', ['account_id', 'reason_code', 'inserted_at', 'note_id'], postgresql_where=TELLS, sqlite_where=TELLS)


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

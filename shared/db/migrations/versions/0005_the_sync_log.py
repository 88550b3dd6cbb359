"""The sync log: found, sorted and grouped by the database's indexes at a million rows."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

KEY = shared.db.columns.SearchKey()
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
    "CASE WHEN order_stage IN ('held', 'failed', 'cancel_refused') THEN order_reason_code "
    "WHEN shipment_stage IN ('held', 'failed') THEN shipment_reason_code "
    "WHEN order_reason_code <> '' THEN order_reason_code "
    "ELSE shipment_reason_code END"
)
TELLS = sa.text("reason_code <> ''")
BEGINS_A_TRACE = sa.text(
    "name IN ('goods_out_notes.announced', 'shipment.announced', 'shiphero_webhook.received', "
    "'reconciliation.requested', 'shiphero_reconciliation.requested', 'goods_out_note.missed', "
    "'shipment.suspected')"
)
HEARD = sa.text("name IN ('goods_out_notes.announced', 'shipment.announced')")
# What was joined in one text before: the numbers of a shipped note.
SHIPPED = sa.text("SELECT account_id, note_id, tracking FROM sync_log WHERE tracking <> ''")


def upgrade() -> None:
    # SQLite adds no stored column to a table that is there: it is made anew, and what the database
    # writes itself cannot be copied over.
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    with op.batch_alter_table('sync_log', recreate='always' if is_sqlite else 'never') as table:
        table.drop_index('ix_sync_log_state')
        table.drop_index('ix_sync_log_total')
        if is_sqlite:
            table.drop_column('state')
            table.add_column(sa.Column('state', sa.String(), sa.Computed(STATE, persisted=True)))
        table.add_column(sa.Column('reason_code', sa.String(), sa.Computed(REASON, persisted=True)))
        table.add_column(sa.Column('reference_key', KEY, sa.Computed('lower(customer_reference)', persisted=True)))
        table.add_column(sa.Column('total_key', sa.Double(), sa.Computed('CAST(total AS DOUBLE PRECISION)', persisted=True)))
        table.create_index('ix_sync_log_state', ['account_id', 'state', 'inserted_at', 'note_id', 'reason_code'])
        table.create_index('ix_sync_log_total', ['account_id', 'total_key', 'note_id'])
        table.create_index('ix_sync_log_reference', ['account_id', 'reference_key', 'note_id'])
        table.create_index('ix_sync_log_warehouse', ['account_id', 'warehouse_id', 'inserted_at', 'note_id'])
        table.create_index('ix_sync_log_method', ['account_id', 'brightpearl_method', 'inserted_at', 'note_id'])
        table.create_index('ix_sync_log_reason', ['account_id', 'reason_code', 'inserted_at', 'note_id'], postgresql_where=TELLS, sqlite_where=TELLS)

    op.create_index('ix_order_link_shiphero', 'order_link', ['account_id', 'shiphero_order_id'])
    op.create_index('ix_event_heard', 'event', ['account_id', 'name', 'recorded_at'], postgresql_where=HEARD, sqlite_where=HEARD)
    if not is_sqlite:
        op.alter_column('event', 'traceparent', type_=KEY, existing_type=sa.String(), existing_nullable=False)
    op.create_index('ix_event_trace', 'event', ['account_id', 'traceparent'], postgresql_where=BEGINS_A_TRACE, sqlite_where=BEGINS_A_TRACE)
    tracking = op.create_table('note_tracking',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('number', KEY, nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'number', 'note_id')
    )
    typed = SHIPPED.columns(sa.column('account_id', sa.Uuid()), sa.column('note_id', sa.Integer()), sa.column('tracking', sa.String()))
    for some in op.get_bind().execute(typed).partitions(1000):
        rows = [
            {'account_id': row.account_id, 'note_id': row.note_id, 'number': number}
            for row in some
            for number in {part.strip().lower() for part in row.tracking.split(',')} - {''}
        ]
        if rows:
            op.bulk_insert(tracking, rows)


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

"""The sync log for each person: views, columns, acts on very many notes; shadow asks for nobody."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0008'
down_revision = '0013'
branch_labels = None
depends_on = None

MOMENT = shared.db.columns.UtcDateTime(timezone=True)
WORDS = shared.db.columns.Words()
JSON = shared.db.columns.Json
STATE = (
    "CASE WHEN order_stage IN ('failed', 'cancel_refused') "
    "OR (order_stage = 'held' AND order_reason_code <> 'shadow_mode') "
    "OR shipment_stage IN ('held', 'failed') "
    "THEN CASE WHEN handled_at IS NULL THEN 'needs_you' ELSE 'handled' END "
    "WHEN order_stage = 'held' THEN 'shadow' "
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
# What the database writes itself, and the indexes of all but the first.
WRITTEN = (
    ('state', sa.String(), STATE),
    ('reason_code', sa.String(), REASON),
    ('reference_key', shared.db.columns.SearchKey(), 'lower(customer_reference)'),
    ('total_key', sa.Double(), 'CAST(total AS DOUBLE PRECISION)'),
)
INDEXED = {
    'ix_sync_log_total': (['total_key'], None),
    'ix_sync_log_reference': (['reference_key'], None),
    'ix_sync_log_reason': (['reason_code', 'inserted_at'], sa.text("reason_code <> ''")),
}
ORDER_OPEN = sa.text("order_stage IN ('queued', 'held', 'kept_back', 'waiting_for_budget', 'retrying', 'checking', 'change_refused')")
SHIPMENT_OPEN = sa.text("shipment_stage IN ('held', 'waiting_for_budget', 'retrying', 'checking', 'waiting', 'failed')")


def upgrade() -> None:
    # A stored column cannot be told another rule by the PostgreSQL versions that we run on: it is made
    # anew. SQLite makes the whole table anew, and what the database writes itself cannot be copied over.
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    written = WRITTEN if is_sqlite else WRITTEN[:1]
    with op.batch_alter_table('sync_log', recreate='always' if is_sqlite else 'never') as table:
        for index in ('ix_sync_log_state', *(INDEXED if is_sqlite else ())):
            table.drop_index(index)
        for name, _, _ in written:
            table.drop_column(name)
        for name, kind, sql in written:
            table.add_column(sa.Column(name, kind, sa.Computed(sql, persisted=True)))
        table.create_index('ix_sync_log_state', ['account_id', 'state', 'inserted_at', 'note_id', 'reason_code'])
        for index, (columns, where) in (INDEXED.items() if is_sqlite else ()):
            table.create_index(index, ['account_id', *columns, 'note_id'], sqlite_where=where)
        table.create_index('ix_sync_log_order_open', ['account_id', 'order_stage', 'inserted_at', 'note_id'], postgresql_where=ORDER_OPEN, sqlite_where=ORDER_OPEN)
        table.create_index('ix_sync_log_shipment_open', ['account_id', 'shipment_stage', 'inserted_at', 'note_id'], postgresql_where=SHIPMENT_OPEN, sqlite_where=SHIPMENT_OPEN)
    op.create_table('list_choice',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('columns', JSON, nullable=False),
    sa.Column('is_dense', sa.Boolean(), nullable=False),
    sa.Column('sort', sa.String(), nullable=False),
    sa.Column('direction', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['portal_user.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'user_id')
    )
    op.create_table('saved_view',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('name', WORDS, nullable=False),
    sa.Column('query', WORDS, nullable=False),
    sa.Column('made_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['portal_user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'user_id', 'name', name='uq_saved_view_name')
    )
    op.create_table('bulk_act',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('asked_by', WORDS, nullable=False),
    sa.Column('asked_at', MOMENT, nullable=False),
    sa.Column('chosen_by', WORDS, nullable=False),
    sa.Column('note', WORDS, nullable=False),
    sa.Column('lane', sa.Integer(), nullable=False),
    sa.Column('subjects', JSON, nullable=False),
    sa.Column('asked', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('counts', JSON, nullable=False),
    sa.Column('stopped_by', WORDS, nullable=False),
    sa.Column('stopped_at', MOMENT, nullable=True),
    sa.Column('ended_at', MOMENT, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_bulk_act_asked', 'bulk_act', ['account_id', 'asked_at', 'id'])


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

"""The first tables."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('account',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('created_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('settings_version', sa.Integer(), nullable=False),
    sa.Column('order_sync_on', sa.Boolean(), nullable=False),
    sa.Column('shipment_sync_on', sa.Boolean(), nullable=False),
    sa.Column('go_live_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('event_owner_contact_id', sa.Integer(), nullable=True),
    sa.Column('event_owner_name', shared.db.columns.Words(), nullable=False),
    sa.Column('time_zone', sa.String(), nullable=False),
    sa.Column('weight_unit', shared.db.columns.Words(), nullable=False),
    sa.Column('base_currency', shared.db.columns.Words(), nullable=False),
    sa.Column('batch_writes', sa.Boolean(), nullable=False),
    sa.Column('brightpearl_share', sa.Integer(), nullable=True),
    sa.Column('shiphero_share', sa.Integer(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('code', name='uq_account_code')
    )
    op.create_table('portal_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('description', sa.String(), nullable=False),
    sa.Column('permissions', sa.String(), nullable=True),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('name', name='uq_portal_role_name')
    )
    op.create_table('alert',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', shared.db.columns.Words(), nullable=False),
    sa.Column('sentence', shared.db.columns.Words(), nullable=False),
    sa.Column('raised_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.create_index('ix_alert_open', ['account_id', 'ended_at'], unique=False)

    op.create_table('channel',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('channel_id', sa.Integer(), nullable=False),
    sa.Column('name', shared.db.columns.Words(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'channel_id')
    )
    op.create_table('connection_request',
    sa.Column('state_digest', sa.String(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('vendor_account', shared.db.columns.Words(), nullable=False),
    sa.Column('asked_by', shared.db.columns.Words(), nullable=False),
    sa.Column('asked_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('used_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('state_digest')
    )
    op.create_table('edge_count',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('kept', sa.Integer(), nullable=False),
    sa.Column('repeated', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'day', 'source')
    )
    op.create_table('event',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('queue', sa.String(), nullable=False),
    sa.Column('lane', sa.Integer(), nullable=False),
    sa.Column('subject', shared.db.columns.Words(), nullable=False),
    sa.Column('payload', sa.JSON(), nullable=False),
    sa.Column('dedupe_key', shared.db.columns.Words(), nullable=False),
    sa.Column('traceparent', sa.String(), nullable=False),
    sa.Column('replay_of', sa.Uuid(), nullable=True),
    sa.Column('recorded_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('publishing_until', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('published_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('claimed_by', sa.String(), nullable=True),
    sa.Column('claimed_until', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('hold_cause', sa.String(), nullable=True),
    sa.Column('hold_version', sa.Integer(), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('reason_code', sa.String(), nullable=False),
    sa.Column('reason', shared.db.columns.Words(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('dedupe_key', name='uq_event_dedupe_key')
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index('ix_event_being_published', ['queue', 'account_id'], unique=False, postgresql_where=sa.text('publishing_until IS NOT NULL'), sqlite_where=sa.text('publishing_until IS NOT NULL'))
        batch_op.create_index('ix_event_dead', ['account_id', 'settled_at'], unique=False, postgresql_where=sa.text("outcome = 'dead'"), sqlite_where=sa.text("outcome = 'dead'"))
        batch_op.create_index('ix_event_due', ['queue', 'account_id', 'lane', 'due_at'], unique=False, postgresql_where=sa.text('published_at IS NULL AND settled_at IS NULL AND hold_cause IS NULL'), sqlite_where=sa.text('published_at IS NULL AND settled_at IS NULL AND hold_cause IS NULL'))
        batch_op.create_index('ix_event_held', ['account_id', 'hold_cause'], unique=False, postgresql_where=sa.text('hold_cause IS NOT NULL'), sqlite_where=sa.text('hold_cause IS NOT NULL'))
        batch_op.create_index('ix_event_in_flight', ['queue', 'account_id'], unique=False, postgresql_where=sa.text('published_at IS NOT NULL AND settled_at IS NULL AND hold_cause IS NULL'), sqlite_where=sa.text('published_at IS NOT NULL AND settled_at IS NULL AND hold_cause IS NULL'))
        batch_op.create_index('ix_event_recorded', ['account_id', 'recorded_at'], unique=False)
        batch_op.create_index('ix_event_subject', ['account_id', 'subject', 'recorded_at'], unique=False)

    op.create_table('fetch_progress',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('part', sa.String(), nullable=False),
    sa.Column('run_id', sa.Uuid(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('total', sa.Integer(), nullable=True),
    sa.Column('cursor', shared.db.columns.Words(), nullable=False),
    sa.Column('started_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('moved_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('failure', shared.db.columns.Words(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'part')
    )
    op.create_table('missing_note',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('suspected_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('empty_looks', sa.Integer(), nullable=False),
    sa.Column('looked_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('waits_for_person', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'note_id')
    )
    op.create_table('order_link',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('generation', sa.Integer(), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('order_number', shared.db.columns.Words(), nullable=False),
    sa.Column('intended_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('empty_lookups', sa.Integer(), nullable=False),
    sa.Column('shiphero_order_id', shared.db.columns.Words(), nullable=False),
    sa.Column('linked_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('adopted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'note_id', 'generation'),
    sa.UniqueConstraint('key', name='uq_order_link_key')
    )
    op.create_table('portal_user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.Column('password', sa.String(), nullable=False),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('fs_uniquifier', sa.String(), nullable=False),
    sa.Column('confirmed_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('create_datetime', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('update_datetime', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('email', name='uq_portal_user_email'),
    sa.UniqueConstraint('fs_uniquifier', name='uq_portal_user_fs_uniquifier')
    )
    op.create_table('product',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('product_id', sa.Integer(), nullable=False),
    sa.Column('sku', shared.db.columns.Words(), nullable=False),
    sa.Column('name', shared.db.columns.Words(), nullable=False),
    sa.Column('barcode', shared.db.columns.Words(), nullable=False),
    sa.Column('weight', sa.Numeric(precision=20, scale=6), nullable=False),
    sa.Column('stock_tracked', sa.Boolean(), nullable=False),
    sa.Column('bundle', sa.Boolean(), nullable=False),
    sa.Column('fetched_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'product_id')
    )
    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.create_index('ix_product_sku', ['account_id', 'sku'], unique=False)

    op.create_table('shiphero_product',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('sku', shared.db.columns.Words(), nullable=False),
    sa.Column('name', shared.db.columns.Words(), nullable=False),
    sa.Column('fetched_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'sku')
    )
    op.create_table('shiphero_warehouse',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('warehouse_id', sa.String(), nullable=False),
    sa.Column('name', shared.db.columns.Words(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'warehouse_id')
    )
    op.create_table('shipping_method_mapping',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('brightpearl_method_id', sa.Integer(), nullable=False),
    sa.Column('brightpearl_name', sa.String(), nullable=False),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('carrier', sa.String(), nullable=False),
    sa.Column('method', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'brightpearl_method_id')
    )
    op.create_table('sync_log',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('inserted_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('order_id', sa.Integer(), nullable=True),
    sa.Column('sequence', sa.Integer(), nullable=True),
    sa.Column('customer_reference', shared.db.columns.Words(), nullable=False),
    sa.Column('total', sa.Numeric(precision=20, scale=4), nullable=True),
    sa.Column('currency', shared.db.columns.Words(), nullable=False),
    sa.Column('warehouse_id', sa.Integer(), nullable=True),
    sa.Column('brightpearl_method', shared.db.columns.Words(), nullable=False),
    sa.Column('shipping_method_sent', shared.db.columns.Words(), nullable=False),
    sa.Column('order_stage', sa.String(), nullable=False),
    sa.Column('order_reason_code', sa.String(), nullable=False),
    sa.Column('order_reason', shared.db.columns.Words(), nullable=False),
    sa.Column('synced_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('shiphero_order_id', shared.db.columns.Words(), nullable=False),
    sa.Column('shipment_stage', sa.String(), nullable=False),
    sa.Column('shipment_reason_code', sa.String(), nullable=False),
    sa.Column('shipment_reason', shared.db.columns.Words(), nullable=False),
    sa.Column('tracking', shared.db.columns.Words(), nullable=False),
    sa.Column('shipped_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('deleted_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('leased_by', sa.String(), nullable=True),
    sa.Column('leased_until', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'note_id')
    )
    with op.batch_alter_table('sync_log', schema=None) as batch_op:
        batch_op.create_index('ix_sync_log_inserted', ['account_id', 'inserted_at', 'note_id'], unique=False)

    op.create_table('vendor_budget',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('vendor', sa.String(), nullable=False),
    sa.Column('state', sa.JSON(), nullable=False),
    sa.Column('closed_until', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('backfill_closed_until', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('refused', sa.Integer(), nullable=False),
    sa.Column('changed_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'vendor')
    )
    op.create_table('vendor_connection',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('vendor', sa.String(), nullable=False),
    sa.Column('vendor_account', sa.String(), nullable=False),
    sa.Column('base_url', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('credentials', sa.String(), nullable=False),
    sa.Column('credentials_version', sa.Integer(), nullable=False),
    sa.Column('expires_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('refreshed_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('refreshing_by', sa.String(), nullable=True),
    sa.Column('refreshing_until', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('checked_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('warnings', sa.JSON(), nullable=False),
    sa.Column('broken_since', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('broken_reason', shared.db.columns.Words(), nullable=False),
    sa.Column('updated_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'vendor')
    )
    with op.batch_alter_table('vendor_connection', schema=None) as batch_op:
        batch_op.create_index('uq_vendor_connection_brightpearl', ['vendor_account'], unique=True, postgresql_where=sa.text("vendor = 'brightpearl' AND credentials <> ''"), sqlite_where=sa.text("vendor = 'brightpearl' AND credentials <> ''"))

    op.create_table('warehouse_mapping',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('brightpearl_warehouse_id', sa.Integer(), nullable=False),
    sa.Column('brightpearl_name', sa.String(), nullable=False),
    sa.Column('decision', sa.String(), nullable=False),
    sa.Column('shiphero_warehouse_id', sa.String(), nullable=False),
    sa.Column('shiphero_name', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'brightpearl_warehouse_id')
    )
    op.create_table('watermark',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('reached', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('compared_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('found', sa.Integer(), nullable=False),
    sa.Column('missed', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'name')
    )
    op.create_table('webhook_subscription',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('vendor', sa.String(), nullable=False),
    sa.Column('topic', sa.String(), nullable=False),
    sa.Column('path_digest', sa.String(), nullable=False),
    sa.Column('path_secret', sa.String(), nullable=False),
    sa.Column('signing_secret', sa.String(), nullable=True),
    sa.Column('vendor_webhook_id', sa.String(), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('health', sa.String(), nullable=False),
    sa.Column('checked_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('retired_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('path_digest', name='uq_webhook_subscription_path_digest')
    )
    with op.batch_alter_table('webhook_subscription', schema=None) as batch_op:
        batch_op.create_index('ix_webhook_subscription_account', ['account_id', 'vendor'], unique=False)

    op.create_table('attempt',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('worker', sa.String(), nullable=False),
    sa.Column('started_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('ended_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True),
    sa.Column('result', sa.String(), nullable=False),
    sa.Column('reason_code', sa.String(), nullable=False),
    sa.Column('reason', shared.db.columns.Words(), nullable=False),
    sa.Column('vendor_calls', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], ),
    sa.PrimaryKeyConstraint('event_id', 'number')
    )
    op.create_table('role_of_user',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['role_id'], ['portal_role.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['portal_user.id'], ),
    sa.PrimaryKeyConstraint('user_id', 'role_id')
    )
    op.create_table('timeline',
    sa.Column('event_id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
    sa.Column('side', sa.String(), nullable=False),
    sa.Column('stage', sa.String(), nullable=False),
    sa.Column('sentence', shared.db.columns.Words(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], ),
    sa.PrimaryKeyConstraint('event_id')
    )
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.create_index('ix_timeline_note', ['account_id', 'note_id', 'at'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('timeline', schema=None) as batch_op:
        batch_op.drop_index('ix_timeline_note')

    op.drop_table('timeline')
    op.drop_table('role_of_user')
    op.drop_table('attempt')
    with op.batch_alter_table('webhook_subscription', schema=None) as batch_op:
        batch_op.drop_index('ix_webhook_subscription_account')

    op.drop_table('webhook_subscription')
    op.drop_table('watermark')
    op.drop_table('warehouse_mapping')
    with op.batch_alter_table('vendor_connection', schema=None) as batch_op:
        batch_op.drop_index('uq_vendor_connection_brightpearl', postgresql_where=sa.text("vendor = 'brightpearl' AND credentials <> ''"), sqlite_where=sa.text("vendor = 'brightpearl' AND credentials <> ''"))

    op.drop_table('vendor_connection')
    op.drop_table('vendor_budget')
    with op.batch_alter_table('sync_log', schema=None) as batch_op:
        batch_op.drop_index('ix_sync_log_inserted')

    op.drop_table('sync_log')
    op.drop_table('shipping_method_mapping')
    op.drop_table('shiphero_warehouse')
    op.drop_table('shiphero_product')
    with op.batch_alter_table('product', schema=None) as batch_op:
        batch_op.drop_index('ix_product_sku')

    op.drop_table('product')
    op.drop_table('portal_user')
    op.drop_table('order_link')
    op.drop_table('missing_note')
    op.drop_table('fetch_progress')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index('ix_event_subject')
        batch_op.drop_index('ix_event_recorded')
        batch_op.drop_index('ix_event_in_flight', postgresql_where=sa.text('published_at IS NOT NULL AND settled_at IS NULL AND hold_cause IS NULL'), sqlite_where=sa.text('published_at IS NOT NULL AND settled_at IS NULL AND hold_cause IS NULL'))
        batch_op.drop_index('ix_event_held', postgresql_where=sa.text('hold_cause IS NOT NULL'), sqlite_where=sa.text('hold_cause IS NOT NULL'))
        batch_op.drop_index('ix_event_due', postgresql_where=sa.text('published_at IS NULL AND settled_at IS NULL AND hold_cause IS NULL'), sqlite_where=sa.text('published_at IS NULL AND settled_at IS NULL AND hold_cause IS NULL'))
        batch_op.drop_index('ix_event_dead', postgresql_where=sa.text("outcome = 'dead'"), sqlite_where=sa.text("outcome = 'dead'"))
        batch_op.drop_index('ix_event_being_published', postgresql_where=sa.text('publishing_until IS NOT NULL'), sqlite_where=sa.text('publishing_until IS NOT NULL'))

    op.drop_table('event')
    op.drop_table('edge_count')
    op.drop_table('connection_request')
    op.drop_table('channel')
    with op.batch_alter_table('alert', schema=None) as batch_op:
        batch_op.drop_index('ix_alert_open')

    op.drop_table('alert')
    op.drop_table('portal_role')
    op.drop_table('account')

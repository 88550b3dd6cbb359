"""The portal: audit trail, sessions, invitations, tokens, shadow run, differences, reports."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

UTC = shared.db.columns.UtcDateTime(timezone=True)
WORDS = shared.db.columns.Words()
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


def upgrade() -> None:
    op.create_table('rate_count',
    sa.Column('key', WORDS, nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.Column('expires_at', UTC, nullable=False),
    sa.PrimaryKeyConstraint('key')
    )
    op.create_index('ix_rate_count_expires', 'rate_count', ['expires_at'])
    op.create_table('api_token',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('name', WORDS, nullable=False),
    sa.Column('beginning', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('scopes', sa.JSON(), nullable=False),
    sa.Column('made_by', WORDS, nullable=False),
    sa.Column('made_at', UTC, nullable=False),
    sa.Column('expires_at', UTC, nullable=True),
    sa.Column('used_at', UTC, nullable=True),
    sa.Column('revoked_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('digest', name='uq_api_token_digest')
    )
    op.create_index('ix_api_token_account', 'api_token', ['account_id', 'made_at'])
    op.create_table('audit_entry',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('at', UTC, nullable=False),
    sa.Column('who', WORDS, nullable=False),
    sa.Column('act', sa.String(), nullable=False),
    sa.Column('subject', WORDS, nullable=False),
    sa.Column('before', WORDS, nullable=False),
    sa.Column('after', WORDS, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_audit_entry_at', 'audit_entry', ['account_id', 'at', 'id'])
    op.create_table('difference',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('subject', WORDS, nullable=False),
    sa.Column('sentence', WORDS, nullable=False),
    sa.Column('found_at', UTC, nullable=False),
    sa.Column('seen_at', UTC, nullable=False),
    sa.Column('repair_asked_at', UTC, nullable=True),
    sa.Column('repair_asked_by', WORDS, nullable=False),
    sa.Column('ended_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_difference_open', 'difference', ['account_id', 'ended_at', 'kind'])
    op.create_table('invitation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('email', WORDS, nullable=False),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('token_digest', sa.String(), nullable=False),
    sa.Column('invited_by', WORDS, nullable=False),
    sa.Column('invited_at', UTC, nullable=False),
    sa.Column('expires_at', UTC, nullable=False),
    sa.Column('accepted_at', UTC, nullable=True),
    sa.Column('withdrawn_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('token_digest', name='uq_invitation_token_digest')
    )
    op.create_index('ix_invitation_account', 'invitation', ['account_id', 'invited_at'])
    op.create_table('note_sku',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('sku', WORDS, nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'sku', 'note_id')
    )
    op.create_table('report',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('made_at', UTC, nullable=False),
    sa.Column('subject', WORDS, nullable=False),
    sa.Column('html', WORDS, nullable=False),
    sa.Column('text', WORDS, nullable=False),
    sa.Column('csv', WORDS, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('account_id', 'kind', 'day', name='uq_report_day')
    )
    op.create_index('ix_report_made', 'report', ['account_id', 'made_at'])
    op.create_table('shadow_note',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('made_at', UTC, nullable=True),
    sa.Column('looked_at', UTC, nullable=False),
    sa.Column('settings_version', sa.Integer(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('reason_code', sa.String(), nullable=False),
    sa.Column('reason', WORDS, nullable=False),
    sa.Column('order_sent', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'note_id')
    )
    op.create_index('ix_shadow_note_outcome', 'shadow_note', ['account_id', 'outcome', 'note_id'])
    op.create_table('notification_choice',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('wanted', sa.Boolean(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['portal_user.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'user_id', 'kind')
    )
    op.create_table('portal_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('begun_at', UTC, nullable=False),
    sa.Column('seen_at', UTC, nullable=False),
    sa.Column('address', WORDS, nullable=False),
    sa.Column('browser', WORDS, nullable=False),
    sa.Column('ended_at', UTC, nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.ForeignKeyConstraint(['user_id'], ['portal_user.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_portal_session_user', 'portal_session', ['account_id', 'user_id', 'ended_at'])
    with op.batch_alter_table('account') as table:
        table.add_column(sa.Column('shadow_on', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('event') as table:
        table.add_column(sa.Column('discarded_at', UTC, nullable=True))
        table.add_column(sa.Column('discarded_by', WORDS, nullable=False, server_default=''))
        table.add_column(sa.Column('discard_note', WORDS, nullable=False, server_default=''))

    with op.batch_alter_table('portal_user') as table:
        table.add_column(sa.Column('name', WORDS, nullable=False, server_default=''))
        table.add_column(sa.Column('is_staff', sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column('tf_primary_method', sa.String(), nullable=True))
        table.add_column(sa.Column('tf_totp_secret', sa.String(), nullable=True))
        table.add_column(sa.Column('mf_recovery_codes', sa.JSON(), nullable=True))

    # SQLite adds no stored column to a table that is there: it is made anew.
    recreate = 'always' if op.get_bind().dialect.name == 'sqlite' else 'never'
    with op.batch_alter_table('sync_log', recreate=recreate) as table:
        table.add_column(sa.Column('handled_at', UTC, nullable=True))
        table.add_column(sa.Column('handled_by', WORDS, nullable=False, server_default=''))
        table.add_column(sa.Column('handled_note', WORDS, nullable=False, server_default=''))
        table.add_column(sa.Column('state', sa.String(), sa.Computed(STATE, persisted=True)))
        table.create_index('ix_sync_log_order', ['account_id', 'order_id'])
        table.create_index('ix_sync_log_shipped', ['account_id', 'shipped_at'])
        table.create_index('ix_sync_log_state', ['account_id', 'state', 'inserted_at', 'note_id'])
        table.create_index('ix_sync_log_synced', ['account_id', 'synced_at', 'note_id'])
        table.create_index('ix_sync_log_total', ['account_id', 'total', 'note_id'])


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

"""The settings as each saving left them, and webhooks counted by an index of their own."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0007'
down_revision = '0008'
branch_labels = None
depends_on = None

TOLD_BY_WEBHOOK = sa.text(
    "replay_of IS NULL AND name IN "
    "('goods_out_notes.announced', 'shipment.announced', 'shiphero_webhook.received')"
)


def upgrade() -> None:
    op.create_table(
        'saved_settings',
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('saved_at', shared.db.columns.UtcDateTime(timezone=True), nullable=False),
        sa.Column('saved_by', shared.db.columns.Words(), nullable=False),
        sa.Column('settings', shared.db.columns.Json, nullable=False),
        sa.Column('changes', shared.db.columns.Json, nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id']),
        sa.PrimaryKeyConstraint('account_id', 'version'),
    )
    op.drop_index('ix_event_heard', table_name='event')
    op.create_index(
        'ix_event_webhook', 'event', ['account_id', 'name', 'recorded_at'],
        postgresql_where=TOLD_BY_WEBHOOK, sqlite_where=TOLD_BY_WEBHOOK,
    )


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

"""The sync log knows each order's sales channel; notes may be held, a while or by a person."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None

KNOWN = sa.text("channel <> ''")


def upgrade() -> None:
    # Added with a default, so that an older version may go on inserting rows meanwhile.
    op.add_column('sync_log', sa.Column('channel', shared.db.columns.Words(), nullable=False, server_default=''))
    op.add_column('sync_log', sa.Column('stopped_at', shared.db.columns.UtcDateTime(), nullable=True))
    op.add_column('sync_log', sa.Column('stopped_by', shared.db.columns.Words(), nullable=False, server_default=''))
    op.add_column('account', sa.Column('hold_minutes', sa.Integer(), nullable=False, server_default='0'))
    op.add_column('account', sa.Column('deleted_policy', sa.String(), nullable=False, server_default='cancel'))
    op.add_column('account', sa.Column('cut_off', sa.String(), nullable=False, server_default=''))
    op.create_index('ix_sync_log_channel', 'sync_log', ['account_id', 'channel', 'inserted_at', 'note_id'],
                    postgresql_where=KNOWN, sqlite_where=KNOWN)


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

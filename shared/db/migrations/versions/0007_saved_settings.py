"""The settings as each saving left them."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


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


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

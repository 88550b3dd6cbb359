"""What people did about what needs attention: acknowledged, muted, assigned."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None

TIME = shared.db.columns.UtcDateTime()
WORDS = shared.db.columns.Words()


def upgrade() -> None:
    op.create_table(
        'issue_mark',
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('code', sa.String(), nullable=False),
        sa.Column('way', sa.String(), nullable=False),
        sa.Column('key', WORDS, nullable=False),
        sa.Column('acknowledged_at', TIME, nullable=True),
        sa.Column('acknowledged_by', WORDS, nullable=False),
        sa.Column('muted_until', TIME, nullable=True),
        sa.Column('muted_by', WORDS, nullable=False),
        sa.Column('assignee_id', sa.Integer(), nullable=True),
        sa.Column('assigned_at', TIME, nullable=True),
        sa.Column('assigned_by', WORDS, nullable=False),
        sa.Column('resolved_at', TIME, nullable=True),
        sa.Column('reopened_at', TIME, nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id']),
        sa.ForeignKeyConstraint(['assignee_id'], ['portal_user.id'], ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('account_id', 'code', 'way', 'key'),
    )


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

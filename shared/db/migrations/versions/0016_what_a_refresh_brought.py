"""A refresh says what was new by it; notes are found by digests of whose they are."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('shipping_method_mapping', sa.Column('came_at', shared.db.columns.UtcDateTime(), nullable=True))
    op.add_column('fetch_progress', sa.Column('added', sa.Integer(), nullable=True))
    op.create_table(
        'note_person',
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('digest', sa.String(), nullable=False),
        sa.Column('note_id', sa.Integer(), nullable=False),
        sa.Column('kept_at', shared.db.columns.UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id']),
        sa.PrimaryKeyConstraint('account_id', 'digest', 'note_id'),
    )
    op.create_index('ix_note_person_kept', 'note_person', ['kept_at'])


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

"""A person may put right, on the way only, what Brightpearl says of a note."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None

KEPT = sa.text('erased_at IS NULL')


def upgrade() -> None:
    # Nullable, so that an older version may go on inserting rows meanwhile.
    op.add_column('sync_log', sa.Column('corrected_at', shared.db.columns.UtcDateTime(), nullable=True))
    op.create_table('note_correction',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('note_id', sa.Integer(), nullable=False),
    sa.Column('sealed', sa.String(), nullable=False),
    sa.Column('fields', sa.JSON(), nullable=False),
    sa.Column('given_way', sa.JSON(), nullable=False),
    sa.Column('reason', shared.db.columns.Words(), nullable=False),
    sa.Column('made_by', shared.db.columns.Words(), nullable=False),
    sa.Column('made_at', shared.db.columns.UtcDateTime(), nullable=False),
    sa.Column('erased_at', shared.db.columns.UtcDateTime(), nullable=True),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'note_id'),
    )
    op.create_index('ix_note_correction_made', 'note_correction', ['made_at'],
                    postgresql_where=KEPT, sqlite_where=KEPT)


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

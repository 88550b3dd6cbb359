"""Where notices go besides mail."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0010'
down_revision = '0007'
branch_labels = None
depends_on = None

TIME = shared.db.columns.UtcDateTime(timezone=True)
WORDS = shared.db.columns.Words()


def upgrade() -> None:
    op.create_table('destination',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('name', WORDS, nullable=False),
    sa.Column('way', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('shown_address', WORDS, nullable=False),
    sa.Column('secret', sa.String(), nullable=False),
    sa.Column('old_secret', sa.String(), nullable=False),
    sa.Column('old_secret_until', TIME, nullable=True),
    sa.Column('kinds', shared.db.columns.Json, nullable=False),
    sa.Column('made_by', WORDS, nullable=False),
    sa.Column('made_at', TIME, nullable=False),
    sa.Column('off_since', TIME, nullable=True),
    sa.Column('off_because', sa.String(), nullable=False),
    sa.Column('failing_since', TIME, nullable=True),
    sa.Column('told_at', TIME, nullable=True),
    sa.Column('told_well', sa.Boolean(), nullable=False),
    sa.Column('told_sentence', WORDS, nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_destination_account', 'destination', ['account_id', 'made_at'])


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

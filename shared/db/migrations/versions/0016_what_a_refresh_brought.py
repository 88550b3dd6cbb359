"""A refresh says what was new by it."""

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


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

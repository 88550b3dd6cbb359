"""What was asked and answered in an attempt's vendor calls."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('attempt', sa.Column('exchanges', sa.JSON(none_as_null=True), nullable=True))


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

"""When the daily report goes out, and whether also for a quiet day."""

import sqlalchemy as sa
from alembic import op

revision = '0011'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('account') as account:
        account.add_column(
            sa.Column('report_at', sa.String(), nullable=False, server_default='07:00')
        )
        account.add_column(
            sa.Column('report_quiet_days', sa.Boolean(), nullable=False, server_default=sa.true())
        )


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

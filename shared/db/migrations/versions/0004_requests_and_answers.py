"""What was asked and answered in an attempt's vendor calls; what people did about one note."""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('attempt', sa.Column('exchanges', sa.JSON(none_as_null=True), nullable=True))
    op.create_index('ix_audit_entry_subject', 'audit_entry', ['account_id', 'subject', 'at'])


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

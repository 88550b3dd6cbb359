"""What went live of what shadow mode showed."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('shadow_note') as note:
        note.add_column(
            sa.Column('sent_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True)
        )
        note.add_column(
            sa.Column(
                'differences', shared.db.columns.Json, nullable=False, server_default='[]'
            )
        )


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

"""A note is found by its key soon, in a new account's flood too."""

import sqlalchemy as sa
from alembic import op

revision = '0014'
down_revision = '0011'
branch_labels = None
depends_on = None

PARTIAL = {
    'ix_sync_log_order': 'order_id',
    'ix_sync_log_shipped': 'shipped_at',
}
# Until a flood is in the statistics, PostgreSQL may read a whole account to find one note.
BUSY = ('attempt', 'event', 'order_link', 'sync_log', 'timeline')
SOON = 'autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.01'


def upgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        for table in BUSY:
            op.execute(f'ALTER TABLE {table} SET ({SOON}, autovacuum_vacuum_scale_factor = 0.05)')
    for name, column in PARTIAL.items():
        known = sa.text(f'{column} IS NOT NULL')
        op.drop_index(name, 'sync_log')
        op.create_index(name, 'sync_log', ['account_id', column], postgresql_where=known, sqlite_where=known)


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

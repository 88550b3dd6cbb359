"""What stays of the past: archived events and their counts, the usual of each hour, comparisons."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0009'
down_revision = '0010'
branch_labels = None
depends_on = None

WHEN = shared.db.columns.UtcDateTime(timezone=True)
PERSONAL = sa.text(
    "erased_at IS NULL AND name IN ('goods_out_notes.announced', 'products.announced', "
    "'shipment.announced', 'shiphero_webhook.received', 'mail.requested')"
)
EXCHANGED = sa.text('exchanges IS NOT NULL')
SHOWN = sa.text('erased_at IS NULL')
# The name that PostgreSQL gave by itself; SQLite knows none, so there it is given.
NAMES = {'fk': '%(table_name)s_%(column_0_name)s_fkey'}


def upgrade() -> None:
    op.add_column('event', sa.Column('erased_at', WHEN, nullable=True))
    op.create_index('ix_event_personal', 'event', ['recorded_at'], postgresql_where=PERSONAL, sqlite_where=PERSONAL)
    op.create_index('ix_attempt_exchanged', 'attempt', ['started_at'], postgresql_where=EXCHANGED, sqlite_where=EXCHANGED)
    op.add_column('shadow_note', sa.Column('erased_at', WHEN, nullable=True))
    op.create_index('ix_shadow_note_personal', 'shadow_note', ['looked_at'], postgresql_where=SHOWN, sqlite_where=SHOWN)
    with op.batch_alter_table('timeline', naming_convention=NAMES) as timeline:
        timeline.drop_constraint('timeline_event_id_fkey', type_='foreignkey')

    op.create_table('event_archive',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('subject', shared.db.columns.Words(), nullable=False),
    sa.Column('recorded_at', WHEN, nullable=False),
    sa.Column('settled_at', WHEN, nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('kept', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_event_archive_subject', 'event_archive', ['account_id', 'subject', 'recorded_at'])
    op.create_index('ix_event_archive_recorded', 'event_archive', ['account_id', 'recorded_at'])
    op.create_table('archived_count',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('replayed', sa.Boolean(), nullable=False),
    sa.Column('count', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'day', 'name', 'outcome', 'replayed')
    )
    op.create_table('hour_count',
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('signal', sa.String(), nullable=False),
    sa.Column('hours', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('account_id', 'day', 'signal')
    )
    op.create_table('comparison',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('account_id', sa.Uuid(), nullable=False),
    sa.Column('list_name', sa.String(), nullable=False),
    sa.Column('window_from', WHEN, nullable=False),
    sa.Column('window_to', WHEN, nullable=False),
    sa.Column('compared_at', WHEN, nullable=False),
    sa.Column('theirs', sa.Integer(), nullable=False),
    sa.Column('ours', sa.Integer(), nullable=False),
    sa.Column('missed', sa.Integer(), nullable=False),
    sa.Column('differences', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    op.create_index('ix_comparison_compared', 'comparison', ['account_id', 'compared_at'])


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

"""What people are told of: gathered causes, alerts told once, addresses whose mail comes back."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0012'
down_revision = '0006'
branch_labels = None
depends_on = None

TIME = shared.db.columns.UtcDateTime(timezone=True)
WORDS = shared.db.columns.Words()
UNTOLD = sa.text('told_at IS NULL OR (ended_at IS NOT NULL AND end_told_at IS NULL)')


def upgrade() -> None:
    op.create_table(
        'untold',
        sa.Column('id', sa.Uuid(), nullable=False),
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('cause', WORDS, nullable=False),
        sa.Column('subject', WORDS, nullable=False),
        sa.Column('at', TIME, nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id']),
        sa.PrimaryKeyConstraint('id'),
    )
    op.create_index('ix_untold_cause', 'untold', ['account_id', 'kind', 'cause'])
    op.create_table(
        'told_cause',
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('kind', sa.String(), nullable=False),
        sa.Column('cause', WORDS, nullable=False),
        sa.Column('thread', sa.Uuid(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('things', sa.Integer(), nullable=False),
        sa.Column('first_at', TIME, nullable=False),
        sa.Column('told_at', TIME, nullable=False),
        sa.Column('due_at', TIME, nullable=False),
        sa.Column('gone_since', TIME, nullable=True),
        sa.Column('ended_at', TIME, nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['account.id']),
        sa.PrimaryKeyConstraint('account_id', 'kind', 'cause'),
    )
    op.create_index('ix_told_cause_open', 'told_cause', ['ended_at'])
    op.create_table(
        'mail_bounce',
        sa.Column('account_id', sa.Uuid(), nullable=False),
        sa.Column('email', WORDS, nullable=False),
        sa.Column('code', sa.Integer(), nullable=False),
        sa.Column('sentence', WORDS, nullable=False),
        sa.Column('at', TIME, nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('event_id', sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['account.id']),
        sa.PrimaryKeyConstraint('account_id', 'email'),
    )
    with op.batch_alter_table('alert') as alert:
        alert.add_column(sa.Column('told_at', TIME, nullable=True))
        alert.add_column(sa.Column('end_told_at', TIME, nullable=True))
    # What was raised before mails were sent of it is no news; nor is a first fetch of long ago.
    op.execute('UPDATE alert SET told_at = raised_at, end_told_at = ended_at')
    op.create_index('ix_alert_untold', 'alert', ['raised_at'], postgresql_where=UNTOLD, sqlite_where=UNTOLD)
    old_fetches()


def old_fetches() -> None:
    connection = op.get_bind()
    progress = sa.table(
        'fetch_progress', sa.column('account_id', sa.Uuid()), sa.column('moved_at', TIME), sa.column('state')
    )
    told = sa.table(
        'told_cause',
        *(sa.column(name, sa.Uuid()) for name in ('account_id', 'thread')),
        *(sa.column(name) for name in ('kind', 'cause', 'number', 'things')),
        *(sa.column(name, TIME) for name in ('first_at', 'told_at', 'due_at', 'ended_at')),
    )
    fetched = sa.select(progress.c.account_id, sa.func.max(progress.c.moved_at, type_=TIME))
    unfinished = sa.func.sum(sa.case((progress.c.state != 'done', 1), else_=0))
    finished = fetched.group_by(progress.c.account_id).having(unfinished == 0)
    for account_id, at in connection.execute(finished).all():
        connection.execute(
            told.insert().values(
                account_id=account_id, kind='first_fetch_done', cause='', thread=account_id,
                number=0, things=0, first_at=at, told_at=at, due_at=at, ended_at=at,
            )
        )


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

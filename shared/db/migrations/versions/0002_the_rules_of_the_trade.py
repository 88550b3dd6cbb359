"""The rules of the trade: what merchants choose, what ShipHero and Brightpearl were told."""

import sqlalchemy as sa
from alembic import op

import shared.db.columns

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

CHOICES = {
    'order_number_template': '{reference}',
    'release_policy': 'hold',
    'shipped_when': 'complete',
    'channel_as': 'shop_name',
    'packing_note_field': '',
    'gift_note_field': '',
}


def upgrade() -> None:
    with op.batch_alter_table('account') as account:
        for name, default in CHOICES.items():
            account.add_column(
                sa.Column(name, sa.String(), nullable=False, server_default=default)
            )
        account.add_column(
            sa.Column('create_products', sa.Boolean(), nullable=False, server_default=sa.false())
        )
        account.add_column(
            sa.Column(
                'shipping_nominal', shared.db.columns.Words(), nullable=False, server_default=''
            )
        )
    with op.batch_alter_table('order_link') as link:
        link.add_column(
            sa.Column('sent', shared.db.columns.Json, nullable=False, server_default='{}')
        )
        link.add_column(
            sa.Column('canceled_at', shared.db.columns.UtcDateTime(timezone=True), nullable=True)
        )
    with op.batch_alter_table('sync_log') as row:
        row.add_column(
            sa.Column('parcels_told', shared.db.columns.Words(), nullable=False, server_default='')
        )


def downgrade() -> None:
    raise NotImplementedError('a backup is restored instead')

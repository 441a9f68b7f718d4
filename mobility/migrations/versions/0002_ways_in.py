"""Links that open accounts, and the throttle of signing in.

Revision 0002, after 0001. The way back is a backup.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'sign_in_throttle',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('kind', AutoString(length=32), nullable=False),
        sa.Column('key_hash', AutoString(), nullable=False),
        sa.Column('failures', sa.Integer(), nullable=False),
        sa.Column('last_at', UTCDateTime(), nullable=False),
        sa.Column('blocked_until', UTCDateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('account', 'address')", name=op.f('ck_sign_in_throttle_kind')),
        sa.CheckConstraint('failures >= 0', name=op.f('ck_sign_in_throttle_failures')),
        sa.CheckConstraint('length(key_hash) = 64', name=op.f('ck_sign_in_throttle_key_hash')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_throttle')),
        sa.UniqueConstraint('kind', 'key_hash', name=op.f('uq_sign_in_throttle_kind_key_hash'))
    )
    op.create_index(op.f('ix_sign_in_throttle_last_at'), 'sign_in_throttle', ['last_at'], unique=False)
    op.create_table(
        'invitation',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('token_hash', AutoString(), nullable=False),
        sa.Column('created_at', UTCDateTime(), nullable=False),
        sa.Column('created_by', AutoString(), nullable=False),
        sa.Column('expires_at', UTCDateTime(), nullable=False),
        sa.Column('ended_at', UTCDateTime(), nullable=True),
        sa.CheckConstraint("created_by <> ''", name=op.f('ck_invitation_created_by')),
        sa.CheckConstraint('created_at < expires_at', name=op.f('ck_invitation_expires_later')),
        sa.CheckConstraint('length(token_hash) = 64', name=op.f('ck_invitation_token_hash')),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_invitation_account_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_invitation')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_invitation_token_hash'))
    )
    op.create_index(op.f('ix_invitation_account_id'), 'invitation', ['account_id'], unique=False)

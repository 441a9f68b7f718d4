"""How students really travelled.

Revision 0005, after 0004. A new table; nothing else changes. The way back is a backup.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

MODES = "('air', 'rail', 'coach', 'car', 'ferry')"


def upgrade() -> None:
    op.create_table(
        'travel_report',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('placement_id', sa.Integer(), nullable=False),
        sa.Column('out_mode', AutoString(), nullable=False),
        sa.Column('back_mode', AutoString(), nullable=False),
        sa.Column('onward_mode', AutoString(), nullable=True),
        sa.Column('stop', AutoString(), nullable=False),
        sa.Column('stop_place', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('journey', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('total_g', sa.BigInteger(), nullable=False),
        sa.Column('factor_set_digest', AutoString(), nullable=False),
        sa.Column('method_digest', AutoString(), nullable=False),
        sa.Column('reported_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint(f'out_mode IN {MODES}', name=op.f('ck_travel_report_out_mode')),
        sa.CheckConstraint(f'back_mode IN {MODES}', name=op.f('ck_travel_report_back_mode')),
        sa.CheckConstraint(f'onward_mode IN {MODES}', name=op.f('ck_travel_report_onward_mode')),
        sa.CheckConstraint(
            'onward_mode IS NULL OR stop_place IS NOT NULL',
            name=op.f('ck_travel_report_onward_needs_stop'),
        ),
        sa.CheckConstraint(
            "(stop = '') = (stop_place IS NULL)", name=op.f('ck_travel_report_stop_is_found')
        ),
        sa.CheckConstraint('total_g >= 0', name=op.f('ck_travel_report_total_g')),
        sa.ForeignKeyConstraint(
            ['placement_id'], ['placement.id'], name=op.f('fk_travel_report_placement_id')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_travel_report')),
        sa.UniqueConstraint('placement_id', name=op.f('uq_travel_report_placement_id')),
    )

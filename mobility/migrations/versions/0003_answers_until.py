"""Until when students answer their places, and when a round was published.

Revision 0003, after 0002. Rounds that are published already keep their answers open
until they are settled: nobody was told a last day. The way back is a backup.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

HAS_PLACEMENTS = "state IN ('published', 'settled', 'archived')"
CHECKS = {
    'published_at': f'published_at IS NULL OR ({HAS_PLACEMENTS})',
    'answers_until': 'answers_until IS NULL OR (published_at IS NOT NULL AND published_at < answers_until)',
}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    # SQLite rebuilds the table, and would forget the checks that it cannot reflect
    with op.batch_alter_table('round', copy_from=_round() if is_sqlite else None) as batch:
        batch.add_column(sa.Column('published_at', UTCDateTime(), nullable=True))
        batch.add_column(sa.Column('answers_until', UTCDateTime(), nullable=True))
        for name, rule in CHECKS.items():
            batch.create_check_constraint(op.f(f'ck_round_{name}'), rule)
    op.execute(
        f"""
        UPDATE round SET published_at = (
            SELECT min(published_at) FROM placement WHERE round_id = round.id
        ) WHERE {HAS_PLACEMENTS}
        """  # noqa: S608 - the text is this module's own
    )


def _round() -> sa.Table:
    """Return the table as 0001 made it."""
    return sa.Table(
        'round',
        sa.MetaData(),
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('key', AutoString(), nullable=False),
        sa.Column('name', AutoString(), nullable=False),
        sa.Column('academic_year_id', AutoString(), nullable=False),
        sa.Column('state', sa.String(length=32), nullable=False),
        sa.Column('is_dry_run', sa.Boolean(), nullable=False),
        sa.Column('opens_at', UTCDateTime(), nullable=True),
        sa.Column('deadline_at', UTCDateTime(), nullable=False),
        sa.Column('deadline_zone', AutoString(), nullable=False),
        sa.Column('policy_id', sa.Integer(), nullable=False),
        sa.Column('policy_set_by', AutoString(), nullable=True),
        sa.Column('factor_set', AutoString(), nullable=False),
        sa.Column('factor_set_digest', AutoString(), nullable=True),
        sa.Column('carbon_settings', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('balance_years', sa.Integer(), nullable=False),
        sa.Column('snapshot_id', sa.Integer(), nullable=True),
        sa.Column('published_run_id', sa.Integer(), nullable=True),
        sa.Column('published_verdict', AutoString(length=32), nullable=True),
        sa.CheckConstraint("state IN ('draft', 'open', 'closed', 'frozen', 'published', 'settled', 'archived')", name='ck_round_roundstate'),
        sa.CheckConstraint("(state IN ('frozen', 'published', 'settled', 'archived')) = (factor_set_digest IS NOT NULL)", name='ck_round_frozen_has_factors'),
        sa.CheckConstraint("(state IN ('frozen', 'published', 'settled', 'archived')) = (snapshot_id IS NOT NULL)", name='ck_round_frozen_has_snapshot'),
        sa.CheckConstraint("(state IN ('published', 'settled', 'archived')) = (published_run_id IS NOT NULL)", name='ck_round_published_has_run'),
        sa.CheckConstraint("academic_year_id LIKE '____/____'", name='ck_round_academic_year_id'),
        sa.CheckConstraint("key <> ''", name='ck_round_key'),
        sa.CheckConstraint("published_verdict = 'verified'", name='ck_round_published_is_verified'),
        sa.CheckConstraint('(published_run_id IS NULL) = (published_verdict IS NULL)', name='ck_round_published_has_verdict'),
        sa.CheckConstraint('balance_years >= 0', name='ck_round_balance_years'),
        sa.CheckConstraint('opens_at < deadline_at', name='ck_round_opens_before_deadline'),
        sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name='fk_round_policy_id'),
        sa.ForeignKeyConstraint(['published_run_id', 'id', 'snapshot_id', 'policy_id', 'published_verdict'], ['run.id', 'run.round_id', 'run.snapshot_id', 'run.policy_id', 'run.verdict'], name='fk_round_published_run'),
        sa.ForeignKeyConstraint(['snapshot_id', 'id'], ['snapshot.id', 'snapshot.round_id'], name='fk_round_snapshot'),
        sa.PrimaryKeyConstraint('id', name='pk_round'),
        sa.UniqueConstraint('key', name='uq_round_key')
    )

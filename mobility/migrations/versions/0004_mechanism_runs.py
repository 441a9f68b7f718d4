"""Runs of a mechanism: a status of their own, and never of the declared policy.

Revision 0004, after 0003. Runs so far were all of `optimise`. The way back is a backup.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

CHECKS = {
    'runstatus': "status IN ('optimal', 'bounded', 'mechanism')",
    'mechanism_is_scenario': "mechanism = 'optimise' OR is_scenario",
    'mechanism_has_its_status': "(mechanism <> 'optimise') = (status = 'mechanism')",
}


def upgrade() -> None:
    is_sqlite = op.get_bind().dialect.name == 'sqlite'
    # SQLite rebuilds the table, and would forget the checks that it cannot reflect
    with op.batch_alter_table('run', copy_from=_run() if is_sqlite else None) as batch:
        batch.drop_constraint(op.f('ck_run_runstatus'), type_='check')
        for name, rule in CHECKS.items():
            batch.create_check_constraint(op.f(f'ck_run_{name}'), rule)


def _run() -> sa.Table:
    """Return the table as 0001 made it."""
    return sa.Table(
        'run',
        sa.MetaData(),
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('snapshot_id', sa.Integer(), nullable=False),
        sa.Column('policy_id', sa.Integer(), nullable=False),
        sa.Column('mechanism', AutoString(), nullable=False),
        sa.Column('is_scenario', sa.Boolean(), nullable=False),
        sa.Column('state', sa.String(length=32), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('owner', AutoString(), nullable=True),
        sa.Column('lease_until', UTCDateTime(), nullable=True),
        sa.Column('cancel_requested', sa.Boolean(), nullable=False),
        sa.Column('enqueued_at', UTCDateTime(), nullable=True),
        sa.Column('progress', AutoString(), nullable=False),
        sa.Column('status', sa.String(length=32), nullable=True),
        sa.Column('gap_msteps', sa.BigInteger(), nullable=True),
        sa.Column('verdict', sa.String(length=32), nullable=True),
        sa.Column('verdict_text', AutoString(), nullable=False),
        sa.Column('metrics', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('instance_digest', AutoString(), nullable=True),
        sa.Column('result_digest', AutoString(), nullable=True),
        sa.Column('created_at', UTCDateTime(), nullable=False),
        sa.Column('created_by', AutoString(), nullable=False),
        sa.Column('started_at', UTCDateTime(), nullable=True),
        sa.Column('finished_at', UTCDateTime(), nullable=True),
        sa.Column('error', AutoString(), nullable=True),
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name='ck_run_runstate'),
        sa.CheckConstraint("status IN ('optimal', 'bounded')", name='ck_run_runstatus'),
        sa.CheckConstraint("verdict IN ('verified', 'refused')", name='ck_run_verdict'),
        sa.CheckConstraint("(state = 'done') = (verdict IS NOT NULL)", name='ck_run_done_is_judged'),
        sa.CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name='ck_run_failed_has_error'),
        sa.CheckConstraint("(state = 'running') = (owner IS NOT NULL) AND (state = 'running') = (lease_until IS NOT NULL)", name='ck_run_running_has_owner'),
        sa.CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name='ck_run_ended_has_time'),
        sa.CheckConstraint("gap_msteps >= 0 AND (status <> 'optimal' OR gap_msteps = 0)", name='ck_run_optimal_has_no_gap'),
        sa.CheckConstraint("state <> 'done' OR (status IS NOT NULL AND gap_msteps IS NOT NULL AND instance_digest IS NOT NULL AND result_digest IS NOT NULL)", name='ck_run_done_has_outcome'),
        sa.CheckConstraint('attempts >= 0', name='ck_run_attempts'),
        sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name='fk_run_policy_id'),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name='fk_run_round_id'),
        sa.ForeignKeyConstraint(['snapshot_id', 'round_id'], ['snapshot.id', 'snapshot.round_id'], name='fk_run_snapshot_id_round_id'),
        sa.PrimaryKeyConstraint('id', name='pk_run'),
        sa.UniqueConstraint('id', 'round_id', 'snapshot_id', 'policy_id', 'verdict', name='uq_run_verdict'),
        sa.UniqueConstraint('id', 'round_id', name='uq_run_id_round_id'),
        sa.Index('ix_run_round_id', 'round_id'),
        sa.Index('ix_run_state_lease_until', 'state', 'lease_until'),
    )

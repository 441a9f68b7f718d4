"""The first tables."""

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'audit_entry',
        sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('prev', AutoString(), nullable=False),
        sa.Column('at', UTCDateTime(), nullable=False),
        sa.Column('actor', AutoString(), nullable=False),
        sa.Column('action', AutoString(), nullable=False),
        sa.Column('subject', AutoString(), nullable=False),
        sa.Column('commitment', AutoString(), nullable=False),
        sa.Column('hash', AutoString(), nullable=False),
        sa.CheckConstraint("replace(action, ':', '') <> action", name=op.f('ck_audit_entry_action')),
        sa.CheckConstraint('length(prev) = 64 AND length(commitment) = 64 AND length(hash) = 64', name=op.f('ck_audit_entry_hashes')),
        sa.CheckConstraint('seq >= 1', name=op.f('ck_audit_entry_seq')),
        sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_entry')),
        sa.UniqueConstraint('hash', name=op.f('uq_audit_entry_hash')),
        sa.UniqueConstraint('prev', name=op.f('uq_audit_entry_prev'))
    )
    op.create_table(
        'audit_head',
        sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('seq', sa.Integer(), nullable=False),
        sa.Column('hash', AutoString(), nullable=False),
        sa.CheckConstraint('id = 1', name=op.f('ck_audit_head_one_row')),
        sa.CheckConstraint('seq >= 0 AND length(hash) = 64', name=op.f('ck_audit_head_head')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_head'))
    )
    op.create_table(
        'institution',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('hei_id', AutoString(), nullable=False),
        sa.Column('name', AutoString(), nullable=False),
        sa.Column('city', AutoString(), nullable=False),
        sa.Column('country', AutoString(), nullable=False),
        sa.Column('latitude_udeg', sa.Integer(), nullable=False),
        sa.Column('longitude_udeg', sa.Integer(), nullable=False),
        sa.Column('block', sa.Enum('north', 'south', name='block', native_enum=False, create_constraint=True, length=32), nullable=True),
        sa.Column('block_source', AutoString(), nullable=True),
        sa.Column('block_date', sa.Date(), nullable=True),
        sa.Column('erasmus_code', AutoString(), nullable=True),
        sa.Column('exchange_tolerance', sa.Integer(), nullable=False),
        sa.Column('is_member', sa.Boolean(), nullable=False),
        sa.Column('is_constructed', sa.Boolean(), nullable=False),
        sa.CheckConstraint("hei_id <> '' AND hei_id = lower(hei_id)", name=op.f('ck_institution_hei_id')),
        sa.CheckConstraint('(block IS NULL) = (block_source IS NULL) AND (block IS NULL) = (block_date IS NULL)', name=op.f('ck_institution_block_with_source')),
        sa.CheckConstraint('exchange_tolerance >= 0', name=op.f('ck_institution_exchange_tolerance')),
        sa.CheckConstraint('latitude_udeg BETWEEN -90000000 AND 90000000', name=op.f('ck_institution_latitude')),
        sa.CheckConstraint('length(country) = 2 AND country = upper(country)', name=op.f('ck_institution_country')),
        sa.CheckConstraint('longitude_udeg BETWEEN -180000000 AND 180000000', name=op.f('ck_institution_longitude')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_institution')),
        sa.UniqueConstraint('erasmus_code', name=op.f('uq_institution_erasmus_code')),
        sa.UniqueConstraint('hei_id', name=op.f('uq_institution_hei_id'))
    )
    op.create_table(
        'journey',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('factor_set_digest', AutoString(), nullable=False),
        sa.Column('method_digest', AutoString(), nullable=False),
        sa.Column('home_key', AutoString(), nullable=False),
        sa.Column('host_key', AutoString(), nullable=False),
        sa.Column('footprint', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('chosen_mode', AutoString(), nullable=False),
        sa.Column('total_g', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('total_g >= 0', name=op.f('ck_journey_total_g')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_journey')),
        sa.UniqueConstraint('factor_set_digest', 'method_digest', 'home_key', 'host_key', name='uq_journey_pair')
    )
    op.create_table(
        'person',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', AutoString(), nullable=False),
        sa.Column('email', AutoString(), nullable=False),
        sa.CheckConstraint("email <> '' AND email = lower(email)", name=op.f('ck_person_email')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_person')),
        sa.UniqueConstraint('email', name=op.f('uq_person_email'))
    )
    op.create_table(
        'policy',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('name', AutoString(), nullable=False),
        sa.Column('text', AutoString(), nullable=False),
        sa.Column('digest', AutoString(), nullable=False),
        sa.CheckConstraint('length(digest) = 64', name=op.f('ck_policy_digest')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_policy')),
        sa.UniqueConstraint('digest', name=op.f('uq_policy_digest'))
    )
    op.create_table(
        'account',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('password_hash', AutoString(), nullable=True),
        sa.Column('state', sa.Enum('invited', 'active', 'disabled', name='accountstate', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('created_at', UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_account_person_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_account')),
        sa.UniqueConstraint('person_id', name=op.f('uq_account_person_id'))
    )
    op.create_table(
        'agreement',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('iia_id', AutoString(), nullable=False),
        sa.Column('institution_a_id', sa.Integer(), nullable=False),
        sa.Column('institution_b_id', sa.Integer(), nullable=False),
        sa.Column('state', sa.Enum('draft', 'active', 'terminated', name='agreementstate', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('is_constructed', sa.Boolean(), nullable=False),
        sa.CheckConstraint("iia_id <> ''", name=op.f('ck_agreement_iia_id')),
        sa.ForeignKeyConstraint(['institution_a_id'], ['institution.id'], name=op.f('fk_agreement_institution_a_id')),
        sa.ForeignKeyConstraint(['institution_b_id'], ['institution.id'], name=op.f('fk_agreement_institution_b_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_agreement')),
        sa.UniqueConstraint('iia_id', name=op.f('uq_agreement_iia_id'))
    )
    op.create_index(op.f('ix_agreement_institution_a_id'), 'agreement', ['institution_a_id'], unique=False)
    op.create_index(op.f('ix_agreement_institution_b_id'), 'agreement', ['institution_b_id'], unique=False)
    op.create_table(
        'audit_actor',
        sa.Column('pseudonym', AutoString(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_audit_actor_person_id')),
        sa.PrimaryKeyConstraint('pseudonym', name=op.f('pk_audit_actor')),
        sa.UniqueConstraint('person_id', name=op.f('uq_audit_actor_person_id'))
    )
    op.create_table(
        'audit_payload',
        sa.Column('seq', sa.Integer(), autoincrement=False, nullable=False),
        sa.Column('salt', AutoString(), nullable=False),
        sa.Column('payload', AutoString(), nullable=False),
        sa.ForeignKeyConstraint(['seq'], ['audit_entry.seq'], name=op.f('fk_audit_payload_seq')),
        sa.PrimaryKeyConstraint('seq', name=op.f('pk_audit_payload'))
    )
    op.create_table(
        'partnership',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('north_id', sa.Integer(), nullable=False),
        sa.Column('south_id', sa.Integer(), nullable=False),
        sa.Column('tolerance', sa.Integer(), nullable=False),
        sa.Column('asks', sa.Integer(), nullable=False),
        sa.CheckConstraint('north_id <> south_id', name=op.f('ck_partnership_two_institutions')),
        sa.CheckConstraint('tolerance >= 0 AND asks >= 0', name=op.f('ck_partnership_not_negative')),
        sa.ForeignKeyConstraint(['north_id'], ['institution.id'], name=op.f('fk_partnership_north_id')),
        sa.ForeignKeyConstraint(['south_id'], ['institution.id'], name=op.f('fk_partnership_south_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_partnership')),
        sa.UniqueConstraint('north_id', 'south_id', name=op.f('uq_partnership_north_id_south_id'))
    )
    op.create_index(op.f('ix_partnership_south_id'), 'partnership', ['south_id'], unique=False)
    op.create_table(
        'round',
        sa.Column('id', sa.Integer(), autoincrement=True, nullable=False),
        sa.Column('key', AutoString(), nullable=False),
        sa.Column('name', AutoString(), nullable=False),
        sa.Column('academic_year_id', AutoString(), nullable=False),
        sa.Column('state', sa.Enum('draft', 'open', 'closed', 'frozen', 'published', 'settled', 'archived', name='roundstate', native_enum=False, create_constraint=True, length=32), nullable=False),
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
        sa.CheckConstraint("(state IN ('frozen', 'published', 'settled', 'archived')) = (factor_set_digest IS NOT NULL)", name=op.f('ck_round_frozen_has_factors')),
        sa.CheckConstraint("(state IN ('frozen', 'published', 'settled', 'archived')) = (snapshot_id IS NOT NULL)", name=op.f('ck_round_frozen_has_snapshot')),
        sa.CheckConstraint("(state IN ('published', 'settled', 'archived')) = (published_run_id IS NOT NULL)", name=op.f('ck_round_published_has_run')),
        sa.CheckConstraint("academic_year_id LIKE '____/____'", name=op.f('ck_round_academic_year_id')),
        sa.CheckConstraint("key <> ''", name=op.f('ck_round_key')),
        sa.CheckConstraint("published_verdict = 'verified'", name=op.f('ck_round_published_is_verified')),
        sa.CheckConstraint('(published_run_id IS NULL) = (published_verdict IS NULL)', name=op.f('ck_round_published_has_verdict')),
        sa.CheckConstraint('balance_years >= 0', name=op.f('ck_round_balance_years')),
        sa.CheckConstraint('opens_at < deadline_at', name=op.f('ck_round_opens_before_deadline')),
        sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name=op.f('fk_round_policy_id')),
        sa.ForeignKeyConstraint(['published_run_id', 'id', 'snapshot_id', 'policy_id', 'published_verdict'], ['run.id', 'run.round_id', 'run.snapshot_id', 'run.policy_id', 'run.verdict'], name='fk_round_published_run', use_alter=True),
        sa.ForeignKeyConstraint(['snapshot_id', 'id'], ['snapshot.id', 'snapshot.round_id'], name='fk_round_snapshot', use_alter=True),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
        sa.UniqueConstraint('key', name=op.f('uq_round_key'))
    )
    op.create_table(
        'student',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('institution_id', sa.Integer(), nullable=False),
        sa.Column('isced_f_code', AutoString(), nullable=True),
        sa.Column('eqf_level', sa.Integer(), nullable=True),
        sa.Column('merit', sa.BigInteger(), nullable=False),
        sa.CheckConstraint('eqf_level BETWEEN 1 AND 8', name=op.f('ck_student_eqf_level')),
        sa.CheckConstraint('length(isced_f_code) BETWEEN 2 AND 4', name=op.f('ck_student_isced_f_code')),
        sa.CheckConstraint('merit >= 0', name=op.f('ck_student_merit')),
        sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_student_institution_id')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_student_person_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_student')),
        sa.UniqueConstraint('person_id', name=op.f('uq_student_person_id'))
    )
    op.create_index(op.f('ix_student_institution_id'), 'student', ['institution_id'], unique=False)
    op.create_table(
        'account_session',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('account_id', sa.Integer(), nullable=False),
        sa.Column('token_hash', AutoString(), nullable=False),
        sa.Column('created_at', UTCDateTime(), nullable=False),
        sa.Column('last_seen_at', UTCDateTime(), nullable=False),
        sa.Column('expires_at', UTCDateTime(), nullable=False),
        sa.Column('revoked_at', UTCDateTime(), nullable=True),
        sa.CheckConstraint('created_at < expires_at', name=op.f('ck_account_session_expires_later')),
        sa.CheckConstraint('length(token_hash) = 64', name=op.f('ck_account_session_token_hash')),
        sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_account_session_account_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_account_session')),
        sa.UniqueConstraint('token_hash', name=op.f('uq_account_session_token_hash'))
    )
    op.create_index(op.f('ix_account_session_account_id'), 'account_session', ['account_id'], unique=False)
    op.create_table(
        'application',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('student_id', sa.Integer(), nullable=False),
        sa.Column('version', sa.Integer(), nullable=False),
        sa.Column('withdrawn_at', UTCDateTime(), nullable=True),
        sa.CheckConstraint('version >= 1', name=op.f('ck_application_version')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_application_round_id')),
        sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_application_student_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
        sa.UniqueConstraint('round_id', 'student_id', name=op.f('uq_application_round_id_student_id'))
    )
    op.create_index(op.f('ix_application_student_id'), 'application', ['student_id'], unique=False)
    op.create_table(
        'cooperation_condition',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('agreement_id', sa.Integer(), nullable=False),
        sa.Column('key', AutoString(), nullable=False),
        sa.Column('sending_id', sa.Integer(), nullable=False),
        sa.Column('receiving_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Enum('SMS', 'SMT', name='mobilitykind', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('mobilities_per_year', sa.Integer(), nullable=False),
        sa.Column('duration_days', sa.Integer(), nullable=False),
        sa.Column('isced_f_codes', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('eqf_levels', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('languages', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('receiving_first_academic_year_id', AutoString(), nullable=True),
        sa.Column('receiving_last_academic_year_id', AutoString(), nullable=True),
        sa.Column('sending_ounit', AutoString(), nullable=True),
        sa.Column('receiving_ounit', AutoString(), nullable=True),
        sa.Column('is_blended', sa.Boolean(), nullable=False),
        sa.Column('mode', sa.Enum('physical', 'blended', 'virtual', name='mode', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.CheckConstraint("mode <> 'blended' OR is_blended", name=op.f('ck_cooperation_condition_blended_mode')),
        sa.CheckConstraint("mode <> 'virtual' OR NOT is_blended", name=op.f('ck_cooperation_condition_virtual_mode')),
        sa.CheckConstraint("receiving_first_academic_year_id LIKE '____/____' AND receiving_last_academic_year_id LIKE '____/____' AND receiving_first_academic_year_id <= receiving_last_academic_year_id", name=op.f('ck_cooperation_condition_academic_years')),
        sa.CheckConstraint("sending_id <> receiving_id OR mode = 'virtual'", name=op.f('ck_cooperation_condition_home_is_not_host')),
        sa.CheckConstraint('duration_days > 0', name=op.f('ck_cooperation_condition_duration_days')),
        sa.CheckConstraint('mobilities_per_year >= 0', name=op.f('ck_cooperation_condition_mobilities_per_year')),
        sa.ForeignKeyConstraint(['agreement_id'], ['agreement.id'], name=op.f('fk_cooperation_condition_agreement_id')),
        sa.ForeignKeyConstraint(['receiving_id'], ['institution.id'], name=op.f('fk_cooperation_condition_receiving_id')),
        sa.ForeignKeyConstraint(['sending_id'], ['institution.id'], name=op.f('fk_cooperation_condition_sending_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_cooperation_condition')),
        sa.UniqueConstraint('agreement_id', 'key', name=op.f('uq_cooperation_condition_agreement_id_key'))
    )
    op.create_index(op.f('ix_cooperation_condition_receiving_id'), 'cooperation_condition', ['receiving_id'], unique=False)
    op.create_index(op.f('ix_cooperation_condition_sending_id'), 'cooperation_condition', ['sending_id'], unique=False)
    op.create_table(
        'inbound_number',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('partnership_id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('count', sa.Integer(), nullable=False),
        sa.Column('confirmed_by', AutoString(), nullable=False),
        sa.Column('confirmed_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint('count >= 0', name=op.f('ck_inbound_number_count')),
        sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_inbound_number_partnership_id')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_inbound_number_round_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_inbound_number')),
        sa.UniqueConstraint('partnership_id', 'round_id', name=op.f('uq_inbound_number_partnership_id_round_id'))
    )
    op.create_index(op.f('ix_inbound_number_round_id'), 'inbound_number', ['round_id'], unique=False)
    op.create_table(
        'lottery_commitment',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('committer', AutoString(), nullable=False),
        sa.Column('commitment', AutoString(), nullable=False),
        sa.Column('secret', AutoString(), nullable=True),
        sa.Column('revealed_at', UTCDateTime(), nullable=True),
        sa.CheckConstraint('(secret IS NULL) = (revealed_at IS NULL)', name=op.f('ck_lottery_commitment_secret_has_time')),
        sa.CheckConstraint('length(commitment) = 64', name=op.f('ck_lottery_commitment_commitment')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_lottery_commitment_round_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_lottery_commitment')),
        sa.UniqueConstraint('round_id', 'committer', name=op.f('uq_lottery_commitment_round_id_committer'))
    )
    op.create_table(
        'notice',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=True),
        sa.Column('kind', AutoString(), nullable=False),
        sa.Column('payload', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('created_at', UTCDateTime(), nullable=False),
        sa.Column('sent_at', UTCDateTime(), nullable=True),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.CheckConstraint("kind <> ''", name=op.f('ck_notice_kind')),
        sa.CheckConstraint('attempts >= 0', name=op.f('ck_notice_attempts')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_notice_person_id')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_notice_round_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_notice'))
    )
    op.create_index(op.f('ix_notice_person_id'), 'notice', ['person_id'], unique=False)
    op.create_index(op.f('ix_notice_round_id'), 'notice', ['round_id'], unique=False)
    op.create_table(
        'partnership_balance',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('partnership_id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('out_count', sa.Integer(), nullable=False),
        sa.Column('in_count', sa.Integer(), nullable=False),
        sa.Column('unit', sa.Enum('students', 'weeks', name='balanceunit', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('state', sa.Enum('confirmed', 'disputed', name='balancestate', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.CheckConstraint('out_count >= 0 AND in_count >= 0', name=op.f('ck_partnership_balance_not_negative')),
        sa.ForeignKeyConstraint(['partnership_id'], ['partnership.id'], name=op.f('fk_partnership_balance_partnership_id')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_partnership_balance_round_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_partnership_balance')),
        sa.UniqueConstraint('partnership_id', 'round_id', name=op.f('uq_partnership_balance_partnership_id_round_id'))
    )
    op.create_index(op.f('ix_partnership_balance_round_id'), 'partnership_balance', ['round_id'], unique=False)
    op.create_table(
        'quota',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('key', AutoString(), nullable=False),
        sa.Column('kind', sa.Enum('host', 'faculty', 'level', 'ward', 'other', name='quotakind', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('capacity', sa.Integer(), nullable=False),
        sa.CheckConstraint('capacity >= 0', name=op.f('ck_quota_capacity')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_quota_round_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_quota')),
        sa.UniqueConstraint('round_id', 'key', name=op.f('uq_quota_round_id_key'))
    )
    op.create_table(
        'role_grant',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('person_id', sa.Integer(), nullable=False),
        sa.Column('role', sa.Enum('student', 'host', 'coordinator', 'network_coordinator', 'auditor', 'admin', name='role', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('institution_id', sa.Integer(), nullable=True),
        sa.Column('round_id', sa.Integer(), nullable=True),
        sa.Column('valid_until', UTCDateTime(), nullable=True),
        sa.Column('granted_at', UTCDateTime(), nullable=False),
        sa.Column('granted_by', AutoString(), nullable=False),
        sa.CheckConstraint("(role IN ('student', 'host', 'coordinator')) = (institution_id IS NOT NULL)", name=op.f('ck_role_grant_institution_scope')),
        sa.CheckConstraint("role <> 'auditor' OR (round_id IS NOT NULL AND valid_until IS NOT NULL)", name=op.f('ck_role_grant_auditor_is_limited')),
        sa.ForeignKeyConstraint(['institution_id'], ['institution.id'], name=op.f('fk_role_grant_institution_id')),
        sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_role_grant_person_id')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_role_grant_round_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_role_grant'))
    )
    op.create_index('uq_role_grant_scope', 'role_grant', ['person_id', 'role', sa.literal_column('coalesce(institution_id, 0)'), sa.literal_column('coalesce(round_id, 0)')], unique=True)
    op.create_table(
        'snapshot',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('digest', AutoString(), nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.Column('created_at', UTCDateTime(), nullable=False),
        sa.Column('created_by', AutoString(), nullable=False),
        sa.CheckConstraint('length(digest) = 64', name=op.f('ck_snapshot_digest')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_snapshot_round_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_snapshot')),
        sa.UniqueConstraint('digest', name=op.f('uq_snapshot_digest')),
        sa.UniqueConstraint('id', 'round_id', name=op.f('uq_snapshot_id_round_id'))
    )
    op.create_index(op.f('ix_snapshot_round_id'), 'snapshot', ['round_id'], unique=False)
    op.create_table(
        'student_group',
        sa.Column('student_id', sa.Integer(), nullable=False),
        sa.Column('attribute', AutoString(), nullable=False),
        sa.Column('value', AutoString(), nullable=False),
        sa.CheckConstraint("attribute NOT IN ('sending', 'block')", name=op.f('ck_student_group_reserved')),
        sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_student_group_student_id')),
        sa.PrimaryKeyConstraint('student_id', 'attribute', name=op.f('pk_student_group'))
    )
    op.create_table(
        'student_language',
        sa.Column('student_id', sa.Integer(), nullable=False),
        sa.Column('language', AutoString(), nullable=False),
        sa.Column('cefr', sa.Enum('A1', 'A2', 'B1', 'B2', 'C1', 'C2', name='cefr', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_student_language_student_id')),
        sa.PrimaryKeyConstraint('student_id', 'language', name=op.f('pk_student_language'))
    )
    op.create_table(
        'certification',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('application_id', sa.Integer(), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('certified_at', UTCDateTime(), nullable=False),
        sa.Column('receipt', AutoString(), nullable=False),
        sa.Column('salt', AutoString(), nullable=False),
        sa.Column('is_current', sa.Boolean(), nullable=False),
        sa.CheckConstraint('length(receipt) = 64', name=op.f('ck_certification_receipt')),
        sa.CheckConstraint('number >= 1', name=op.f('ck_certification_number')),
        sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_certification_application_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_certification')),
        sa.UniqueConstraint('application_id', 'number', name=op.f('uq_certification_application_id_number')),
        sa.UniqueConstraint('receipt', name=op.f('uq_certification_receipt'))
    )
    op.create_index('uq_certification_current', 'certification', ['application_id'], unique=True, sqlite_where=sa.text('is_current'), postgresql_where=sa.text('is_current'))
    op.create_table(
        'offer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('condition_id', sa.Integer(), nullable=False),
        sa.Column('key', AutoString(), nullable=False),
        sa.Column('receiving_id', sa.Integer(), nullable=False),
        sa.Column('capacity', sa.Integer(), nullable=False),
        sa.Column('starts_on', sa.Date(), nullable=False),
        sa.Column('ends_on', sa.Date(), nullable=False),
        sa.Column('mode', sa.Enum('physical', 'blended', 'virtual', name='mode', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('state', sa.Enum('active', 'suspended', name='offerstate', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.CheckConstraint("key <> ''", name=op.f('ck_offer_key')),
        sa.CheckConstraint('capacity >= 0', name=op.f('ck_offer_capacity')),
        sa.CheckConstraint('starts_on < ends_on', name=op.f('ck_offer_starts_before_end')),
        sa.ForeignKeyConstraint(['condition_id'], ['cooperation_condition.id'], name=op.f('fk_offer_condition_id')),
        sa.ForeignKeyConstraint(['receiving_id'], ['institution.id'], name=op.f('fk_offer_receiving_id')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_offer_round_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_offer')),
        sa.UniqueConstraint('id', 'round_id', name=op.f('uq_offer_id_round_id')),
        sa.UniqueConstraint('round_id', 'key', name=op.f('uq_offer_round_id_key'))
    )
    op.create_index(op.f('ix_offer_condition_id'), 'offer', ['condition_id'], unique=False)
    op.create_index(op.f('ix_offer_receiving_id'), 'offer', ['receiving_id'], unique=False)
    op.create_table(
        'pseudonym',
        sa.Column('snapshot_id', sa.Integer(), nullable=False),
        sa.Column('student_id', sa.Integer(), nullable=False),
        sa.Column('pseudonym', AutoString(), nullable=False),
        sa.ForeignKeyConstraint(['snapshot_id'], ['snapshot.id'], name=op.f('fk_pseudonym_snapshot_id')),
        sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_pseudonym_student_id')),
        sa.PrimaryKeyConstraint('snapshot_id', 'student_id', name=op.f('pk_pseudonym')),
        sa.UniqueConstraint('snapshot_id', 'pseudonym', name=op.f('uq_pseudonym_snapshot_id_pseudonym'))
    )
    op.create_index(op.f('ix_pseudonym_student_id'), 'pseudonym', ['student_id'], unique=False)
    op.create_table(
        'run',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('snapshot_id', sa.Integer(), nullable=False),
        sa.Column('policy_id', sa.Integer(), nullable=False),
        sa.Column('mechanism', AutoString(), nullable=False),
        sa.Column('is_scenario', sa.Boolean(), nullable=False),
        sa.Column('state', sa.Enum('queued', 'running', 'done', 'failed', 'cancelled', name='runstate', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('attempts', sa.Integer(), nullable=False),
        sa.Column('owner', AutoString(), nullable=True),
        sa.Column('lease_until', UTCDateTime(), nullable=True),
        sa.Column('cancel_requested', sa.Boolean(), nullable=False),
        sa.Column('enqueued_at', UTCDateTime(), nullable=True),
        sa.Column('progress', AutoString(), nullable=False),
        sa.Column('status', sa.Enum('optimal', 'bounded', name='runstatus', native_enum=False, create_constraint=True, length=32), nullable=True),
        sa.Column('gap_msteps', sa.BigInteger(), nullable=True),
        sa.Column('verdict', sa.Enum('verified', 'refused', name='verdict', native_enum=False, create_constraint=True, length=32), nullable=True),
        sa.Column('verdict_text', AutoString(), nullable=False),
        sa.Column('metrics', sa.JSON(none_as_null=True), nullable=True),
        sa.Column('instance_digest', AutoString(), nullable=True),
        sa.Column('result_digest', AutoString(), nullable=True),
        sa.Column('created_at', UTCDateTime(), nullable=False),
        sa.Column('created_by', AutoString(), nullable=False),
        sa.Column('started_at', UTCDateTime(), nullable=True),
        sa.Column('finished_at', UTCDateTime(), nullable=True),
        sa.Column('error', AutoString(), nullable=True),
        sa.CheckConstraint("(state = 'done') = (verdict IS NOT NULL)", name=op.f('ck_run_done_is_judged')),
        sa.CheckConstraint("(state = 'failed') = (error IS NOT NULL)", name=op.f('ck_run_failed_has_error')),
        sa.CheckConstraint("(state = 'running') = (owner IS NOT NULL) AND (state = 'running') = (lease_until IS NOT NULL)", name=op.f('ck_run_running_has_owner')),
        sa.CheckConstraint("(state IN ('done', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name=op.f('ck_run_ended_has_time')),
        sa.CheckConstraint("gap_msteps >= 0 AND (status <> 'optimal' OR gap_msteps = 0)", name=op.f('ck_run_optimal_has_no_gap')),
        sa.CheckConstraint("state <> 'done' OR (status IS NOT NULL AND gap_msteps IS NOT NULL AND instance_digest IS NOT NULL AND result_digest IS NOT NULL)", name=op.f('ck_run_done_has_outcome')),
        sa.CheckConstraint('attempts >= 0', name=op.f('ck_run_attempts')),
        sa.ForeignKeyConstraint(['policy_id'], ['policy.id'], name=op.f('fk_run_policy_id')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_run_round_id')),
        sa.ForeignKeyConstraint(['snapshot_id', 'round_id'], ['snapshot.id', 'snapshot.round_id'], name=op.f('fk_run_snapshot_id_round_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_run')),
        sa.UniqueConstraint('id', 'round_id', 'snapshot_id', 'policy_id', 'verdict', name='uq_run_verdict'),
        sa.UniqueConstraint('id', 'round_id', name=op.f('uq_run_id_round_id'))
    )
    op.create_index(op.f('ix_run_round_id'), 'run', ['round_id'], unique=False)
    op.create_index('ix_run_state_lease_until', 'run', ['state', 'lease_until'], unique=False)
    op.create_table(
        'certified_preference',
        sa.Column('certification_id', sa.Integer(), nullable=False),
        sa.Column('offer_id', sa.Integer(), nullable=False),
        sa.Column('rank', sa.Integer(), nullable=False),
        sa.CheckConstraint('rank >= 1', name=op.f('ck_certified_preference_rank')),
        sa.ForeignKeyConstraint(['certification_id'], ['certification.id'], name=op.f('fk_certified_preference_certification_id')),
        sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_certified_preference_offer_id')),
        sa.PrimaryKeyConstraint('certification_id', 'offer_id', name=op.f('pk_certified_preference')),
        sa.UniqueConstraint('certification_id', 'rank', name=op.f('uq_certified_preference_certification_id_rank'))
    )
    op.create_index(op.f('ix_certified_preference_offer_id'), 'certified_preference', ['offer_id'], unique=False)
    op.create_table(
        'forbidden_pair',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('student_id', sa.Integer(), nullable=False),
        sa.Column('offer_id', sa.Integer(), nullable=False),
        sa.Column('reason', AutoString(), nullable=False),
        sa.Column('created_by', AutoString(), nullable=False),
        sa.Column('created_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f('ck_forbidden_pair_reason')),
        sa.ForeignKeyConstraint(['offer_id', 'round_id'], ['offer.id', 'offer.round_id'], name=op.f('fk_forbidden_pair_offer_id_round_id')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_forbidden_pair_round_id')),
        sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_forbidden_pair_student_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_forbidden_pair')),
        sa.UniqueConstraint('round_id', 'student_id', 'offer_id', name=op.f('uq_forbidden_pair_round_id_student_id_offer_id'))
    )
    op.create_index(op.f('ix_forbidden_pair_offer_id'), 'forbidden_pair', ['offer_id'], unique=False)
    op.create_index(op.f('ix_forbidden_pair_student_id'), 'forbidden_pair', ['student_id'], unique=False)
    op.create_table(
        'pin',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('student_id', sa.Integer(), nullable=False),
        sa.Column('offer_id', sa.Integer(), nullable=False),
        sa.Column('reason', AutoString(), nullable=False),
        sa.Column('created_by', AutoString(), nullable=False),
        sa.Column('created_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("reason <> ''", name=op.f('ck_pin_reason')),
        sa.ForeignKeyConstraint(['offer_id', 'round_id'], ['offer.id', 'offer.round_id'], name=op.f('fk_pin_offer_id_round_id')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_pin_round_id')),
        sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_pin_student_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_pin')),
        sa.UniqueConstraint('round_id', 'student_id', name=op.f('uq_pin_round_id_student_id'))
    )
    op.create_index(op.f('ix_pin_offer_id'), 'pin', ['offer_id'], unique=False)
    op.create_index(op.f('ix_pin_student_id'), 'pin', ['student_id'], unique=False)
    op.create_table(
        'placement',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('round_id', sa.Integer(), nullable=False),
        sa.Column('student_id', sa.Integer(), nullable=False),
        sa.Column('run_id', sa.Integer(), nullable=False),
        sa.Column('offer_id', sa.Integer(), nullable=False),
        sa.Column('rank', sa.Integer(), nullable=False),
        sa.Column('emissions_g', sa.BigInteger(), nullable=False),
        sa.Column('held_in', sa.JSON(none_as_null=True), nullable=False),
        sa.Column('reason', AutoString(), nullable=False),
        sa.Column('published_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint('emissions_g >= 0', name=op.f('ck_placement_emissions_g')),
        sa.CheckConstraint('rank >= 1', name=op.f('ck_placement_rank')),
        sa.ForeignKeyConstraint(['offer_id', 'round_id'], ['offer.id', 'offer.round_id'], name=op.f('fk_placement_offer_id_round_id')),
        sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_placement_round_id')),
        sa.ForeignKeyConstraint(['run_id', 'round_id'], ['run.id', 'run.round_id'], name=op.f('fk_placement_run_id_round_id')),
        sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_placement_student_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_placement')),
        sa.UniqueConstraint('round_id', 'student_id', name=op.f('uq_placement_round_id_student_id'))
    )
    op.create_index(op.f('ix_placement_offer_id'), 'placement', ['offer_id'], unique=False)
    op.create_index(op.f('ix_placement_run_id'), 'placement', ['run_id'], unique=False)
    op.create_index(op.f('ix_placement_student_id'), 'placement', ['student_id'], unique=False)
    op.create_table(
        'preference',
        sa.Column('application_id', sa.Integer(), nullable=False),
        sa.Column('offer_id', sa.Integer(), nullable=False),
        sa.Column('rank', sa.Integer(), nullable=False),
        sa.CheckConstraint('rank >= 1', name=op.f('ck_preference_rank')),
        sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_preference_application_id')),
        sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_preference_offer_id')),
        sa.PrimaryKeyConstraint('application_id', 'offer_id', name=op.f('pk_preference')),
        sa.UniqueConstraint('application_id', 'rank', name=op.f('uq_preference_application_id_rank'))
    )
    op.create_index(op.f('ix_preference_offer_id'), 'preference', ['offer_id'], unique=False)
    op.create_table(
        'quota_offer',
        sa.Column('quota_id', sa.Integer(), nullable=False),
        sa.Column('offer_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_quota_offer_offer_id')),
        sa.ForeignKeyConstraint(['quota_id'], ['quota.id'], name=op.f('fk_quota_offer_quota_id')),
        sa.PrimaryKeyConstraint('quota_id', 'offer_id', name=op.f('pk_quota_offer'))
    )
    op.create_index(op.f('ix_quota_offer_offer_id'), 'quota_offer', ['offer_id'], unique=False)
    op.create_table(
        'quota_pair',
        sa.Column('quota_id', sa.Integer(), nullable=False),
        sa.Column('student_id', sa.Integer(), nullable=False),
        sa.Column('offer_id', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['offer_id'], ['offer.id'], name=op.f('fk_quota_pair_offer_id')),
        sa.ForeignKeyConstraint(['quota_id'], ['quota.id'], name=op.f('fk_quota_pair_quota_id')),
        sa.ForeignKeyConstraint(['student_id'], ['student.id'], name=op.f('fk_quota_pair_student_id')),
        sa.PrimaryKeyConstraint('quota_id', 'student_id', 'offer_id', name=op.f('pk_quota_pair'))
    )
    op.create_index(op.f('ix_quota_pair_offer_id'), 'quota_pair', ['offer_id'], unique=False)
    op.create_table(
        'run_file',
        sa.Column('run_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Enum('instance', 'result', name='runfilekind', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('data', sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(['run_id'], ['run.id'], name=op.f('fk_run_file_run_id')),
        sa.PrimaryKeyConstraint('run_id', 'kind', name=op.f('pk_run_file'))
    )
    op.create_table(
        'answer',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('placement_id', sa.Integer(), nullable=False),
        sa.Column('kind', sa.Enum('accept', 'decline', 'wait', name='answerkind', native_enum=False, create_constraint=True, length=32), nullable=False),
        sa.Column('reason', sa.Enum('visa', 'money', 'family', 'safety', 'host', 'other', name='declinereason', native_enum=False, create_constraint=True, length=32), nullable=True),
        sa.Column('answered_at', UTCDateTime(), nullable=False),
        sa.CheckConstraint("(kind = 'decline') = (reason IS NOT NULL)", name=op.f('ck_answer_decline_has_reason')),
        sa.ForeignKeyConstraint(['placement_id'], ['placement.id'], name=op.f('fk_answer_placement_id')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
        sa.UniqueConstraint('placement_id', name=op.f('uq_answer_placement_id'))
    )
    # SQLite has these in the table already; elsewhere a table must exist to be named
    if op.get_bind().dialect.name != "sqlite":
        op.create_foreign_key('fk_round_published_run', 'round', 'run', ['published_run_id', 'id', 'snapshot_id', 'policy_id', 'published_verdict'], ['id', 'round_id', 'snapshot_id', 'policy_id', 'verdict'])
        op.create_foreign_key('fk_round_snapshot', 'round', 'snapshot', ['snapshot_id', 'id'], ['id', 'round_id'])
    head = sa.table('audit_head', sa.column('id'), sa.column('seq'), sa.column('hash'))
    start = '7422d9195de0e7a2978c5154f28a54520ba2b0ee085598f71f21153eefe8d6de'
    op.execute(head.insert().values(id=1, seq=0, hash=start))

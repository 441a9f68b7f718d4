"""The database itself refuses what may not be, on both kinds."""

from builders import add_round, fill_every_table
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import IntegrityError

from mobility.db import unit

PUBLISH = (
    "UPDATE round SET state = 'published', published_run_id = 1,"
    " published_verdict = 'verified'"
)

ALLOWED = (
    PUBLISH,
    "UPDATE round SET state = 'closed', snapshot_id = NULL, factor_set_digest = NULL",
    "UPDATE run SET state = 'failed', verdict = NULL, error = 'no memory'",
    "UPDATE run SET status = 'bounded', gap_msteps = 1",
    "UPDATE certification SET is_current = false",
    "UPDATE answer SET kind = 'decline', reason = 'visa'",
    "UPDATE cooperation_condition SET receiving_id = sending_id, mode = 'virtual'",
)

FORBIDDEN = {
    "a round in a state that does not exist": "UPDATE round SET state = 'paused'",
    "a frozen round without its snapshot": "UPDATE round SET snapshot_id = NULL",
    "an open round with a snapshot": "UPDATE round SET state = 'open'",
    "a frozen round without its factors": "UPDATE round SET factor_set_digest = NULL",
    "a published round without a run": "UPDATE round SET state = 'published'",
    "a frozen round with a published run": (
        "UPDATE round SET published_run_id = 1, published_verdict = 'verified'"
    ),
    "a published run that was not judged": (
        "UPDATE round SET state = 'published', published_run_id = 1"
    ),
    "a published run with another verdict": (
        "UPDATE round SET state = 'published', published_run_id = 1,"
        " published_verdict = 'refused'"
    ),
    "two rounds of one key": "UPDATE round SET key = '2027-spring'",
    "a round that opens after its deadline": (
        "UPDATE round SET opens_at = '2030-01-01 00:00:00'"
    ),
    "a running run without an owner": "UPDATE run SET state = 'running'",
    "a run that is done and not judged": "UPDATE run SET verdict = NULL",
    "a run that is done and has no digest": "UPDATE run SET result_digest = NULL",
    "a failed run that says nothing": (
        "UPDATE run SET state = 'failed', verdict = NULL, error = NULL"
    ),
    "an optimal run with a gap": "UPDATE run SET gap_msteps = 1",
    "a run that ended at no time": "UPDATE run SET finished_at = NULL",
    "two current certifications": (
        "INSERT INTO certification (application_id, number, certified_at, receipt,"
        " salt, is_current) SELECT application_id, 2, certified_at,"
        " replace(receipt, '0', '1'), salt, true FROM certification"
    ),
    "two offers at one rank": (
        "INSERT INTO certified_preference (certification_id, offer_id, rank)"
        " SELECT certification_id, offer_id + 1, rank FROM certified_preference"
    ),
    "rank 0": "UPDATE preference SET rank = 0",
    "a negative capacity": "UPDATE offer SET capacity = -1",
    "an offer that ends before it starts": "UPDATE offer SET ends_on = '2027-02-28'",
    "a placement of another round's offer": "UPDATE placement SET round_id = 2",
    "two answers": (
        "INSERT INTO answer (placement_id, kind, answered_at)"
        " SELECT placement_id, kind, answered_at FROM answer"
    ),
    "a decline without a reason": "UPDATE answer SET kind = 'decline'",
    "two pins of one student": (
        "INSERT INTO pin (round_id, student_id, offer_id, reason, created_by,"
        " created_at) SELECT round_id, student_id, offer_id, reason, created_by,"
        " created_at FROM pin"
    ),
    "the same role twice": (
        "INSERT INTO role_grant (person_id, role, institution_id, granted_at,"
        " granted_by) SELECT person_id, role, institution_id, granted_at, granted_by"
        " FROM role_grant"
    ),
    "a coordinator of nowhere": (
        "UPDATE role_grant SET role = 'coordinator', institution_id = NULL"
    ),
    "an auditor for ever": (
        "UPDATE role_grant SET role = 'auditor', institution_id = NULL, round_id = 1"
    ),
    "a block without its source": "UPDATE institution SET block_source = NULL",
    "a third block": "UPDATE institution SET block = 'east'",
    "a latitude beyond the pole": "UPDATE institution SET latitude_udeg = 90000001",
    "an institution that goes with its students": "DELETE FROM institution",
    "home as host, and not virtual": (
        "UPDATE cooperation_condition SET receiving_id = sending_id"
    ),
    "years that run backwards": (
        "UPDATE cooperation_condition SET"
        " receiving_first_academic_year_id = '2027/2028',"
        " receiving_last_academic_year_id = '2026/2027'"
    ),
    "a group that is read from elsewhere": "UPDATE student_group SET attribute='block'",
    "an e-mail address in capitals": "UPDATE person SET email = 'Alice@example.org'",
    "a second head of the log": (
        "INSERT INTO audit_head (id, seq, hash) SELECT 2, seq, hash FROM audit_head"
    ),
    "an entry without its predecessor's hash": "UPDATE audit_entry SET prev = ''",
    "a session that is over before it begins": (
        "UPDATE account_session SET expires_at = created_at"
    ),
}

SECOND_OFFER = (
    "INSERT INTO offer (round_id, condition_id, key, receiving_id, capacity, starts_on,"
    " ends_on, mode, state) SELECT round_id, condition_id, 'uu-2', receiving_id,"
    " capacity, starts_on, ends_on, mode, state FROM offer"
)


def is_refused(connection: Connection, statement: str) -> bool:
    try:
        with connection.begin_nested():
            connection.execute(text(statement))
            # what the next rule meets must not depend on this one
            raise Accepted
    except IntegrityError:
        return True
    except Accepted:
        return False


class Accepted(Exception):
    """The statement went through."""


def test_the_database_refuses_what_may_not_be(database: Engine) -> None:
    with unit(database) as session:
        fill_every_table(session)
        add_round(session, "2028-spring")
        session.execute(text(SECOND_OFFER))
    with database.begin() as connection:
        accepted = [
            rule
            for rule, statement in FORBIDDEN.items()
            if not is_refused(connection, statement)
        ]
    assert accepted == []


def test_what_is_refused_above_would_be_allowed_in_order(database: Engine) -> None:
    with unit(database) as session:
        fill_every_table(session)
    with database.begin() as connection:
        accepted = {rule: not is_refused(connection, rule) for rule in ALLOWED}
    assert accepted == dict.fromkeys(ALLOWED, True)

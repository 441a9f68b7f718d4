"""Finding a round or a place and locking its row; names in the log and scopes.

Every function of `rounds` that changes something locks what decides it, asks
`records.authority.require`, and ends with `records.authority.log`.
"""

from sqlmodel import Session, col, select

from mobility.errors import NotFound
from mobility.models import Person, Placement, Round, Student
from mobility.permissions import Scope
from mobility.sentences import tell


def read_round(session: Session, key: str) -> Round:
    """Return a round by its key.

    Raises
    ------
    NotFound
        When there is none.
    """
    return _found(session.exec(select(Round).where(Round.key == key)).first(), key)


def lock_round(session: Session, key: str, *, is_shared: bool = False) -> Round:
    """Return a round, its row locked until the transaction ends.

    Parameters
    ----------
    is_shared
        True for acts of students: they go side by side and keep the office from moving
        the round meanwhile; False for the office: it waits for them and keeps them out.
    """
    query = (
        select(Round)
        .where(col(Round.key) == key)
        .with_for_update(read=is_shared)
        .execution_options(populate_existing=True)
    )
    return _found(session.exec(query).first(), key)


def _found(a_round: Round | None, key: str) -> Round:
    if a_round is None:
        raise NotFound(tell("there is no round {key!r}", key=key))
    return a_round


def lock_place(
    session: Session, a_round: Round, person: Person
) -> tuple[Placement, Student]:
    """Return a person's place in a round and herself; the place's row is locked.

    Raises
    ------
    NotFound
        When she has none.
    """
    query = (
        select(Placement, Student)
        .join(Student, col(Student.id) == Placement.student_id)
        .where(Placement.round_id == a_round.id)
        .where(Student.person_id == person.id)
        .with_for_update(of=Placement)
    )
    found = session.exec(query).first()
    if found is None:
        raise NotFound(
            tell(
                "{person} has no place in round {round}",
                person=person.name,
                round=a_round.key,
            )
        )
    placement, student = found
    return placement, student


def subject_of(a_round: Round) -> str:
    """Return the round's name in the log, "round:2027-spring"."""
    return f"round:{a_round.key}"


def scope_of(a_round: Round) -> Scope:
    """Return the scope of an act on a whole round."""
    return Scope(round_id=a_round.id)

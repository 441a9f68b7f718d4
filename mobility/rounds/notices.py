"""Messages that belong to an act: rows of the outbox, written with it, sent later."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from mobility.models import Application, Notice, Person, Round, Student


def notify(
    session: Session,
    a_round: Round,
    kind: str,
    payload_by_person: Iterable[tuple[int, dict[str, Any]]],
    *,
    at: datetime,
) -> None:
    """Put a message to each person into the outbox; a dry run sends none.

    Parameters
    ----------
    kind
        What it is about, such as "round:publish".
    payload_by_person
        Pairs of a person's row id and what her message says.
    """
    if a_round.is_dry_run:
        return
    session.add_all(
        Notice(
            person_id=person,
            round_id=a_round.id,
            kind=kind,
            payload=payload,
            created_at=at,
        )
        for person, payload in payload_by_person
    )


def announce(
    session: Session,
    a_round: Round,
    kind: str,
    payload: dict[str, Any],
    *,
    at: datetime,
) -> None:
    """Tell everybody who has an application in the round."""
    query = (
        select(Person.id)
        .join(Student, col(Student.person_id) == Person.id)
        .join(Application, col(Application.student_id) == Student.id)
        .where(Application.round_id == a_round.id)
        .where(col(Application.withdrawn_at).is_(None))
        .order_by(col(Person.id))
    )
    people = session.exec(query).all()
    notify(session, a_round, kind, ((person, payload) for person in people), at=at)

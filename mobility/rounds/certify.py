"""A student's ranking: the draft that is saved, and the list that counts.

Saving and certifying take the version of the draft that the student saw; who comes with
an older one is told both lists, and nothing is overwritten.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from mobility.eligibility import assess
from mobility.errors import InvalidInput
from mobility.models import Certification, ForbiddenPair, Offer, Person, Student
from mobility.reading.eligibility import read_applicants, read_terms
from mobility.records.authority import log
from mobility.rounds.desk import (
    Desk,
    certified_of,
    current_of,
    enter,
    replace_draft,
    store_certified,
)
from mobility.rounds.rankings import Ranking, find_problems, sort_ranking
from mobility.rounds.receipts import new_salt, to_receipt
from mobility.rounds.rows import subject_of
from mobility.sentences import tell


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a student is handed: proof of the list that counts.

    Parameters
    ----------
    number
        1 for her first certified ranking in the round, then 2, 3, ...
    version
        Of her draft, for her next change.
    """

    number: int
    receipt: str
    salt: str
    certified_at: datetime
    version: int


def save_draft(
    session: Session,
    key: str,
    ranking: Ranking,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> int:
    """Replace a student's draft and return its new version.

    Parameters
    ----------
    version
        Of the draft that the student saw; 1 when she had none.

    Raises
    ------
    InvalidInput
        When the ranking names an unknown offer, or an offer or a rank twice.
    Conflict
        When the round takes no rankings now, or the draft was changed meanwhile.
    """
    desk = enter(session, key, "ranking.draft", by=by, at=at)
    problems = find_problems(ranking, desk.offers, is_final=False)
    if problems:
        raise InvalidInput(problems)
    entries = sort_ranking(ranking)
    if replace_draft(session, desk, entries, version):
        payload: dict[str, object] = {"version": desk.application.version}
        payload["ranking"] = entries
        log(session, "ranking.draft", subject_of(desk.round), payload, by=by, at=at)
    return desk.application.version


def certify(
    session: Session,
    key: str,
    ranking: Ranking,
    *,
    version: int,
    by: Person,
    at: datetime,
) -> Receipt:
    """Make a ranking count, and return its receipt.

    The list that counts already, certified again as after an answer lost on the way,
    gives the same receipt, whatever the version.

    Raises
    ------
    InvalidInput
        With every problem: duplicates, gaps, unknown, ineligible and forbidden offers.
    Conflict
        When the round takes no rankings now, or the draft was changed meanwhile.
    """
    desk = enter(session, key, "ranking.certify", by=by, at=at)
    problems = find_problems(ranking, desk.offers, is_final=True)
    problems += _ineligible(session, desk, ranking)
    if problems:
        raise InvalidInput(problems)
    entries = sort_ranking(ranking)
    current = current_of(session, desk.application)
    if current is not None and certified_of(session, current) == entries:
        return _to_receipt(current, desk.application.version)
    replace_draft(session, desk, entries, version)
    number = 1 if current is None else current.number + 1
    salt = new_salt()
    made = Certification(
        application_id=desk.application.id,
        number=number,
        certified_at=at,
        receipt=to_receipt(desk.round.key, number, entries, salt),
        salt=salt,
    )
    store_certified(session, desk, made, entries, replaced=current)
    payload: dict[str, object] = {"number": number, "receipt": made.receipt}
    log(session, "ranking.certify", subject_of(desk.round), payload, by=by, at=at)
    return _to_receipt(made, desk.application.version)


def _ineligible(session: Session, desk: Desk, ranking: Ranking) -> list[str]:
    """Return every reason against every offer that is named and known."""
    named = [desk.offers[offer] for offer, _ in ranking if offer in desk.offers]
    student = desk.application.student_id
    herself = select(Student.id).where(Student.id == student)
    applicant = read_applicants(session, herself)[student]
    terms = read_terms(session, select(Offer.id).where(col(Offer.id).in_(named)))
    found = [
        reason.text
        for offer in dict.fromkeys(named)
        for reason in assess(
            applicant, terms[offer], desk.round.academic_year_id
        ).reasons
    ]
    query = (
        select(Offer.key)
        .join(ForbiddenPair, col(ForbiddenPair.offer_id) == Offer.id)
        .where(ForbiddenPair.student_id == student)
        .where(col(Offer.id).in_(named))
        .order_by(Offer.key)
    )
    return found + [
        tell(
            "the home university has decided that offer {offer} is not "
            "for this student",
            offer=offer,
        )
        for offer in session.exec(query)
    ]


def _to_receipt(row: Certification, version: int) -> Receipt:
    return Receipt(row.number, row.receipt, row.salt, row.certified_at, version)

"""Which offers a student may have, and why not the others, as the office sees it."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from mobility.eligibility import assess
from mobility.models import CooperationCondition, Institution, Offer, Student
from mobility.reading.eligibility import read_applicants, read_terms


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """An offer of a student's home university, assessed for her.

    `reasons` refuse it, `notes` do not.
    """

    number: int
    key: str
    host: str
    mode: str
    capacity: int
    reasons: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def is_eligible(self) -> bool:
        """Say whether nothing refuses the choice."""
        return not self.reasons


def assess_student(
    session: Session, round_id: int, year: str, student: int
) -> tuple[ChoiceRow, ...]:
    """Return the offers of a student's home in a round, those she may have first.

    Parameters
    ----------
    year
        Academic year of the round, as "2026/2027".
    student
        Row id of a student that there is.
    """
    applicant = read_applicants(
        session, select(Student.id).where(Student.id == student)
    )
    home = select(Student.institution_id).where(Student.id == student)
    own = (
        select(Offer.id)
        .join(CooperationCondition, col(CooperationCondition.id) == Offer.condition_id)
        .where(Offer.round_id == round_id)
        .where(col(CooperationCondition.sending_id).in_(home))
    )
    terms = read_terms(session, own)
    query = (
        select(Offer, Institution.name)
        .join(Institution, col(Institution.id) == Offer.receiving_id)
        .where(col(Offer.id).in_(own))
    )
    rows = []
    for offer, host in session.exec(query):
        found = assess(applicant[student], terms[offer.id], year)
        rows.append(
            ChoiceRow(
                number=offer.id,
                key=offer.key,
                host=host,
                mode=offer.mode.value,
                capacity=offer.capacity,
                reasons=tuple(reason.text for reason in found.reasons),
                notes=tuple(note.text for note in found.notes),
            )
        )
    return tuple(sorted(rows, key=lambda row: (not row.is_eligible, row.key)))

"""Keeping students with their languages and group labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, delete, select

from mobility.models import Cefr, Person, Student, StudentGroup, StudentLanguage
from mobility.permissions import Scope
from mobility.records.authority import log, require
from mobility.records.checks import ISCED_F, LANGUAGE, Checks
from mobility.records.keeping import (
    Kept,
    Outcome,
    count,
    institution_ids,
    keep,
    refuse_all,
)
from mobility.records.people import (
    PersonFacts,
    check_person,
    store_people,
    to_email,
)
from mobility.sentences import tell

LARGEST_MERIT = 2**53 - 1
"""What every reader of the snapshot keeps exactly."""

RESERVED = ("sending", "block")
"""Attributes that are read from the institution."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudentFacts:
    """A student as given; None is "not recorded".

    Parameters
    ----------
    sending
        `hei_id` of the home university.
    isced_f_code, eqf_level
        2 to 4 digits; 1 to 8.
    merit
        The more the better; only its order counts.
    languages
        Pairs of ISO 639 code and CEFR level, each language once.
    groups
        Coded labels by attribute.
    """

    name: str
    email: str
    sending: str
    isced_f_code: str | None = None
    eqf_level: int | None = None
    merit: int = 0
    languages: tuple[tuple[str, str], ...] = ()
    groups: tuple[tuple[str, str], ...] = ()


def keep_students(
    session: Session, given: Sequence[StudentFacts], *, by: Person, at: datetime
) -> Kept:
    """Add or change students with their people, languages and labels, all or none.

    Raises
    ------
    Forbidden
        When the person may not keep the students of one of the home universities.
    InvalidInput
        With every rule that is broken.
    """
    ids = institution_ids(session)
    checks = Checks()
    checks.unique("student", (facts.email for facts in given))
    for facts in given:
        _check(checks, facts, ids)
    refuse_all(checks.problems)
    for hei_id in sorted({facts.sending for facts in given}):
        scope = Scope(institution=ids[hei_id])
        require(session, "person.keep", scope, by=by, at=at)
    store_people(session, [PersonFacts(name=f.name, email=f.email) for f in given])
    kept = _store(session, given, ids)
    log(session, "person.keep", "students", kept.to_payload(), by=by, at=at)
    return kept


def _check(checks: Checks, facts: StudentFacts, ids: Mapping[str, int]) -> None:
    where = tell("student {email}", email=facts.email)
    check_person(checks, where, PersonFacts(name=facts.name, email=facts.email))
    if facts.sending not in ids:
        checks.refuse(
            where, tell("there is no institution {sending!r}", sending=facts.sending)
        )
    if facts.isced_f_code is not None:
        checks.pattern(where, tell("ISCED-F code"), facts.isced_f_code, ISCED_F, "0912")
    if facts.eqf_level is not None:
        checks.whole(where, tell("EQF level"), facts.eqf_level, 1, 8)
    checks.whole(where, "merit", facts.merit, 0, LARGEST_MERIT)
    checks.unique(
        tell("{where}: language", where=where),
        (language for language, _ in facts.languages),
    )
    for language, level in facts.languages:
        checks.pattern(where, "language", language, LANGUAGE, "en")
        checks.code(
            where, tell("CEFR level of {language}", language=language), level, Cefr
        )
    checks.unique(
        tell("{where}: attribute", where=where),
        (attribute for attribute, _ in facts.groups),
    )
    for attribute, value in facts.groups:
        checks.text(where, "attribute", attribute)
        checks.text(where, tell("value of {attribute}", attribute=attribute), value)
        if attribute in RESERVED:
            checks.refuse(
                where,
                tell(
                    "{attribute!r} is read from the home university",
                    attribute=attribute,
                ),
            )


Labels = tuple[frozenset[tuple[str, str]], frozenset[tuple[str, str]]]
"""Languages with levels, and attributes with values."""


NO_LABELS: Labels = (frozenset(), frozenset())


def _store(
    session: Session, given: Sequence[StudentFacts], ids: Mapping[str, int]
) -> Kept:
    """Store checked students; one whose languages or labels differ was changed too."""
    people = dict(session.exec(select(Person.email, Person.id)).all())
    facts_by_person = {people[to_email(facts.email)]: facts for facts in given}
    stored = {row.person_id: row for row in session.exec(select(Student))}
    labels = _labels_by_student(session)
    rows = (
        (person, _to_columns(facts, person, ids))
        for person, facts in facts_by_person.items()
    )
    outcomes = keep(session, Student, stored, rows)
    student_ids = dict(session.exec(select(Student.person_id, Student.id)).all())
    for person, facts in facts_by_person.items():
        wanted = (frozenset(facts.languages), frozenset(facts.groups))
        student = student_ids[person]
        if labels.get(student, NO_LABELS) == wanted:
            continue
        _replace_labels(session, student, wanted, is_new=student not in labels)
        if outcomes[person] == Outcome.UNCHANGED:
            outcomes[person] = Outcome.CHANGED
    session.flush()
    return count(outcomes.values())


def _labels_by_student(session: Session) -> dict[int, Labels]:
    found: dict[int, tuple[set[tuple[str, str]], set[tuple[str, str]]]] = {}
    for language in session.exec(select(StudentLanguage)):
        pair = (language.language, language.cefr.value)
        found.setdefault(language.student_id, (set(), set()))[0].add(pair)
    for label in session.exec(select(StudentGroup)):
        pair = (label.attribute, label.value)
        found.setdefault(label.student_id, (set(), set()))[1].add(pair)
    return {
        student: (frozenset(languages), frozenset(groups))
        for student, (languages, groups) in found.items()
    }


def _replace_labels(
    session: Session, student: int, wanted: Labels, *, is_new: bool
) -> None:
    if not is_new:
        for table in (StudentLanguage, StudentGroup):
            session.exec(delete(table).where(col(table.student_id) == student))
    languages, groups = wanted
    session.add_all(
        StudentLanguage(student_id=student, language=language, cefr=Cefr(level))
        for language, level in sorted(languages)
    )
    session.add_all(
        StudentGroup(student_id=student, attribute=attribute, value=value)
        for attribute, value in sorted(groups)
    )


def _to_columns(
    facts: StudentFacts, person_id: int, ids: Mapping[str, int]
) -> dict[str, object]:
    return {
        "person_id": person_id,
        "institution_id": ids[facts.sending],
        "isced_f_code": facts.isced_f_code,
        "eqf_level": facts.eqf_level,
        "merit": facts.merit,
    }

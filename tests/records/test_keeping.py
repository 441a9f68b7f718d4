"""Records are kept whole or not at all, and every broken rule is named."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from builders import AT, add_round
from sqlalchemy import Engine
from sqlmodel import Session, select

from mobility.audit.record import find_breaks
from mobility.db import reading, transact, unit
from mobility.errors import Conflict, Forbidden, InvalidInput, NotFound
from mobility.models import (
    AuditEntry,
    CooperationCondition,
    Institution,
    Person,
    StudentGroup,
    StudentLanguage,
)
from mobility.records.agreements import (
    AgreementFacts,
    ConditionFacts,
    LanguageFacts,
    keep_agreements,
)
from mobility.records.institutions import (
    InstitutionFacts,
    PartnershipFacts,
    keep_institutions,
    keep_partnerships,
)
from mobility.records.keeping import Kept
from mobility.records.people import (
    PersonFacts,
    RoleFacts,
    found_installation,
    grant_role,
    keep_people,
    person_of,
    revoke_role,
)
from mobility.records.students import StudentFacts, keep_students

UPPSALA = InstitutionFacts(
    hei_id="uu.se",
    name="Uppsala University",
    city="Uppsala",
    country="SE",
    latitude_udeg=59_858_000,
    longitude_udeg=17_645_000,
    block="north",
    block_source="UN M49",
    block_date=date(2026, 1, 1),
)
NAIROBI = replace(
    UPPSALA,
    hei_id="uonbi.ac.ke",
    name="University of Nairobi",
    city="Nairobi",
    country="KE",
    block="south",
)
CONDITION = ConditionFacts(
    key="1",
    sending="uonbi.ac.ke",
    receiving="uu.se",
    kind="SMT",
    mobilities_per_year=2,
    duration_days=56,
    isced_f_codes=("0912",),
    languages=(LanguageFacts(language="en", cefr="B2"),),
)
AGREEMENT = AgreementFacts(
    iia_id="iia-1",
    institution_a="uonbi.ac.ke",
    institution_b="uu.se",
    conditions=(CONDITION,),
)
ALICE = StudentFacts(
    name="Alice",
    email="Alice@example.org",
    sending="uonbi.ac.ke",
    isced_f_code="0912",
    eqf_level=7,
    merit=8320,
    languages=(("en", "C1"), ("fr", "A2")),
    groups=(("income", "low"),),
)


def found(session: Session) -> Person:
    admin = PersonFacts(name="Grace", email="grace@example.org")
    grace = found_installation(session, admin, at=AT)
    keep_institutions(session, [UPPSALA, NAIROBI], by=grace, at=AT)
    return grace


def with_dana(session: Session) -> Person:
    """Return Dana, the network coordinator, of an installation with two schools."""
    grace = found(session)
    dana = PersonFacts(name="Dana", email="dana@example.org")
    keep_people(session, [dana], by=grace, at=AT)
    person = person_of(session, "dana@example.org")
    grant_role(session, person, RoleFacts(role="network_coordinator"), by=grace, at=AT)
    return person


def problems_of(work: Callable[[Session], None], engine: Engine) -> tuple[str, ...]:
    with pytest.raises(InvalidInput) as caught:
        transact(engine, work)
    return caught.value.problems


def test_what_is_given_is_stored_and_given_again_changes_nothing(
    database: Engine,
) -> None:
    with unit(database) as session:
        dana = with_dana(session)
        both = [UPPSALA, NAIROBI]
        grace = person_of(session, "GRACE@example.org")
        again = keep_institutions(session, both, by=grace, at=AT)
        moved = replace(UPPSALA, city="Visby")
        changed = keep_institutions(session, [moved], by=grace, at=AT)
        pair = PartnershipFacts(north="uu.se", south="uonbi.ac.ke", tolerance=1)
        keep_partnerships(session, [pair], by=grace, at=AT)
        first = keep_agreements(session, [AGREEMENT], by=dana, at=AT)
        second = keep_agreements(session, [AGREEMENT], by=dana, at=AT)
        added = keep_students(session, [ALICE], by=dana, at=AT)
        same = keep_students(session, [ALICE], by=dana, at=AT)
    assert again == Kept(unchanged=2)
    assert changed == Kept(changed=1)
    assert (first, second) == (Kept(added=1), Kept(unchanged=1))
    assert (added, same) == (Kept(added=1), Kept(unchanged=1))
    with reading(database) as session:
        assert find_breaks(session) == []
        condition = session.exec(select(CooperationCondition)).one()
    assert condition.languages == [
        {"language": "en", "cefr": "B2", "is_required": True}
    ]


def test_a_student_whose_labels_change_was_changed(database: Engine) -> None:
    with unit(database) as session:
        dana = with_dana(session)
        keep_students(session, [ALICE], by=dana, at=AT)
        other = replace(ALICE, languages=(("en", "C2"),), groups=())
        kept = keep_students(session, [other], by=dana, at=AT)
    assert kept == Kept(changed=1)
    with reading(database) as session:
        languages = session.exec(select(StudentLanguage)).all()
        assert [(row.language, row.cefr.value) for row in languages] == [("en", "C2")]
        assert session.exec(select(StudentGroup)).all() == []


def test_every_problem_is_told_and_nothing_is_stored(sqlite_engine: Engine) -> None:
    wrong: list[Any] = [
        replace(UPPSALA, country="UK", exchange_tolerance=-1),
        replace(NAIROBI, country="Kenya", latitude_udeg=True, block_source=None),
        replace(UPPSALA, hei_id="UU.se", name="Upp\u200bsala"),
        replace(UPPSALA, hei_id="lund", erasmus_code="S LUND01", block="east"),
        replace(UPPSALA, hei_id="lu.se", erasmus_code="S LUND01", city="Mo\u0308lle"),
    ]

    def work(session: Session) -> None:
        admin = PersonFacts(name="Grace", email="grace@example.org")
        grace = found_installation(session, admin, at=AT)
        keep_institutions(session, wrong, by=grace, at=AT)

    assert problems_of(work, sqlite_engine) == (
        "institution 'uu.se' is given more than once",
        "Erasmus code 's lund01' is given more than once",
        (
            "institution uu.se: country 'UK' is not the two-letter code of a country in"
            " ISO 3166-1, say 'GB'"
        ),
        (
            "institution uu.se: exchange_tolerance is -1, must be a whole number from 0"
            " to 1000000"
        ),
        (
            "institution uonbi.ac.ke: country 'Kenya' is not the two-letter code of a"
            " country in ISO 3166-1"
        ),
        (
            "institution uonbi.ac.ke: latitude_udeg is True, must be a whole number"
            " from -90000000 to 90000000"
        ),
        "institution uonbi.ac.ke: a block needs its source and date, and they need it",
        "institution UU.se: hei_id is 'UU.se', must look like 'uonbi.ac.ke'",
        "institution UU.se: name holds invisible characters: 'Upp\\u200bsala'",
        "institution lund: hei_id is 'lund', must look like 'uonbi.ac.ke'",
        "institution lund: block is 'east', must be one of north, south",
        "institution lu.se: city is not in Unicode's form NFC",
    )
    with reading(sqlite_engine) as session:
        assert session.exec(select(Institution)).all() == []
        assert session.exec(select(AuditEntry)).all() == []


WRONG_CONDITIONS: dict[str, tuple[dict[str, Any], str]] = {
    "negative places": ({"mobilities_per_year": -1}, "mobilities_per_year is -1"),
    "half a place": ({"mobilities_per_year": 0.5}, "mobilities_per_year is 0.5"),
    "places as text": ({"mobilities_per_year": "2"}, "mobilities_per_year is '2'"),
    "a truth for a number": ({"duration_days": True}, "duration_days is True"),
    "no days": ({"duration_days": 0}, "duration_days is 0"),
    "home as host": ({"receiving": "uonbi.ac.ke"}, "home and host are one"),
    "a stranger": ({"receiving": "kth.se"}, "kth.se is no partner in it"),
    "a kind": ({"kind": "SMX"}, "kind is 'SMX', must be one of SMS, SMT"),
    "a field of study": ({"isced_f_codes": ("medicine",)}, "ISCED-F code is 'medicine"),
    "a level": ({"eqf_levels": (9,)}, "EQF level is 9"),
    "a year": ({"receiving_first_academic_year_id": "2026/2028"}, "first academic"),
    "years": (
        {
            "receiving_first_academic_year_id": "2027/2028",
            "receiving_last_academic_year_id": "2026/2027",
        },
        "academic years run backwards",
    ),
    "a language": ({"languages": (LanguageFacts(language="English"),)}, "language is"),
    "a language twice": (
        {"languages": (LanguageFacts(language="en"), LanguageFacts(language="en"))},
        "'en' is given more than once",
    ),
    "blended": ({"mode": "blended"}, "its mode is blended"),
}


@pytest.mark.parametrize("name", WRONG_CONDITIONS)
def test_a_wrong_condition_is_refused_by_its_name(
    sqlite_engine: Engine, name: str
) -> None:
    changes, sentence = WRONG_CONDITIONS[name]
    condition = replace(CONDITION, **changes)
    agreement = replace(AGREEMENT, conditions=(condition,))

    def work(session: Session) -> None:
        keep_agreements(session, [agreement], by=with_dana(session), at=AT)

    (problem,) = problems_of(work, sqlite_engine)
    assert problem.startswith("agreement iia-1, condition 1: ")
    assert sentence in problem


def test_a_wrong_student_is_refused_with_every_rule(sqlite_engine: Engine) -> None:
    given: Any = replace(
        ALICE,
        sending="nowhere.org",
        eqf_level=0,
        merit=-1,
        languages=(("en", "D1"),),
        groups=(("block", "south"),),
    )

    def work(session: Session) -> None:
        twin = replace(ALICE, email="ALICE@example.org")
        keep_students(session, [given, twin], by=with_dana(session), at=AT)

    assert [p.split(": ", 1)[1] for p in problems_of(work, sqlite_engine)[1:]] == [
        "there is no institution 'nowhere.org'",
        "EQF level is 0, must be a whole number from 1 to 8",
        "merit is -1, must be a whole number from 0 to 9007199254740991",
        "CEFR level of en is 'D1', must be one of A1, A2, B1, B2, C1, C2",
        "'block' is read from the home university",
    ]


def test_the_first_administrator_is_the_only_one_who_makes_herself(
    database: Engine,
) -> None:
    with unit(database) as session:
        found(session)
    with pytest.raises(Conflict, match="an administrator gives others"):
        transact(database, found)


def test_roles_are_asked_for_and_reach_as_far_as_they_say(database: Engine) -> None:
    with unit(database) as session:
        grace = found(session)
        keep_people(
            session, [PersonFacts(name="Bob", email="bob@uonbi.ac.ke")], by=grace, at=AT
        )
        bob = person_of(session, "bob@uonbi.ac.ke")
        role = RoleFacts(role="coordinator", institution="uonbi.ac.ke")
        grant_role(session, bob, role, by=grace, at=AT)
        keep_students(session, [ALICE], by=bob, at=AT)
        with pytest.raises(Forbidden, match="Bob may not do person:keep here"):
            keep_students(session, [replace(ALICE, sending="uu.se")], by=bob, at=AT)
        with pytest.raises(Forbidden, match="that takes the role admin"):
            keep_institutions(session, [UPPSALA], by=bob, at=AT)
        with pytest.raises(Conflict, match="has the role coordinator already"):
            grant_role(session, bob, role, by=grace, at=AT)
        revoke_role(session, bob, role, by=grace, at=AT)
        with pytest.raises(Forbidden):
            keep_students(session, [ALICE], by=bob, at=AT)
        with pytest.raises(NotFound):
            revoke_role(session, bob, role, by=grace, at=AT)


def test_an_auditor_is_of_one_round_and_for_a_time(database: Engine) -> None:
    with unit(database) as session:
        grace = found(session)
        add_round(session)
        limited = RoleFacts(
            role="auditor", round_key="2027-spring", valid_until=AT + timedelta(days=90)
        )
        assert grant_role(session, grace, limited, by=grace, at=AT).round_id == 1
        for given in (
            replace(limited, valid_until=None),
            replace(limited, round_key=None),
            replace(limited, round_key="2026-autumn"),
            replace(limited, valid_until=AT),
            replace(limited, institution="uu.se"),
            RoleFacts(role="host"),
        ):
            with pytest.raises(InvalidInput):
                grant_role(session, grace, given, by=grace, at=AT)

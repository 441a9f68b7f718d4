"""Who may be given which offer, and what the refusal says."""

from dataclasses import replace

import pytest

from mobility.eligibility import (
    Applicant,
    LanguageNeed,
    Terms,
    assess,
    is_field_covered,
)

YEAR = "2026/2027"
ALICE = Applicant(
    sending="uonbi.ac.ke",
    isced_f_code="0912",
    eqf_level=7,
    languages=(("en", "C1"), ("sv", "A2")),
)
UPPSALA = Terms(
    offer="uu.se-spring",
    sending="uonbi.ac.ke",
    receiving="uu.se",
    mode="physical",
    isced_f_codes=("0912",),
    eqf_levels=(6, 7),
    languages=(LanguageNeed("en", "B2", is_required=True),),
    first_year="2025/2026",
    last_year="2027/2028",
)


def codes(terms: Terms, applicant: Applicant = ALICE, year: str = YEAR) -> list[str]:
    return [reason.code for reason in assess(applicant, terms, year).reasons]


def test_alice_meets_every_rule_of_uppsala() -> None:
    found = assess(ALICE, UPPSALA, YEAR)
    assert found.is_eligible
    assert found.notes == ()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"sending": "mak.ac.ug"}, "other_agreement"),
        ({"receiving": "uonbi.ac.ke"}, "own_university"),
        ({"is_suspended": True}, "offer_suspended"),
        ({"is_active": False}, "agreement_not_active"),
        ({"first_year": "2027/2028"}, "academic_year"),
        ({"last_year": "2025/2026"}, "academic_year"),
        ({"isced_f_codes": ("0913", "0914")}, "field"),
        ({"eqf_levels": (8,)}, "level"),
        ({"languages": (LanguageNeed("sv", "B1", is_required=True),)}, "language"),
        ({"languages": (LanguageNeed("fr", None, is_required=True),)}, "language"),
    ],
)
def test_each_broken_rule_refuses_with_its_own_code(
    change: dict[str, object], code: str
) -> None:
    assert codes(replace(UPPSALA, **change)) == [code]  # type: ignore[arg-type]  # one field of Terms each


def test_a_virtual_offer_of_the_own_university_may_be_ranked() -> None:
    assert codes(replace(UPPSALA, receiving="uonbi.ac.ke", mode="virtual")) == []


def test_all_reasons_are_given_at_once_and_name_the_offer() -> None:
    terms = replace(UPPSALA, sending="mak.ac.ug", eqf_levels=(8,), is_suspended=True)
    reasons = assess(ALICE, terms, YEAR).reasons
    assert [reason.code for reason in reasons] == [
        "other_agreement",
        "offer_suspended",
        "level",
    ]
    assert all("uu.se-spring" in reason.text for reason in reasons)


@pytest.mark.parametrize(
    ("code", "wanted", "is_covered"),
    [
        ("0912", ("0912",), True),
        ("0912", ("091",), True),
        ("0912", ("09",), True),
        ("0912", ("0910",), True),
        ("0921", ("0900",), True),
        ("0921", ("0910",), False),
        ("0912", ("0911", "0912"), True),
        ("091", ("0912",), False),
        ("1015", ("10",), True),
        ("0115", ("10",), False),
    ],
)
def test_fields_of_study_nest_by_prefix(
    code: str, wanted: tuple[str, ...], *, is_covered: bool
) -> None:
    assert is_field_covered(code, wanted) is is_covered


def test_what_is_not_recorded_of_a_student_meets_no_rule_that_is_set() -> None:
    stranger = Applicant(sending="uonbi.ac.ke", isced_f_code=None, eqf_level=None)
    assert codes(UPPSALA, stranger) == ["field_unknown", "level_unknown", "language"]


def test_what_an_agreement_does_not_say_is_a_note_and_no_refusal() -> None:
    silent = replace(
        UPPSALA, isced_f_codes=(), eqf_levels=(), first_year=None, last_year=None
    )
    stranger = Applicant("uonbi.ac.ke", None, None, languages=(("en", "B2"),))
    found = assess(stranger, silent, YEAR)
    assert found.is_eligible
    assert [note.code for note in found.notes] == [
        "level_unsaid",
        "academic_year_unsaid",
    ]


def test_a_recommended_language_is_a_note_and_no_refusal() -> None:
    need = LanguageNeed("sv", "B1", is_required=False)
    found = assess(ALICE, replace(UPPSALA, languages=(need,)), YEAR)
    assert found.is_eligible
    assert [note.code for note in found.notes] == ["language_recommended"]

"""Who may be given which offer, with reasons in plain words. Pure.

Imported by pages, records and the freeze; it reads no table. What is not recorded is
unknown: an agreement that says nothing sets no rule (and a note says so), a student of
whom the deciding fact is not recorded cannot be shown to meet a rule that is set.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

CEFR_LEVELS = ("A1", "A2", "B1", "B2", "C1", "C2")
"""Levels of the Common European Framework of Reference, lowest first."""

VIRTUAL = "virtual"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule's outcome: a code for tables and tests, a sentence for a person."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class LanguageNeed:
    """A language that the host asks for; `cefr` None means any level will do."""

    language: str
    cefr: str | None
    is_required: bool


@dataclass(frozen=True, slots=True)
class Applicant:
    """What the rules need to know of a student; None is "not recorded".

    Parameters
    ----------
    sending
        The home university's id.
    isced_f_code
        Field of study, 2 to 4 digits.
    eqf_level
        1 to 8.
    languages
        Pairs of language code and CEFR level, each language once.
    """

    sending: str
    isced_f_code: str | None
    eqf_level: int | None
    languages: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Terms:
    """What an offer's cooperation condition says.

    Parameters
    ----------
    isced_f_codes, eqf_levels
        Empty: any field; levels unknown.
    first_year, last_year
        Academic years at the host, as "2026/2027"; None is unknown.
    is_active, is_suspended
        Whether the agreement is in force; whether the offer is held back.
    """

    offer: str
    sending: str
    receiving: str
    mode: str
    isced_f_codes: tuple[str, ...] = ()
    eqf_levels: tuple[int, ...] = ()
    languages: tuple[LanguageNeed, ...] = ()
    first_year: str | None = None
    last_year: str | None = None
    is_active: bool = True
    is_suspended: bool = False


@dataclass(frozen=True, slots=True)
class Assessment:
    """The reasons that refuse a choice and the notes that do not."""

    reasons: tuple[Finding, ...]
    notes: tuple[Finding, ...]

    @property
    def is_eligible(self) -> bool:
        """Say whether nothing refuses the choice."""
        return not self.reasons


def assess(applicant: Applicant, terms: Terms, year: str) -> Assessment:
    """Return every reason against a student's having an offer, and notes.

    Parameters
    ----------
    year
        Academic year of the round, as "2026/2027".
    """
    reasons = (
        *_agreement_reasons(applicant, terms, year),
        *_field_reasons(applicant, terms),
        *_level_reasons(applicant, terms),
        *_language_findings(applicant, terms, is_required=True),
    )
    notes = (
        *_silences(terms),
        *_language_findings(applicant, terms, is_required=False),
    )
    return Assessment(reasons=reasons, notes=notes)


def _agreement_reasons(
    applicant: Applicant, terms: Terms, year: str
) -> Iterator[Finding]:
    if applicant.sending != terms.sending:
        yield Finding(
            "other_agreement",
            f"offer {terms.offer} belongs to an agreement of {terms.sending}, "
            f"the student's home university is {applicant.sending}",
        )
    if applicant.sending == terms.receiving and terms.mode != VIRTUAL:
        yield Finding(
            "own_university",
            f"offer {terms.offer} is at the student's own university and not virtual",
        )
    if terms.is_suspended:
        yield Finding("offer_suspended", f"offer {terms.offer} is suspended")
    if not terms.is_active:
        yield Finding(
            "agreement_not_active",
            f"the agreement behind offer {terms.offer} is not in force",
        )
    if not _covers(terms, year):
        yield Finding(
            "academic_year",
            f"offer {terms.offer} is for {terms.first_year or 'any year'} to "
            f"{terms.last_year or 'any year'}, the round is for {year}",
        )


def _covers(terms: Terms, year: str) -> bool:
    is_begun = terms.first_year is None or terms.first_year <= year
    return is_begun and (terms.last_year is None or year <= terms.last_year)


def _field_reasons(applicant: Applicant, terms: Terms) -> Iterator[Finding]:
    if not terms.isced_f_codes:
        return
    code = applicant.isced_f_code
    wanted = ", ".join(terms.isced_f_codes)
    if code is None:
        yield Finding(
            "field_unknown",
            f"offer {terms.offer} is for fields of study {wanted}; "
            "the student's field is not recorded",
        )
    elif not is_field_covered(code, terms.isced_f_codes):
        yield Finding(
            "field",
            f"offer {terms.offer} is for fields of study {wanted}, "
            f"the student's field is {code}",
        )


def is_field_covered(code: str, wanted: Iterable[str]) -> bool:
    """Say whether a field of study lies in one of the fields wanted.

    ISCED-F 2013 codes nest by prefix: 091 holds 0912. A final 0 means "not further
    defined" (0910 is 091 and all in it). A student's code that is wider than the field
    wanted does not show that she studies it.
    """
    return any(code.startswith(_defined_part(field)) for field in wanted)


def _defined_part(field: str) -> str:
    while len(field) > 2 and field.endswith("0"):
        field = field[:-1]
    return field


def _level_reasons(applicant: Applicant, terms: Terms) -> Iterator[Finding]:
    if not terms.eqf_levels:
        return
    wanted = ", ".join(str(level) for level in terms.eqf_levels)
    if applicant.eqf_level is None:
        yield Finding(
            "level_unknown",
            f"offer {terms.offer} is for EQF levels {wanted}; "
            "the student's level is not recorded",
        )
    elif applicant.eqf_level not in terms.eqf_levels:
        yield Finding(
            "level",
            f"offer {terms.offer} is for EQF levels {wanted}, "
            f"the student's level is {applicant.eqf_level}",
        )


def _language_findings(
    applicant: Applicant, terms: Terms, *, is_required: bool
) -> Iterator[Finding]:
    known = dict(applicant.languages)
    for need in terms.languages:
        if need.is_required is not is_required:
            continue
        level = known.get(need.language)
        if level is not None and _is_enough(level, need.cefr):
            continue
        verb = "requires" if is_required else "recommends"
        wanted = f"{need.language} {need.cefr or 'at any level'}"
        has = f"{need.language} {level}" if level else f"no {need.language}"
        yield Finding(
            "language" if is_required else "language_recommended",
            f"offer {terms.offer} {verb} {wanted}, the student has {has} recorded",
        )


def _is_enough(level: str, wanted: str | None) -> bool:
    return wanted is None or CEFR_LEVELS.index(level) >= CEFR_LEVELS.index(wanted)


def _silences(terms: Terms) -> Iterator[Finding]:
    if not terms.eqf_levels:
        yield Finding(
            "level_unsaid", f"the agreement of offer {terms.offer} names no EQF level"
        )
    if terms.first_year is None or terms.last_year is None:
        yield Finding(
            "academic_year_unsaid",
            f"the agreement of offer {terms.offer} leaves its academic years open",
        )

"""Who may be given which offer, with reasons in plain words. Pure.

Imported by pages, records and the freeze; it reads no table. What is not recorded is
unknown: an agreement that says nothing sets no rule (and a note says so), a student of
whom the deciding fact is not recorded cannot be shown to meet a rule that is set.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mobility.sentences import tell

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
            tell(
                "offer {offer} belongs to an agreement of {sending}, the "
                "student's home university is {home}",
                offer=terms.offer,
                sending=terms.sending,
                home=applicant.sending,
            ),
        )
    if applicant.sending == terms.receiving and terms.mode != VIRTUAL:
        yield Finding(
            "own_university",
            tell(
                "offer {offer} is at the student's own university and not virtual",
                offer=terms.offer,
            ),
        )
    if terms.is_suspended:
        yield Finding(
            "offer_suspended", tell("offer {offer} is suspended", offer=terms.offer)
        )
    if not terms.is_active:
        yield Finding(
            "agreement_not_active",
            tell(
                "the agreement behind offer {offer} is not in force", offer=terms.offer
            ),
        )
    if not _covers(terms, year):
        yield Finding(
            "academic_year",
            tell(
                "offer {offer} is for {first_year} to {last_year}, the "
                "round is for {year}",
                offer=terms.offer,
                first_year=terms.first_year or tell("any year"),
                last_year=terms.last_year or tell("any year"),
                year=year,
            ),
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
            tell(
                "offer {offer} is for fields of study {wanted}; the "
                "student's field is not recorded",
                offer=terms.offer,
                wanted=wanted,
            ),
        )
    elif not is_field_covered(code, terms.isced_f_codes):
        yield Finding(
            "field",
            tell(
                "offer {offer} is for fields of study {wanted}, the "
                "student's field is {code}",
                offer=terms.offer,
                wanted=wanted,
                code=code,
            ),
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
            tell(
                "offer {offer} is for EQF levels {wanted}; the student's "
                "level is not recorded",
                offer=terms.offer,
                wanted=wanted,
            ),
        )
    elif applicant.eqf_level not in terms.eqf_levels:
        yield Finding(
            "level",
            tell(
                "offer {offer} is for EQF levels {wanted}, the student's "
                "level is {eqf_level}",
                offer=terms.offer,
                wanted=wanted,
                eqf_level=applicant.eqf_level,
            ),
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
        yield _language_finding(terms.offer, need, level)


def _language_finding(offer: str, need: LanguageNeed, level: str | None) -> Finding:
    wanted = tell(
        "{language} {level}",
        language=need.language,
        level=need.cefr or tell("at any level"),
    )
    has = (
        tell("{language} {level}", language=need.language, level=level)
        if level
        else tell("no {language}", language=need.language)
    )
    if need.is_required:
        return Finding(
            "language",
            tell(
                "offer {offer} requires {wanted}, the student has {has} recorded",
                offer=offer,
                wanted=wanted,
                has=has,
            ),
        )
    return Finding(
        "language_recommended",
        tell(
            "offer {offer} recommends {wanted}, the student has {has} recorded",
            offer=offer,
            wanted=wanted,
            has=has,
        ),
    )


def _is_enough(level: str, wanted: str | None) -> bool:
    return wanted is None or CEFR_LEVELS.index(level) >= CEFR_LEVELS.index(wanted)


def _silences(terms: Terms) -> Iterator[Finding]:
    if not terms.eqf_levels:
        yield Finding(
            "level_unsaid",
            tell(
                "the agreement of offer {offer} names no EQF level", offer=terms.offer
            ),
        )
    if terms.first_year is None or terms.last_year is None:
        yield Finding(
            "academic_year_unsaid",
            tell(
                "the agreement of offer {offer} leaves its academic years open",
                offer=terms.offer,
            ),
        )

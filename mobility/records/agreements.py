"""Keeping agreements with their cooperation conditions."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, select

from mobility.models import (
    Agreement,
    AgreementState,
    Cefr,
    CooperationCondition,
    MobilityKind,
    Mode,
    Person,
)
from mobility.permissions import Scope
from mobility.records.authority import log, require
from mobility.records.checks import ISCED_F, LANGUAGE, LARGEST_COUNT, Checks
from mobility.records.keeping import Kept, count, institution_ids, keep, refuse_all
from mobility.sentences import tell


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageFacts:
    """A language the host wants. `cefr` None: at any level."""

    language: str
    cefr: str | None = None
    is_required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionFacts:
    """One direction of an agreement; institutions by `hei_id`.

    Parameters
    ----------
    isced_f_codes, eqf_levels
        Empty: any field; levels not known.
    """

    key: str
    sending: str
    receiving: str
    kind: str
    mobilities_per_year: int
    duration_days: int
    isced_f_codes: tuple[str, ...] = ()
    eqf_levels: tuple[int, ...] = ()
    languages: tuple[LanguageFacts, ...] = ()
    receiving_first_academic_year_id: str | None = None
    receiving_last_academic_year_id: str | None = None
    sending_ounit: str | None = None
    receiving_ounit: str | None = None
    is_blended: bool = False
    mode: str = "physical"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementFacts:
    """An agreement as it is given. An own virtual offer: both partners are one."""

    iia_id: str
    institution_a: str
    institution_b: str
    conditions: tuple[ConditionFacts, ...]
    state: str = "active"
    is_constructed: bool = False


def keep_agreements(
    session: Session, given: Sequence[AgreementFacts], *, by: Person, at: datetime
) -> Kept:
    """Add or change agreements and their conditions, all of them or none.

    A condition that is stored and no longer given stays: offers may be made of it.

    Returns
    -------
    Kept
        Counts of conditions.

    Raises
    ------
    Forbidden
        When the person may not keep the agreements of one of the partners.
    InvalidInput
        With every rule that is broken.
    """
    ids = institution_ids(session)
    check_agreements(given, ids)
    _require_partner(session, given, ids, by=by, at=at)
    kept = store_agreements(session, given, ids)
    log(session, "agreement.keep", "agreements", kept.to_payload(), by=by, at=at)
    return kept


def check_agreements(given: Sequence[AgreementFacts], ids: Mapping[str, int]) -> None:
    """Refuse agreements that break a rule.

    Parameters
    ----------
    ids
        Row ids of all institutions by `hei_id`.

    Raises
    ------
    InvalidInput
        With every rule that is broken.
    """
    checks = Checks()
    checks.unique("agreement", (facts.iia_id for facts in given))
    for facts in given:
        _check(checks, facts, ids)
    refuse_all(checks.problems)


def _require_partner(
    session: Session,
    given: Sequence[AgreementFacts],
    ids: Mapping[str, int],
    *,
    by: Person,
    at: datetime,
) -> None:
    """Ask for the right on institution a: an agreement is kept by who enters it."""
    for hei_id in sorted({facts.institution_a for facts in given}):
        scope = Scope(institution=ids[hei_id])
        require(session, "agreement.keep", scope, by=by, at=at)


def _check(checks: Checks, facts: AgreementFacts, ids: Mapping[str, int]) -> None:
    where = tell("agreement {agreement}", agreement=facts.iia_id)
    checks.text(where, "iia_id", facts.iia_id)
    checks.code(where, "state", facts.state, AgreementState)
    partners = {facts.institution_a, facts.institution_b}
    for hei_id in sorted(partners - ids.keys()):
        checks.refuse(where, tell("there is no institution {hei_id!r}", hei_id=hei_id))
    checks.unique(
        tell("{where}: condition", where=where),
        (condition.key for condition in facts.conditions),
    )
    for condition in facts.conditions:
        _check_condition(
            checks,
            tell(
                "{where}, condition {condition}", where=where, condition=condition.key
            ),
            condition,
        )
        strangers = {condition.sending, condition.receiving} - partners
        for hei_id in sorted(strangers):
            checks.refuse(
                tell(
                    "{where}, condition {condition}",
                    where=where,
                    condition=condition.key,
                ),
                tell("{hei_id} is no partner in it", hei_id=hei_id),
            )


def _check_condition(checks: Checks, where: str, facts: ConditionFacts) -> None:
    checks.text(where, "key", facts.key)
    checks.code(where, "kind", facts.kind, MobilityKind)
    checks.code(where, "mode", facts.mode, Mode)
    checks.count(where, "mobilities_per_year", facts.mobilities_per_year)
    checks.whole(where, "duration_days", facts.duration_days, 1, LARGEST_COUNT)
    for code in facts.isced_f_codes:
        checks.pattern(where, tell("ISCED-F code"), code, ISCED_F, "0912")
    for level in facts.eqf_levels:
        checks.whole(where, tell("EQF level"), level, 1, 8)
    checks.unique(
        tell("{where}: language", where=where),
        (each.language for each in facts.languages),
    )
    for each in facts.languages:
        checks.pattern(where, "language", each.language, LANGUAGE, "en")
        if each.cefr is not None:
            checks.code(where, tell("CEFR level"), each.cefr, Cefr)
    _check_years(checks, where, facts)
    if facts.sending == facts.receiving and facts.mode != Mode.VIRTUAL:
        checks.refuse(where, tell("home and host are one, and it is not virtual"))
    if facts.mode == Mode.BLENDED and not facts.is_blended:
        checks.refuse(where, tell("its mode is blended, and is_blended is not set"))
    if facts.mode == Mode.VIRTUAL and facts.is_blended:
        checks.refuse(where, tell("its mode is virtual, and is_blended is set"))


def _check_years(checks: Checks, where: str, facts: ConditionFacts) -> None:
    first = facts.receiving_first_academic_year_id
    last = facts.receiving_last_academic_year_id
    checks.year(where, tell("first academic year"), first)
    checks.year(where, tell("last academic year"), last)
    if isinstance(first, str) and isinstance(last, str) and first > last:
        checks.refuse(
            where,
            tell(
                "academic years run backwards, {first} to {last}",
                first=first,
                last=last,
            ),
        )


def store_agreements(
    session: Session, given: Sequence[AgreementFacts], ids: Mapping[str, int]
) -> Kept:
    """Store checked agreements, without asking and without an entry in the log."""
    agreements = {row.iia_id: row for row in session.exec(select(Agreement))}
    rows = ((facts.iia_id, _to_agreement(facts, ids)) for facts in given)
    keep(session, Agreement, agreements, rows)
    agreement_ids = dict(session.exec(select(Agreement.iia_id, Agreement.id)).all())
    stored = {
        (row.agreement_id, row.key): row
        for row in session.exec(select(CooperationCondition))
    }
    conditions = _conditions(given, agreement_ids, ids)
    outcomes = keep(session, CooperationCondition, stored, conditions)
    return count(outcomes.values())


def _to_agreement(facts: AgreementFacts, ids: Mapping[str, int]) -> dict[str, object]:
    return {
        "iia_id": facts.iia_id,
        "institution_a_id": ids[facts.institution_a],
        "institution_b_id": ids[facts.institution_b],
        "state": facts.state,
        "is_constructed": facts.is_constructed,
    }


def _conditions(
    given: Sequence[AgreementFacts],
    agreement_ids: Mapping[str, int],
    ids: Mapping[str, int],
) -> Iterator[tuple[tuple[int, str], dict[str, object]]]:
    for facts in given:
        agreement_id = agreement_ids[facts.iia_id]
        for condition in facts.conditions:
            yield (
                (agreement_id, condition.key),
                _to_condition(condition, agreement_id, ids),
            )


def _to_condition(
    facts: ConditionFacts, agreement_id: int, ids: Mapping[str, int]
) -> dict[str, object]:
    same = (
        "key",
        "kind",
        "mobilities_per_year",
        "duration_days",
        "receiving_first_academic_year_id",
        "receiving_last_academic_year_id",
        "sending_ounit",
        "receiving_ounit",
        "is_blended",
        "mode",
    )
    return {name: getattr(facts, name) for name in same} | {
        "agreement_id": agreement_id,
        "sending_id": ids[facts.sending],
        "receiving_id": ids[facts.receiving],
        "isced_f_codes": list(facts.isced_f_codes),
        "eqf_levels": list(facts.eqf_levels),
        "languages": [
            {
                "language": each.language,
                "cefr": each.cefr,
                "is_required": each.is_required,
            }
            for each in facts.languages
        ],
    }

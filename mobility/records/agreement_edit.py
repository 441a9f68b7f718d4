"""Changing one agreement, or one of its conditions, from a page."""

from dataclasses import fields, replace
from datetime import datetime

from sqlmodel import Session, col, select

from mobility.errors import Conflict, NotFound
from mobility.models import Agreement, CooperationCondition, Institution, Person
from mobility.permissions import Scope
from mobility.records.agreements import (
    AgreementFacts,
    ConditionFacts,
    LanguageFacts,
    check_agreements,
    store_agreements,
)
from mobility.records.authority import log, require
from mobility.records.keeping import institution_ids
from mobility.records.versions import changed_fields, is_change
from mobility.sentences import tell


def find_agreement(session: Session, number: int) -> Agreement:
    """Return an agreement's row.

    Raises
    ------
    NotFound
        When there is none of that row id.
    """
    row = session.get(Agreement, number)
    if row is None:
        raise NotFound(tell("there is no agreement {number}", number=number))
    return row


def agreement_facts(session: Session, row: Agreement) -> AgreementFacts:
    """Return what is kept of an agreement, conditions in the order of their keys."""
    query = (
        select(CooperationCondition)
        .where(CooperationCondition.agreement_id == row.id)
        .order_by(col(CooperationCondition.key))
    )
    conditions = session.exec(query).all()
    ids = {row.institution_a_id, row.institution_b_id}
    named = select(Institution.id, Institution.hei_id).where(
        col(Institution.id).in_(ids)
    )
    heis = dict(session.exec(named).all())
    return AgreementFacts(
        iia_id=row.iia_id,
        institution_a=heis[row.institution_a_id],
        institution_b=heis[row.institution_b_id],
        conditions=tuple(_condition_facts(each, heis) for each in conditions),
        state=row.state.value,
        is_constructed=row.is_constructed,
    )


def add_agreement(
    session: Session, facts: AgreementFacts, *, by: Person, at: datetime
) -> int:
    """Add an agreement and return its row id; the same again does nothing.

    Raises
    ------
    Forbidden
        When the person may not keep the agreements of institution a.
    Conflict
        When another agreement has the id.
    InvalidInput
        With every rule that is broken.
    """
    ids = institution_ids(session)
    check_agreements([facts], ids)
    scope = Scope(institution=ids[facts.institution_a])
    require(session, "agreement.keep", scope, by=by, at=at)
    query = select(Agreement).where(Agreement.iia_id == facts.iia_id)
    row = session.exec(query).one_or_none()
    if row is not None:
        found = agreement_facts(session, row)
        if without_conditions(found) == facts:
            return row.id
        raise Conflict(
            tell("there is an agreement {agreement} already", agreement=facts.iia_id)
        )
    store_agreements(session, [facts], ids)
    payload: dict[str, object] = {"act": "add", "with": facts.institution_b}
    log(session, "agreement.keep", _subject(facts), payload, by=by, at=at)
    return session.exec(query).one().id


def change_agreement(
    session: Session, number: int, state: str, seen: str, *, by: Person, at: datetime
) -> None:
    """Put an agreement into force, or end it.

    Raises
    ------
    NotFound, Forbidden, StaleRecord, InvalidInput
        As `keep_condition`.
    """
    row, stored = _enter(session, number, by=by, at=at)
    before = without_conditions(stored)
    given = replace(before, state=state)
    check_agreements([given], institution_ids(session))
    if not is_change(
        tell("agreement {agreement}", agreement=row.iia_id), before, given, seen
    ):
        return
    store_agreements(session, [given], institution_ids(session))
    payload: dict[str, object] = {"act": "change", "state": state}
    log(session, "agreement.keep", _subject(stored), payload, by=by, at=at)


def keep_condition(
    session: Session,
    number: int,
    given: ConditionFacts,
    seen: str,
    *,
    by: Person,
    at: datetime,
) -> None:
    """Add a condition to an agreement, or change one.

    Parameters
    ----------
    seen
        `versions.version_of` the facts that the person saw; empty for a new one.

    Raises
    ------
    NotFound, Forbidden
        When there is no such agreement; when the roles do not allow it.
    StaleRecord, Conflict
        When it was changed meanwhile; when a new one's key is taken.
    InvalidInput
        With every rule that is broken.
    """
    row, stored = _enter(session, number, by=by, at=at)
    agreement = replace(stored, conditions=(given,))
    ids = institution_ids(session)
    check_agreements([agreement], ids)
    old = find_condition(stored, given.key)
    where = tell(
        "condition {key} of agreement {agreement}", key=given.key, agreement=row.iia_id
    )
    if old is not None and old != given and not seen:
        raise Conflict(tell("there is a {where} already", where=where))
    if old is not None and not is_change(where, old, given, seen):
        return
    store_agreements(session, [agreement], ids)
    changed = changed_fields(old, given) if old else {}
    payload = {"act": "change" if old else "add", "condition": given.key, **changed}
    log(session, "agreement.keep", _subject(stored), payload, by=by, at=at)


def find_condition(facts: AgreementFacts, key: str) -> ConditionFacts | None:
    """Return one of an agreement's conditions, None when it has none of that key."""
    return next((each for each in facts.conditions if each.key == key), None)


def without_conditions(facts: AgreementFacts) -> AgreementFacts:
    """Return what an agreement says by itself; a condition has a version of its own."""
    return replace(facts, conditions=())


def _enter(
    session: Session, number: int, *, by: Person, at: datetime
) -> tuple[Agreement, AgreementFacts]:
    row = find_agreement(session, number)
    scope = Scope(institution=row.institution_a_id)
    require(session, "agreement.keep", scope, by=by, at=at)
    return row, agreement_facts(session, row)


def _condition_facts(row: CooperationCondition, heis: dict[int, str]) -> ConditionFacts:
    same = {each.name for each in fields(ConditionFacts)} - {"sending", "receiving"}
    values = {name: getattr(row, name) for name in same}
    values |= {
        "kind": row.kind.value,
        "mode": row.mode.value,
        "sending": heis[row.sending_id],
        "receiving": heis[row.receiving_id],
        "isced_f_codes": tuple(row.isced_f_codes),
        "eqf_levels": tuple(row.eqf_levels),
        "languages": tuple(_language_facts(each) for each in row.languages),
    }
    return ConditionFacts(**values)


def _language_facts(value: dict[str, str | bool]) -> LanguageFacts:
    cefr = value.get("cefr")
    return LanguageFacts(
        language=str(value["language"]),
        cefr=str(cefr) if cefr else None,
        is_required=bool(value["is_required"]),
    )


def _subject(facts: AgreementFacts) -> str:
    return f"agreement:{facts.iia_id}"

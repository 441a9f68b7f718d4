"""Agreements and their cooperation conditions, as the office's pages show them."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from sqlmodel import Session, col, select

from mobility.errors import NotFound
from mobility.models import Agreement, CooperationCondition, Institution
from mobility.sentences import tell

Reach = Collection[int] | None
"""Row ids of the universities that a page is about; None: of all."""


@dataclass(frozen=True, slots=True)
class Partner:
    """A university as a partner."""

    number: int
    hei_id: str
    name: str


@dataclass(frozen=True, slots=True)
class AgreementRow:
    """An agreement in a list.

    Parameters
    ----------
    a_to_b, b_to_a
        Places a year in each direction, physical, blended and virtual together.
    last_year
        The last academic year of any of its conditions; None is open.
    """

    number: int
    iia_id: str
    state: str
    a: Partner
    b: Partner
    conditions: int
    a_to_b: int
    b_to_a: int
    last_year: str | None


@dataclass(frozen=True, slots=True)
class ConditionRow:
    """A condition of an agreement; `languages` are (code, level, is required)."""

    key: str
    sending: Partner
    receiving: Partner
    kind: str
    mode: str
    is_blended: bool
    mobilities_per_year: int
    duration_days: int
    isced_f_codes: tuple[str, ...]
    eqf_levels: tuple[int, ...]
    languages: tuple[tuple[str, str | None, bool], ...]
    first_year: str | None
    last_year: str | None
    sending_ounit: str | None
    receiving_ounit: str | None


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement with its conditions."""

    row: AgreementRow
    is_constructed: bool
    conditions: tuple[ConditionRow, ...]


def list_agreements(session: Session, reach: Reach) -> list[AgreementRow]:
    """Return the agreements of some universities, by id."""
    query = select(Agreement).order_by(col(Agreement.iia_id))
    if reach is not None:
        query = query.where(
            col(Agreement.institution_a_id).in_(reach)
            | col(Agreement.institution_b_id).in_(reach)
        )
    agreements = session.exec(query).all()
    conditions: defaultdict[int, list[CooperationCondition]] = defaultdict(list)
    for condition in session.exec(select(CooperationCondition)):
        conditions[condition.agreement_id].append(condition)
    partners = _partners(session)
    return [_to_row(row, conditions[row.id], partners) for row in agreements]


def view_agreement(session: Session, number: int) -> AgreementView:
    """Return an agreement in full.

    Raises
    ------
    NotFound
        When there is none of that row id.
    """
    row = session.get(Agreement, number)
    if row is None:
        raise NotFound(tell("there is no agreement {number}", number=number))
    query = (
        select(CooperationCondition)
        .where(CooperationCondition.agreement_id == number)
        .order_by(col(CooperationCondition.key))
    )
    conditions = session.exec(query).all()
    partners = _partners(session)
    return AgreementView(
        row=_to_row(row, conditions, partners),
        is_constructed=row.is_constructed,
        conditions=tuple(_to_condition(each, partners) for each in conditions),
    )


def find_partners(session: Session, number: int) -> tuple[int, int] | None:
    """Return the row ids of an agreement's institutions a and b, None without one."""
    query = select(Agreement.institution_a_id, Agreement.institution_b_id).where(
        Agreement.id == number
    )
    return session.exec(query).one_or_none()


def _partners(session: Session) -> dict[int, Partner]:
    query = select(Institution.id, Institution.hei_id, Institution.name)
    return {
        number: Partner(number, hei_id, name)
        for number, hei_id, name in session.exec(query)
    }


def _to_row(
    row: Agreement,
    conditions: Collection[CooperationCondition],
    partners: dict[int, Partner],
) -> AgreementRow:
    places = {row.institution_a_id: 0, row.institution_b_id: 0}
    for condition in conditions:
        places[condition.sending_id] += condition.mobilities_per_year
    years = [each.receiving_last_academic_year_id for each in conditions]
    is_one = row.institution_a_id == row.institution_b_id
    return AgreementRow(
        number=row.id,
        iia_id=row.iia_id,
        state=row.state.value,
        a=partners[row.institution_a_id],
        b=partners[row.institution_b_id],
        conditions=len(conditions),
        a_to_b=places[row.institution_a_id],
        b_to_a=0 if is_one else places[row.institution_b_id],
        last_year=None if None in years else max(map(str, years), default=None),
    )


def _to_condition(
    row: CooperationCondition, partners: dict[int, Partner]
) -> ConditionRow:
    return ConditionRow(
        key=row.key,
        sending=partners[row.sending_id],
        receiving=partners[row.receiving_id],
        kind=row.kind.value,
        mode=row.mode.value,
        is_blended=row.is_blended,
        mobilities_per_year=row.mobilities_per_year,
        duration_days=row.duration_days,
        isced_f_codes=tuple(row.isced_f_codes),
        eqf_levels=tuple(row.eqf_levels),
        languages=tuple(_to_language(each) for each in row.languages),
        first_year=row.receiving_first_academic_year_id,
        last_year=row.receiving_last_academic_year_id,
        sending_ounit=row.sending_ounit,
        receiving_ounit=row.receiving_ounit,
    )


def _to_language(value: dict[str, str | bool]) -> tuple[str, str | None, bool]:
    cefr = value.get("cefr")
    return (
        str(value["language"]),
        str(cefr) if cefr else None,
        bool(value["is_required"]),
    )

"""Universities and their partnerships, as the office's pages show them."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from mobility.errors import NotFound
from mobility.models import Agreement, Institution, Partnership, Student
from mobility.sentences import tell


@dataclass(frozen=True, slots=True)
class InstitutionRow:
    """A university in a list; `students` are those kept of it."""

    number: int
    hei_id: str
    name: str
    city: str
    country: str
    block: str | None
    agreements: int
    students: int
    is_member: bool


@dataclass(frozen=True, slots=True)
class PartnershipRow:
    """A partnership as seen from one of its ends."""

    hei_id: str
    name: str
    country: str
    tolerance: int
    asks: int


@dataclass(frozen=True, slots=True)
class InstitutionView:
    """A university in full; coordinates in millionths of a degree."""

    row: InstitutionRow
    latitude_udeg: int
    longitude_udeg: int
    block_source: str | None
    block_date: date | None
    erasmus_code: str | None
    exchange_tolerance: int
    is_constructed: bool
    partnerships: tuple[PartnershipRow, ...]


def list_institutions(session: Session) -> list[InstitutionRow]:
    """Return all universities by name."""
    agreements: dict[int, int] = {}
    for side in (Agreement.institution_a_id, Agreement.institution_b_id):
        query = select(side, func.count()).group_by(col(side))
        for number, count in session.exec(query):
            agreements[number] = agreements.get(number, 0) + count
    counted = select(Student.institution_id, func.count()).group_by(
        col(Student.institution_id)
    )
    students = dict(session.exec(counted).all())
    rows = session.exec(select(Institution).order_by(col(Institution.name)))
    return [
        _to_row(row, agreements.get(row.id, 0), students.get(row.id, 0)) for row in rows
    ]


def _to_row(row: Institution, agreements: int, students: int) -> InstitutionRow:
    return InstitutionRow(
        number=row.id,
        hei_id=row.hei_id,
        name=row.name,
        city=row.city,
        country=row.country,
        block=row.block.value if row.block else None,
        agreements=agreements,
        students=students,
        is_member=row.is_member,
    )


def view_institution(session: Session, hei_id: str) -> InstitutionView:
    """Return a university in full.

    Raises
    ------
    NotFound
        When there is none of that `hei_id`.
    """
    query = select(Institution).where(Institution.hei_id == hei_id)
    row = session.exec(query).one_or_none()
    if row is None:
        raise NotFound(tell("there is no institution {hei_id!r}", hei_id=hei_id))
    sides = (col(Agreement.institution_a_id) == row.id) | (
        col(Agreement.institution_b_id) == row.id
    )
    agreements = session.exec(select(func.count(col(Agreement.id))).where(sides)).one()
    kept = select(func.count(col(Student.id))).where(Student.institution_id == row.id)
    return InstitutionView(
        row=_to_row(row, agreements, session.exec(kept).one()),
        latitude_udeg=row.latitude_udeg,
        longitude_udeg=row.longitude_udeg,
        block_source=row.block_source,
        block_date=row.block_date,
        erasmus_code=row.erasmus_code,
        exchange_tolerance=row.exchange_tolerance,
        is_constructed=row.is_constructed,
        partnerships=_partnerships(session, row),
    )


def _partnerships(session: Session, row: Institution) -> tuple[PartnershipRow, ...]:
    mine = (col(Partnership.north_id) == row.id) | (col(Partnership.south_id) == row.id)
    other = (col(Institution.id) == col(Partnership.north_id)) | (
        col(Institution.id) == col(Partnership.south_id)
    )
    query = (
        select(Institution, Partnership)
        .join(Partnership, other)
        .where(mine)
        .where(Institution.id != row.id)
        .order_by(col(Institution.name))
    )
    return tuple(
        PartnershipRow(
            hei_id=partner.hei_id,
            name=partner.name,
            country=partner.country,
            tolerance=pair.tolerance,
            asks=pair.asks,
        )
        for partner, pair in session.exec(query)
    )


def name_institutions(session: Session) -> list[tuple[int, str, str, str | None]]:
    """Return row id, `hei_id`, name and block of all universities by name."""
    query = select(
        Institution.id, Institution.hei_id, Institution.name, Institution.block
    ).order_by(col(Institution.name))
    return [(n, hei, name, block) for n, hei, name, block in session.exec(query)]

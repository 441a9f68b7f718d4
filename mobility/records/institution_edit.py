"""Changing one institution, or one partnership, from a page."""

from dataclasses import fields
from datetime import datetime

from sqlmodel import Session, select

from mobility.carbon.places import check_coordinates
from mobility.errors import Conflict, InvalidInput, NotFound
from mobility.models import Block, Institution, Partnership, Person
from mobility.permissions import Scope
from mobility.records.authority import log, require
from mobility.records.institutions import (
    InstitutionFacts,
    PartnershipFacts,
    store_institutions,
    store_partnerships,
)
from mobility.records.versions import changed_fields, is_change
from mobility.sentences import tell


def find_institution(session: Session, hei_id: str) -> Institution:
    """Return an institution's row.

    Raises
    ------
    NotFound
        When there is none of that `hei_id`.
    """
    query = select(Institution).where(Institution.hei_id == hei_id)
    row = session.exec(query).one_or_none()
    if row is None:
        raise NotFound(tell("there is no institution {hei_id!r}", hei_id=hei_id))
    return row


def institution_facts(row: Institution) -> InstitutionFacts:
    """Return what is kept of an institution."""
    values = {each.name: getattr(row, each.name) for each in fields(InstitutionFacts)}
    values["block"] = row.block.value if row.block else None
    return InstitutionFacts(**values)


def add_institution(
    session: Session, facts: InstitutionFacts, *, by: Person, at: datetime
) -> None:
    """Add an institution; adding the same again does nothing.

    Raises
    ------
    Forbidden
        When the roles do not allow it.
    Conflict
        When another institution has the `hei_id`.
    InvalidInput
        With every rule that is broken.
    """
    require(session, "institution.keep", by=by, at=at)
    query = select(Institution).where(Institution.hei_id == facts.hei_id)
    row = session.exec(query).one_or_none()
    if row is not None:
        if institution_facts(row) == facts:
            return
        raise Conflict(
            tell(
                "there is an institution {institution} already: {name}",
                institution=facts.hei_id,
                name=row.name,
            )
        )
    _check_position(facts)
    store_institutions(session, [facts])
    payload: dict[str, object] = {"act": "add", "name": facts.name}
    log(session, "institution.keep", _subject(facts), payload, by=by, at=at)


def change_institution(
    session: Session, facts: InstitutionFacts, seen: str, *, by: Person, at: datetime
) -> None:
    """Change an institution.

    Parameters
    ----------
    seen
        `versions.version_of` the facts that the person saw.

    Raises
    ------
    NotFound, Forbidden
        When there is none; when the roles do not allow it.
    StaleRecord
        When it was changed meanwhile.
    InvalidInput
        With every rule that is broken.
    """
    row = find_institution(session, facts.hei_id)
    scope = Scope(institution=row.id)
    require(session, "institution.keep", scope, by=by, at=at)
    stored = institution_facts(row)
    if not is_change(
        tell("institution {institution}", institution=facts.hei_id), stored, facts, seen
    ):
        return
    _check_position(facts)
    store_institutions(session, [facts])
    payload = {"act": "change", **changed_fields(stored, facts)}
    log(session, "institution.keep", _subject(facts), payload, by=by, at=at)


def _check_position(facts: InstitutionFacts) -> None:
    problems = check_coordinates(
        facts.city, facts.country, facts.latitude_udeg, facts.longitude_udeg
    )
    if problems:
        raise InvalidInput(problems)


def _subject(facts: InstitutionFacts) -> str:
    return f"institution:{facts.hei_id}"


def partnership_of(
    session: Session, one: Institution, other: Institution
) -> PartnershipFacts:
    """Return the partnership of two institutions; where there is none, an empty one.

    Raises
    ------
    InvalidInput
        When they are not one of North and one of South.
    """
    north, south = _sides(one, other)
    row = _find_partnership(session, north, south)
    tolerance, asks = (row.tolerance, row.asks) if row else (0, 0)
    return PartnershipFacts(
        north=north.hei_id, south=south.hei_id, tolerance=tolerance, asks=asks
    )


def keep_partnership(
    session: Session, facts: PartnershipFacts, seen: str, *, by: Person, at: datetime
) -> None:
    """Set what the Southern side of a partnership welcomes and asks for.

    Only who acts for the Southern institution says so.

    Raises
    ------
    NotFound, Forbidden, StaleRecord, InvalidInput
        As `change_institution`.
    """
    north = find_institution(session, facts.north)
    south = find_institution(session, facts.south)
    scope = Scope(institution=south.id)
    require(session, "institution.keep", scope, by=by, at=at)
    stored = partnership_of(session, north, south)
    row = _find_partnership(session, north, south)
    what = tell(
        "the partnership of {north} and {south}", north=facts.north, south=facts.south
    )
    if not is_change(what, stored, facts, seen) and row is not None:
        return
    store_partnerships(session, [facts])
    payload: dict[str, object] = {"tolerance": facts.tolerance, "asks": facts.asks}
    subject = f"partnership:{facts.north}:{facts.south}"
    log(session, "institution.keep", subject, payload, by=by, at=at)


def _sides(one: Institution, other: Institution) -> tuple[Institution, Institution]:
    by_block = {one.block: one, other.block: other}
    if set(by_block) != {Block.NORTH, Block.SOUTH}:
        message = tell(
            "a partnership is between one institution of North and one of South"
        )
        raise InvalidInput(message)
    return by_block[Block.NORTH], by_block[Block.SOUTH]


def _find_partnership(
    session: Session, north: Institution, south: Institution
) -> Partnership | None:
    query = (
        select(Partnership)
        .where(Partnership.north_id == north.id)
        .where(Partnership.south_id == south.id)
    )
    return session.exec(query).one_or_none()

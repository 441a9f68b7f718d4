"""Keeping institutions and the partnerships between North and South."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlmodel import Session, select

from mobility.models import Block, Institution, Partnership, Person
from mobility.records.authority import log, require
from mobility.records.checks import HEI_ID, Checks
from mobility.records.keeping import Kept, count, institution_ids, keep, refuse_all
from mobility.sentences import tell


@dataclass(frozen=True, slots=True, kw_only=True)
class InstitutionFacts:
    """An institution as it is given.

    Parameters
    ----------
    latitude_udeg, longitude_udeg
        Millionths of a degree.
    block, block_source, block_date
        All three or none.
    """

    hei_id: str
    name: str
    city: str
    country: str
    latitude_udeg: int
    longitude_udeg: int
    block: str | None = None
    block_source: str | None = None
    block_date: date | None = None
    erasmus_code: str | None = None
    exchange_tolerance: int = 0
    is_member: bool = True
    is_constructed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnershipFacts:
    """A Northern and a Southern institution by `hei_id`, and what South asks for."""

    north: str
    south: str
    tolerance: int = 0
    asks: int = 0


def keep_institutions(
    session: Session, given: Sequence[InstitutionFacts], *, by: Person, at: datetime
) -> Kept:
    """Add or change institutions, all of them or none.

    Raises
    ------
    Forbidden
        When the person's roles do not allow it.
    InvalidInput
        With every rule that is broken.
    """
    require(session, "institution.keep", by=by, at=at)
    kept = store_institutions(session, given)
    log(session, "institution.keep", "institutions", kept.to_payload(), by=by, at=at)
    return kept


def store_institutions(session: Session, given: Sequence[InstitutionFacts]) -> Kept:
    """Check and store institutions, without asking and without an entry in the log.

    Raises
    ------
    InvalidInput
        With every rule that is broken.
    """
    checks = Checks()
    checks.unique("institution", (facts.hei_id for facts in given))
    codes = [facts.erasmus_code for facts in given if facts.erasmus_code]
    checks.unique(tell("Erasmus code"), codes)
    for facts in given:
        _check(checks, facts)
    refuse_all(checks.problems)
    stored = {row.hei_id: row for row in session.exec(select(Institution))}
    _check_codes(checks, given, stored)
    refuse_all(checks.problems)
    rows = ((facts.hei_id, asdict(facts)) for facts in given)
    return count(keep(session, Institution, stored, rows).values())


def _check(checks: Checks, facts: InstitutionFacts) -> None:
    where = tell("institution {institution}", institution=facts.hei_id)
    checks.pattern(where, "hei_id", facts.hei_id, HEI_ID, "uonbi.ac.ke")
    checks.text(where, "name", facts.name)
    checks.text(where, "city", facts.city)
    checks.country(where, facts.country)
    north, east = 90_000_000, 180_000_000
    checks.whole(where, "latitude_udeg", facts.latitude_udeg, -north, north)
    checks.whole(where, "longitude_udeg", facts.longitude_udeg, -east, east)
    checks.count(where, "exchange_tolerance", facts.exchange_tolerance)
    given = [facts.block, facts.block_source, facts.block_date]
    if facts.block is not None:
        checks.code(where, "block", facts.block, Block)
    if given.count(None) not in (0, 3):
        checks.refuse(
            where, tell("a block needs its source and date, and they need it")
        )


def _check_codes(
    checks: Checks,
    given: Sequence[InstitutionFacts],
    stored: dict[str, Institution],
) -> None:
    changed = {facts.hei_id for facts in given}
    taken = {
        row.erasmus_code: row.hei_id
        for row in stored.values()
        if row.erasmus_code and row.hei_id not in changed
    }
    for facts in given:
        if facts.erasmus_code in taken:
            owner = taken[facts.erasmus_code]
            sentence = tell(
                "Erasmus code {erasmus_code!r} is that of {owner}",
                erasmus_code=facts.erasmus_code,
                owner=owner,
            )
            checks.refuse(
                tell("institution {institution}", institution=facts.hei_id), sentence
            )


def keep_partnerships(
    session: Session, given: Sequence[PartnershipFacts], *, by: Person, at: datetime
) -> Kept:
    """Add or change partnerships, all of them or none.

    Raises
    ------
    Forbidden, InvalidInput
        As `keep_institutions`.
    """
    require(session, "institution.keep", by=by, at=at)
    kept = store_partnerships(session, given)
    log(session, "institution.keep", "partnerships", kept.to_payload(), by=by, at=at)
    return kept


def store_partnerships(session: Session, given: Sequence[PartnershipFacts]) -> Kept:
    """Check and store partnerships, without asking and without an entry in the log.

    Raises
    ------
    InvalidInput
        With every rule that is broken.
    """
    checks = Checks()
    checks.unique("partnership", (f"{each.north} - {each.south}" for each in given))
    institutions = {row.hei_id: row for row in session.exec(select(Institution))}
    for facts in given:
        _check_partnership(checks, facts, institutions)
    refuse_all(checks.problems)
    ids = institution_ids(session)
    stored = {
        (row.north_id, row.south_id): row for row in session.exec(select(Partnership))
    }
    rows = (
        (
            (ids[facts.north], ids[facts.south]),
            {
                "north_id": ids[facts.north],
                "south_id": ids[facts.south],
                "tolerance": facts.tolerance,
                "asks": facts.asks,
            },
        )
        for facts in given
    )
    return count(keep(session, Partnership, stored, rows).values())


def _check_partnership(
    checks: Checks, facts: PartnershipFacts, institutions: dict[str, Institution]
) -> None:
    where = tell("partnership {north} - {south}", north=facts.north, south=facts.south)
    for hei_id, block in ((facts.north, Block.NORTH), (facts.south, Block.SOUTH)):
        row = institutions.get(hei_id)
        if row is None:
            checks.refuse(
                where, tell("there is no institution {hei_id!r}", hei_id=hei_id)
            )
        elif row.block != block:
            checks.refuse(
                where,
                tell(
                    "{hei_id} is not in the block {block!r}",
                    hei_id=hei_id,
                    block=block.value,
                ),
            )
    checks.count(where, "tolerance", facts.tolerance)
    checks.count(where, "asks", facts.asks)

"""What the office's pages are about: an agreement, an offer, a student in a round.

Each is seen from the universities that it belongs to; one reached is enough.
"""

from typing import Any

from mobility.errors import NotFound
from mobility.permissions import Scope
from mobility.reading.agreements import find_partners
from mobility.reading.keys import find_institution_id, find_round_id
from mobility.reading.offers import find_offer
from mobility.reading.students import find_applicant, find_home
from mobility.records.viewers import Viewer
from mobility.web.units import Unit

Scopes = tuple[Scope, ...]


def of_agreement(
    unit: Unit,
    _viewer: Viewer,
    *,
    agreement: int,
    **_others: Any,  # noqa: ANN401 - whatever the address holds
) -> Scopes:
    """Return an agreement, seen from either partner."""
    partners = found(find_partners(unit, agreement), "agreement", agreement)
    return tuple(Scope(institution=partner) for partner in partners)


def of_keeper(
    unit: Unit,
    _viewer: Viewer,
    *,
    agreement: int,
    **_others: Any,  # noqa: ANN401 - whatever the address holds
) -> Scopes:
    """Return an agreement, seen from the partner that keeps it."""
    partners = found(find_partners(unit, agreement), "agreement", agreement)
    return (Scope(institution=partners[0]),)


def of_offer(
    unit: Unit,
    _viewer: Viewer,
    *,
    key: str,
    offer: int,
    **_others: Any,  # noqa: ANN401 - whatever the address holds
) -> Scopes:
    """Return an offer of a round, seen from its home or its host."""
    round_id = found(find_round_id(unit, key), "round", key)
    ends = found(find_offer(unit, round_id, offer), "offer", offer)
    return tuple(Scope(end, round_id) for end in ends)


def of_host(
    unit: Unit,
    _viewer: Viewer,
    *,
    key: str,
    hei_id: str,
    **_others: Any,  # noqa: ANN401 - whatever the address holds
) -> Scopes:
    """Return a host in a round."""
    round_id = found(find_round_id(unit, key), "round", key)
    institution = found(find_institution_id(unit, hei_id), "institution", hei_id)
    return (Scope(institution, round_id),)


def of_student(
    unit: Unit,
    _viewer: Viewer,
    *,
    student_id: int,
    **_others: Any,  # noqa: ANN401 - whatever the address holds
) -> Scopes:
    """Return a student, seen from her university."""
    home = found(find_home(unit, student_id), "student", student_id)
    return (Scope(institution=home),)


def of_applicant(
    unit: Unit,
    _viewer: Viewer,
    *,
    key: str,
    student_id: int,
    **_others: Any,  # noqa: ANN401 - whatever the address holds
) -> Scopes:
    """Return a student in a round, seen from her university."""
    ends = found(find_applicant(unit, key, student_id), "student", student_id)
    return (Scope(*ends),)


def found(thing: Any, kind: str, name: object) -> Any:  # noqa: ANN401 - what was looked for
    """Return what was looked for.

    Raises
    ------
    NotFound
        When it is None.
    """
    if thing is None:
        message = f"there is no {kind} {name!r}"
        raise NotFound(message)
    return thing

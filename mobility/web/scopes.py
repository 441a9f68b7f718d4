"""What a page is about, for `@needs(..., scope=...)`: found by the address's keys.

A role limited to one university reaches what is seen from there: `in_round` therefore
gives the round as seen from each university that the viewer has a role in.
"""

from typing import Any

from mobility.errors import NotFound
from mobility.permissions import Scope
from mobility.reading.keys import find_institution_id, find_round_id
from mobility.records.viewers import Viewer
from mobility.web.units import Unit

Scopes = tuple[Scope, ...]


def own(_unit: Unit, viewer: Viewer, **_arguments: Any) -> Scopes:  # noqa: ANN401 - whatever the address holds
    """Anything within her roles: the page itself shows no more than they reach."""
    return tuple(Scope(grant.institution, grant.round_id) for grant in viewer.grants)


def in_round(unit: Unit, viewer: Viewer, *, key: str, **_others: Any) -> Scopes:  # noqa: ANN401 - whatever the address holds
    """One round, whose key the address has: `/rounds/<string:key>/...`."""
    round_id = find_round_id(unit, key)
    if round_id is None:
        message = f"there is no round {key!r}"
        raise NotFound(message)
    seen_from = {grant.institution for grant in viewer.grants}
    return tuple(Scope(institution, round_id) for institution in seen_from)


def of_institution(
    unit: Unit,
    viewer: Viewer,
    *,
    hei_id: str,
    **_others: Any,  # noqa: ANN401 - whatever the address holds
) -> Scopes:
    """One university, whose id the address has: `/institutions/<string:hei_id>/...`."""
    institution = find_institution_id(unit, hei_id)
    if institution is None:
        message = f"there is no institution {hei_id!r}"
        raise NotFound(message)
    seen_in = {grant.round_id for grant in viewer.grants}
    return tuple(Scope(institution, round_id) for round_id in seen_in)

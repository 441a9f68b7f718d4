"""The office's first page: what needs attention, and every round at a glance."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from flask import Blueprint
from flask.typing import ResponseReturnValue

from mobility.clock import now
from mobility.errors import NotFound
from mobility.reading.offers import OfferRow, list_offers
from mobility.reading.round_heads import Head, list_heads
from mobility.reading.students import count_students
from mobility.rounds.preview import preview
from mobility.web import units
from mobility.web.access import needs
from mobility.web.coordinator_page import page, reach
from mobility.web.coordinator_rounds import is_changeable
from mobility.web.coordinator_words import problem_kind
from mobility.web.problem_links import address_of
from mobility.web.scopes import own

blueprint = Blueprint("coordinator", __name__, url_prefix="/coordinator")


@dataclass(frozen=True, slots=True)
class ProblemGroup:
    """Problems that are mended in the same way, each with the page where it is."""

    title: str
    problems: tuple[tuple[str, str | None], ...]


@blueprint.get("")
@needs("home.coordinator", scope=own)
def home() -> ResponseReturnValue:
    """Show what needs attention in the round that is frozen next."""
    with units.read() as unit:
        heads = list_heads(unit)
        waiting = [head for head in heads if is_changeable(head[1])]
        nearest = min(waiting, key=lambda head: head[1].deadline_at, default=None)
        return _page(unit, heads, nearest)


@blueprint.get("/rounds/<string:key>")
@needs("application.read", scope=own)
def round_page(key: str) -> ResponseReturnValue:
    """Show what needs attention in one round."""
    with units.read() as unit:
        heads = list_heads(unit)
        chosen = next((head for head in heads if head[1].key == key), None)
        # the scope is asked here: the round is among those read already
        if chosen is None or reach("application.read", chosen[0]) == frozenset():
            message = f"there is no round {key!r} for this person"
            raise NotFound(message)
        return _page(unit, heads, chosen)


def _page(
    unit: units.Unit, heads: Sequence[Head], chosen: Head | None
) -> ResponseReturnValue:
    rounds = [row for _number, row in heads]
    if chosen is None:
        return page("coordinator/home.html", rounds=rounds, round=None)
    number, row = chosen
    reached = reach("application.read", number)
    offers = list_offers(unit, number, reached)
    groups, elsewhere = _problems(unit, chosen, reached, offers)
    return page(
        "coordinator/home.html",
        rounds=rounds,
        round=row,
        groups=groups,
        count=sum(len(group.problems) for group in groups),
        elsewhere=elsewhere,
        offers=len(offers),
        held_back=sum(each.is_suspended for each in offers),
        places=sum(each.capacity for each in offers if not each.is_suspended),
        counts=count_students(unit, number, reached),
        is_over=row.deadline_at <= now(),
        is_changeable=is_changeable(row),
    )


def _problems(
    unit: units.Unit,
    head: Head,
    reached: frozenset[int] | None,
    offers: Sequence[OfferRow],
) -> tuple[list[ProblemGroup], int]:
    """Return what blocks the freeze by kind, and how much concerns others alone."""
    number, row = head
    if not is_changeable(row):
        return [], 0
    found = preview(unit, number, reached, at=now())
    numbers = {each.key: each.number for each in offers}
    groups = [
        ProblemGroup(
            title=problem_kind(kind),
            problems=tuple(
                (each.text, address_of(each, row.key, numbers)) for each in problems
            ),
        )
        for kind, problems in groupby(found.problems, key=lambda each: each.kind)
    ]
    return groups, found.elsewhere

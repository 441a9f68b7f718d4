"""What a page asks for: each picture in two widths, its words and its table.

Pages show `words` first, then `narrow` or `wide` by the reader's width, then `table`.
The markup is made here and may be put into a page as it is; texts in it are escaped.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass

from mobility.reporting.emissions import distribution_table, to_distribution
from mobility.reporting.emissions_chart import draw_emissions
from mobility.reporting.equity import describe_equity, equity_table, to_shares
from mobility.reporting.equity_chart import draw_equity
from mobility.reporting.facts import RunFacts
from mobility.reporting.flow_map import draw_flow_map
from mobility.reporting.labels import Labels
from mobility.reporting.lanes import LAST, describe_lanes, lane_table, to_lanes
from mobility.reporting.memory import Memory
from mobility.reporting.rank_chart import draw_ranks
from mobility.reporting.ranks import describe_ranks, rank_table, to_profiles
from mobility.reporting.tables import Table
from mobility.reporting.waterfall import (
    EVERYONE,
    Scope,
    describe,
    stage_table,
    to_waterfall,
)
from mobility.reporting.waterfall_chart import draw_waterfall

NARROW, WIDE = 360, 1000
"""Widths of pictures, in pixels; between them the page scales the nearer one."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in two widths, what it says in words, and its numbers.

    Parameters
    ----------
    narrow, wide
        SVG elements, hidden from the accessibility tree.
    words
        A sentence: numbers with their unit and a comparison.
    """

    words: str
    narrow: str
    wide: str
    table: Table


_pictures: Memory[Picture] = Memory(64)


def waterfall_picture(
    run: RunFacts, labels: Labels, scope: Scope = EVERYONE
) -> Picture:
    """Return wishes -> balance -> carbon for those in a scope."""

    def make() -> Picture:
        figures = to_waterfall(run, scope)
        return Picture(
            describe(labels, figures),
            draw_waterfall(labels, figures, NARROW),
            draw_waterfall(labels, figures, WIDE),
            stage_table(labels, figures),
        )

    return _remember(run, labels, ("waterfall", scope), make)


def flow_picture(
    run: RunFacts, labels: Labels, stage: int = LAST, school: str | None = None
) -> Picture:
    """Return the flow map of a stage; of one university where it is named."""

    def make() -> Picture:
        lanes = to_lanes(run, stage, school)
        return Picture(
            describe_lanes(labels, lanes),
            draw_flow_map(labels, lanes, NARROW),
            draw_flow_map(labels, lanes, WIDE),
            lane_table(labels, lanes),
        )

    return _remember(run, labels, ("flows", stage, school), make)


def rank_picture(run: RunFacts, labels: Labels) -> Picture:
    """Return the rank profile of every stage."""

    def make() -> Picture:
        profiles = to_profiles(run)
        return Picture(
            describe_ranks(labels, profiles),
            draw_ranks(labels, profiles, NARROW),
            draw_ranks(labels, profiles, WIDE),
            rank_table(labels, profiles),
        )

    return _remember(run, labels, ("ranks",), make)


def equity_picture(run: RunFacts, labels: Labels) -> Picture:
    """Return the share placed of everyone, the blocks and the groups."""

    def make() -> Picture:
        shares = to_shares(run)
        return Picture(
            describe_equity(labels, shares),
            draw_equity(labels, shares, NARROW),
            draw_equity(labels, shares, WIDE),
            equity_table(labels, shares),
        )

    return _remember(run, labels, ("equity",), make)


def emissions_picture(run: RunFacts, labels: Labels) -> Picture:
    """Return how journeys' emissions are spread."""

    def make() -> Picture:
        spread = to_distribution(run)
        words = labels["empty_journeys"]
        if spread:
            words = labels.fill(
                "spread_told",
                median=labels.tonnes(spread.median_g),
                p90=labels.tonnes(spread.p90_g),
            )
        return Picture(
            words,
            draw_emissions(labels, spread, NARROW),
            draw_emissions(labels, spread, WIDE),
            distribution_table(labels, spread),
        )

    return _remember(run, labels, ("emissions",), make)


def _remember(
    run: RunFacts, labels: Labels, what: Hashable, make: Callable[[], Picture]
) -> Picture:
    return _pictures.get((run.digest, labels.language, what), make)

"""Who goes where: lanes between universities, and what comes back.

A lane is one direction between two universities; virtual offers and stays at home are
no lanes. The excess of a partnership is the verifier's own figure.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from mobility.eligibility import VIRTUAL
from mobility.reporting.facts import Partnership, RunFacts, School, StageFacts
from mobility.reporting.labels import Labels
from mobility.reporting.tables import Cell, Column, Table, make_table

LAST = -1


@dataclass(frozen=True, slots=True)
class Lane:
    """Students from one university to another.

    Parameters
    ----------
    out, back
        Students placed on it, and on the lane the other way.
    return_places
        Places offered the other way, taken or not.
    excess
        Of the partnership, on its lane from North to South; else 0.
    """

    home: School
    host: School
    out: int
    back: int
    return_places: int
    excess: int

    @property
    def is_north_to_south(self) -> bool:
        """Say whether it leads from North to South."""
        return (self.home.block, self.host.block) == ("north", "south")

    @property
    def is_alone(self) -> bool:
        """Say whether it leads from North to South and nobody comes back."""
        return self.is_north_to_south and self.out > 0 and self.back == 0

    @property
    def has_return_offer(self) -> bool:
        """Say whether any place is offered the other way."""
        return self.return_places > 0


@dataclass(frozen=True, slots=True)
class PartnershipRow:
    """A North and a South university, and the `lane` from the one to the other."""

    lane: Lane
    terms: Partnership


class _Book:
    """What is counted once for all lanes of a stage."""

    def __init__(self, run: RunFacts, stage: StageFacts) -> None:
        self._run = run
        self.counts = Counter(
            (place.home, place.host)
            for place in stage.places.values()
            if place.is_outward
        )
        self.partnerships: dict[tuple[str, str], int] = {
            (north, south): excess
            for north, south, _, _, excess in stage.metrics["partnerships"]
        }
        self._places: Counter[tuple[str, str]] = Counter()
        for offer in run.offers.values():
            if offer.mode != VIRTUAL:
                self._places[offer.sending, offer.receiving] += offer.capacity

    def lane(self, home: str, host: str) -> Lane:
        return Lane(
            home=self._run.schools[home],
            host=self._run.schools[host],
            out=self.counts[home, host],
            back=self.counts[host, home],
            return_places=self._places[host, home],
            excess=self.partnerships.get((home, host), 0),
        )


def to_lanes(
    run: RunFacts, stage: int = LAST, school: str | None = None
) -> tuple[Lane, ...]:
    """Return the lanes with students after a stage; no return offer at all first.

    Parameters
    ----------
    school
        Only lanes from and to this university; None is all of them.
    """
    if not run.stages:
        return ()
    book = _Book(run, run.stages[stage])
    pairs = [pair for pair in book.counts if school is None or school in pair]
    return tuple(sorted((book.lane(*pair) for pair in pairs), key=_order))


def to_partnerships(
    run: RunFacts, stage: int = LAST, school: str | None = None
) -> tuple[PartnershipRow, ...]:
    """Return the pairs of North and South with a placement, an excess or a carry."""
    if not run.stages:
        return ()
    listed = {(each.north, each.south): each for each in run.partnerships}
    book = _Book(run, run.stages[stage])
    carried = {pair for pair, each in listed.items() if each.carried}
    pairs = [
        pair
        for pair in book.partnerships.keys() | carried
        if school is None or school in pair
    ]
    return tuple(
        PartnershipRow(
            lane, listed.get((lane.home.hei_id, lane.host.hei_id), _UNLISTED)
        )
        for lane in sorted((book.lane(*pair) for pair in pairs), key=_order)
    )


_UNLISTED = Partnership("", "", carried=0, inbound_known=0, tolerance=0)


def _order(lane: Lane) -> tuple[bool, bool, int, int, str, str]:
    """Return the order of lanes: what goes one way for good comes first."""
    return (
        not (lane.is_north_to_south and lane.out and not lane.has_return_offer),
        not lane.is_alone,
        lane.back - lane.out,
        -lane.out,
        lane.home.name,
        lane.host.name,
    )


def describe_lanes(labels: Labels, lanes: Iterable[Lane]) -> str:
    """Return the flow map in one sentence."""
    lanes = tuple(lanes)
    if not lanes:
        return labels["empty_lanes"]
    return labels.fill(
        "lanes_told",
        lanes=labels.count(len(lanes)),
        students=labels.count(sum(lane.out for lane in lanes)),
        alone=labels.count(sum(lane.out for lane in lanes if lane.is_alone)),
    )


def lane_table(labels: Labels, lanes: Iterable[Lane]) -> Table:
    """Return lanes as a table, in their order."""
    columns = [Column(labels[key], is_number=False) for key in ("home", "host")]
    columns += [Column(labels[key]) for key in ("out", "in", "net", "excess")]
    columns.append(Column(labels["return_offer"], is_number=False))
    rows = []
    for lane in lanes:
        numbers = (lane.out, lane.back, lane.out - lane.back)
        rows.append(
            (
                Cell(lane.home.name),
                Cell(lane.host.name),
                *(Cell(labels.count(number), number) for number in numbers),
                _excess(labels, lane),
                _return_offer(labels, lane),
            )
        )
    return make_table(labels["caption_lanes"], columns, rows)


def partnership_table(labels: Labels, rows: Iterable[PartnershipRow]) -> Table:
    """Return partnerships as a table; out is from North to South."""
    columns = [
        Column(labels[key], is_number=False) for key in ("north_school", "south_school")
    ]
    keys = ("out", "in", "net", "carried", "inbound_known", "tolerance", "excess")
    columns += [Column(labels[key]) for key in keys]
    columns.append(Column(labels["return_offer"], is_number=False))
    return make_table(
        labels["caption_partnerships"],
        columns,
        (_partnership_row(labels, row) for row in rows),
    )


def _partnership_row(labels: Labels, row: PartnershipRow) -> tuple[Cell, ...]:
    lane, terms = row.lane, row.terms
    numbers = (lane.out, lane.back, lane.out - lane.back)
    carried = (terms.carried, terms.inbound_known, terms.tolerance)
    return (
        Cell(lane.home.name),
        Cell(lane.host.name),
        *(Cell(labels.count(number), number) for number in (*numbers, *carried)),
        _excess(labels, lane),
        _return_offer(labels, lane),
    )


def _excess(labels: Labels, lane: Lane) -> Cell:
    if not lane.is_north_to_south:
        return Cell(labels["none"])
    return Cell(labels.count(lane.excess), lane.excess)


def _return_offer(labels: Labels, lane: Lane) -> Cell:
    if not lane.has_return_offer:
        return Cell(labels["no_return_offer"], 0)
    count = labels.count(lane.return_places)
    return Cell(labels.fill("places_back", count=count), lane.return_places)

"""An instance as numpy arrays: the only place where ids become indices.

Choices are sorted by student and position; capacities: offers, then quotas.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from solver.instance import Instance, Partnership

Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Arrays:
    """Everything a stage needs, by index.

    Attributes
    ----------
    student, offer, rank, emissions_g, benefit
        One entry per choice (m of them).
    must
        One flag per student (n of them): may not stay unplaced.
    capacity
        One entry per offer, then per quota.
    quota_row, quota_choice
        Pairs (index into ``capacity``, choice) of the listed quotas, not of the offers.
    lane_row, lane_choice, lane_sign
        Triples (partnership, choice, +1 out or -1 in).
    kink
        Per partnership: the net flow beyond which it counts as one-way.
    drawn
        The two lottery numbers of each choice, where they were drawn already.
    """

    instance: Instance
    student: Integers
    offer: Integers
    rank: Integers
    emissions_g: Integers
    must: Flags
    capacity: Integers
    quota_row: Integers
    quota_choice: Integers
    lane_row: Integers
    lane_choice: Integers
    lane_sign: Integers
    kink: Integers
    partnerships: tuple[tuple[str, str], ...]
    largest_rank: int
    drawn: tuple[Integers, Integers] | None = None

    @property
    def students(self) -> int:
        """The number of students, with or without choices."""
        return len(self.must)

    @cached_property
    def benefit(self) -> Integers:
        """Benefit of each choice: ``R + 1 - rank``."""
        return self.largest_rank + 1 - self.rank

    @cached_property
    def start(self) -> Integers:
        """Index of each student's first choice, and one past the last student's."""
        counts = np.bincount(self.student, minlength=self.students)
        return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)

    @cached_property
    def choosing(self) -> Integers:
        """Indices of the students who have a choice."""
        return np.flatnonzero(np.diff(self.start))

    @cached_property
    def quotas_per_choice(self) -> int:
        """The largest number of listed quotas that count one choice."""
        return int(np.bincount(self.quota_choice, minlength=1).max())

    def choice_index(self) -> dict[tuple[str, str], int]:
        """Return each choice's index by (student id, offer id)."""
        students, offers = self.instance.students, self.instance.offers
        pairs = zip(self.student.tolist(), self.offer.tolist(), strict=True)
        return {(students[s].id, offers[o].id): j for j, (s, o) in enumerate(pairs)}

    def restrict(self, keep: Flags, must: Flags) -> "Arrays":
        """Return the arrays with some choices deleted and other students obliged."""
        position = np.cumsum(keep) - 1
        in_quota, in_lane = keep[self.quota_choice], keep[self.lane_choice]
        return replace(
            self,
            student=self.student[keep],
            offer=self.offer[keep],
            rank=self.rank[keep],
            emissions_g=self.emissions_g[keep],
            must=must,
            quota_row=self.quota_row[in_quota],
            quota_choice=position[self.quota_choice[in_quota]],
            lane_row=self.lane_row[in_lane],
            lane_choice=position[self.lane_choice[in_lane]],
            lane_sign=self.lane_sign[in_lane],
            drawn=self.drawn and (self.drawn[0][keep], self.drawn[1][keep]),
        )

    def used_capacity(self, chosen: Integers) -> Integers:
        """Return how much of each capacity the chosen choices use."""
        taken = np.zeros(len(self.student), dtype=np.int64)
        taken[chosen] = 1
        used = np.zeros(len(self.capacity), dtype=np.int64)
        np.add.at(used, self.offer[chosen], 1)
        np.add.at(used, self.quota_row, taken[self.quota_choice])
        return used

    def net_flow(self, chosen: Integers) -> Integers:
        """Return out minus in of each partnership under the chosen choices."""
        taken = np.zeros(len(self.student), dtype=np.int64)
        taken[chosen] = 1
        net = np.zeros(len(self.kink), dtype=np.int64)
        np.add.at(net, self.lane_row, self.lane_sign * taken[self.lane_choice])
        return net


def build_arrays(instance: Instance) -> Arrays:
    """Return the arrays of an instance: forbidden pairs gone, pins obeyed."""
    offers = {offer.id: index for index, offer in enumerate(instance.offers)}
    numbers = (
        number
        for s, student in enumerate(instance.students)
        for offer, rank, emissions_g in student.choices
        for number in (s, offers[offer], rank, emissions_g)
    )
    table = np.fromiter(numbers, dtype=np.int64).reshape(-1, 4)
    lanes = _Lanes(instance, table[:, 0], table[:, 1])
    quota_row, quota_choice = _build_quotas(instance, table[:, 0], table[:, 1])
    arrays = Arrays(
        instance=instance,
        student=table[:, 0],
        offer=table[:, 1],
        rank=table[:, 2],
        emissions_g=table[:, 3],
        must=np.zeros(len(instance.students), dtype=np.bool_),
        capacity=np.array(
            [o.capacity for o in instance.offers]
            + [q.capacity for q in instance.quotas],
            dtype=np.int64,
        ),
        quota_row=quota_row,
        quota_choice=quota_choice,
        lane_row=lanes.row,
        lane_choice=lanes.choice,
        lane_sign=lanes.sign,
        kink=lanes.kink,
        partnerships=lanes.pairs,
        largest_rank=instance.largest_rank,
    )
    return _apply_pins(arrays)


def _apply_pins(arrays: Arrays) -> Arrays:
    instance = arrays.instance
    if not instance.pins and not instance.forbidden:
        return arrays
    keep = np.ones(len(arrays.student), dtype=np.bool_)
    must = arrays.must.copy()
    index = arrays.choice_index()
    for pair in instance.forbidden:
        if pair in index:
            keep[index[pair]] = False
    positions = {student.id: s for s, student in enumerate(instance.students)}
    for student, offer in instance.pins.items():
        s = positions[student]
        keep[arrays.start[s] : arrays.start[s + 1]] = False
        keep[index[student, offer]] = True
        must[s] = True
    return arrays.restrict(keep, must)


def _build_quotas(
    instance: Instance, student: Integers, offer: Integers
) -> tuple[Integers, Integers]:
    choices_of_offer = _group_by(offer, len(instance.offers))
    offers = {o.id: index for index, o in enumerate(instance.offers)}
    pairs: dict[tuple[str, str], int] = {}
    if any(quota.choices for quota in instance.quotas):
        ids = zip(student.tolist(), offer.tolist(), strict=True)
        pairs = {
            (instance.students[s].id, instance.offers[o].id): j
            for j, (s, o) in enumerate(ids)
        }
    rows, choices = [np.empty(0, np.int64)], [np.empty(0, np.int64)]
    for index, quota in enumerate(instance.quotas, start=len(instance.offers)):
        parts = [choices_of_offer[offers[o]] for o in quota.offers]
        single = np.array([pairs[pair] for pair in quota.choices], dtype=np.int64)
        members = np.unique(np.concatenate([*parts, single]))
        rows.append(np.full(len(members), index, dtype=np.int64))
        choices.append(members)
    return np.concatenate(rows), np.concatenate(choices)


def _group_by(key: Integers, size: int) -> list[Integers]:
    """Return, for each key 0 ... size - 1, the positions that hold it."""
    order = np.argsort(key, kind="stable")
    ends = np.cumsum(np.bincount(key, minlength=size))
    return np.split(order, ends[:-1]) if size else []


class _Lanes:
    """The partnerships, listed and implied, and each choice's direction in them."""

    def __init__(self, instance: Instance, student: Integers, offer: Integers) -> None:
        index = {inst.id: i for i, inst in enumerate(instance.institutions)}
        size = max(len(index), 1)
        home = np.array([index[s.sending] for s in instance.students], dtype=np.int64)
        host = np.array([index[o.receiving] for o in instance.offers], dtype=np.int64)
        travels = np.array([o.mode != "virtual" for o in instance.offers], np.bool_)
        origin, target = home[student], host[offer]
        moving = travels[offer] & (origin != target)
        block = np.array(
            [
                {"north": 1, "south": -1}.get(i.block or "", 0)
                for i in instance.institutions
            ],
            dtype=np.int64,
        )
        listed = {(p.north, p.south): p for p in instance.partnerships}
        crossing = (
            moving & (block[origin] * block[target] < 0) if len(student) else moving
        )
        is_out = block[origin] > 0 if len(student) else moving
        codes = np.where(is_out, origin * size + target, target * size + origin)
        names = [inst.id for inst in instance.institutions]
        implied = {
            (names[code // size], names[code % size])
            for code in np.unique(codes[crossing]).tolist()
        }
        self.pairs = tuple(sorted(listed.keys() | implied))
        zero = Partnership("", "", 0, 0, 0)
        terms = [listed.get(pair, zero) for pair in self.pairs]
        self.kink = np.array(
            [p.tolerance - p.carried + p.inbound_known for p in terms], dtype=np.int64
        )
        out_code = np.array(
            [index[north] * size + index[south] for north, south in self.pairs],
            dtype=np.int64,
        )
        in_code = np.array(
            [index[south] * size + index[north] for north, south in self.pairs],
            dtype=np.int64,
        )
        code = np.where(moving, origin * size + target, -1)
        parts = [_match(code, out_code, 1), _match(code, in_code, -1)]
        triples = np.concatenate(parts, axis=1)
        order = np.lexsort((triples[1], triples[0]))
        self.row, self.choice, self.sign = triples[:, order]


def _match(code: Integers, wanted: Integers, sign: int) -> Integers:
    """Return rows (position in wanted, position in code, sign) where they are equal."""
    if not len(wanted) or not len(code):
        return np.empty((3, 0), dtype=np.int64)
    order = np.argsort(wanted)
    place = np.clip(np.searchsorted(wanted[order], code), 0, len(wanted) - 1)
    row = order[place]
    hit = np.flatnonzero(wanted[row] == code)
    return np.stack([row[hit], hit, np.full(len(hit), sign, dtype=np.int64)])

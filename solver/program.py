"""Rows and columns: one leaf's program for one entry, and what its solution says.

The only file that builds rows. Floats live here and in ``linear`` and nowhere else;
what they say is proven in ``bounds``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from solver.arrays import Arrays, Flags, Integers
from solver.bounds import Flows, Row, combine_flows
from solver.leaves import Face, SoftLimit
from solver.linear import INFINITY, Floats, LinearModel
from solver.terms import Entry


@dataclass(frozen=True)
class Solution:
    """A solved program: choices taken, prices, broken branch rows, the value."""

    taken: Floats
    caps: Floats
    lanes: Floats
    branches: Floats
    limits: Floats
    violation: float
    value: float


class LeafProgram:
    """One leaf's program for one entry.

    Parameters
    ----------
    arrays, entry
        The stage's problem and the objective.
    face, limits, path
        What earlier entries leave: exactly, within limits, and the branch rows.
    elastic
        The price at which the last ``elastic[0]`` branch rows may be broken,
        ``elastic[1]`` per unit; the others hold.
    """

    def __init__(
        self,
        arrays: Arrays,
        entry: Entry,
        face: Face,
        limits: Sequence[SoftLimit] = (),
        path: Sequence[Row] = (),
        elastic: tuple[int, float] = (0, 0.0),
    ) -> None:
        self.arrays, self.entry, self.face = arrays, entry, face
        self.limits, self.path, self.elastic = limits, path, elastic
        self.model = LinearModel()
        self.choices = np.flatnonzero(face.active)
        self.column_of = np.full(len(arrays.student), -1, dtype=np.int64)
        student = arrays.student[self.choices]
        cost = (entry.cost[self.choices] - entry.unplaced[student]).astype(float)
        self.column_of[self.choices] = self.model.add_columns(cost)
        self._add_students()
        self._add_caps()
        self._add_lanes()
        self._add_branches()
        self._add_limits()

    def _add_students(self) -> None:
        arrays, face = self.arrays, self.face
        student = arrays.student[self.choices]
        used = np.unique(student)
        slack = self._has_reduced(used)
        low = np.where(face.must[used] | slack, 1.0, -INFINITY)
        rows = self.model.add_rows(low, np.ones(len(used)))
        row_of = np.full(arrays.students, -1, dtype=np.int64)
        row_of[used] = rows
        self.model.add_entries(row_of[student], self.column_of[self.choices], 1.0)
        self.student_slack = self._add_slacks(used, rows, slack & ~face.must[used])

    def _has_reduced(self, students: Integers) -> Flags:
        flags = np.zeros(len(students), dtype=np.bool_)
        for limit in self.limits:
            flags |= (limit.evaluation.reduced_unplaced[students] > 0).astype(bool)
        return flags

    def _has_price(self, size: int) -> Flags:
        flags = np.zeros(size, dtype=np.bool_)
        for limit in self.limits:
            flags |= (limit.prices.caps > 0).astype(bool)
        return flags

    def _add_slacks(
        self, keys: Integers, rows: Integers, wanted: Flags
    ) -> dict[int, int]:
        chosen = np.flatnonzero(wanted)
        columns = self.model.add_columns(np.zeros(len(chosen)), INFINITY)
        self.model.add_entries(rows[chosen], columns, 1.0)
        return dict(zip(keys[chosen].tolist(), columns.tolist(), strict=True))

    def _add_caps(self) -> None:
        arrays, face = self.arrays, self.face
        rows = np.concatenate([arrays.offer[self.choices], arrays.quota_row])
        members = np.concatenate([self.choices, arrays.quota_choice])
        keep = face.active[members]
        rows, members = rows[keep], members[keep]
        size = np.bincount(rows, minlength=len(arrays.capacity))
        slack = self._has_price(len(arrays.capacity))
        binding = (size > arrays.capacity) | face.full | (slack & (size > 0))
        self.caps = np.flatnonzero(binding & (size > 0))
        capacity = arrays.capacity[self.caps].astype(float)
        is_equal = face.full[self.caps] | slack[self.caps]
        low = np.where(is_equal, capacity, -INFINITY)
        self.cap_rows = self.model.add_rows(low, capacity)
        row_of = np.full(len(arrays.capacity), -1, dtype=np.int64)
        row_of[self.caps] = self.cap_rows
        kept = row_of[rows] >= 0
        self.model.add_entries(row_of[rows[kept]], self.column_of[members[kept]], 1.0)
        wanted = slack[self.caps] & ~face.full[self.caps]
        self.cap_slack = self._add_slacks(self.caps, self.cap_rows, wanted)

    def _add_lanes(self) -> None:
        arrays, face = self.arrays, self.face
        active = np.unique(arrays.lane_row[face.active[arrays.lane_choice]])
        self.flows, slopes = self._find_segments()
        is_charged = self.flows.top or any(slopes)
        behind = np.flatnonzero(arrays.kink < 0)  # charged even where nobody travels
        self.lanes = np.union1d(active, behind) if is_charged else active[:0]
        kink = arrays.kink[self.lanes].astype(float)
        has_limits = np.full(len(kink), bool(self.limits))
        low = np.where(has_limits, kink, -INFINITY)
        self.lane_rows = self._add_flow_rows(self.lanes, low, kink)
        low_flow, high_flow = face.low[self.lanes] - kink, face.high[self.lanes] - kink
        has_slack = has_limits & (low_flow < 0)
        self.lane_slack = self._add_slacks(self.lanes, self.lane_rows, has_slack)
        self.widths = np.diff([*self.flows.offsets, INFINITY])
        self.segments: list[Integers] = []
        for offset, width, slope in zip(
            self.flows.offsets, self.widths, slopes, strict=True
        ):
            columns = self.model.add_columns(
                np.full(len(self.lanes), float(slope)),
                np.clip(high_flow - offset, 0, width),
                np.clip(low_flow - offset, 0, width),
            )
            self.model.add_entries(self.lane_rows, columns, -1.0)
            self.segments.append(columns)
        is_bounded = np.isfinite(face.low[active]) | np.isfinite(face.high[active])
        self.bounded = active[is_bounded]
        self.bound_rows = self._add_flow_rows(
            self.bounded, face.low[self.bounded], face.high[self.bounded]
        )

    def _find_segments(self) -> tuple[Flows, tuple[int, ...]]:
        """Return the breakpoints of all costs in play, and the entry's slopes there."""
        own = combine_flows([(1, self.entry.one_way)])
        parts = [own, *(limit.evaluation.flows for limit in self.limits)]
        offsets = tuple(sorted({at for flows in parts for at in flows.offsets}))
        tops = tuple(sum(flows.slope_at(at) for flows in parts) for at in offsets)
        return Flows(offsets, (0,) * len(offsets), tops), tuple(
            own.slope_at(at) for at in offsets
        )

    def _add_flow_rows(self, lanes: Integers, low: Floats, high: Floats) -> Integers:
        """Add a row per partnership: places out minus places in."""
        arrays = self.arrays
        added = self.model.add_rows(low, high)
        row_of = np.full(len(arrays.kink), -1, dtype=np.int64)
        row_of[lanes] = added
        keep = self.face.active[arrays.lane_choice] & (row_of[arrays.lane_row] >= 0)
        self.model.add_entries(
            row_of[arrays.lane_row[keep]],
            self.column_of[arrays.lane_choice[keep]],
            arrays.lane_sign[keep].astype(float),
        )
        return added

    def _add_branches(self) -> None:
        soft, price = self.elastic
        self.branch_rows = np.empty(0, dtype=np.int64)
        self.violations = np.empty(0, dtype=np.int64)
        self.branch_slack: dict[int, int] = {}
        for position, row in enumerate(self.path):
            keep = self.face.active[row.choices]
            tight = position < len(self.face.tight) and self.face.tight[position]
            right = np.array([float(row.right)])
            weighed = any(limit.price_of_branch(position) for limit in self.limits)
            low = right if tight or weighed else np.array([-INFINITY])
            added = self.model.add_rows(low, right)
            if weighed and not tight:
                slack = self._add_slacks(np.array([position]), added, np.array([True]))
                self.branch_slack |= slack
            members = row.choices[keep]
            self.model.add_entries(
                added, self.column_of[members], row.signs[keep].astype(float)
            )
            self.branch_rows = np.append(self.branch_rows, added)
            if position >= len(self.path) - soft:
                column = self.model.add_columns(np.array([price]), INFINITY)
                self.model.add_entries(added, column, -1.0)
                self.violations = np.append(self.violations, column)

    def _add_limits(self) -> None:
        """Add a row per soft entry: what it loses and what is left make its room.

        An entry's prices weigh the soft entries before it, so what those leave unused
        enters its row with that weight.
        """
        self.limit_rows = np.empty(0, dtype=np.int64)
        unused: dict[int, Integers] = {}
        for limit in self.limits:
            room = np.array([limit.room])
            row = self.model.add_rows(room, room)
            for index, column in unused.items():
                weight = limit.prices.levels[index] / limit.prices.denominator
                self.model.add_entries(row, column, weight)
            upper = 0.0 if limit.is_tight else INFINITY
            unused[limit.index] = self.model.add_columns(np.zeros(1), upper)
            self.model.add_entries(row, unused[limit.index], 1.0)
            self.limit_rows = np.append(self.limit_rows, row)
            self._fill_limit(limit, row)

    def _fill_limit(self, limit: SoftLimit, row: Integers) -> None:
        """Write an earlier entry as reduced costs that add up to at most its room."""
        scale = limit.prices.denominator
        evaluation = limit.evaluation
        reduced = evaluation.reduced[self.choices].astype(float) / scale
        used = np.flatnonzero(reduced)
        self.model.add_entries(row, self.column_of[self.choices[used]], reduced[used])
        for slacks, values in (
            (self.student_slack, evaluation.reduced_unplaced),
            (self.cap_slack, limit.prices.caps),
            (self.lane_slack, limit.prices.lanes),
        ):
            for key, column in slacks.items():
                price = float(values[key]) / scale
                self.model.add_entries(row, np.array([column]), price)
        for position, column in self.branch_slack.items():
            price = limit.price_of_branch(position) / scale
            self.model.add_entries(row, np.array([column]), price)
        lanes = limit.prices.lanes[self.lanes].astype(float) / scale
        constant = self._spent_room(limit)
        for offset, width, columns in zip(
            self.flows.offsets, self.widths, self.segments, strict=True
        ):
            slope = evaluation.flows.slope_at(offset) / scale
            self.model.add_entries(row, columns, slope - lanes)
            if np.isfinite(width):
                constant += float(np.maximum(lanes - slope, 0).sum() * width)
        self.model.row_highs[-1] = self.model.row_highs[-1] - constant
        self.model.row_lows[-1] = self.model.row_lows[-1] - constant

    def _spent_room(self, limit: SoftLimit) -> float:
        """Return what an earlier entry loses by things that have no column here."""
        arrays, evaluation = self.arrays, limit.evaluation
        absent = np.ones(arrays.students, dtype=np.bool_)
        absent[arrays.student[self.choices]] = False
        spent = int(evaluation.reduced_unplaced[absent & ~arrays.must].sum())
        for q in np.setdiff1d(np.flatnonzero(limit.prices.caps), self.caps).tolist():
            spent += int(arrays.capacity[q]) * int(limit.prices.caps[q])
        for p in np.setdiff1d(np.arange(len(arrays.kink)), self.lanes).tolist():
            net = -int(arrays.kink[p])
            spent += evaluation.flows.value_at(net)
            spent += evaluation.flows.conjugate(int(limit.prices.lanes[p]), -net)
        return spent / limit.prices.denominator

    def solve(self) -> Solution:
        """Return the optimum of the linear program.

        Raises
        ------
        ProgramFailure
            When there is none.
        """
        columns, duals = self.model.solve()
        return self._to_solution(columns, -duals)

    def solve_whole(self) -> Integers:
        """Return the choices taken by an optimum in whole numbers.

        Raises
        ------
        ProgramFailure
            When there is none.
        """
        whole = self.column_of[self.choices]
        columns, _ = self.model.solve(whole)
        return self.choices[columns[whole] > 0.5] if len(columns) else self.choices

    def _value(self, columns: Floats) -> float:
        """Return the entry's value, with what no column says."""
        cost = np.concatenate(self.model.costs)
        fixed = self.entry.constant + int(self.entry.unplaced.sum())
        return float(cost @ columns) + fixed

    def _to_solution(self, columns: Floats, rows: Floats) -> Solution:
        arrays = self.arrays
        taken = np.zeros(len(arrays.student))
        taken[self.choices] = columns[self.column_of[self.choices]]
        caps, lanes = np.zeros(len(arrays.capacity)), np.zeros(len(arrays.kink))
        caps[self.caps] = rows[self.cap_rows]
        lanes[self.lanes] += rows[self.lane_rows]
        lanes[self.bounded] += rows[self.bound_rows]
        return Solution(
            taken=taken,
            caps=caps,
            lanes=lanes,
            branches=rows[self.branch_rows],
            limits=rows[self.limit_rows],
            violation=float(columns[self.violations].sum()),
            value=self._value(columns),
        )

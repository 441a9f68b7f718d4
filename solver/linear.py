"""A linear or integer program in bulk, solved by HiGHS inside OR-Tools' MathOpt.

The only module that calls OR-Tools. MathOpt's protocol buffers are filled from whole
arrays: building a model choice by choice costs more than solving it. HiGHS ignores an
interrupt in the process, so the service solves in a child process that it can kill.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import (
    callback_pb2,
    model_parameters_pb2,
    model_pb2,
    parameters_pb2,
    result_pb2,
)
from ortools.math_opt.core.python import solver as mathopt
from pybind11_abseil.status import StatusNotOk

from solver.arrays import Integers

Floats = NDArray[np.float64]
INFINITY = float("inf")


_tuned: dict[str, int] = {}


def tune(**choices: int) -> None:
    """Choose HiGHS' own ``threads`` and ``random_seed`` for the rest of the process.

    Which of several optima it finds first may change, and with it certificates; who is
    placed where does not: the lottery leaves one answer.
    """
    _tuned.update(choices)


class ProgramFailure(Exception):
    """The optimiser found no optimum of a program that should have one."""


@dataclass
class LinearModel:
    """Columns and rows being collected, then handed over in bulk."""

    costs: list[Floats] = field(default_factory=list)
    lowers: list[Floats] = field(default_factory=list)
    uppers: list[Floats] = field(default_factory=list)
    row_lows: list[Floats] = field(default_factory=list)
    row_highs: list[Floats] = field(default_factory=list)
    entries: list[tuple[Integers, Integers, Floats]] = field(default_factory=list)
    columns: int = 0
    rows: int = 0

    def add_columns(
        self, cost: Floats, upper: float | Floats = 1.0, lower: float | Floats = 0.0
    ) -> Integers:
        """Add columns within bounds and return their indices."""
        first = self.columns
        self.columns += len(cost)
        self.costs.append(cost)
        self.lowers.append(np.broadcast_to(np.asarray(lower, float), cost.shape))
        self.uppers.append(np.broadcast_to(np.asarray(upper, float), cost.shape))
        return np.arange(first, self.columns)

    def add_rows(self, low: Floats, high: Floats) -> Integers:
        """Add rows and return their indices."""
        first = self.rows
        self.rows += len(low)
        self.row_lows.append(low)
        self.row_highs.append(high)
        return np.arange(first, self.rows)

    def add_entries(
        self, rows: Integers, columns: Integers, values: Floats | float
    ) -> None:
        """Add coefficients."""
        numbers = np.broadcast_to(np.asarray(values, float), columns.shape)
        self.entries.append((np.broadcast_to(rows, columns.shape), columns, numbers))

    def solve(self, integers: Integers | None = None) -> tuple[Floats, Floats]:
        """Return the columns' values and the rows' duals at an optimum.

        With ``integers`` these columns are whole and there are no duals.

        Raises
        ------
        ProgramFailure
            When no optimum is found.
        """
        if not self.columns:
            return np.empty(0), np.zeros(self.rows)
        try:
            result = _call(self._to_proto(integers))
        except StatusNotOk as error:  # HiGHS gave up on its numbers
            raise ProgramFailure(str(error)) from error
        if result.termination.reason != result_pb2.TERMINATION_REASON_OPTIMAL:
            raise ProgramFailure(result.termination.detail)
        best = result.solutions[0]
        values = np.array(best.primal_solution.variable_values.values)
        return values, np.array(best.dual_solution.dual_values.values)

    def _to_proto(self, integers: Integers | None) -> model_pb2.ModelProto:
        model = model_pb2.ModelProto()
        model.variables.ids.extend(range(self.columns))
        model.variables.lower_bounds.extend(np.concatenate(self.lowers))
        model.variables.upper_bounds.extend(np.concatenate(self.uppers))
        whole = np.zeros(self.columns, dtype=bool)
        if integers is not None:
            whole[integers] = True
        model.variables.integers.extend(whole)
        cost = np.concatenate(self.costs)
        used = np.flatnonzero(cost)
        model.objective.linear_coefficients.ids.extend(used)
        model.objective.linear_coefficients.values.extend(cost[used])
        if self.rows:
            model.linear_constraints.ids.extend(range(self.rows))
            model.linear_constraints.lower_bounds.extend(np.concatenate(self.row_lows))
            model.linear_constraints.upper_bounds.extend(np.concatenate(self.row_highs))
            self._fill_matrix(model.linear_constraint_matrix)
        return model

    def _fill_matrix(self, matrix: object) -> None:
        rows, columns, values = (
            np.concatenate([part[k] for part in self.entries]) for k in range(3)
        )
        order = np.lexsort((columns, rows))
        matrix.row_ids.extend(rows[order])  # type: ignore[attr-defined] # a protobuf
        matrix.column_ids.extend(columns[order])  # type: ignore[attr-defined] # same
        matrix.coefficients.extend(values[order])  # type: ignore[attr-defined] # same


def _call(model: model_pb2.ModelProto) -> result_pb2.SolveResultProto:
    parameters = parameters_pb2.SolveParametersProto()
    parameters.relative_gap_tolerance = 0  # HiGHS stops at 1e-4 by default
    parameters.absolute_gap_tolerance = 0
    parameters.highs.int_options.update(_tuned)
    return mathopt.solve(
        model,
        parameters_pb2.SOLVER_TYPE_HIGHS,
        parameters_pb2.SolverInitializerProto(),
        parameters,
        model_parameters_pb2.ModelSolveParametersProto(),
        None,
        callback_pb2.CallbackRegistrationProto(),
        None,
        None,
    )

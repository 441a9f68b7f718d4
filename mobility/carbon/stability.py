"""Whether published placements stay where they were under other assumptions.

Multipliers of 1, 1.7 and 3 on flights, and the factor sets of three years. For every
student her admissible choices are ordered by emissions under each variant; a placement
is stable when its place in her order does not move.
"""

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from mobility.carbon.batch import footprints
from mobility.carbon.factors import load_factor_set
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.errors import InvalidInput

MULTIPLIERS_TENTHS = (10, 17, 30)
YEAR_SETS = ("desnz-2024", "desnz-2025", "desnz-2026")
Ends = tuple[str, str]
"""Keys of home and host."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One set of assumptions; `label` is "m = 3" or the name of a set."""

    label: str
    method: Method


@dataclass(frozen=True, slots=True)
class Case:
    """One placed student: where she goes, and where she might have gone.

    Parameters
    ----------
    student
        Her pseudonym.
    chosen
        The offer of her placement; one of `choices`.
    choices
        Ends of the journey of every admissible physical offer, by the offer's key.
    """

    student: str
    chosen: str
    choices: Mapping[str, Ends]


@dataclass(frozen=True, slots=True)
class StabilityRow:
    """How placements fare under one variant, against the declared assumptions.

    `kept_place` counts placements whose place in their student's order of emissions is
    that of the declared assumptions; `were_least` those that emit the least there, and
    `stay_least` those of them that still do. `moved` names the students whose place
    moved. `change_permille` is the change of the total, rounded toward zero.
    """

    label: str
    persons: int
    total_g: int
    change_permille: int
    kept_place: int
    were_least: int
    stay_least: int
    moved: tuple[str, ...]


def make_variants(method: Method) -> tuple[Variant, ...]:
    """Return the declared method and every other multiplier and year, that first."""
    others = [
        Variant(f"m = {tenths / 10:g}", _replace(method, rf_multiplier_tenths=tenths))
        for tenths in MULTIPLIERS_TENTHS
    ]
    others += [Variant(name, _replace(method, factor_set=name)) for name in YEAR_SETS]
    kept = [variant for variant in others if variant.method != method]
    return (Variant("declared", method), *kept)


def _replace(method: Method, **changed: object) -> Method:
    return dataclasses.replace(method, **changed)  # type: ignore[arg-type] # checked by Method itself


def find_totals(
    pairs: Sequence[tuple[Place, Place]], variants: Iterable[Variant]
) -> dict[str, dict[Ends, int]]:
    """Return grams of the counted mode by variant and ends.

    A pair without a feasible mode is left out.
    """
    return {
        variant.label: {
            (found.home.key, found.host.key): found.total_g
            for found in footprints(
                pairs, variant.method, load_factor_set(variant.method.factor_set)
            )
            if found.chosen_mode
        }
        for variant in variants
    }


def find_stability(
    cases: Sequence[Case], totals: Mapping[str, Mapping[Ends, int]]
) -> list[StabilityRow]:
    """Return one row per variant, in the order of `totals`; the first is the measure.

    Parameters
    ----------
    cases
        Placed students. Virtual placements are left out by the caller.
    totals
        As `find_totals` returns them.

    Raises
    ------
    InvalidInput
        When a chosen offer is not among the choices, or a journey has no total.
    """
    problems = [problem for case in cases for problem in _problems(case, totals)]
    if problems:
        raise InvalidInput(problems)
    declared = next(iter(totals.values()), {})
    return [
        _row(label, cases, declared, grams_by_ends)
        for label, grams_by_ends in totals.items()
    ]


def _problems(case: Case, totals: Mapping[str, Mapping[Ends, int]]) -> list[str]:
    if case.chosen not in case.choices:
        return [
            f"student {case.student}: offer {case.chosen} is not one of her choices"
        ]
    return [
        f"student {case.student}, offer {offer}: no journey under {label}"
        for offer, ends in case.choices.items()
        for label, grams_by_ends in totals.items()
        if ends not in grams_by_ends
    ]


def _row(
    label: str,
    cases: Sequence[Case],
    declared: Mapping[Ends, int],
    grams_by_ends: Mapping[Ends, int],
) -> StabilityRow:
    before = {case.student: _place(case, declared) for case in cases}
    after = {case.student: _place(case, grams_by_ends) for case in cases}
    least = [student for student, place in before.items() if place == 0]
    total = sum(grams_by_ends[case.choices[case.chosen]] for case in cases)
    base = sum(declared[case.choices[case.chosen]] for case in cases)
    moved = tuple(sorted(s for s in before if before[s] != after[s]))
    return StabilityRow(
        label=label,
        persons=len(cases),
        total_g=total,
        change_permille=_permille(total - base, base),
        kept_place=len(cases) - len(moved),
        were_least=len(least),
        stay_least=sum(after[student] == 0 for student in least),
        moved=moved,
    )


def _place(case: Case, grams_by_ends: Mapping[Ends, int]) -> int:
    """Return how many of a student's choices emit less than her placement."""
    own = grams_by_ends[case.choices[case.chosen]]
    return sum(grams_by_ends[ends] < own for ends in case.choices.values())


def _permille(change: int, base: int) -> int:
    """Return a change in thousandths of its base, rounded toward zero."""
    size = abs(change) * 1000 // base if base else 0
    return size if change >= 0 else -size

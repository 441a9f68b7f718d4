"""What everybody is told of a round tells of no few people."""

import pytest
from worlds import make_run

from mobility.audit.verify.suppression import SMALLEST
from mobility.reporting.public_figures import PublicStatistics, to_statistics


def lines(figures: PublicStatistics) -> list[list[int | None]]:
    """Return the lists of counts whose sum is published."""
    groups = [attribute.groups for attribute in figures.attributes]
    return [
        [figures.placed, figures.unplaced],
        list(figures.ranks),
        [mode.placements for mode in figures.modes],
        *([group.placed, group.unplaced] for each in groups for group in each),
        *([group.placed for group in each] for each in groups),
        *([group.unplaced for group in each] for each in groups),
    ]


@pytest.mark.parametrize("students", [4, 6, 12, 25, 60, 200])
@pytest.mark.parametrize("seed", range(4))
def test_no_small_number_is_told_and_none_is_withheld_alone(
    students: int, seed: int
) -> None:
    figures = to_statistics(make_run(students, seed))
    for line in lines(figures):
        told = [count for count in line if count is not None]
        assert all(count == 0 or count >= SMALLEST for count in told)
        assert line.count(None) != 1
    for stage in figures.stages:
        for count in (stage.placed, stage.south_to_north, stage.north_to_south):
            assert count is None or count == 0 or count >= SMALLEST


def test_a_round_of_a_handful_tells_nothing() -> None:
    figures = to_statistics(make_run(SMALLEST - 1))
    assert figures.students is None
    assert (figures.stages, figures.ranks, figures.modes) == ((), (), ())


def test_a_withheld_number_of_journeys_withholds_their_emissions() -> None:
    shown = [
        mode for seed in range(6) for mode in to_statistics(make_run(60, seed)).modes
    ]
    assert any(mode.placements is None for mode in shown)
    assert all(
        (mode.placements is None) == (mode.emissions_g is None) for mode in shown
    )


def test_a_large_round_is_told_in_full() -> None:
    run = make_run(400)
    figures = to_statistics(run)
    assert figures.students == 400
    assert figures.placed == len(run.stages[-1].places)
    assert sum(count or 0 for count in figures.ranks) <= figures.placed
    assert [stage.name for stage in figures.stages] == ["wishes", "balance", "carbon"]

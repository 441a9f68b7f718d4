"""Reports of a cohort: what is withheld from whom, and what may not be compared."""

import pytest

from mobility.carbon.cohort import Trip, find_figures
from mobility.carbon.draws import Draws
from mobility.errors import Conflict
from mobility.reading.figures import StoredRun
from mobility.reading.travel import ToldJourney, Travelled
from mobility.reporting.cohort import CohortReport, Part, PartRow, withhold
from mobility.reporting.journey_files import FrozenJourneys
from mobility.reporting.steadiness import find_rows
from mobility.reporting.travelled import to_realisation

SETTINGS = {"factor_set": "desnz-2026"}


def report(*counts: int) -> CohortReport:
    """Return a report by host, with so many students at each."""
    trips = [
        Trip("home", f"h{host}", "air", 1000 * (host + 1))
        for host, count in enumerate(counts)
        for _ in range(count)
    ]
    rows = tuple(
        PartRow(f"h{host}", f"h{host}", count, 1000 * count, 1000, (900, 1100))
        for host, count in enumerate(counts)
    )
    figures = find_figures(trips, Draws(count=10))
    return CohortReport(
        "carbon", "wishes", 1, 0, figures, (Part("host", rows),), {"factor_set": "x"}
    )


def shown(found: CohortReport) -> list[int | None]:
    return [row.persons for row in sorted(found.parts[0].rows, key=lambda r: r.key)]


def test_small_parts_are_withheld_with_what_would_give_them_away() -> None:
    found = withhold(report(20, 3, 7, 12))
    assert shown(found) == [20, None, None, 12]
    hidden = [row for row in found.parts[0].rows if row.persons is None]
    assert {(row.total_g, row.mean_g, row.interval_g) for row in hidden} == {
        (None, None, None)
    }
    assert found.parts[0].is_withheld


def test_large_parts_stay() -> None:
    assert shown(withhold(report(20, 5))) == [20, 5]


def test_a_cohort_of_four_has_no_figures() -> None:
    found = withhold(report(4))
    assert (found.figures, found.baseline_g, found.parts) == (None, 0, ())


def told(count: int, silent: int) -> list[ToldJourney]:
    travelled = Travelled("air", "air", "", "", "", 900, 1, 2, {}, None)  # type: ignore[arg-type] # when it was told is of no account
    rows = [ToldJourney(f"s-{n}", 1000, travelled) for n in range(count)]
    return rows + [ToldJourney(f"q-{n}", 5000, None) for n in range(silent)]


def test_told_journeys_are_compared_with_the_model_of_the_same_students() -> None:
    modes = {f"s-{n}": "air" for n in range(6)}
    found = to_realisation(told(6, 6), modes, may_see_persons=True)
    assert found.told is not None
    assert (found.told.persons, found.coverage_percent) == (6, 50)
    assert (found.told.modelled_g, found.told.difference_g) == (6000, -600)
    assert [row.key for row in found.by_mode] == ["air"]


@pytest.mark.parametrize(
    ("count", "silent", "is_shown"),
    [(6, 6, True), (4, 20, False), (20, 4, False), (0, 9, True), (9, 0, True)],
)
def test_few_who_told_or_did_not_are_withheld_from_the_office(
    count: int, silent: int, *, is_shown: bool
) -> None:
    found = to_realisation(told(count, silent), {}, may_see_persons=False)
    assert (found.told is not None) == is_shown
    assert found.by_mode == ()


def test_ranks_are_not_compared_across_methods_or_factors() -> None:
    carbon = {
        "factor_set": "desnz-2026",
        "factor_set_digest": "0" * 64,
        "method_digest": "0" * 64,
        "settings": SETTINGS,
    }
    frozen = FrozenJourneys(StoredRun({"carbon": carbon}, {"stages": []}))
    with pytest.raises(Conflict, match="another method or other factors"):
        find_rows(frozen)

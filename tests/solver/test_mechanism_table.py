"""The table of promises names every mechanism and says each thing of each."""

from solver.mechanism_table import PROPERTIES, read_properties
from solver.mechanisms.registry import MECHANISMS, OPTIMISE


def test_every_mechanism_has_its_promises_and_sources() -> None:
    rows = read_properties()
    assert [row.name for row in rows] == [OPTIMISE, *MECHANISMS]
    for row in rows:
        assert row.say.endswith(".")
        assert row.sources
        assert tuple(row.promises) == PROPERTIES
        for promise in row.promises.values():
            assert promise.holds in ("yes", "no", "conditional")
            assert promise.say.endswith(".")

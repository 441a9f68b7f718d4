"""What the public proof tells of a stage, and what it withholds."""

from mobility.audit.verify.proof import to_public

METRICS = {
    "students": 100,
    "placed": 90,
    "unplaced": 10,
    "rank_profile": {"1": 70, "2": 10, "10": 8, "3": 2},
    "emissions_g": 123,
    "one_way_excess": 4,
    "south_to_north": 30,
    "north_to_south": 3,
}


def test_a_small_count_of_ranks_is_withheld_with_a_second_one() -> None:
    told = to_public(METRICS)
    assert told["rank_profile"] == {"1": 70, "2": 10, "3": None, "10": None}
    assert (told["placed"], told["unplaced"]) == (90, 10)
    assert (told["south_to_north"], told["north_to_south"]) == (30, None)


def test_of_too_few_without_a_place_nothing_is_told() -> None:
    told = to_public(METRICS | {"placed": 98, "unplaced": 2})
    assert {key for key, value in told.items() if value is not None} == {"students"}


def test_an_empty_round_tells_zeros() -> None:
    nobody = dict.fromkeys(METRICS, 0) | {"rank_profile": {}}
    assert to_public(nobody) == nobody

"""What blocks a freeze is named, all of it at once."""

from dataclasses import replace

from frozen_world import ALICE, BENGT, NAIROBI, UPPSALA, make_facts

from mobility.rounds.problems import find_problems, needed_journeys, needs_blocks
from solver.policy import to_json
from solver.policy_reader import preset_names, read_policy


def test_the_small_world_has_no_problem() -> None:
    assert find_problems(make_facts()) == []


def test_a_university_without_a_block_blocks_a_policy_that_needs_it() -> None:
    heis = (NAIROBI, replace(UPPSALA, block=None, block_source=None))
    facts = make_facts(institutions=heis, offers=(), students=(), journeys=())
    assert [p.split(" has ")[0] for p in find_problems(facts)] == [
        "University uu.se (uu.se)"
    ]
    assert find_problems(replace(facts, round=make_facts("students-first").round)) == []


def test_only_policies_that_look_at_blocks_need_them() -> None:
    needing = {n for n in preset_names() if needs_blocks(to_json(read_policy(n)))}
    assert needing == {"balanced", "low-carbon", "reciprocal", "plain-sum"}


def test_journeys_are_needed_from_homes_that_rank_to_hosts_one_travels_to() -> None:
    assert needed_journeys(make_facts()) == {
        ("uonbi.ac.ke", "uu.se"),
        ("uonbi.ac.ke", "univ-lyon1.fr"),
        ("uu.se", "uonbi.ac.ke"),
    }
    assert needed_journeys(make_facts(students=())) == set()


def test_a_missing_journey_is_named() -> None:
    facts = make_facts()
    problems = find_problems(replace(facts, journeys=facts.journeys[1:]))
    assert problems == ["the journey from uonbi.ac.ke to uu.se has no emissions"]


def test_contradictory_pins_are_named_with_their_students() -> None:
    facts = make_facts(
        pins=((ALICE, "nairobi-spring"), (BENGT, "uu-spring"), (77, "uu-spring")),
        forbidden=((BENGT, "uu-spring"),),
        names={ALICE: "Alice", BENGT: "Bengt", 77: "Chidi"},
    )
    text = "\n".join(find_problems(facts))
    assert "Alice is pinned to nairobi-spring, but is not eligible: offer" in text
    assert "Bengt is pinned to uu-spring, but the same pair is forbidden" in text
    assert "Bengt is pinned to uu-spring, but did not rank it" in text
    assert "Chidi is pinned to uu-spring, but has no certified ranking" in text
    assert "offer uu-spring holds 1 and 2 students pinned to it" in text
    assert "quota hosts holds 1 and 2 students pinned under it" in text

"""What is frozen, and that it is the same whatever order it comes in."""

import json
import random
from dataclasses import fields, replace
from typing import Any

import pytest
from frozen_world import ACHIENG, ALICE, PSEUDONYMS, make_facts

from mobility.rounds.facts import Facts
from mobility.rounds.receipts import to_receipt
from mobility.rounds.snapshot import build, decode, encode
from solver.errors import InvalidFile


def freeze(facts: Facts) -> dict[str, Any]:
    return decode(encode(build(facts, PSEUDONYMS))[0])


def by_id(value: dict[str, Any]) -> dict[str, Any]:
    return {student["id"]: student for student in value["students"]}


def test_the_list_is_closed_up_over_refused_choices_and_says_why() -> None:
    alice = by_id(freeze(make_facts()))["s-aa"]
    assert [(c["offer"], c["rank"]) for c in alice["choices"]] == [
        ("uu-spring", 1),
        ("lyon-spring", 2),
    ]
    assert [(c["offer"], c["rank"]) for c in alice["refused"]] == [
        ("nairobi-spring", 2)
    ]
    codes = [reason["code"] for reason in alice["refused"][0]["reasons"]]
    assert codes == ["other_agreement", "own_university"]


def test_each_choice_carries_its_journey_and_a_virtual_one_none() -> None:
    students = by_id(freeze(make_facts()))
    uppsala = students["s-aa"]["choices"][0]
    assert (uppsala["emissions_g"], uppsala["mode"]) == (2_112_000, "air")
    assert uppsala["journey"] == "-1286000,-1286000,KE>59858000,59858000,SE"
    online = students["s-cc"]["choices"][0]
    assert (online["emissions_g"], online["mode"]) == (0, "virtual")
    assert online["journey"] is None


def test_the_floor_is_the_least_journey_she_may_make_whatever_she_ranked() -> None:
    students = by_id(freeze(make_facts()))
    assert students["s-cc"]["floor_g"] == 1_805_000
    assert students["s-bb"]["floor_g"] == 2_112_000


def test_a_student_who_may_travel_nowhere_has_a_floor_of_nothing() -> None:
    facts = make_facts()
    silent = replace(facts.students[0].applicant, languages=())
    students = (replace(facts.students[0], applicant=silent),)
    alice = by_id(freeze(replace(facts, students=students)))["s-aa"]
    assert alice["floor_g"] == 0
    assert alice["choices"] == []


def test_the_digest_does_not_depend_on_the_order_of_rows() -> None:
    facts = make_facts()
    expected = encode(build(facts, PSEUDONYMS))[1]
    dice = random.Random(7)
    shuffled = {
        field.name: tuple(
            dice.sample(getattr(facts, field.name), k=len(getattr(facts, field.name)))
        )
        for field in fields(facts)
        if isinstance(getattr(facts, field.name), tuple)
    }
    assert encode(build(replace(facts, **shuffled), PSEUDONYMS))[1] == expected  # type: ignore[arg-type]  # tuples of the same fields


def test_other_pseudonyms_give_another_digest_and_no_row_id_is_frozen() -> None:
    facts = make_facts()
    data, digest = encode(build(facts, PSEUDONYMS))
    other = PSEUDONYMS | {ALICE: "s-dd"}
    assert encode(build(facts, other))[1] != digest
    assert '"student":' not in data.decode()


def test_receipts_can_be_recomputed_from_what_is_frozen() -> None:
    value = freeze(make_facts())
    for student in value["students"]:
        ranking = [tuple(pair) for pair in student["certified"]]
        assert student["receipt"] == to_receipt(
            value["round"]["key"], student["number"], ranking, student["salt"]
        )


def test_a_receipt_is_of_one_list_one_round_and_one_salt() -> None:
    ranking = [("a", 1), ("b", 2)]
    receipt = to_receipt("r", 1, ranking, "00")
    assert to_receipt("r", 1, list(reversed(ranking)), "00") == receipt
    others = {
        to_receipt("q", 1, ranking, "00"),
        to_receipt("r", 2, ranking, "00"),
        to_receipt("r", 1, [("a", 2), ("b", 1)], "00"),
        to_receipt("r", 1, ranking, "01"),
    }
    assert len(others | {receipt}) == 5


def test_pairs_of_students_without_a_certified_list_are_left_out() -> None:
    value = freeze(make_facts())
    level = next(quota for quota in value["quotas"] if quota["key"] == "level")
    assert level["pairs"] == [["s-aa", "uu-spring"]]
    assert value["forbidden"] == [[PSEUDONYMS[ACHIENG], "uu-spring"]]


def test_an_empty_world_freezes() -> None:
    facts = make_facts(
        institutions=(),
        offers=(),
        quotas=(),
        students=(),
        partnerships=(),
        journeys=(),
        forbidden=(),
        commitments=(),
    )
    value = freeze(facts)
    assert value["students"] == value["offers"] == []


@pytest.mark.parametrize("data", [b"[]", b'{"format":"mobility-snapshot/2"}', b"{"])
def test_what_is_no_snapshot_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidFile):
        decode(data)


def test_the_snapshot_is_strict_json_of_integers_and_texts() -> None:
    data, _ = encode(build(make_facts(), PSEUDONYMS))

    def refuse(text: str) -> None:
        raise AssertionError(text)

    json.loads(data, parse_float=refuse, parse_constant=refuse)

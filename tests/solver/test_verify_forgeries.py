"""Forged results are refused, and the first broken fact is the one that was forged."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from example import PRICES, make_policy, make_world
from proof_maker import make_result
from tiny_worlds import to_bytes

from solver.fileio import to_canonical
from solver.verify import verify

Table = dict[str, Any]


def find_first(world: Table, result: Table) -> str:
    """Return the first broken fact, and check that it leads the list of all."""
    data = to_bytes(world), to_bytes(result)
    facts = verify(*data).facts
    assert len(facts) <= 1
    assert verify(*data, every=True).facts[:1] == facts
    return "".join(facts)


def first_leaf(level: Table) -> Table:
    return next(node["prices"] for node in level["tree"] if "prices" in node)


def proofs(result: Table) -> list[list[Table]]:
    return [stage["levels"] for stage in result["certificate"]["stages"]]


def sign_policy(result: Table) -> None:
    digest = hashlib.sha256(to_canonical(result["policy"])).hexdigest()
    result["certificate"]["policy_digest"] = digest


def price_above_its_rate(r: Table) -> None:
    leaf = first_leaf(proofs(r)[1][1])
    leaf["partnerships"] = [["lund.se", "uonbi.ac.ke", 2001]]


def price_where_nothing_is_charged(r: Table) -> None:
    leaf = first_leaf(proofs(r)[0][0])
    leaf["partnerships"] = [["lund.se", "uonbi.ac.ke", 1]]


def negative_price_of_an_offer(r: Table) -> None:
    proofs(r)[0][0]["root"]["offers"] = {"accra": -1}


def negative_price_of_a_level(r: Table) -> None:
    first_leaf(proofs(r)[0][1])["levels"] = {"placed": -3}


def negative_price_of_a_branch(r: Table) -> None:
    first_leaf(proofs(r)[0][0])["branches"] = [-1]


def price_of_a_later_level(r: Table) -> None:
    first_leaf(proofs(r)[0][0])["levels"] = {"value": 1}


def price_of_the_level_itself(r: Table) -> None:
    first_leaf(proofs(r)[0][1])["levels"] = {"value": 1}


def price_of_an_unknown_quota(r: Table) -> None:
    proofs(r)[0][0]["root"]["quotas"] = {"nowhere": 1}


def partnership_priced_twice(r: Table) -> None:
    row = ["lund.se", "uonbi.ac.ke", 1]
    proofs(r)[1][1]["root"]["partnerships"] = [row, row]


def more_branch_prices_than_rows(r: Table) -> None:
    first_leaf(proofs(r)[0][0])["branches"] = [0] * 50


def root_with_branch_prices(r: Table) -> None:
    proofs(r)[0][0]["root"]["branches"] = [1]


def missing_branch(r: Table) -> None:
    proofs(r)[0][0]["tree"][0]["low"] = 999


def branch_used_twice(r: Table) -> None:
    root = proofs(r)[0][0]["tree"][0]
    root["low"] = root["high"]


def branch_to_itself(r: Table) -> None:
    proofs(r)[0][0]["tree"][0]["low"] = 0


def empty_tree(r: Table) -> None:
    proofs(r)[0][0]["tree"] = []


def split_of_what_is_no_choice(r: Table) -> None:
    proofs(r)[0][0]["tree"][0]["row"] = {"choice": ["alice", "uppsala"]}


def split_of_a_choice_at_one(r: Table) -> None:
    proofs(r)[0][0]["tree"][0]["at"] = 1


def denominator_of_nothing(r: Table) -> None:
    proofs(r)[0][0]["denominator"] = 0


def overstated_bound(r: Table) -> None:
    proofs(r)[0][1]["tree"] = [{"prices": {}}]


def understated_best(r: Table) -> None:
    level = r["stages"][1]["levels"][1]
    level["best"] = level["bound"] = level["limit"] = level["best"] - 1


def understated_best_with_slack(r: Table) -> None:
    level = r["stages"][0]["levels"][1]
    for key in ("best", "bound", "limit"):
        level[key] -= 1


def missing_witness(r: Table) -> None:
    del proofs(r)[0][1]["witness"]


def witness_that_overfills_a_quota(r: Table) -> None:
    proofs(r)[0][1]["witness"] = {"alice": "nairobi", "astrid": "nairobi"}


def witness_that_leaves_students_out(r: Table) -> None:
    proofs(r)[0][1]["witness"] = {"achieng": "uppsala"}


def witness_beside_the_best(r: Table) -> None:
    proofs(r)[1][1]["witness"] = dict(r["placements"])


def one_level_fewer_proven(r: Table) -> None:
    del proofs(r)[0][3]


def one_stage_fewer_proven(r: Table) -> None:
    del r["certificate"]["stages"][1]


def decimal_value(r: Table) -> None:
    r["stages"][0]["levels"][0]["value"] = 1.0


def boolean_value(r: Table) -> None:
    r["stages"][0]["levels"][0]["value"] = True


def boolean_metric(r: Table) -> None:
    r["stages"][1]["metrics"]["moves"]["better"] = True


def huge_value(r: Table) -> None:
    r["stages"][0]["levels"][0]["value"] = 10**400


def huge_price(r: Table) -> None:
    proofs(r)[0][0]["root"]["offers"] = {"accra": 10**400}


def unknown_key(r: Table) -> None:
    r["stages"][0]["levels"][0]["proof"] = "trust me"


def value_off_by_one(r: Table) -> None:
    r["stages"][1]["levels"][1]["value"] += 1


def lottery_off_by_one(r: Table) -> None:
    r["stages"][1]["levels"][2]["value"] -= 1


def limit_beyond_slack(r: Table) -> None:
    r["stages"][0]["levels"][1]["limit"] += 1


def levels_in_another_order(r: Table) -> None:
    levels = r["stages"][0]["levels"]
    levels[2], levels[3] = levels[3], levels[2]


def overfull_offer(r: Table) -> None:
    r["stages"][0]["placements"] |= {"alice": "accra", "astrid": "nairobi"}


def place_not_wished_for(r: Table) -> None:
    r["stages"][0]["placements"]["alice"] = "uppsala"


def place_of_an_unknown_student(r: Table) -> None:
    r["stages"][0]["placements"]["mallory"] = "uppsala"


def place_lost_against_the_guard(r: Table) -> None:
    del r["stages"][1]["placements"]["alice"]


def rank_lost_against_the_guard(r: Table) -> None:
    r["stages"][1]["placements"]["achieng"] = "online"


def guard_in_the_wrong_stage(r: Table) -> None:
    stages = r["policy"]["stages"]
    stages[0]["guard"] = stages[1].pop("guard")
    sign_policy(r)


def weaker_guard_unsigned(r: Table) -> None:
    r["policy"]["stages"][1]["guard"]["steps"] = 2


def guard_of_another_policy(r: Table) -> None:
    r["policy"]["stages"][1]["guard"]["steps"] = 2
    r["policy"]["stages"][1]["levels"][1]["weights"]["rank"] = 2
    sign_policy(r)


def price_of_a_group_too_high(r: Table) -> None:
    for stage in r["stages"]:
        stage["equity_prices"]["income"]["low"] = 401


def group_without_a_price(r: Table) -> None:
    del r["stages"][0]["equity_prices"]["income"]["high"]


def prices_that_change_between_stages(r: Table) -> None:
    stage = r["stages"][1]
    stage["equity_prices"] = {"income": {"low": 100, "high": 1}}


def rate_of_carbon_raised(r: Table) -> None:
    r["stages"][1]["carbon_rate"] = 1001


def term_off_by_one(r: Table) -> None:
    r["stages"][1]["terms"]["one_way_excess"] -= 1


def shortfall_made_smaller(r: Table) -> None:
    shortfall = r["stages"][1]["terms"]["equity_shortfall"]
    shortfall["income"]["high"] = [17, 30]


def metric_missing(r: Table) -> None:
    del r["stages"][1]["metrics"]["south_to_north"]


def metric_invented(r: Table) -> None:
    r["stages"][1]["metrics"]["blocks"]["west"] = {}


def placements_of_another_stage(r: Table) -> None:
    r["placements"] = r["stages"][0]["placements"]


def status_too_modest(r: Table) -> None:
    r["status"] = "bounded"


def gap_hidden(r: Table) -> None:
    r["gap_msteps"] = 1


FORGERIES: dict[Callable[[Table], None], str] = {
    price_above_its_rate: "partnership lund.se - uonbi.ac.ke is 2001, not in 0..2000",
    price_where_nothing_is_charged: "lund.se - uonbi.ac.ke is 1, not in 0..0",
    negative_price_of_an_offer: "the price of offer accra is -1, below 0",
    negative_price_of_a_level: "the price of level placed is -3, below 0",
    negative_price_of_a_branch: "branches: -1 must be 0 or more",
    price_of_a_later_level: "earlier level 'value' is unknown",
    price_of_the_level_itself: "earlier level 'value' is unknown",
    price_of_an_unknown_quota: "quota 'nowhere' is unknown",
    partnership_priced_twice: "partnership lund.se - uonbi.ac.ke is priced twice",
    more_branch_prices_than_rows: "prices more rows than its path has",
    root_with_branch_prices: "root prices branches",
    missing_branch: "node 0: branch 999 is missing",
    branch_used_twice: "has 0 parents, needs one",
    branch_to_itself: "node 0: low: 0 must be 1 or more",
    empty_tree: "tree is empty",
    split_of_what_is_no_choice: "alice and uppsala are no choice",
    split_of_a_choice_at_one: "node 0: at: 1 must be 0 or less",
    denominator_of_nothing: "denominator: 0 must be 1 or more",
    overstated_bound: "stage wishes, level value: bound is 930, the prices prove",
    understated_best: "stage carbon, level value: value 9442 is above the limit, 9441",
    understated_best_with_slack: "the witness reaches 930, not the best, 929",
    missing_witness: "stage wishes, level value: no witness reaches the best, 930",
    witness_that_overfills_a_quota: "witness: quota field: 2 students placed",
    witness_that_leaves_students_out: "the witness reaches",
    witness_beside_the_best: "a witness is given where the value is the best",
    one_level_fewer_proven: "stage wishes: the certificate has 3 levels, needs 4",
    one_stage_fewer_proven: "certificate: 1 stages, needs 2",
    decimal_value: "stage wishes, level placed: value: 1.0 must be a whole number",
    boolean_value: "stage wishes, level placed: value: true must be a whole number",
    boolean_metric: "stage carbon: metrics: moves: better is true, counted 1",
    huge_value: "value: a number of 1329 bits must be 9007199254740991 or less",
    huge_price: "offer accra: a number of 1329 bits must be",
    unknown_key: "stage wishes: a level: key 'proof' is unknown",
    value_off_by_one: "stage carbon, level value: value is 9443, counted 9442",
    lottery_off_by_one: "stage carbon, level lottery/1: value is 1710309, counted",
    limit_beyond_slack: "level value: limit is 2031, best and slack give 2030",
    levels_in_another_order: "stage wishes: the levels are placed, value, lottery/2",
    overfull_offer: "stage wishes: quota field: 2 students placed, capacity 1",
    place_not_wished_for: "stage wishes: student alice holds offer uppsala, not her",
    place_of_an_unknown_student: "stage wishes: student mallory is placed and unknown",
    place_lost_against_the_guard: (
        "stage carbon: the guard is broken: student alice had a place"
    ),
    rank_lost_against_the_guard: (
        "stage carbon: the guard is broken: student achieng holds offer online of rank "
        "2, worse than rank 1"
    ),
    guard_in_the_wrong_stage: "stage wishes: the first stage has no guard",
    weaker_guard_unsigned: "certificate: policy_digest is of another policy",
    guard_of_another_policy: "stage carbon, level value: value is 9442, counted",
    price_of_a_group_too_high: "stage wishes: equity prices: low of income: 401 is not",
    group_without_a_price: "stage wishes: equity prices: group high of income has no",
    prices_that_change_between_stages: "stage carbon, level value: value is 9442",
    rate_of_carbon_raised: "stage carbon: carbon_rate is 1001, the policy's is 1000",
    term_off_by_one: "stage carbon: terms: one_way_excess is 1, counted 2",
    shortfall_made_smaller: "equity_shortfall: income: high, row 1 is 17, counted 170",
    metric_missing: "stage carbon: metrics: south_to_north is missing",
    metric_invented: "stage carbon: metrics: blocks: west does not belong",
    placements_of_another_stage: "result: placements are not those of the last stage",
    status_too_modest: "result: status is bounded, the levels' is optimal",
    gap_hidden: "result: gap_msteps is 1, the levels' is 0",
}


@pytest.mark.parametrize("forge", FORGERIES, ids=lambda forge: forge.__name__)
def test_a_forgery_is_refused_for_what_was_forged(
    forge: Callable[[Table], None],
) -> None:
    result = json.loads(to_bytes(make_result(make_world(), make_policy(), PRICES)))
    forge(result)
    assert FORGERIES[forge] in find_first(make_world(), result)


def test_equity_prices_that_differ_are_named_when_no_level_weighs_them() -> None:
    policy = make_policy()
    del policy["stages"][1]["levels"][1]["weights"]["equity"]
    result = make_result(make_world(), policy, PRICES)
    result["stages"][1]["equity_prices"] = {"income": {"low": 100, "high": 1}}
    expected = "stage carbon: equity prices differ from the first stage's"
    assert find_first(make_world(), result) == expected


def test_a_result_of_another_instance_is_refused() -> None:
    result = make_result(make_world(), make_policy(), PRICES)
    data = to_bytes(make_world()) + b"\n"
    facts = verify(data, to_bytes(result)).facts
    assert facts == ("certificate: instance_digest is of another instance",)


@pytest.mark.parametrize(
    ("data", "fact"),
    [
        (b'{"status": NaN}', "result: NaN is not a number of JSON"),
        (b'{"a": 1, "a": 1}', "result: key 'a' appears twice in one object"),
        (b"[" * 100_000, "result: nested too deeply"),
        (b"\xff", "result: not UTF-8 at byte 0"),
        (b"[", "result: not JSON"),
    ],
)
def test_what_is_not_strict_json_is_no_result(data: bytes, fact: str) -> None:
    verdict = verify(to_bytes(make_world()), data)
    assert fact in verdict.facts[0]
    assert not verdict.is_readable


def test_a_tree_as_deep_as_ten_thousand_splits_is_followed() -> None:
    result = make_result(make_world(), make_policy(), PRICES)
    level = result["certificate"]["stages"][0]["levels"][0]
    depth = 10_000
    tree: list[Table] = []
    for number in range(depth):
        low, high = 2 * number + 1, 2 * number + 2
        tree.append({"row": {"offer": "accra"}, "at": number, "low": low, "high": high})
        tree.append({"prices": {}})
    level["tree"] = [*tree, {"prices": {}}]
    # without prices the bound of unplaced students is Abeni alone: still the best
    assert verify(to_bytes(make_world()), to_bytes(result)).holds

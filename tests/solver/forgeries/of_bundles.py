"""Forgeries that need more than one part: other instances, budgets, gaps, holds."""

import copy

from example import make_policy
from forgeries.maker import (
    Table,
    first_leaf,
    forgery,
    make_bundle,
    proofs,
    sign_policy,
)

LANE = ["lund.se", "uonbi.ac.ke"]


def grow_chain(depth: int) -> list[Table]:
    """Return a tree as deep as that: a split of Accra's place at every step."""
    tree: list[Table] = []
    for number in range(depth):
        low, high = 2 * number + 1, 2 * number + 2
        tree.append({"row": {"offer": "accra"}, "at": number, "low": low, "high": high})
        tree.append({"prices": {}})
    return [*tree, {"prices": {}}]


# Certificates of something else


@forgery("certificate: instance_digest is of another instance")
def certificate_of_another_instance(r: Table) -> None:
    r["certificate"] = make_bundle("holds").result["certificate"]


@forgery("certificate: policy_digest is of another policy")
def certificate_of_another_policy(r: Table) -> None:
    r["certificate"] = make_bundle("budget").result["certificate"]


@forgery("stage wishes, level value: no witness reaches the best, 930")
def certificates_of_stages_swapped(r: Table) -> None:
    r["certificate"]["stages"].reverse()


@forgery("stage wishes, level placed: node 6: earlier level 'placed' is unknown")
def certificates_of_levels_swapped(r: Table) -> None:
    levels = proofs(r)[0]
    levels[0], levels[2] = levels[2], levels[0]


@forgery("certificate: policy_digest is of another policy")
def policy_of_another_name(r: Table) -> None:
    r["policy"]["name"] = "balanced"


@forgery("the stages are wishes, carbon, not wishes")
def stage_dropped_from_the_policy(r: Table) -> None:
    del r["policy"]["stages"][1]
    sign_policy(r)


@forgery("the stages are carbon, wishes, not wishes, carbon")
def stages_in_another_order(r: Table) -> None:
    r["stages"].reverse()


@forgery("the stages are wishes, not wishes, carbon")
def stage_left_out(r: Table) -> None:
    del r["stages"][1]


# Instances changed under the result, and digested anew


@forgery("stage wishes, level lottery/1: value is 932145, counted")
def seed_drawn_again(r: Table, *, world: Table) -> None:
    world["seed"] = "6" * 64


@forgery("stage wishes, level lottery/1: value is 932145, counted")
def round_renamed(r: Table, *, world: Table) -> None:
    world["id"] = "2027-autumn"


@forgery("stage wishes: offer uppsala: 1 students placed, capacity 0")
def place_taken_away(r: Table, *, world: Table) -> None:
    world["offers"][0]["capacity"] = 0


@forgery("stage wishes: terms: one_way_excess is 2, counted 1")
def partnership_made_tolerant(r: Table, *, world: Table) -> None:
    world["partnerships"][0]["tolerance"] = 1


@forgery("stage wishes: student alice holds offer accra, which is forbidden")
def pair_forbidden_later(r: Table, *, world: Table) -> None:
    world["forbidden"].append(["alice", "accra"])


@forgery("stage wishes: terms: moved is 1, counted 2")
def hold_added(r: Table, *, world: Table) -> None:
    world["holds"]["alice"] = "nairobi"


# Placements


@forgery("stage wishes: student alice holds offer nowhere, which is unknown")
def unknown_offer(r: Table) -> None:
    r["stages"][0]["placements"]["alice"] = "nowhere"


@forgery("stage wishes: student abeni holds offer online, not her choice")
def student_without_choices_placed(r: Table) -> None:
    r["stages"][0]["placements"]["abeni"] = "online"


@forgery("stage wishes: placements: alice: null must be a text")
def unplaced_as_null(r: Table) -> None:
    r["stages"][0]["placements"]["alice"] = None


# Prices and trees


@forgery("the price of offer accra is -1, below 0")
def leaf_that_takes_more_than_root_gives(r: Table) -> None:
    proofs(r)[0][0]["root"]["offers"] = {"accra": 5}
    first_leaf(proofs(r)[0][0])["offers"] = {"accra": -6}


@forgery("partnership lund.se - uonbi.ac.ke is 2001, not in 0..2000")
def leaf_and_root_above_the_rate_together(r: Table) -> None:
    proofs(r)[1][1]["root"]["partnerships"] = [[*LANE, 1000]]
    first_leaf(proofs(r)[1][1])["partnerships"] = [[*LANE, 1001]]


@forgery("the price of partnership lund.se - uonbi.ac.ke is -1, not in 0..2000")
def negative_price_of_a_partnership(r: Table) -> None:
    first_leaf(proofs(r)[1][1])["partnerships"] = [[*LANE, -1]]


@forgery("partnership 'uonbi.ac.ke' - 'lund.se' is unknown")
def partnership_the_other_way_round(r: Table) -> None:
    first_leaf(proofs(r)[1][1])["partnerships"] = [[*reversed(LANE), 1]]


@forgery("denominator: 1.0 must be a whole number")
def decimal_denominator(r: Table) -> None:
    proofs(r)[0][0]["denominator"] = 1.0


@forgery("denominator: true must be a whole number")
def boolean_denominator(r: Table) -> None:
    proofs(r)[0][0]["denominator"] = True


@forgery("denominator: -1 must be 1 or more")
def negative_denominator(r: Table) -> None:
    proofs(r)[0][0]["denominator"] = -1


@forgery("offer accra: 0.5 must be a whole number")
def decimal_price(r: Table) -> None:
    proofs(r)[0][0]["root"]["offers"] = {"accra": 0.5}


@forgery("stage wishes, level placed: bound is 1, the prices prove 0")
def tree_of_two_thousand_splits_above_nothing(r: Table) -> None:
    proofs(r)[0][0]["tree"] = grow_chain(2000)
    proofs(r)[0][0]["tree"][1] = {"prices": {"offers": {"uppsala": 1}}}


@forgery("node 4000: row must name one thing")
def tree_of_two_thousand_splits_with_a_broken_end(r: Table) -> None:
    tree = grow_chain(2001)
    tree[4000]["row"] = {}
    proofs(r)[0][0]["tree"] = tree


@forgery("node 0: key 'at' is missing")
def split_without_a_place(r: Table) -> None:
    del proofs(r)[0][0]["tree"][0]["at"]


@forgery("row of 'room' is unknown")
def split_of_a_thing_unheard_of(r: Table) -> None:
    proofs(r)[0][0]["tree"][0]["row"] = {"room": "accra"}


# Witnesses


@forgery("witness: student mallory is placed and unknown")
def witness_of_an_unknown_student(r: Table) -> None:
    proofs(r)[0][1]["witness"]["mallory"] = "uppsala"


@forgery("the witness has 2 at level placed, above its limit, 1")
def witness_that_breaks_an_earlier_limit(r: Table) -> None:
    # without Astrid the rank cost of her place goes, and her share of equity
    del proofs(r)[0][1]["witness"]["astrid"]
    r["stages"][0]["levels"][1].update(best=-136, bound=-136)
    r["policy"]["stages"][0]["levels"][1]["slack"] = {"absolute": 2166}
    sign_policy(r)


# Gaps


@forgery("result: status is optimal, the levels' is bounded", "bounded")
def optimal_over_a_gap(r: Table) -> None:
    r["status"] = "optimal"


@forgery("result: gap_msteps is 0, the levels' is 1066", "bounded")
def gap_left_unsaid(r: Table) -> None:
    r["gap_msteps"] = 0


@forgery("result: gap_msteps is 1065, the levels' is 1066", "bounded")
def gap_made_smaller(r: Table) -> None:
    r["gap_msteps"] -= 1


@forgery("stage wishes, level value: bound is 930, the prices prove -136", "bounded")
def gap_closed_by_hand(r: Table) -> None:
    r["stages"][0]["levels"][1]["bound"] = 930
    r.update(status="optimal", gap_msteps=0)


# Budgets


@forgery("stage carbon: carbon_rate is 3001, not in 1000..3000", "budget")
def rate_above_the_most(r: Table) -> None:
    r["stages"][1]["carbon_rate"] = 3001


@forgery("stage carbon: carbon_rate is 999, not in 1000..3000", "budget")
def rate_below_the_declared(r: Table) -> None:
    r["stages"][1]["carbon_rate"] = 999


@forgery(
    "emissions of 4512000 g exceed the budget of 4511 kg: it must be 3000", "budget"
)
def budget_missed_in_silence(r: Table) -> None:
    r["policy"]["stages"][1]["carbon_budget_kg"] = 4511
    sign_policy(r)


@forgery("stage carbon, level value: value is 9442, counted 9446", "budget")
def rate_raised_without_the_values(r: Table) -> None:
    r["stages"][1]["carbon_rate"] = 1001


# What is held


@forgery(
    "stage wishes: the guard is broken: student alice holds a place that stands and "
    "has none",
    "holds",
)
def holder_left_out(r: Table) -> None:
    del r["stages"][0]["placements"]["alice"]


@forgery(
    "stage wishes: the guard is broken: student achieng holds offer online of rank 2, "
    "worse than rank 1",
    "holds",
)
def holder_put_lower(r: Table) -> None:
    r["stages"][0]["placements"]["achieng"] = "online"


@forgery(
    "stage wishes: student astrid holds offer nairobi and is pinned to online", "holds"
)
def pinned_student_moved(r: Table) -> None:
    r["stages"][0]["placements"]["astrid"] = "nairobi"


@forgery("stage wishes: student astrid has no place and is pinned to online", "holds")
def pinned_student_left_out(r: Table) -> None:
    del r["stages"][0]["placements"]["astrid"]


@forgery("stage wishes: student alice holds offer accra, which is forbidden", "holds")
def forbidden_place_given(r: Table) -> None:
    r["stages"][0]["placements"]["alice"] = "accra"


@forgery("stage wishes: the first stage has no guard but one from holds", "holds")
def guard_that_looks_at_nothing(r: Table) -> None:
    del r["policy"]["stages"][0]["guard"]["from"]
    sign_policy(r)


@forgery("stage carbon: a guard from holds stands in the first stage", "holds")
def later_guard_from_holds(r: Table) -> None:
    r["policy"]["stages"][1]["guard"]["from"] = "holds"
    sign_policy(r)


@forgery("stage wishes: metrics: moves: better is 1, counted 0", "holds")
def moves_against_what_was_held(r: Table) -> None:
    r["stages"][0]["metrics"]["moves"]["better"] = 1


# Policies that may not be


@forgery("policy: equity prices of 1000 over 1 attributes must stay below 1000")
def policy_that_levels_down(r: Table) -> None:
    r["policy"]["equity"]["max_price"] = 1000
    sign_policy(r)


@forgery("stage wishes: the lottery must be the last level")
def lottery_before_wishes(r: Table) -> None:
    r["policy"]["stages"][0]["levels"].reverse()
    sign_policy(r)


@forgery("weight rank: 1.0 must be a whole number")
def decimal_weight(r: Table) -> None:
    r["policy"]["stages"][0]["levels"][1]["weights"]["rank"] = 1.0


@forgery("weight rank: -1 must be 1 or more")
def negative_weight(r: Table) -> None:
    r["policy"]["stages"][0]["levels"][1]["weights"]["rank"] = -1
    sign_policy(r)


@forgery("stage wishes, level placed: limit is 1, best and slack give 2")
def slack_of_another_policy(r: Table) -> None:
    policy = copy.deepcopy(make_policy())
    policy["stages"][0]["levels"][0]["slack"] = {"absolute": 1}
    r["policy"] = policy
    sign_policy(r)

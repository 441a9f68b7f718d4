"""Forged prices, trees, witnesses: what a certificate may not say."""

from forgeries.maker import Table, first_leaf, forgery, proofs


@forgery("partnership lund.se - uonbi.ac.ke is 2001, not in 0..2000")
def price_above_its_rate(r: Table) -> None:
    leaf = first_leaf(proofs(r)[1][1])
    leaf["partnerships"] = [["lund.se", "uonbi.ac.ke", 2001]]


@forgery("lund.se - uonbi.ac.ke is 1, not in 0..0")
def price_where_nothing_is_charged(r: Table) -> None:
    leaf = first_leaf(proofs(r)[0][0])
    leaf["partnerships"] = [["lund.se", "uonbi.ac.ke", 1]]


@forgery("the price of offer accra is -1, below 0")
def negative_price_of_an_offer(r: Table) -> None:
    proofs(r)[0][0]["root"]["offers"] = {"accra": -1}


@forgery("the price of level placed is -3, below 0")
def negative_price_of_a_level(r: Table) -> None:
    first_leaf(proofs(r)[0][1])["levels"] = {"placed": -3}


@forgery("branches: -1 must be 0 or more")
def negative_price_of_a_branch(r: Table) -> None:
    first_leaf(proofs(r)[0][0])["branches"] = [-1]


@forgery("earlier level 'value' is unknown")
def price_of_a_later_level(r: Table) -> None:
    first_leaf(proofs(r)[0][0])["levels"] = {"value": 1}


@forgery("earlier level 'value' is unknown")
def price_of_the_level_itself(r: Table) -> None:
    first_leaf(proofs(r)[0][1])["levels"] = {"value": 1}


@forgery("quota 'nowhere' is unknown")
def price_of_an_unknown_quota(r: Table) -> None:
    proofs(r)[0][0]["root"]["quotas"] = {"nowhere": 1}


@forgery("partnership lund.se - uonbi.ac.ke is priced twice")
def partnership_priced_twice(r: Table) -> None:
    row = ["lund.se", "uonbi.ac.ke", 1]
    proofs(r)[1][1]["root"]["partnerships"] = [row, row]


@forgery("prices more rows than its path has")
def more_branch_prices_than_rows(r: Table) -> None:
    first_leaf(proofs(r)[0][0])["branches"] = [0] * 50


@forgery("root prices branches")
def root_with_branch_prices(r: Table) -> None:
    proofs(r)[0][0]["root"]["branches"] = [1]


@forgery("node 0: branch 999 is missing")
def missing_branch(r: Table) -> None:
    proofs(r)[0][0]["tree"][0]["low"] = 999


@forgery("has 0 parents, needs one")
def branch_used_twice(r: Table) -> None:
    root = proofs(r)[0][0]["tree"][0]
    root["low"] = root["high"]


@forgery("node 0: low: 0 must be 1 or more")
def branch_to_itself(r: Table) -> None:
    proofs(r)[0][0]["tree"][0]["low"] = 0


@forgery("tree is empty")
def empty_tree(r: Table) -> None:
    proofs(r)[0][0]["tree"] = []


@forgery("alice and uppsala are no choice")
def split_of_what_is_no_choice(r: Table) -> None:
    proofs(r)[0][0]["tree"][0]["row"] = {"choice": ["alice", "uppsala"]}


@forgery("node 0: at: 1 must be 0 or less")
def split_of_a_choice_at_one(r: Table) -> None:
    proofs(r)[0][0]["tree"][0]["at"] = 1


@forgery("denominator: 0 must be 1 or more")
def denominator_of_nothing(r: Table) -> None:
    proofs(r)[0][0]["denominator"] = 0


@forgery("stage wishes, level value: bound is 930, the prices prove")
def overstated_bound(r: Table) -> None:
    proofs(r)[0][1]["tree"] = [{"prices": {}}]


@forgery("stage carbon, level value: value 9442 is above the limit, 9441")
def understated_best(r: Table) -> None:
    level = r["stages"][1]["levels"][1]
    level["best"] = level["bound"] = level["limit"] = level["best"] - 1


@forgery("the witness reaches 930, not the best, 929")
def understated_best_with_slack(r: Table) -> None:
    level = r["stages"][0]["levels"][1]
    for key in ("best", "bound", "limit"):
        level[key] -= 1


@forgery("stage wishes, level value: no witness reaches the best, 930")
def missing_witness(r: Table) -> None:
    del proofs(r)[0][1]["witness"]


@forgery("witness: quota field: 2 students placed")
def witness_that_overfills_a_quota(r: Table) -> None:
    proofs(r)[0][1]["witness"] = {"alice": "nairobi", "astrid": "nairobi"}


@forgery("the witness reaches")
def witness_that_leaves_students_out(r: Table) -> None:
    proofs(r)[0][1]["witness"] = {"achieng": "uppsala"}


@forgery("a witness is given where the value is the best")
def witness_beside_the_best(r: Table) -> None:
    proofs(r)[1][1]["witness"] = dict(r["placements"])


@forgery("stage wishes: the certificate has 3 levels, needs 4")
def one_level_fewer_proven(r: Table) -> None:
    del proofs(r)[0][3]


@forgery("certificate: 1 stages, needs 2")
def one_stage_fewer_proven(r: Table) -> None:
    del r["certificate"]["stages"][1]

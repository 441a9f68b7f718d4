"""Forged values, placements, policies and figures: what a result may not claim."""

from forgeries.maker import Table, forgery, proofs, sign_policy


@forgery("stage wishes, level placed: value: 1.0 must be a whole number")
def decimal_value(r: Table) -> None:
    r["stages"][0]["levels"][0]["value"] = 1.0


@forgery("stage wishes, level placed: value: true must be a whole number")
def boolean_value(r: Table) -> None:
    r["stages"][0]["levels"][0]["value"] = True


@forgery("stage carbon: metrics: moves: better is true, counted 1")
def boolean_metric(r: Table) -> None:
    r["stages"][1]["metrics"]["moves"]["better"] = True


@forgery("value: a number of 1329 bits must be 9007199254740991 or less")
def huge_value(r: Table) -> None:
    r["stages"][0]["levels"][0]["value"] = 10**400


@forgery("offer accra: a number of 1329 bits must be")
def huge_price(r: Table) -> None:
    proofs(r)[0][0]["root"]["offers"] = {"accra": 10**400}


@forgery("stage wishes: a level: key 'proof' is unknown")
def unknown_key(r: Table) -> None:
    r["stages"][0]["levels"][0]["proof"] = "trust me"


@forgery("stage carbon, level value: value is 9443, counted 9442")
def value_off_by_one(r: Table) -> None:
    r["stages"][1]["levels"][1]["value"] += 1


@forgery("stage carbon, level lottery/1: value is 1710309, counted")
def lottery_off_by_one(r: Table) -> None:
    r["stages"][1]["levels"][2]["value"] -= 1


@forgery("level value: limit is 2031, best and slack give 2030")
def limit_beyond_slack(r: Table) -> None:
    r["stages"][0]["levels"][1]["limit"] += 1


@forgery("stage wishes: the levels are placed, value, lottery/2")
def levels_in_another_order(r: Table) -> None:
    levels = r["stages"][0]["levels"]
    levels[2], levels[3] = levels[3], levels[2]


@forgery("stage wishes: quota field: 2 students placed, capacity 1")
def overfull_offer(r: Table) -> None:
    r["stages"][0]["placements"] |= {"alice": "accra", "astrid": "nairobi"}


@forgery("stage wishes: student alice holds offer uppsala, not her")
def place_not_wished_for(r: Table) -> None:
    r["stages"][0]["placements"]["alice"] = "uppsala"


@forgery("stage wishes: student mallory is placed and unknown")
def place_of_an_unknown_student(r: Table) -> None:
    r["stages"][0]["placements"]["mallory"] = "uppsala"


@forgery("stage carbon: the guard is broken: student alice had a place")
def place_lost_against_the_guard(r: Table) -> None:
    del r["stages"][1]["placements"]["alice"]


@forgery(
    "stage carbon: the guard is broken: student achieng holds offer online of rank "
    "2, worse than rank 1"
)
def rank_lost_against_the_guard(r: Table) -> None:
    r["stages"][1]["placements"]["achieng"] = "online"


@forgery("stage wishes: the first stage has no guard")
def guard_in_the_wrong_stage(r: Table) -> None:
    stages = r["policy"]["stages"]
    stages[0]["guard"] = stages[1].pop("guard")
    sign_policy(r)


@forgery("certificate: policy_digest is of another policy")
def weaker_guard_unsigned(r: Table) -> None:
    r["policy"]["stages"][1]["guard"]["steps"] = 2


@forgery("stage carbon, level value: value is 9442, counted")
def guard_of_another_policy(r: Table) -> None:
    r["policy"]["stages"][1]["guard"]["steps"] = 2
    r["policy"]["stages"][1]["levels"][1]["weights"]["rank"] = 2
    sign_policy(r)


@forgery("stage wishes: equity prices: low of income: 401 is not")
def price_of_a_group_too_high(r: Table) -> None:
    for stage in r["stages"]:
        stage["equity_prices"]["income"]["low"] = 401


@forgery("stage wishes: equity prices: group high of income has no")
def group_without_a_price(r: Table) -> None:
    del r["stages"][0]["equity_prices"]["income"]["high"]


@forgery("stage carbon, level value: value is 9442")
def prices_that_change_between_stages(r: Table) -> None:
    stage = r["stages"][1]
    stage["equity_prices"] = {"income": {"low": 100, "high": 1}}


@forgery("stage carbon: carbon_rate is 1001, the policy's is 1000")
def rate_of_carbon_raised(r: Table) -> None:
    r["stages"][1]["carbon_rate"] = 1001


@forgery("stage carbon: terms: one_way_excess is 1, counted 2")
def term_off_by_one(r: Table) -> None:
    r["stages"][1]["terms"]["one_way_excess"] -= 1


@forgery("equity_shortfall: income: high, row 1 is 17, counted 170")
def shortfall_made_smaller(r: Table) -> None:
    shortfall = r["stages"][1]["terms"]["equity_shortfall"]
    shortfall["income"]["high"] = [17, 30]


@forgery("stage carbon: metrics: south_to_north is missing")
def metric_missing(r: Table) -> None:
    del r["stages"][1]["metrics"]["south_to_north"]


@forgery("stage carbon: metrics: blocks: west does not belong")
def metric_invented(r: Table) -> None:
    r["stages"][1]["metrics"]["blocks"]["west"] = {}


@forgery("result: placements are not those of the last stage")
def placements_of_another_stage(r: Table) -> None:
    r["placements"] = r["stages"][0]["placements"]


@forgery("result: status is bounded, the levels' is optimal")
def status_too_modest(r: Table) -> None:
    r["status"] = "bounded"


@forgery("result: gap_msteps is 1, the levels' is 0")
def gap_hidden(r: Table) -> None:
    r["gap_msteps"] = 1

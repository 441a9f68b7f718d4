"""Forged results of mechanisms: a rule that was not followed, an optimum not proven."""

from forgeries.maker import Table, forgery, make_bundle, sign_policy

SERIAL = "serial_dictatorship"
DEFERRED = "deferred_acceptance"
BALANCED = "balanced_exchange"
AT_ONCE = "immediate_acceptance"


def place(r: Table, placements: dict[str, str]) -> None:
    r["placements"] = r["stages"][0]["placements"] = placements


@forgery(
    "student astrid has offer online, the rule gives her offer nairobi",
    SERIAL,
)
def dictator_passed_over(r: Table) -> None:
    place(r, r["placements"] | {"astrid": "online"})


@forgery(
    "student achieng has no place, the rule gives her offer uppsala",
    DEFERRED,
)
def proposer_refused_without_reason(r: Table) -> None:
    place(r, {s: o for s, o in r["placements"].items() if s != "achieng"})


@forgery(
    "student alice has offer accra, the rule gives her no place",
    BALANCED,
)
def exchange_without_a_return(r: Table) -> None:
    place(r, r["placements"] | {"alice": "accra"})


@forgery(
    "student achieng has offer online, the rule gives her offer uppsala",
    AT_ONCE,
)
def first_wish_left_open(r: Table) -> None:
    place(r, r["placements"] | {"achieng": "online"})


@forgery(
    "stage serial_dictatorship: quota field: 2 students placed, capacity 1", SERIAL
)
def quota_broken_by_a_mechanism(r: Table) -> None:
    place(r, r["placements"] | {"alice": "accra", "astrid": "nairobi"})


@forgery(
    "student achieng holds offer uppsala, which is forbidden",
    SERIAL,
)
def forbidden_place_of_a_mechanism(r: Table, *, world: Table) -> None:
    world["forbidden"].append(["achieng", "uppsala"])


@forgery(
    "student alice has no place, the rule gives her offer nairobi",
    SERIAL,
)
def merit_changed_later(r: Table, *, world: Table) -> None:
    world["students"][0]["merit"] = 99


@forgery(
    "the mechanism is not applicable here: quota field and quota wide cross",
    DEFERRED,
)
def quotas_that_cross_now(r: Table, *, world: Table) -> None:
    crossing = {"id": "wide", "capacity": 9, "offers": ["nairobi", "uppsala"]}
    world["quotas"].append(crossing)


@forgery("result: status: 'optimal' must be one of mechanism", SERIAL)
def mechanism_said_to_be_optimal(r: Table) -> None:
    r["status"] = "optimal"


@forgery("result: status: 'optimal' must be one of mechanism")
def optimum_said_to_be_a_mechanism(r: Table) -> None:
    r["mechanism"] = SERIAL


@forgery("result: status: 'mechanism' must be one of optimal, bounded")
def status_of_a_mechanism_without_one(r: Table) -> None:
    r["status"] = "mechanism"


@forgery("result: a mechanism has one stage, named deferred_acceptance", SERIAL)
def mechanism_of_another_name(r: Table) -> None:
    r["mechanism"] = DEFERRED


@forgery("result: mechanism 'first_come_first_served' is unknown", SERIAL)
def mechanism_unheard_of(r: Table) -> None:
    r["mechanism"] = r["stages"][0]["name"] = "first_come_first_served"


@forgery("result: gap_msteps is 1, a mechanism has none", SERIAL)
def mechanism_with_a_gap(r: Table) -> None:
    r["gap_msteps"] = 1


@forgery("result: a mechanism has no levels, equity prices or carbon rate", SERIAL)
def mechanism_with_levels(r: Table) -> None:
    r["stages"][0]["levels"] = make_bundle("example").result["stages"][0]["levels"]


@forgery("result: a mechanism has no levels, equity prices or carbon rate", SERIAL)
def mechanism_with_prices(r: Table) -> None:
    r["stages"][0]["equity_prices"] = {"income": {"low": 1}}


@forgery("certificate: a mechanism has one stage without levels", SERIAL)
def mechanism_with_a_proof(r: Table) -> None:
    example = make_bundle("example").result["certificate"]["stages"]
    r["certificate"]["stages"] = example[:1]


@forgery("result: a mechanism has one stage, named serial_dictatorship", SERIAL)
def mechanism_with_two_stages(r: Table) -> None:
    r["stages"] *= 2


@forgery("stage serial_dictatorship: terms: rank_cost is 1, counted 0", SERIAL)
def mechanism_with_a_false_term(r: Table) -> None:
    r["stages"][0]["terms"]["rank_cost"] += 1


@forgery("stage serial_dictatorship: metrics: placed is 3, counted 2", SERIAL)
def mechanism_with_a_false_metric(r: Table) -> None:
    r["stages"][0]["metrics"]["placed"] += 1


@forgery("stage serial_dictatorship: terms: rank_cost is 0, counted 1000", SERIAL)
def mechanism_measured_by_another_policy(r: Table) -> None:
    r["policy"]["rank_cost"] = [500, 1000, 3000]
    sign_policy(r)


@forgery("result: placements are not those of the last stage", SERIAL)
def mechanism_whose_stage_says_something_else(r: Table) -> None:
    place(r, dict(r["placements"]))
    r["placements"] = {}

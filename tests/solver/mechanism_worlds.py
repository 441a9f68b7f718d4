"""Tiny worlds for mechanisms: quotas that nest, tolerances, and every false report."""

from collections.abc import Iterator
from copy import deepcopy
from itertools import permutations, product
from random import Random
from typing import Any

from complaints import Definitions, Placement
from tiny_worlds import make_world

Table = dict[str, Any]


def make_nested_world(random: Random, students: int = 4) -> Table:
    """Return a world of strict rankings and merits whose quotas nest.

    The offers of the first quota over offers keep the order of merit, or lists that
    agree, one of them naming everybody; any other offer may have a list of its own.
    """
    world = make_world(random, students)
    make_strict(random, world)
    offers = [offer["id"] for offer in world["offers"]]
    random.shuffle(offers)
    joined = offers[: random.choice((0, 2, 3))]
    world["quotas"] = _nest(random, world, joined)
    names = [student["id"] for student in world["students"]]
    common = random.sample(names, len(names))
    by_lists = random.random() < 0.5
    lists = {offer: choose_some(random, common) for offer in joined if by_lists}
    if lists:
        lists[joined[0]] = common
    for offer in offers:
        if offer not in joined and random.random() < 0.5:
            lists[offer] = random.sample(names, random.randint(1, len(names)))
    world["priority"] = lists
    _keep_feasible_pins(world)
    return world


def make_strict(random: Random, world: Table) -> None:
    """Give every student a merit of her own and ranks without ties."""
    merits = random.sample(range(100), len(world["students"]))
    for student, merit in zip(world["students"], merits, strict=True):
        student["merit"] = merit
        for choice in student["choices"]:
            choice.pop("rank", None)


def choose_some(random: Random, names: list[str]) -> list[str]:
    """Return some of the names in their order, at least one."""
    some = random.sample(names, random.randint(1, len(names)))
    return [name for name in names if name in some]


def _nest(random: Random, world: Table, joined: list[str]) -> list[Table]:
    """Return a quota over the joined offers, one inside it, and one inside an offer."""
    quotas: list[Table] = []
    if joined:
        quotas.append({"offers": joined})
        quotas.append({"offers": joined[: random.randint(1, len(joined))]})
    inside = random.choice(world["offers"])["id"]
    pairs = [
        [student["id"], inside]
        for student in world["students"]
        if random.random() < 0.6
        and inside in [choice["offer"] for choice in student["choices"]]
    ]
    if pairs:
        quotas.append({"choices": pairs})
    return [
        quota | {"id": f"q{number}", "capacity": random.randint(0, 2)}
        for number, quota in enumerate(quotas)
    ]


def make_exchange_world(random: Random, students: int = 5) -> Table:
    """Return a world with tolerances; quotas that name single choices have one host."""
    world = make_world(random, students)
    for institution in world["institutions"]:
        institution["exchange_tolerance"] = random.choice((0, 0, 1))
    host = {offer["id"]: offer["receiving"] for offer in world["offers"]}
    for quota in world["quotas"]:
        pairs = quota.get("choices", [])
        hosts = {host[offer] for offer in quota.get("offers", ())}
        hosts = hosts or {host[offer] for _, offer in pairs[:1]}
        quota["choices"] = [pair for pair in pairs if {host[pair[1]]} == hosts]
    return world


def _keep_feasible_pins(world: Table) -> None:
    pins = dict(world["pins"])
    if not Definitions(world, {}).is_feasible(pins):
        world["pins"] = []


def list_placements(world: Table) -> Iterator[Placement]:
    """Yield every feasible placement."""
    names = [student["id"] for student in world["students"]]
    options = [[None, *(c["offer"] for c in s["choices"])] for s in world["students"]]
    forbidden = {tuple(pair) for pair in world["forbidden"]}
    definitions = Definitions(world, {})
    for row in product(*options):
        placement = {n: offer for n, offer in zip(names, row, strict=True) if offer}
        if not placement.items() & forbidden and definitions.is_feasible(placement):
            yield placement


def rank_of(student: Table, offer: str | None) -> float:
    """Return the rank of an offer to a student: what she did not rank is the worst."""
    ranks = {c["offer"]: c.get("rank", n) for n, c in enumerate(student["choices"], 1)}
    return 1_000 if offer is None else ranks.get(offer, 1_001)


def list_false_worlds(world: Table, student: int) -> Iterator[Table]:
    """Yield the world with every other strict list of any offers for one student."""
    offers = [offer["id"] for offer in world["offers"]]
    name = world["students"][student]["id"]
    pins = [offer for pinned, offer in world["pins"] if pinned == name]
    for size in range(len(offers) + 1):
        for wishes in permutations(offers, size):
            if set(pins) <= set(wishes):
                yield report(world, student, list(wishes))


def report(world: Table, student: int, wishes: list[str]) -> Table:
    """Return the world in which a student ranks these offers instead."""
    other = deepcopy(world)
    name = other["students"][student]["id"]
    other["students"][student]["choices"] = [{"offer": offer} for offer in wishes]
    for quota in other.get("quotas", ()):
        quota["choices"] = [
            pair
            for pair in quota.get("choices", ())
            if pair[0] != name or pair[1] in wishes
        ]
    other["holds"] = {s: o for s, o in other.get("holds", {}).items() if s != name}
    return other

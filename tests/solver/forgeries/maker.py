"""Valid bundles, and what turns them into forgeries with a fact to be found first.

A forgery is a function that spoils a bundle in place. ``forgery`` notes it with the
bundle it starts from and the words that the verifier's first fact must hold.
"""

import copy
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from example import PRICES, make_policy, make_world
from proof_maker import make_result
from tiny_worlds import to_bytes

from solver.fileio import to_canonical
from solver.instance_reader import parse_instance
from solver.mechanisms.registry import MECHANISMS, run_mechanism
from solver.mechanisms.writing import to_json
from solver.policy_reader import parse_policy

Table = dict[str, Any]


@dataclass(frozen=True)
class Bundle:
    """An instance and a result that holds, until a forgery changes them."""

    world: Table
    result: Table


@dataclass(frozen=True)
class Forgery:
    """What is spoilt, where, and the first fact that gives it away."""

    act: Callable[[Bundle], object]
    base: str
    fact: str

    @property
    def name(self) -> str:
        return self.act.__name__

    def to_files(self) -> tuple[bytes, bytes]:
        """Return the instance and the forged result as files."""
        bundle = make_bundle(self.base)
        self.act(bundle)
        return to_bytes(bundle.world), to_bytes(bundle.result)


FORGERIES: list[Forgery] = []


def forgery(fact: str, base: str = "example") -> Callable[..., Callable[..., object]]:
    """Note a forgery of a result; it may ask for the instance too, as ``world``."""

    def note(act: Callable[..., object]) -> Callable[..., object]:
        def spoil(bundle: Bundle) -> None:
            if "world" in act.__annotations__:
                act(bundle.result, world=bundle.world)
                sign_instance(bundle)
            else:
                act(bundle.result)

        spoil.__name__ = act.__name__
        FORGERIES.append(Forgery(spoil, base, fact))
        return act

    return note


def first_leaf(level: Table) -> Table:
    return next(node["prices"] for node in level["tree"] if "prices" in node)


def proofs(result: Table) -> list[list[Table]]:
    """Return the certificate's levels, stage by stage."""
    return [stage["levels"] for stage in result["certificate"]["stages"]]


def sign_policy(result: Table) -> None:
    digest = hashlib.sha256(to_canonical(result["policy"])).hexdigest()
    result["certificate"]["policy_digest"] = digest


def sign_instance(bundle: Bundle) -> None:
    digest = hashlib.sha256(to_bytes(bundle.world)).hexdigest()
    bundle.result["certificate"]["instance_digest"] = digest


def make_bundle(base: str) -> Bundle:
    """Return a bundle of one's own to spoil."""
    return copy.deepcopy(_make_base(base))


@cache
def _make_base(base: str) -> Bundle:
    world, result = BASES[base]()
    # as a reader of the files gets it: nothing is shared between its parts
    return Bundle(world, json.loads(to_bytes(result)))


def _make_example() -> tuple[Table, Table]:
    world = make_world()
    return world, make_result(world, make_policy(), PRICES)


def _make_bounded() -> tuple[Table, Table]:
    """Return the example with a level whose prices prove less than what is reached."""
    world, result = _make_example()
    level = proofs(result)[0][1]
    del level["tree"]
    # the low-income two at their first, 34 msteps lifted for two steps of benefit each
    result["stages"][0]["levels"][1]["bound"] = -2 * 34 * 2
    return world, result | {"status": "bounded", "gap_msteps": 930 + 136}


def _make_budget() -> tuple[Table, Table]:
    """Return the example with a budget that its emissions meet at the declared rate."""
    world, policy = make_world(), make_policy()
    policy["stages"][1] |= {"carbon_budget_kg": 5000, "max_carbon_per_tonne": 3000}
    return world, make_result(world, policy, PRICES)


def _make_holds() -> tuple[Table, Table]:
    """Return a stage that guards what Alice and Achieng hold; Astrid is pinned."""
    world, policy = make_world(), make_policy()
    world["holds"] = {"alice": "nairobi", "achieng": "uppsala"}
    world["pins"] = [["astrid", "online"]]
    world["forbidden"] = [["alice", "accra"]]
    guard = policy["stages"][1]["guard"]
    policy["stages"][0]["guard"] = guard | {"from": "holds", "steps": 0}
    return world, make_result(world, policy, PRICES)


def _make_mechanism(name: str) -> tuple[Table, Table]:
    """Return what a mechanism gives in the example; Astrid has the most merit."""
    world = make_world()
    for merit, student in enumerate(world["students"]):
        student["merit"] = 10 * (merit % 2)
    instance, policy = parse_instance(world), parse_policy(make_policy())
    outcome = run_mechanism(name, instance)
    return world, to_json(outcome, instance, policy, to_bytes(world))


BASES: dict[str, Callable[[], tuple[Table, Table]]] = {
    "example": _make_example,
    "bounded": _make_bounded,
    "budget": _make_budget,
    "holds": _make_holds,
    **{name: partial(_make_mechanism, name) for name in MECHANISMS},
}
"""Makers of valid bundles by name."""

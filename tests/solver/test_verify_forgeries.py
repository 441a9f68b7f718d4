"""Forged results are refused, and the first broken fact is the one that was forged."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from example import PRICES, make_policy, make_world
from forgeries.corpus import NAMES, make_case, write_corpus
from forgeries.maker import BASES, make_bundle
from forgeries.of_bundles import grow_chain
from proof_maker import make_result
from tiny_worlds import to_bytes

from solver.verify import verify

Table = dict[str, Any]
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("base", BASES)
def test_what_is_forged_holds_before(base: str) -> None:
    bundle = make_bundle(base)
    data = to_bytes(bundle.world), to_bytes(bundle.result)
    assert verify(*data, every=True).facts == ()


@pytest.mark.parametrize("name", NAMES)
def test_a_forgery_is_refused_for_what_was_forged(name: str) -> None:
    case = make_case(name)
    verdict = verify(case.instance, case.result)
    assert len(verdict.facts) == 1
    assert case.fact in verdict.facts[0]
    assert verdict.is_readable == case.is_readable
    every = verify(case.instance, case.result, every=True)
    assert every.facts[:1] == verdict.facts


@pytest.mark.slow
def test_the_command_refuses_every_forgery_on_a_bare_python(tmp_path: Path) -> None:
    # the interpreter that the environment was made from, with nothing installed in it
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    bare = [str(Path(sys.base_prefix, "bin", version)), "-S", "-m", "solver", "verify"]
    wrong = []
    for case, *files in write_corpus(tmp_path):
        done = subprocess.run(
            [*bare, *files],
            cwd=ROOT,
            env={},
            capture_output=True,
            text=True,
            check=False,
        )
        said, silent = done.stdout, done.stderr
        if not case.is_readable:
            said, silent = silent, said
        expected = 1 if case.is_readable else 2
        is_told = case.fact in said and said.count("\n") == 1 and not silent
        if done.returncode != expected or not is_told:
            wrong.append((case.name, done.returncode, done.stdout, done.stderr))
    assert wrong == []
    assert len(set(NAMES)) == len(NAMES) > 140


def test_equity_prices_that_differ_are_named_when_no_level_weighs_them() -> None:
    policy = make_policy()
    del policy["stages"][1]["levels"][1]["weights"]["equity"]
    result = make_result(make_world(), policy, PRICES)
    result["stages"][1]["equity_prices"] = {"income": {"low": 100, "high": 1}}
    expected = "stage carbon: equity prices differ from the first stage's"
    assert verify(to_bytes(make_world()), to_bytes(result)).facts == (expected,)


def test_a_result_of_another_instance_is_refused() -> None:
    result = make_result(make_world(), make_policy(), PRICES)
    data = to_bytes(make_world()) + b"\n"
    facts = verify(data, to_bytes(result)).facts
    assert facts == ("certificate: instance_digest is of another instance",)


def test_a_tree_as_deep_as_ten_thousand_splits_is_followed() -> None:
    bundle = make_bundle("example")
    bundle.result["certificate"]["stages"][0]["levels"][0]["tree"] = grow_chain(10_000)
    # without prices the bound of unplaced students is Abeni alone: still the best
    assert verify(to_bytes(bundle.world), to_bytes(bundle.result)).holds

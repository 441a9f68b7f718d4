"""True results are accepted, also where nothing is installed."""

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from example import PRICES, make_policy, make_world
from proof_maker import make_result
from tiny_worlds import make_policy as make_random_policy
from tiny_worlds import make_staged_policy, to_bytes
from tiny_worlds import make_world as make_random_world

from solver.verify import main, verify

ROOT = Path(__file__).parents[2]


def find_refused(seeds: range) -> list[tuple[int, tuple[str, ...]]]:
    """Return the seeds whose exactly proven results are not accepted, and why."""
    refused = []
    for seed in seeds:
        random = Random(seed)
        world = make_random_world(random, students=3)
        make = make_random_policy if seed % 2 else make_staged_policy
        policy = make(random)
        for stage in policy["stages"]:  # brute force searches for no rate
            stage.pop("carbon_budget_kg", None)
            stage.pop("max_carbon_per_tonne", None)
        result = make_result(world, policy)
        verdict = verify(to_bytes(world), to_bytes(result), every=True)
        if not verdict.holds:
            refused.append((seed, verdict.facts))
    return refused


def test_results_of_brute_force_with_exact_proofs_hold() -> None:
    assert find_refused(range(60)) == []


@pytest.mark.slow
def test_results_of_brute_force_on_a_thousand_worlds_hold() -> None:
    assert find_refused(range(100, 1100)) == []


def test_values_counted_by_hand_hold() -> None:
    result = make_result(make_world(), make_policy(), PRICES)
    wishes, carbon = result["stages"]
    assert wishes["placements"] == {
        "alice": "accra",
        "astrid": "online",
        "achieng": "uppsala",
    }
    # rank cost 2000; bonuses of 34 for the low, -66 for the high, (200 // 3 = 66)
    assert wishes["levels"][1] == {
        "name": "value",
        "best": 1000 - 34 * 4 + 66,
        "bound": 930,
        "limit": 2030,
        "value": 2000 - 34 * 3 + 66,
    }
    # Alice is back at her first: rank cost 1000, excess of 2, 4,512 kg at 1000 a tonne
    assert carbon["levels"][1]["value"] == 930 + 2 * 2000 + 4512
    assert carbon["terms"]["equity_shortfall"]["income"]["high"] == [170, 300]
    assert carbon["metrics"]["moves"]["better"] == 1
    verdict = verify(to_bytes(make_world()), to_bytes(result))
    assert verdict.facts == ()


def test_the_order_of_an_instance_file_does_not_matter() -> None:
    world = make_world()
    result = make_result(world, make_policy(), PRICES)
    shuffled = dict(reversed(world.items()))
    for key in ("students", "offers", "institutions"):
        shuffled[key] = list(reversed(world[key]))
    again = make_result(shuffled, make_policy(), PRICES)
    assert verify(to_bytes(shuffled), to_bytes(again)).holds
    assert again["placements"] == result["placements"]


def write_files(folder: Path, result: object = None) -> list[str]:
    """Write the example's files and return their names."""
    whole = make_result(make_world(), make_policy(), PRICES)
    (folder / "instance.json").write_bytes(to_bytes(make_world()))
    (folder / "result.json").write_bytes(to_bytes(result or whole))
    return [str(folder / "instance.json"), str(folder / "result.json")]


def test_the_command_says_what_is_proven(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(write_files(tmp_path)) == 0
    assert capsys.readouterr().out == (
        "verified: optimal, gap 0 msteps, 2 stages, 8 levels, 3 of 4 students placed\n"
    )


def test_the_command_says_the_first_broken_fact_or_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    result = make_result(make_world(), make_policy(), PRICES)
    result["gap_msteps"] = 5
    result["stages"][0]["levels"][0]["value"] = 2
    files = write_files(tmp_path, result)
    assert main(files) == 1
    first = "stage wishes, level placed: value is 2, counted 1\n"
    assert capsys.readouterr().out == first
    assert main([*files, "--all"]) == 1
    assert capsys.readouterr().out.splitlines()[-1] == (
        "result: gap_msteps is 5, the levels' is 0"
    )


@pytest.mark.parametrize("number", [0, 1])
def test_a_file_that_cannot_be_read_is_no_verdict(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], number: int
) -> None:
    files = write_files(tmp_path)
    Path(files[number]).write_bytes(b'{"a": NaN}')
    assert main(files) == 2
    assert "NaN is not a number of JSON" in capsys.readouterr().err
    Path(files[number]).unlink()
    assert main(files) == 2
    assert "cannot read" in capsys.readouterr().err


def test_verification_runs_with_the_bare_interpreter(tmp_path: Path) -> None:
    command = [sys.executable, "-S", "-m", "solver", "verify", *write_files(tmp_path)]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.stdout.startswith("verified: optimal")
    assert done.returncode == 0


def test_the_verifier_loads_none_of_the_optimiser() -> None:
    code = (
        "import sys; before = set(sys.modules); import solver.verify;"
        "print(*sorted(set(sys.modules) - before))"
    )
    command = [sys.executable, "-S", "-c", code]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    own = {name for name in loaded if name.startswith(("solver", "mobility"))}
    outside = {name for name in own if not name.startswith("solver.verify")}
    assert outside == {"solver", "solver.errors", "solver.fileio"}
    top = {name.split(".")[0] for name in loaded} - {"solver"}
    assert top <= set(sys.stdlib_module_names)

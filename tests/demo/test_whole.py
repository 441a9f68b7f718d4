"""The whole demo world and its promises, as `mobility demo` keeps them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import make_url

from mobility.cli.demo import command


def run_demo(folder: Path, *arguments: str) -> Result:
    environment = {"MOBILITY_INSTANCE_FOLDER": str(folder)}
    runner = CliRunner(env=environment)
    return runner.invoke(command, arguments, catch_exceptions=False)


@pytest.mark.slow
def test_the_stages_of_the_whole_world_do_what_the_policy_says(tmp_path: Path) -> None:
    run = run_demo(tmp_path, "--no-serve", "--json")
    told = json.loads(run.stdout)
    wishes, balance, carbon = told["stages"]
    assert told["verified"] is True
    assert told["gap_msteps"] <= 500
    assert told["students"] == 1200
    assert 0.85 * 1200 <= told["places"] <= 0.95 * 1200
    assert carbon["emissions_g"] < wishes["emissions_g"]
    assert carbon["one_way"] < wishes["one_way"]
    assert balance["one_way"] < wishes["one_way"]
    assert carbon["south_to_north"] >= wishes["south_to_north"]
    assert carbon["lost_place"] == 0
    assert carbon["placed"] == balance["placed"] == wishes["placed"] == told["placed"]


@pytest.mark.postgres
def test_the_demo_runs_on_postgresql_and_again_over_itself(
    tmp_path: Path, postgres_url: str
) -> None:
    url = make_url(postgres_url).render_as_string(hide_password=False)
    small = ("--no-serve", "--json", "--schools", "4", "--students", "20")
    for _ in range(2):
        run = run_demo(tmp_path, *small, "--database", url)
        assert json.loads(run.stdout)["verified"] is True

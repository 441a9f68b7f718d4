"""`mobility emissions`, as a person and as a program call it."""

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from mobility.cli.emissions import command
from mobility.errors import Refused

RUNNER = CliRunner()


def call(*arguments: str) -> Result:
    return RUNNER.invoke(command, arguments)


def told(*arguments: str) -> dict[str, object]:
    result = call(*arguments, "--json")
    assert result.exception is None, result.exception
    document: dict[str, object] = json.loads(result.stdout)
    return document


def refused(*arguments: str) -> str:
    result = call(*arguments)
    assert isinstance(result.exception, Refused), result.output
    return "\n".join(result.exception.problems)


def test_alice_sees_every_mode_and_where_each_number_comes_from() -> None:
    document = told("--from", "Nairobi, KE", "--to", "Uppsala, SE", "--days", "56")
    assert document["chosen_mode"] == "air"
    assert document["factor_set"] == "desnz-2026"
    assert len(str(document["digest"])) == 64
    total, (low, high) = document["total_g"], document["interval_g"]
    assert isinstance(total, int)
    assert low < total < high
    assert document["per_day_g"] == round(total / 56)
    modes = {mode["mode"]: mode for mode in document["modes"]}
    assert list(modes) == ["air", "rail", "coach", "car", "ferry"]
    air = modes["air"]
    assert air["total_g"] == air["ttw_g"] + air["wtt_g"] + air["non_co2_g"] == total
    assert 0 < air["access_g"] < total
    assert 10 < air["duration_h"] < 15
    for leg in air["legs"]:
        assert [factor["id"] for factor in leg["factors"]] == leg["factor_ids"]
        assert all(factor["source_row_id"] for factor in leg["factors"])
        assert leg["factor_set_digest"] == document["digest"]
    for mode in ("rail", "coach", "car", "ferry"):
        assert modes[mode]["feasible"] is False
        assert modes[mode]["reason"]
        assert modes[mode]["total_g"] is None
        assert modes[mode]["legs"] == []


def test_paris_to_lyon_chooses_rail() -> None:
    document = told("--from", "Paris, FR", "--to", "Lyon, FR")
    assert document["chosen_mode"] == "rail"


def test_one_mode_alone_is_counted_when_asked_for() -> None:
    document = told("--from", "Paris, FR", "--to", "Lyon, FR", "--mode", "car")
    assert document["chosen_mode"] == "car"
    assert [mode["mode"] for mode in document["modes"]] == ["car"]
    assert document["total_g"] == document["modes"][0]["total_g"]


def test_a_train_to_an_island_is_refused_with_its_reason() -> None:
    ends = ("--from", "Palma, ES", "--to", "Barcelona, ES", "--mode", "rail")
    assert "different landmasses" in refused(*ends)
    document = json.loads(call(*ends, "--json").stdout)
    assert document["chosen_mode"] is None
    assert document["total_g"] is None
    assert "different landmasses" in document["modes"][0]["reason"]


def test_both_places_are_refused_at_once() -> None:
    sentences = refused("--from", "Springfield, US", "--to", "Nairobi, KEN")
    assert "Springfield, Illinois, US" in sentences
    assert "KE (Kenya)" in sentences


def test_a_missing_place_and_an_unknown_set_are_refused() -> None:
    assert "--to is missing" in refused("--from", "Paris, FR")
    ends = ("--from", "Paris, FR", "--to", "Lyon, FR")
    assert "desnz-2024, desnz-2025, desnz-2026" in refused(*ends, "--set", "desnz-1999")


@pytest.mark.parametrize(
    "arguments", [("--mode", "boat"), ("--days", "0"), ("--days", "x"), ("--far",)]
)
def test_a_bad_option_ends_with_2(arguments: tuple[str, ...]) -> None:
    result = call("--from", "Paris, FR", "--to", "Lyon, FR", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_the_tables_are_plain_where_no_terminal_is() -> None:
    result = call("--from", "Paris, FR", "--to", "Lyon, FR", "--days", "10")
    assert result.exit_code == 0
    assert "\x1b" not in result.stdout
    assert "counted" in result.stdout
    assert "rail.FR.wtw" in result.stdout
    assert "Per day abroad (10 days)" in result.stdout


def test_a_file_of_journeys_is_answered_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "journeys.csv"
    path.write_text('from,to\n"Paris, FR","Lyon, FR"\n"Nairobi, KE","Uppsala, SE"\n')
    rows = list(csv.DictReader(io.StringIO(call("--csv", str(path)).stdout)))
    assert [row["chosen_mode"] for row in rows] == ["rail", "air"]
    single = told("--from", "Nairobi, KE", "--to", "Uppsala, SE")
    assert int(rows[1]["total_g"]) == single["total_g"]
    documents = json.loads(call("--csv", str(path), "--json").stdout)
    assert [document["total_g"] for document in documents] == [
        int(row["total_g"]) for row in rows
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"home,host\na,b\n", "no column from"),
        (b"from,to\n", "holds no journeys"),
        (b"", "no column from"),
        (b"from,to\n" + b"x" * 200_000 + b",y\n", "field larger than"),
        (b"from,to\n\xff\xfe,x\n", "not UTF-8"),
        (b'from,to\n"Paris, FR"\n', "line 2"),
    ],
)
def test_a_bad_file_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "journeys.csv"
    path.write_bytes(content)
    assert sentence in refused("--csv", str(path))


def test_all_bad_rows_of_a_file_are_named_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "journeys.csv"
    path.write_text('from,to\n"Paris, FR","X, XX"\n"Nowhere, KE","Lyon, FR"\n')
    sentences = refused("--csv", str(path))
    assert "line 2: country 'XX'" in sentences
    assert "line 3: place 'Nowhere, KE'" in sentences


def test_an_unreadable_file_is_refused(tmp_path: Path) -> None:
    assert "cannot read" in refused("--csv", str(tmp_path / "absent.csv"))
    ends = ("--from", "Paris, FR", "--csv", "x.csv")
    assert "does not go with" in refused(*ends)


def test_alice_flies_over_a_stop() -> None:
    ends = ("--from", "Nairobi, KE", "--to", "London, GB", "--mode", "air")
    direct, stopping = told(*ends), told(*ends, "--via", "Amsterdam, NL")
    assert stopping["chosen_mode"] == "air"
    assert isinstance(direct["total_g"], int)
    assert isinstance(stopping["total_g"], int)
    assert stopping["total_g"] > direct["total_g"]
    assert "Schiphol" in call(*ends, "--via", "Amsterdam, NL").stdout


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--via", "Lyon, FR"), "--via needs --mode"),
        (("--via", "Lyonn, FR", "--mode", "rail"), "did you mean 'Lyon"),
        (("--via", "Paris, FR", "--mode", "rail"), "a loop is not one journey"),
    ],
)
def test_a_stop_that_does_not_fit_is_refused(
    arguments: tuple[str, ...], sentence: str
) -> None:
    ends = ("--from", "Paris, FR", "--to", "Dijon, FR")
    assert sentence in refused(*ends, *arguments)


def test_online_needs_a_server_to_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MOBILITY_NOMINATIM_URL", raising=False)
    ends = ("--from", "Peradeniya, LK", "--to", "Paris, FR", "--online")
    assert "needs the setting nominatim_url" in refused(*ends)
    monkeypatch.setenv("MOBILITY_NOMINATIM_URL", "nominatim")
    assert "must start with https://" in refused(*ends)


def test_a_ferry_alone_is_counted_when_asked_for() -> None:
    ends = ("--from", "Palma, ES", "--to", "Barcelona, ES", "--mode", "ferry")
    document = told(*ends)
    assert document["chosen_mode"] == "ferry"
    assert document["total_g"] == 9468

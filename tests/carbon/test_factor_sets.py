"""Factor sets: what is shipped is what was published, and what is broken is refused."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from travel import factors, read_shared

from mobility.carbon.assets import FOLDER
from mobility.carbon.factors import (
    COLUMNS,
    InvalidFactorSet,
    UnknownFactor,
    factor_set_names,
    load_factor_set,
    read_factor_set,
    require_round_set,
    round_set_names,
)
from solver.fileio import to_digest

Change = Callable[[list[dict[str, str]]], object]
GOVERNMENT = "UK DESNZ GHG conversion factors"
SHIPPED = FOLDER / "factors" / "desnz-2026"


def broken_set(folder: Path, change: Change) -> Path:
    """Return a copy of the shipped set with changed rows and a digest that fits."""
    copy = folder / "desnz-2026"
    shutil.copytree(SHIPPED, copy)
    with (copy / "factors.csv").open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    change(rows)
    with (copy / "factors.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sign(copy)
    return copy


def sign(folder: Path) -> None:
    manifest = folder / "manifest.toml"
    lines = manifest.read_text(encoding="utf-8").splitlines()
    digest = to_digest((folder / "factors.csv").read_bytes())
    kept = [line for line in lines if not line.startswith("digest")]
    manifest.write_text("\n".join([*kept, f'digest = "{digest}"']), encoding="utf-8")


def test_the_copy_itself_is_accepted(tmp_path: Path) -> None:
    copy = read_factor_set(broken_set(tmp_path, lambda rows: rows))
    assert copy.factors == factors().factors


@pytest.mark.parametrize(
    ("column", "value", "sentence"),
    [
        ("value", "NaN", "value 'NaN' is not 0 or more"),
        ("value", "Infinity", "value 'Infinity' is not 0 or more"),
        ("value", "-0.1", "value '-0.1' is not 0 or more"),
        ("value", "0.1234567", "with up to six decimals"),
        ("value", "", "value '' is not 0 or more"),
        ("unit", "g/passenger.km", "unit 'g/passenger.km' is not one of"),
        ("boundary", "life_cycle", "boundary 'life_cycle' does not fit the set"),
        ("id", "coach.coach.wtt", "appears 2 times"),
        ("id", "coach.coach", "the id does not end with its boundary"),
        ("year", "soon", "year 'soon' is not a year"),
        ("flags", "guessed", "unknown flag guessed"),
    ],
)
def test_a_row_that_breaks_a_rule_is_named(
    tmp_path: Path, column: str, value: str, sentence: str
) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        row = next(row for row in rows if row["id"] == "coach.coach.ttw")
        row[column] = value

    with pytest.raises(InvalidFactorSet) as refusal:
        read_factor_set(broken_set(tmp_path, change))
    assert any(sentence in problem for problem in refusal.value.problems)


def test_all_problems_are_named_at_once(tmp_path: Path) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        rows[0]["value"], rows[1]["unit"] = "-1", "mile"

    with pytest.raises(InvalidFactorSet) as refusal:
        read_factor_set(broken_set(tmp_path, change))
    assert len(refusal.value.problems) == 2


def test_a_train_is_either_split_or_whole(tmp_path: Path) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        whole = next(row for row in rows if row["id"] == "rail.FR.wtw")
        rows.append(whole | {"id": "rail.GB.wtw"})

    with pytest.raises(InvalidFactorSet, match=r"rail\.GB is also there in parts"):
        read_factor_set(broken_set(tmp_path, change))


def test_a_whole_value_must_say_that_its_split_is_unknown(tmp_path: Path) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        next(row for row in rows if row["id"] == "rail.FR.wtw")["flags"] = ""

    with pytest.raises(InvalidFactorSet, match="not split must carry the flag"):
        read_factor_set(broken_set(tmp_path, change))


def test_a_changed_file_does_not_fit_its_digest(tmp_path: Path) -> None:
    copy = broken_set(tmp_path, lambda rows: rows)
    path = copy / "factors.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("0.03948", "0.00001"))
    with pytest.raises(InvalidFactorSet, match="not the file of its digest"):
        read_factor_set(copy)


@pytest.mark.parametrize("text", ["name = ", 'name = "x"', "licence = 3"])
def test_a_broken_manifest_is_refused(tmp_path: Path, text: str) -> None:
    copy = broken_set(tmp_path, lambda rows: rows)
    (copy / "manifest.toml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidFactorSet, match="manifest"):
        read_factor_set(copy)


@pytest.mark.parametrize("name", ["desnz-1999", "", "../factors/desnz-2026"])
def test_an_unknown_set_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(InvalidFactorSet, match="known are ademe-2026"):
        load_factor_set(name)


def test_an_activity_without_a_factor_is_not_estimated() -> None:
    with pytest.raises(UnknownFactor, match=r"no factor rail\.PL\.ttw"):
        factors().find("rail.PL", "ttw")


@pytest.mark.parametrize("year", ["2024", "2025", "2026"])
def test_every_government_row_has_the_published_value(year: str) -> None:
    rows = read_shared("carbon/desnz_factors.csv")
    published = {(r["desnz_id"], r["year"]): r["kg_co2e"] for r in rows}
    held = load_factor_set(f"desnz-{year}").factors.values()
    ours = [f for f in held if f.source == GOVERNMENT]
    assert len(ours) == 54
    for factor in ours:
        key = (factor.source_row_id, str(factor.year))
        carried = (factor.source_row_id, year)
        assert factor.value == published.get(key, published.get(carried)), factor.id


@pytest.mark.parametrize("year", ["2024", "2025", "2026"])
def test_a_value_that_was_not_read_in_its_year_is_flagged(year: str) -> None:
    rows = read_shared("carbon/desnz_factors.csv")
    read = {r["desnz_id"] for r in rows if r["year"] == year and r["status"] == "read"}
    for factor in load_factor_set(f"desnz-{year}").factors.values():
        if factor.source == GOVERNMENT:
            is_flagged = "carried_forward" in factor.flags
            assert is_flagged == (factor.source_row_id not in read), factor.id
            assert factor.year == (2025 if is_flagged else int(year)), factor.id


def test_the_years_differ_by_what_the_government_published_alone() -> None:
    sets = [load_factor_set(f"desnz-{year}").factors for year in (2024, 2025, 2026)]
    assert len({frozenset(held) for held in sets}) == 1
    others = [
        {row.id: row for row in held.values() if row.source != GOVERNMENT}
        for held in sets
    ]
    assert others[0]
    assert others[0] == others[1] == others[2]


def test_long_haul_economy_fell_by_two_fifths_between_two_years() -> None:
    old, new = (
        load_factor_set(f"desnz-{year}").find("air.long-haul.economy", "ttw_with_rf")
        for year in (2024, 2025)
    )
    assert round(100 * (1 - new.value_ug_per_m / old.value_ug_per_m), 1) == 41.5


def test_the_basis_of_what_nobody_read_is_not_stated() -> None:
    for name in factor_set_names():
        held = load_factor_set(name).factors.values()
        assert {factor.gwp for factor in held} == {"not stated"}


def test_a_round_declares_a_set_for_rounds_alone() -> None:
    assert round_set_names() == ["desnz-2024", "desnz-2025", "desnz-2026"]
    assert require_round_set("desnz-2024").use == "rounds"
    for name in ("affine-air", "ademe-2026"):
        with pytest.raises(InvalidFactorSet, match="is for cross-checks; a round"):
            require_round_set(name)


def test_ademes_parts_are_the_published_ones() -> None:
    rows = {r["mode"]: r for r in read_shared("carbon/ademe_impactco2_2026.csv")}
    columns = {
        "wtw": "fuel_6",
        "construction": "construction_5",
        "contrails": "contrails_7",
    }
    held = load_factor_set("ademe-2026").factors.values()
    checked = 0
    for factor in held:
        if factor.boundary in columns:
            row = rows[factor.source_row_id.partition(",")[0]]
            published = float(row[columns[factor.boundary]])
            assert abs(float(factor.value) - published) < 1e-6, factor.id
            checked += 1
    assert checked == 24


def test_a_set_of_one_boundary_takes_no_row_of_another(tmp_path: Path) -> None:
    def change(rows: list[dict[str, str]]) -> None:
        whole = next(row for row in rows if row["id"] == "rail.FR.wtw")
        rows.append(whole | {"id": "rail.PL.life_cycle", "boundary": "life_cycle"})

    with pytest.raises(InvalidFactorSet, match="'life_cycle' does not fit the set"):
        read_factor_set(broken_set(tmp_path, change))


@pytest.mark.parametrize("key", ["boundary", "use", "air_model"])
def test_a_manifests_words_must_mean_something(tmp_path: Path, key: str) -> None:
    copy = broken_set(tmp_path, lambda rows: rows)
    manifest = copy / "manifest.toml"
    lines = manifest.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(key)]
    manifest.write_text("\n".join([*kept, f'{key} = "all"']), encoding="utf-8")
    with pytest.raises(InvalidFactorSet, match=f"{key} 'all' in the manifest"):
        read_factor_set(copy)


def test_no_life_cycle_value_of_a_train_came_in() -> None:
    rows = read_shared("carbon/rail_factors_by_country.csv")
    life_cycle = {(r["country"], r["kg_per_pkm"]) for r in rows if "life" in r["kind"]}
    assert life_cycle
    ours = {(f.region, f.value) for f in factors().factors.values()}
    assert not life_cycle & ours

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
    load_factor_set,
    read_factor_set,
)
from solver.fileio import to_digest

Change = Callable[[list[dict[str, str]]], object]
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

    with pytest.raises(InvalidFactorSet, match="must carry the flag split_unknown"):
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
    with pytest.raises(InvalidFactorSet, match="known are desnz-2026"):
        load_factor_set(name)


def test_an_activity_without_a_factor_is_not_estimated() -> None:
    with pytest.raises(UnknownFactor, match=r"no factor rail\.PL\.ttw"):
        factors().find("rail.PL", "ttw")


def test_every_government_row_has_the_published_value() -> None:
    rows = read_shared("carbon/desnz_factors.csv")
    published = {(r["desnz_id"], r["year"]): r["kg_co2e"] for r in rows}
    ours = [f for f in factors().factors.values() if "_" in f.source_row_id]
    assert len(ours) > 50
    for factor in ours:
        key = (factor.source_row_id, str(factor.year))
        carried = (factor.source_row_id, "2026")
        assert factor.value == published.get(key, published.get(carried)), factor.id


def test_a_value_that_was_not_read_in_2026_is_flagged() -> None:
    rows = read_shared("carbon/desnz_factors.csv")
    read = {
        r["desnz_id"] for r in rows if r["year"] == "2026" and r["status"] == "read"
    }
    for factor in factors().factors.values():
        if factor.source.startswith("UK DESNZ"):
            is_flagged = "carried_forward" in factor.flags
            assert is_flagged == (factor.source_row_id not in read), factor.id
            assert factor.year == (2025 if is_flagged else 2026), factor.id


def test_no_life_cycle_value_of_a_train_came_in() -> None:
    rows = read_shared("carbon/rail_factors_by_country.csv")
    life_cycle = {(r["country"], r["kg_per_pkm"]) for r in rows if "life" in r["kind"]}
    assert life_cycle
    ours = {(f.region, f.value) for f in factors().factors.values()}
    assert not life_cycle & ours

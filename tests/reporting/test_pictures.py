"""Pictures: well-formed, bare of style and script, the same each time, never alone."""

import re
from collections.abc import Callable
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from worlds import empty_files, make_run

import mobility
from mobility.reporting import pictures
from mobility.reporting.emissions import stages_table, to_stage_emissions
from mobility.reporting.equity import opportunity_table, to_opportunity
from mobility.reporting.facts import RunFacts, to_facts
from mobility.reporting.indices import indices_table, to_indices
from mobility.reporting.labels import Labels
from mobility.reporting.lanes import partnership_table, to_partnerships
from mobility.reporting.memory import Memory
from mobility.reporting.palette import DARK, LIGHT, stylesheet
from mobility.reporting.pictures import Picture
from mobility.reporting.ranks import moves_table, to_transitions
from mobility.reporting.tables import Table
from mobility.reporting.waterfall import Scope, scopes_table
from mobility.reporting.words import ENGLISH, ENGLISH_NUMBERS, make_labels

SVG = "{http://www.w3.org/2000/svg}"
DRAWN: dict[str, Callable[[RunFacts, Labels], Picture]] = {
    "waterfall": pictures.waterfall_picture,
    "south": lambda run, labels: pictures.waterfall_picture(
        run, labels, Scope("block", "south")
    ),
    "flows": pictures.flow_picture,
    "ranks": pictures.rank_picture,
    "equity": pictures.equity_picture,
    "emissions": pictures.emissions_picture,
}


@pytest.fixture(params=sorted(DRAWN))
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(autouse=True)
def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture of another test is shown again."""
    monkeypatch.setattr(pictures, "_pictures", Memory(64))


def elements(picture: Picture) -> list[Element]:
    both = (picture.narrow, picture.wide)
    return [element for svg in both for element in fromstring(svg).iter()]


def foreign(text: str) -> str:
    """Return a text with every word but the names of places translated."""
    return re.sub(r"(%\(\w+\)s)|[A-Za-z]+", lambda found: found[1] or "ж", text)


def tables(run: RunFacts, labels: Labels) -> list[Table]:
    """Return every table there is."""
    return [
        *(draw(run, labels).table for draw in DRAWN.values()),
        *(moves_table(labels, each) for each in to_transitions(run)),
        scopes_table(labels, run),
        partnership_table(labels, to_partnerships(run)),
        opportunity_table(labels, to_opportunity(run)),
        indices_table(labels, to_indices(run)),
        stages_table(labels, to_stage_emissions(run)),
    ]


def test_pictures_hold_shapes_and_texts_alone(name: str) -> None:
    found = elements(DRAWN[name](make_run(), ENGLISH))
    allowed = {"svg", "g", "path", "rect", "circle", "line", "text"}
    assert {each.tag.removeprefix(SVG) for each in found} <= allowed
    assert len(found) > 20
    attributes = {key for each in found for key in each.attrib}
    assert attributes.isdisjoint({"style", "id", "role", "aria-label", "href"})
    assert not any(key.startswith("on") for key in attributes)


def test_pictures_are_hidden_from_readers_of_the_text(name: str) -> None:
    picture = DRAWN[name](make_run(), ENGLISH)
    for svg, width in ((picture.narrow, "360"), (picture.wide, "1000")):
        root = fromstring(svg)
        assert root.get("aria-hidden") == "true"
        assert root.get("width") == width
        assert root.get("viewBox") == f"0 0 {width} {root.get('height')}"


def test_every_mark_stays_inside_its_picture(name: str) -> None:
    for element in elements(DRAWN[name](make_run(), ENGLISH)):
        for key in ("x", "y", "cx", "cy", "x1", "x2", "y1", "y2"):
            assert -20 <= float(element.get(key, "0")) <= 1200
        for key in ("width", "height", "r"):
            assert float(element.get(key, "0")) >= 0
        assert "nan" not in element.get("d", "")


def test_the_same_run_gives_the_same_bytes(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = DRAWN[name](make_run(), ENGLISH)
    monkeypatch.setattr(pictures, "_pictures", Memory(64))
    second = DRAWN[name](make_run(), ENGLISH)
    assert first is not second
    assert first == second


def test_a_picture_is_drawn_once_for_a_result_and_a_language(name: str) -> None:
    run = make_run()
    portuguese = make_labels("pt", foreign, ENGLISH_NUMBERS)
    first = DRAWN[name](run, ENGLISH)
    assert DRAWN[name](run, ENGLISH) is first
    assert DRAWN[name](run, portuguese) is not first
    assert DRAWN[name](make_run(seed=2), ENGLISH) is not first


def test_every_colour_has_a_rule_for_both_themes(name: str) -> None:
    sheet = stylesheet()
    marks = elements(DRAWN[name](make_run(), ENGLISH))
    classes = {each for mark in marks for each in mark.get("class", "").split()}
    for each in classes - {"chart"}:
        assert f".chart .{each} {{" in sheet
    for mark in marks:
        for key in ("fill", "stroke"):
            assert mark.get(key, "none") in {"none", *LIGHT.values()}
    assert LIGHT.keys() == DARK.keys()


def test_the_style_sheet_in_the_tree_is_the_palettes() -> None:
    path = Path(mobility.__file__).parent / "static" / "charts.css"
    assert path.read_text(encoding="utf-8") == stylesheet()


def test_an_empty_round_has_a_calm_picture_and_a_sentence(name: str) -> None:
    run = to_facts("empty", *empty_files())
    picture = DRAWN[name](run, ENGLISH)
    texts = " ".join(each.text or "" for each in fromstring(picture.wide).iter())
    assert "Nothing to show" in texts
    assert picture.words.startswith("Nothing to show")


def test_one_stage_is_drawn_without_a_comparison() -> None:
    run = make_run(stages=("students-first",))
    for draw in DRAWN.values():
        assert elements(draw(run, ENGLISH))
    picture = pictures.waterfall_picture(run, ENGLISH)
    assert "wishes" not in picture.wide + picture.words
    assert "lost" not in picture.words


def test_names_with_markup_are_shown_as_they_are() -> None:
    table = pictures.flow_picture(make_run(), ENGLISH).table
    assert all("<" in row[0].text for row in table.rows)
    shouted = make_labels("xx", lambda text: f"<b>{text}</b>", ENGLISH_NUMBERS)
    for draw in DRAWN.values():
        for element in elements(draw(make_run(), shouted)):
            assert element.tag != f"{SVG}b"


def test_no_word_is_english_but_for_gettext() -> None:
    """Letters in pictures and tables come from gettext, or are names and numbers."""
    run = make_run()
    labels = make_labels("xx", foreign, ENGLISH_NUMBERS)
    told = [
        element.text or ""
        for draw in DRAWN.values()
        for element in elements(draw(run, labels))
    ]
    told += [column.label for table in tables(run, labels) for column in table.columns]
    assert any("ж" in text for text in told)
    assert [text for text in told if re.search(r"[A-Za-z]{2,}", text)] == []


def test_every_table_has_as_many_cells_as_columns() -> None:
    for table in tables(make_run(), ENGLISH):
        assert table.caption
        assert table.rows
        assert {len(row) for row in table.rows} == {len(table.columns)}


def test_numbers_in_tables_are_right_under_their_headings() -> None:
    for table in tables(make_run(), ENGLISH):
        for row in table.rows:
            for column, cell in zip(table.columns[1:], row[1:], strict=True):
                is_bare = cell.text == ENGLISH["none"]
                if column.is_number and not is_bare:
                    assert cell.value is not None, (table.caption, column.label)


def test_the_waterfalls_table_holds_the_results_metrics() -> None:
    run = make_run()
    table = pictures.waterfall_picture(run, ENGLISH).table
    rows = {row[0].text: [cell.value for cell in row[1:]] for row in table.rows}
    metrics = [stage.metrics for stage in run.stages]
    assert rows["students placed"] == [each["placed"] for each in metrics]
    assert rows["emissions, CO₂e"] == [each["emissions_g"] for each in metrics]
    assert rows["one-way excess"] == [each["one_way_excess"] for each in metrics]
    lost = [each["moves"]["lost_place"] for each in metrics]
    assert rows["lost the place"] == [None, *lost[1:]]


def test_who_lost_a_place_is_said_in_words() -> None:
    run = make_run()
    lost = len(run.stages[0].places.keys() - run.stages[-1].places.keys())
    assert lost > 0
    assert f"{lost} lost their place" in pictures.waterfall_picture(run, ENGLISH).words


def test_memory_forgets_what_was_asked_for_longest_ago() -> None:
    memory: Memory[list[int]] = Memory(2)
    first = memory.get("a", lambda: [1])
    memory.get("b", lambda: [2])
    assert memory.get("a", lambda: [3]) is first
    memory.get("c", lambda: [4])
    assert memory.get("a", lambda: [5]) is first
    assert memory.get("b", lambda: [6]) == [6]

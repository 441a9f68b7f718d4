"""Files of journeys: places from and to, row by row."""

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

from mobility.carbon.place import InvalidPlace, Place
from mobility.carbon.places import parse_place
from mobility.errors import InvalidInput
from solver.fileio import read_bytes

COLUMNS = ("from", "to")
Ends = tuple[Place, Place]
Find = Callable[[str], Place]


def find_places(
    texts: Iterable[str], find: Find = parse_place
) -> tuple[list[Place], list[str]]:
    """Return the places of texts, and every problem of those that are none."""
    places: list[Place] = []
    problems: list[str] = []
    for text in texts:
        try:
            places.append(find(text))
        except InvalidPlace as refusal:
            problems += refusal.problems
    return places, problems


def read_journeys(path: Path, find: Find = parse_place) -> list[Ends]:
    """Return the ends of every row; all rows' problems are refused together."""
    try:
        text = read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path}: not UTF-8 at byte {error.start}") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        return _read_rows(path, reader, find)
    except csv.Error as error:
        raise InvalidInput(f"{path}, line {reader.line_num}: {error}") from error


def _read_rows(path: Path, reader: "csv.DictReader[str]", find: Find) -> list[Ends]:
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise InvalidInput(f"{path}: no column {name}" for name in missing)
    ends: list[Ends] = []
    problems: list[str] = []
    for row in reader:
        places, wrong = find_places([row[name] or "" for name in COLUMNS], find)
        problems += [f"{path}, line {reader.line_num}: {problem}" for problem in wrong]
        ends += [(places[0], places[1])] if not wrong else []
    if problems:
        raise InvalidPlace(problems)
    if not ends:
        raise InvalidInput(f"{path}: holds no journeys")
    return ends

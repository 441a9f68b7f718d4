"""Build `mobility/assets/land/land.json.gz` from the npm package `world-atlas`.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/build_land.py package/countries-50m.json m49.csv

`m49.csv` names a country's UN number and two letters (`m49_code`, `iso_alpha2`). Arcs
of the TopoJSON are decoded; rings are kept as differences of integers, 1e-4 degree
each. Land is cut at the Suez Canal and in the Darien gap, so that a way from Europe to
Africa goes through Suez and none goes from Panama to Colombia.
"""

import csv
import gzip
import itertools
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import shapely

TARGET = Path(__file__).parents[1] / "mobility" / "assets" / "land" / "land.json.gz"
UNIT_PER_DEGREE = 10_000
FULL_TURN = 360 * UNIT_PER_DEGREE
UNNUMBERED = {"Somaliland": "SO", "Kosovo": "XK", "N. Cyprus": "CY"}
TAIWAN = {"158": "TW"}

CUTS = (
    ((32.31, 31.45), (32.32, 30.7), (32.57, 29.95), (32.55, 29.4)),
    ((-77.25, 8.95), (-77.4, 8.4), (-77.7, 7.6), (-78.1, 6.9)),
)
"""Suez Canal; border of Panama and Colombia. Longitude, latitude."""
CUT_WIDTH = 0.01

Point = tuple[int, int]


def decode_arcs(topology: dict[str, Any]) -> list[list[Point]]:
    """Return the arcs as absolute points in units of 1e-4 degrees."""
    scale, shift = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            longitude = round((x * scale[0] + shift[0]) * UNIT_PER_DEGREE)
            latitude = round((y * scale[1] + shift[1]) * UNIT_PER_DEGREE)
            points.append((longitude, latitude))
        arcs.append(points)
    return arcs


def decode_ring(arcs: list[list[Point]], indices: list[int]) -> list[Point]:
    """Return one ring; a negative index is an arc walked backwards."""
    ring: list[Point] = []
    for index in indices:
        points = arcs[index] if index >= 0 else arcs[~index][::-1]
        ring.extend(points[1:] if ring else points)
    unwrapped = unwrap(ring)
    return unwrapped if unwrapped[0] == unwrapped[-1] else ring


def unwrap(ring: list[Point]) -> list[Point]:
    """Return a ring across the date line in one piece, with longitudes beyond 180."""
    turn = 0
    points = ring[:1]
    for before, after in itertools.pairwise(ring):
        step = after[0] - before[0]
        turn -= round(step / FULL_TURN) * FULL_TURN
        points.append((after[0] + turn, after[1]))
    return points


def polygons(geometry: dict[str, Any]) -> Iterator[list[list[int]]]:
    """Yield the polygons of a geometry, a collection's members included."""
    kind = geometry["type"]
    if kind == "GeometryCollection":
        for member in geometry["geometries"]:
            yield from polygons(member)
    elif kind == "Polygon":
        yield geometry["arcs"]
    elif kind == "MultiPolygon":
        yield from geometry["arcs"]


def encode_ring(ring: list[Point]) -> list[int]:
    """Return the first point and then differences, flat."""
    flat = list(ring[0])
    for before, after in itertools.pairwise(ring):
        flat += [after[0] - before[0], after[1] - before[1]]
    return flat


def to_shapes(arcs: list[list[Point]], geometry: dict[str, Any]) -> list[Any]:
    """Return a geometry's polygons, in units of 1e-4 degrees, made valid."""
    shapes: list[Any] = []
    for indices in polygons(geometry):
        rings = [decode_ring(arcs, ring) for ring in indices]
        shapes += polygon_parts(
            shapely.make_valid(shapely.Polygon(rings[0], rings[1:]))
        )
    return shapes


def polygon_parts(shape: shapely.Geometry) -> list[Any]:
    """Return the polygons of a shape, what is flat left out."""
    return [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]


def cut(shapes: list[Any]) -> list[Any]:
    """Return the land cut along `CUTS`."""
    lines = [[(x * UNIT_PER_DEGREE, y * UNIT_PER_DEGREE) for x, y in c] for c in CUTS]
    width = CUT_WIDTH * UNIT_PER_DEGREE
    gaps = shapely.union_all([shapely.LineString(line).buffer(width) for line in lines])
    parts: list[Any] = []
    for shape in shapes:
        crosses = shape.intersects(gaps)
        parts += polygon_parts(shape.difference(gaps)) if crosses else [shape]
    return parts


def encode(shapes: list[Any]) -> list[list[list[int]]]:
    """Return polygons, each a list of encoded rings, outer ring first."""
    return [
        [
            encode_ring([(round(x), round(y)) for x, y in ring.coords])
            for ring in (shape.exterior, *shape.interiors)
        ]
        for shape in shapes
    ]


def main(atlas: Path, m49: Path) -> None:
    """Write the land and the countries."""
    topology = json.loads(atlas.read_text())
    arcs = decode_arcs(topology)
    with m49.open(newline="", encoding="utf-8") as stream:
        rows = csv.DictReader(stream)
        code_by_number = {row["m49_code"].zfill(3): row["iso_alpha2"] for row in rows}
    code_by_number |= TAIWAN
    countries: dict[str, list[list[list[int]]]] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        name = geometry["properties"]["name"]
        code = code_by_number.get(geometry.get("id"), UNNUMBERED.get(name))
        if code is None:
            print("left out:", name)
            continue
        countries.setdefault(code, []).extend(encode(to_shapes(arcs, geometry)))
    value = {
        "unit_per_degree": UNIT_PER_DEGREE,
        "land": encode(cut(to_shapes(arcs, topology["objects"]["land"]))),
        "countries": dict(sorted(countries.items())),
    }
    data = json.dumps(value, separators=(",", ":")).encode()
    TARGET.write_bytes(gzip.compress(data, 9, mtime=0))
    print(TARGET.name, TARGET.stat().st_size, "bytes,", len(countries), "countries")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

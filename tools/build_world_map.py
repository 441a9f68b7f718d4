"""Build `mobility/assets/map/land.json.gz` from the npm package `world-atlas`.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python tools/build_world_map.py package/land-110m.json

Land without borders, at 1:110 million, for pictures: Antarctica is left out, the map is
cut in the Bering Strait instead of at 180 degrees, and longitudes count from the map's
middle. Rings are kept as differences of integers, 1e-2 degree each.
"""

import gzip
import itertools
import json
import sys
from pathlib import Path
from typing import Any

import shapely
from build_land import UNIT_PER_DEGREE, decode_arcs, polygon_parts, to_shapes

TARGET = Path(__file__).parents[1] / "mobility" / "assets" / "map" / "land.json.gz"
MIDDLE = 11.5
"""Longitude of the map's middle: its edge then passes through the Bering Strait."""
SOUTHERNMOST = -58
FINE = 100
"""Units per degree in the file."""
TOLERANCE = 0.1
"""Degrees that a coast may move by when points are dropped."""


def to_degrees(shapes: list[Any]) -> shapely.Geometry:
    """Return the shapes as one geometry in degrees."""
    whole = shapely.union_all(shapes)
    return shapely.transform(whole, lambda points: points / UNIT_PER_DEGREE)


def turn(land: shapely.Geometry) -> shapely.Geometry:
    """Return the land with longitudes from the map's middle, cut at its edge."""
    window = shapely.box(-180, SOUTHERNMOST, 180, 90)
    parts = []
    for whole_turn in (-360, 0, 360):
        shift = (whole_turn - MIDDLE, 0)
        moved = shapely.transform(land, lambda points, by=shift: points + by)
        parts.append(moved.intersection(window))
    # a hair's breadth joins what was cut at 180 degrees
    return shapely.union_all([part.buffer(0.01) for part in parts])


def encode(ring: shapely.LinearRing) -> list[int]:
    """Return the first point and then differences, flat."""
    points = [(round(x * FINE), round(y * FINE)) for x, y in ring.coords]
    flat = list(points[0])
    for before, after in itertools.pairwise(points):
        if before != after:
            flat += [after[0] - before[0], after[1] - before[1]]
    return flat


def main(atlas: Path) -> None:
    """Write the land."""
    topology = json.loads(atlas.read_text())
    shapes = to_shapes(decode_arcs(topology), topology["objects"]["land"])
    land = turn(to_degrees(shapes)).simplify(TOLERANCE)
    rings = [
        encode(ring)
        for part in polygon_parts(land)
        for ring in (part.exterior, *part.interiors)
    ]
    value = {
        "unit_per_degree": FINE,
        "middle_udeg": round(MIDDLE * 1_000_000),
        "rings": sorted(rings),
    }
    data = json.dumps(value, separators=(",", ":")).encode()
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(gzip.compress(data, 9, mtime=0))
    points = sum(len(ring) for ring in rings) // 2
    print(TARGET.name, TARGET.stat().st_size, "bytes,", points, "points")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

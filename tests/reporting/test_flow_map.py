"""The map: equal areas, shortest ways, and lanes that cross its edge."""

from itertools import pairwise
from math import cos, hypot, radians

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import make_run

from mobility.reporting.flow_map import draw_flow_map
from mobility.reporting.lanes import to_lanes
from mobility.reporting.projection import (
    WIDTH,
    Arc,
    Frame,
    draw_land,
    project,
    read_rings,
)
from mobility.reporting.words import ENGLISH

UPPSALA = (59_858_000, 17_645_000)
AUCKLAND = (-36_848_000, 174_763_000)
LIMA = (-12_043_000, -77_028_000)
NAIROBI = (-1_286_000, 36_817_000)
PLACES = st.tuples(
    st.integers(-80_000_000, 80_000_000), st.integers(-180_000_000, 179_999_999)
)


@pytest.mark.parametrize("latitude", [-50, 0, 35, 70])
@pytest.mark.parametrize("longitude", [-150, 0, 90])
def test_areas_are_true_everywhere(longitude: int, latitude: int) -> None:
    step = 0.01
    x0, y0 = project(longitude, latitude)
    x1, y1 = project(longitude + step, latitude)
    x2, y2 = project(longitude, latitude + step)
    area = abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0))
    true = radians(step) ** 2 * cos(radians(latitude))
    assert area == pytest.approx(true, rel=1e-3)


def test_the_map_is_as_wide_as_its_frame() -> None:
    frame = Frame(1000)
    assert frame.point(-180, 0)[0] == pytest.approx(0)
    assert frame.point(180, 0)[0] == pytest.approx(1000)
    assert project(180, 0)[0] == pytest.approx(WIDTH / 2)


def test_a_quarter_of_the_equator_is_a_quarter_of_a_turn() -> None:
    assert Arc((0, 0), (0, 90_000_000)).angle == pytest.approx(radians(90))


def test_a_way_inside_the_map_is_one_piece() -> None:
    assert Arc(UPPSALA, NAIROBI).pieces() == [(0.0, 1.0)]


def test_a_way_over_the_pacific_leaves_the_map_and_comes_back() -> None:
    arc = Arc(AUCKLAND, LIMA)
    before, after = arc.pieces()
    assert arc.at(before[1])[0] == pytest.approx(180, abs=0.01)
    assert arc.at(after[0])[0] == pytest.approx(-180, abs=0.01)


@settings(deadline=None, max_examples=60)
@given(PLACES, PLACES)
def test_no_piece_jumps_across_the_map(
    home: tuple[int, int], host: tuple[int, int]
) -> None:
    arc = Arc(home, host)
    frame = Frame(1000)
    for start, end in arc.pieces():
        parts = [start + (end - start) * at / 400 for at in range(401)]
        points = [frame.point(*arc.at(part)) for part in parts]
        for (x1, y1), (x2, y2) in pairwise(points):
            assert hypot(x2 - x1, y2 - y1) < 400


def test_there_and_nowhere_is_a_point() -> None:
    assert Arc(UPPSALA, UPPSALA).at(0.5) == Arc(UPPSALA, UPPSALA).at(0)


def test_the_land_is_inside_the_map_and_has_no_antarctica() -> None:
    points = [point for ring in read_rings() for point in ring]
    assert len(points) > 2000
    assert all(-180 <= longitude <= 180 for longitude, _ in points)
    assert min(latitude for _, latitude in points) > -57


def test_the_land_is_coarser_on_a_phone() -> None:
    assert 0 < len(draw_land(360)) < 0.8 * len(draw_land(1000))


def test_every_lane_is_drawn_once() -> None:
    lanes = to_lanes(make_run(students=150))
    svg = draw_flow_map(ENGLISH, lanes, 1000)
    kinds = 1 + any(lane.is_alone for lane in lanes) + 1
    drawn = svg.count("<path") - 1 - kinds - len({1, max(x.out for x in lanes)})
    assert drawn == len(lanes)

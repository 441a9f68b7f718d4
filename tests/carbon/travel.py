"""Cities, methods and journeys that the tests of emissions share."""

import csv
import os
from pathlib import Path

import pytest

from mobility.carbon.batch import footprints
from mobility.carbon.factors import FactorSet, load_factor_set
from mobility.carbon.footprint import Footprint
from mobility.carbon.method import Method
from mobility.carbon.place import Place
from mobility.carbon.places import parse_place

DATA = Path(__file__).parents[3] / "shared" / "data"
DEFAULT = Method()


def read_shared(name: str) -> list[dict[str, str]]:
    """Return the rows of a published table that lies beside the checkout."""
    path = DATA / name
    if not path.exists():
        reason = f"{name} is not beside this checkout"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    with path.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def factors() -> FactorSet:
    return load_factor_set("desnz-2026")


def travel(home: str, host: str, method: Method = DEFAULT) -> Footprint:
    """Return the footprint of a journey between two typed places."""
    return travel_between(parse_place(home), parse_place(host), method)


def travel_between(home: Place, host: Place, method: Method = DEFAULT) -> Footprint:
    return footprints([(home, host)], method, factors())[0]


def at(latitude: float, longitude: float, country: str, name: str = "There") -> Place:
    """Return a place at a point."""
    return Place(name, country, round(latitude * 1e6), round(longitude * 1e6))


CITIES = [
    at(-1.28333, 36.81667, "KE", "Nairobi"),
    at(59.85882, 17.63889, "SE", "Uppsala"),
    at(48.85341, 2.3488, "FR", "Paris"),
    at(45.74906, 4.84789, "FR", "Lyon"),
    at(51.50853, -0.12574, "GB", "London"),
    at(55.67594, 12.56553, "DK", "Copenhagen"),
    at(52.52437, 13.41053, "DE", "Berlin"),
    at(39.56939, 2.65024, "ES", "Palma"),
    at(41.38879, 2.15899, "ES", "Barcelona"),
    at(0.31628, 32.58219, "UG", "Kampala"),
    at(35.6895, 139.69171, "JP", "Tokyo"),
    at(-23.5475, -46.63611, "BR", "São Paulo"),
]

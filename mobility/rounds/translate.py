"""A snapshot's value becomes the solver's instance. Pure: no database, no Flask.

The instance knows students, offers and quotas only; what the snapshot says of fields,
languages and journeys has done its work by now.
"""

from collections.abc import Iterable
from typing import Any

INSTANCE_FORMAT = "mobility-instance/1"
NO_SEED = "0" * 64
"""The seed of a run before the lottery's secrets are revealed."""


def to_instance(snapshot: dict[str, Any], seed: str = NO_SEED) -> dict[str, Any]:
    """Return the instance of a snapshot.

    Parameters
    ----------
    snapshot
        A value of format "mobility-snapshot/1".
    seed
        The lottery's seed, 64 hexadecimal digits.
    """
    students = [_student(value) for value in snapshot["students"]]
    choices = [
        (student["id"], choice["offer"])
        for student in students
        for choice in student["choices"]
    ]
    return {
        "format": INSTANCE_FORMAT,
        "id": snapshot["round"]["key"],
        "institutions": [_institution(value) for value in snapshot["institutions"]],
        "offers": [_offer(value) for value in snapshot["offers"]],
        "quotas": [_quota(value, choices) for value in snapshot["quotas"]],
        "students": students,
        "partnerships": [dict(value) for value in snapshot["partnerships"]],
        "pins": [list(pair) for pair in snapshot["pins"]],
        "forbidden": [list(pair) for pair in snapshot["forbidden"]],
        "seed": seed,
    }


def _institution(value: dict[str, Any]) -> dict[str, Any]:
    institution = {
        "id": value["hei_id"],
        "country": value["country"],
        "exchange_tolerance": value["exchange_tolerance"],
    }
    if value["block"] is not None:
        institution["block"] = value["block"]
    return institution


def _offer(value: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value[key] for key in ("receiving", "capacity", "mode", "days")}
    return {"id": value["key"], **kept}


def _student(value: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value[key] for key in ("id", "sending", "merit", "floor_g", "groups")}
    choices = [
        {key: choice[key] for key in ("offer", "rank", "emissions_g")}
        for choice in value["choices"]
    ]
    return {**kept, "choices": choices}


def _quota(value: dict[str, Any], choices: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """Return a quota over offers, or over the choices that it names one by one.

    A pair that is no choice of the instance (not certified, not eligible) uses nothing
    of the quota and is left out.
    """
    pairs = {(student, offer) for student, offer in value["pairs"]}
    offers = set(value["offers"])
    single = [pair for pair in choices if pair in pairs and pair[1] not in offers]
    return {
        "id": value["key"],
        "capacity": value["capacity"],
        "offers": sorted(offers),
        "choices": [list(pair) for pair in single],
    }

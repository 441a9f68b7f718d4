"""A world made to be explained: five students want Lyon's only place."""

from typing import Any

Table = dict[str, Any]


def _student(name: str, *offers: str) -> Table:
    return {
        "id": name,
        "sending": "lund.se",
        "choices": [{"offer": offer, "emissions_g": 0} for offer in offers],
    }


def make_contest(rivals: int = 4) -> Table:
    """Return Alice's world: she has Ghent as second, her rivals only a third choice."""
    hosts = ("lyon", "ghent", "porto", "turin")
    places = {"lyon": 1, "ghent": 9, "porto": 0, "turin": rivals}
    others = [_student(f"r{n}", "lyon", "porto", "turin") for n in range(rivals)]
    return {
        "format": "mobility-instance/1",
        "id": "contest",
        "institutions": [{"id": name, "country": "SE"} for name in ("lund.se", *hosts)],
        "offers": [
            {"id": host, "receiving": host, "capacity": places[host]} for host in hosts
        ],
        "students": [_student("alice", "lyon", "ghent"), *others],
        "seed": "7" * 64,
    }

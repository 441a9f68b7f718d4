"""A small world written out by hand, with a policy of two stages: figures are known.

Alice and Astrid study in Lund, Achieng and Abeni in the south. Uppsala has one place,
Nairobi two, Ghana one, and a virtual course in Lund is open to all. A quota lets one
student in all go to Nairobi or Ghana by the physical offers.
"""

import copy
from typing import Any

Table = dict[str, Any]

WORLD: Table = {
    "format": "mobility-instance/1",
    "id": "2027-spring",
    "institutions": [
        {"id": "lund.se", "country": "SE", "block": "north"},
        {"id": "uu.se", "country": "SE", "block": "north"},
        {"id": "uonbi.ac.ke", "country": "KE", "block": "south"},
        {"id": "ug.edu.gh", "country": "GH", "block": "south"},
    ],
    "offers": [
        {"id": "uppsala", "receiving": "uu.se", "capacity": 1},
        {"id": "nairobi", "receiving": "uonbi.ac.ke", "capacity": 2},
        {"id": "accra", "receiving": "ug.edu.gh", "capacity": 1},
        {"id": "online", "receiving": "lund.se", "capacity": 4, "mode": "virtual"},
    ],
    "quotas": [{"id": "field", "capacity": 1, "offers": ["nairobi", "accra"]}],
    "students": [
        {
            "id": "alice",
            "sending": "lund.se",
            "groups": {"income": "low"},
            "choices": [
                {"offer": "nairobi", "emissions_g": 2_112_000},
                {"offer": "accra", "emissions_g": 1_500_000},
            ],
        },
        {
            "id": "astrid",
            "sending": "lund.se",
            "groups": {"income": "high"},
            "choices": [
                {"offer": "nairobi", "emissions_g": 2_112_000},
                {"offer": "online", "emissions_g": 0},
            ],
        },
        {
            "id": "achieng",
            "sending": "uonbi.ac.ke",
            "groups": {"income": "low"},
            "choices": [
                {"offer": "uppsala", "emissions_g": 2_400_000},
                {"offer": "online", "emissions_g": 0},
            ],
        },
        {"id": "abeni", "sending": "ug.edu.gh", "choices": []},
    ],
    "partnerships": [{"north": "lund.se", "south": "uonbi.ac.ke", "carried": 1}],
    "holds": {"astrid": "nairobi"},
    "pins": [],
    "forbidden": [["astrid", "uppsala"]],
    "seed": "5" * 64,
}


def _level(name: str, **weights: int) -> Table:
    return {"name": name, "say": "", "weights": weights, "slack": {"absolute": 0}}


POLICY: Table = {
    "format": "mobility-policy/1",
    "name": "two stages",
    "rank_cost": [0, 1000, 3000],
    "equity": {"attributes": {"income": 5}, "max_price": 400, "min_group": 1},
    "stages": [
        {
            "name": "wishes",
            "say": "Wishes first.",
            "levels": [
                _level("placed", unplaced=1),
                _level("value", rank=1, equity=1) | {"slack": {"absolute": 1100}},
                _level("lottery", lottery=1),
            ],
        },
        {
            "name": "carbon",
            "say": "Then flows and emissions.",
            "guard": {
                "everyone": True,
                "blocks": ["south"],
                "steps": 1,
                "steps_protected": 0,
                "remote_kg": 1000,
                "keep_outward": True,
                "no_virtual": True,
            },
            "levels": [
                _level("placed", unplaced=1),
                _level("value", rank=1, equity=1, one_way=2000, carbon_per_tonne=1000),
                _level("lottery", lottery=1),
            ],
        },
    ],
}


def make_world() -> Table:
    return copy.deepcopy(WORLD)


def make_policy() -> Table:
    return copy.deepcopy(POLICY)


PRICES: Table = {"income": {"low": 100, "high": 0}}
"""Equity prices, as if an optimiser had found them."""

"""The shapes of a bundle's files: what each must hold before it is checked.

A snapshot may hold more than what is named here. Standard library only.
"""

from mobility.audit.verify.shapes import DIGEST, HEX, Each, Row

TEXT_OR_NOTHING = (str, None)
PAIR = Row((str, str))

MANIFEST = {
    "format": str,
    "round": str,
    "made_at": str,
    "recipient": str,
    "delete_by": str,
    "digests": {
        "snapshot": DIGEST,
        "instance": DIGEST,
        "policy": DIGEST,
        "result": DIGEST,
        "factor_set": DIGEST,
        "evidence": DIGEST,
    },
    "members": Each({"sha256": DIGEST, "size": int}),
}

HEAD = {"seq": int, "hash": DIGEST}
LOG = {
    "format": str,
    "start": HEAD,
    "head": HEAD,
    "entries": [
        {
            "seq": int,
            "prev": str,
            "at": str,
            "actor": str,
            "action": str,
            "subject": str,
            "commitment": str,
            "hash": str,
        }
    ],
    "payloads": [{"seq": int, "salt": HEX, "text": str}],
}

LOTTERY = [{"committer": str, "commitment": DIGEST, "secret": str}]

PLACEMENTS = [
    {
        "student": str,
        "offer": str,
        "rank": int,
        "emissions_g": int,
        "held_in": Each(str),
    }
]

LEG = {
    "role": str,
    "activity": str,
    "factor_ids": [str],
    "distance_m": int,
    "times": int,
    "share_permille": int,
    "ttw_ug_per_m": int,
    "wtt_ug_per_m": int,
    "non_co2_ug_per_m": int,
    "ttw_ug": int,
    "wtt_ug": int,
    "non_co2_ug": int,
}
JOURNEY = {
    "key": str,
    "home": str,
    "host": str,
    "mode": str,
    "total_g": int,
    "detail": {
        "mode": str,
        "feasible": bool,
        "legs": [LEG],
        "total_g": int,
        "ttw_g": int,
        "wtt_g": int,
        "non_co2_g": int,
        "access_g": int,
        "other_modes": [{"mode": str, "feasible": bool, "total_g": (int, None)}],
    },
}
FACTOR = {
    "id": str,
    "value_ug_per_m": int,
    "value": str,
    "unit": str,
    "boundary": str,
    "gwp": str,
    "region": str,
    "year": int,
    "source": str,
    "source_row_id": str,
    "flags": [str],
    "note": str,
}
STUDENT = {
    "id": str,
    "sending": str,
    "merit": int,
    "groups": Each(str),
    "number": int,
    "receipt": DIGEST,
    "salt": HEX,
    "certified": [Row((str, int))],
    "choices": [
        {
            "offer": str,
            "rank": int,
            "emissions_g": int,
            "journey": TEXT_OR_NOTHING,
            "mode": str,
        }
    ],
    "refused": [{"offer": str, "rank": int}],
    "floor_g": int,
}
SNAPSHOT = {
    "format": str,
    "round": {
        "key": str,
        "name": str,
        "academic_year": str,
        "policy": object,
        "policy_digest": DIGEST,
    },
    "carbon": {
        "factor_set": str,
        "factor_set_digest": DIGEST,
        "settings": {
            "rf_multiplier_tenths": int,
            "wtt_mode": str,
            "mode_policy": str,
            "car_occupancy_tenths": int,
        },
        "factors": [FACTOR],
    },
    "institutions": [
        {
            "hei_id": str,
            "country": str,
            "latitude_udeg": int,
            "longitude_udeg": int,
            "block": TEXT_OR_NOTHING,
            "exchange_tolerance": int,
        }
    ],
    "offers": [
        {
            "key": str,
            "receiving": str,
            "capacity": int,
            "mode": str,
            "days": int,
        }
    ],
    "quotas": [{"key": str, "capacity": int, "offers": [str], "pairs": [PAIR]}],
    "students": [STUDENT],
    "partnerships": [
        {
            "north": str,
            "south": str,
            "carried": int,
            "inbound_known": int,
            "tolerance": int,
        }
    ],
    "journeys": [JOURNEY],
    "pins": [PAIR],
    "forbidden": [PAIR],
    "commitments": [{"committer": str, "commitment": DIGEST}],
}

INSTANCE = {"seed": DIGEST, "id": str}

RESULT = {
    "status": str,
    "gap_msteps": int,
    "placements": Each(str),
    "policy": object,
    "stages": [
        {
            "name": str,
            "placements": Each(str),
            "metrics": {
                "students": int,
                "placed": int,
                "unplaced": int,
                "rank_profile": Each(int),
                "emissions_g": int,
                "one_way_excess": int,
                "south_to_north": int,
                "north_to_south": int,
            },
        }
    ],
}

FORMS: dict[str, object] = {
    "snapshot.json": SNAPSHOT,
    "instance.json": INSTANCE,
    "policy.json": {"name": str},
    "result.json": RESULT,
    "placements.json": PLACEMENTS,
    "lottery.json": LOTTERY,
    "log.json": LOG,
    "public-proof.json": {"format": str},
}
"""The shape of each member that is JSON, but for the manifest."""

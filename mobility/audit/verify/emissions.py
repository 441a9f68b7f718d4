"""Every gram again: from factors and legs to the figure that a placement carries.

Written apart from `mobility.carbon`, in integers. Lengths and vehicles of the legs are
taken as frozen. Standard library only.
"""

from collections.abc import Iterator

from mobility.audit.verify.acts import Course
from mobility.audit.verify.contents import Contents, Facts
from mobility.audit.verify.rates import COMPONENTS, UG, Rates, Row, half_up

CHOSEN_FROM = ("rail", "coach", "ferry", "air")
FIRST = {"air": "air", "threshold": "mix"}
"""The mode that a mode policy counts wherever it can be used."""
WHOLE = 1000
VIRTUAL = {"key": None, "total_g": 0, "mode": "virtual"}


def check_emissions(contents: Contents, _course: Course) -> Facts:
    """Recompute every journey; check every choice and every placement against it."""
    snapshot = contents.snapshot
    journeys = {row["key"]: row for row in snapshot["journeys"]}
    rates = Rates(snapshot["carbon"])
    for journey in journeys.values():
        yield from _journey_facts(journey, rates, snapshot["carbon"]["settings"])
    yield from _choice_facts(snapshot, journeys)
    rows = contents.values["placements.json"]
    yield from _placement_facts(snapshot, rows)
    legs = sum(len(row["detail"]["legs"]) for row in journeys.values())
    total = sum(row["emissions_g"] for row in rows)
    return f"{legs} legs of {len(journeys)} journeys; {total} g for {len(rows)} placed"


def _choice_facts(snapshot: Row, journeys: dict[str, Row]) -> Iterator[str]:
    """Yield the choices that do not have the emissions of their journey."""
    places = {row["hei_id"]: _place(row) for row in snapshot["institutions"]}
    offers = {row["key"]: row for row in snapshot["offers"]}
    for student in snapshot["students"]:
        home = places.get(student["sending"])
        for choice in student["choices"]:
            offer = offers.get(choice["offer"], {})
            made = journeys.get(f"{home}>{places.get(offer.get('receiving'))}", {})
            if offer.get("mode") == "virtual":
                made = VIRTUAL
            found = choice["journey"], choice["emissions_g"], choice["mode"]
            if found != (made.get("key"), made.get("total_g"), made.get("mode")):
                yield (
                    f"student {student['id']}, offer {choice['offer']}: the choice has"
                    f" {choice['emissions_g']} g, its journey {made.get('total_g')} g"
                )


def _place(row: Row) -> str:
    """Return the name of a university's place in the keys of journeys."""
    return f"{row['latitude_udeg']},{row['longitude_udeg']},{row['country']}"


def _placement_facts(snapshot: Row, rows: list[Row]) -> Iterator[str]:
    """Yield the placements that were not published with their choice's emissions."""
    grams = {
        (student["id"], choice["offer"]): choice["emissions_g"]
        for student in snapshot["students"]
        for choice in student["choices"]
    }
    for row in rows:
        expected = grams.get((row["student"], row["offer"]))
        if row["emissions_g"] != expected:
            yield (
                f"student {row['student']} was published with {row['emissions_g']} g,"
                f" her journey to {row['offer']} emits {expected} g"
            )


def _journey_facts(journey: Row, rates: Rates, settings: Row) -> Iterator[str]:
    name, detail = f"journey {journey['key']}", journey["detail"]
    if journey["key"] != f"{journey['home']}>{journey['host']}":
        yield f"{name}: it lies between other places"
    for number, leg in enumerate(detail["legs"], 1):
        yield from _leg_facts(leg, rates, f"{name}, leg {number}")
    exact = {part: _add(detail["legs"], part) for part in COMPONENTS}
    total = half_up(sum(exact.values()), UG)
    access = [leg for leg in detail["legs"] if leg["role"] == "access"]
    expected = {
        "total_g": total,
        "access_g": half_up(sum(_add(access, part) for part in COMPONENTS), UG),
        **_split(exact, total),
    }
    for key, value in expected.items():
        if detail[key] != value:
            yield f"{name}: {key} is {detail[key]}, its legs give {value}"
    if journey["total_g"] != total:
        yield f"{name}: it counts {journey['total_g']} g, its legs give {total} g"
    if journey["mode"] != detail["mode"] or detail["mode"] != _choose(detail, settings):
        yield f"{name}: {journey['mode']} is not the mode that the round's rule chooses"


def _leg_facts(leg: Row, rates: Rates, name: str) -> Iterator[str]:
    found = rates.find(leg["activity"])
    if found is None:
        yield f"{name}: no factor for {leg['activity']}"
        return
    rate, used = found
    if set(leg["factor_ids"]) != used:
        yield f"{name}: {leg['activity']} stands on {', '.join(sorted(used))}"
    metres = leg["distance_m"] * leg["times"] * leg["share_permille"]
    for part in COMPONENTS:
        if leg[f"{part}_ug_per_m"] != rate[part]:
            yield (
                f"{name}: {part} is {leg[f'{part}_ug_per_m']} ug per metre, the"
                f" factors give {rate[part]}"
            )
        elif leg[f"{part}_ug"] != half_up(metres * rate[part], WHOLE):
            yield f"{name}: {part} is {leg[f'{part}_ug']} ug, not rate x distance"


def _add(legs: list[Row], part: str) -> int:
    return sum(leg[f"{part}_ug"] for leg in legs)


def _split(exact: dict[str, int], total: int) -> dict[str, int]:
    """Return whole grams that add up to the total: largest remainders first."""
    order = sorted(COMPONENTS, key=lambda part: -(exact[part] % UG))
    missing = total - sum(value // UG for value in exact.values())
    return {
        f"{part}_g": exact[part] // UG + (part in order[:missing])
        for part in COMPONENTS
    }


def _choose(detail: Row, settings: Row) -> str:
    """Return the mode that the round's rule counts, by the totals of all modes."""
    totals = {
        row["mode"]: row["total_g"] for row in detail["other_modes"] if row["feasible"]
    } | {detail["mode"]: detail["total_g"]}
    first = FIRST.get(settings["mode_policy"], "")
    if first in totals:
        return first
    modes = [mode for mode in CHOSEN_FROM if totals.get(mode) is not None]
    return min(modes, key=lambda mode: totals[mode], default="")

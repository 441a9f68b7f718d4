"""One placement traced from wish to factor: stages, journey, legs, numbers' sources.

Pure; from the snapshot and the result as frozen. Micrograms are exact and add up.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from mobility.carbon.journey import COMPONENTS, UG_PER_G, to_grams
from mobility.eligibility import VIRTUAL
from mobility.errors import NotFound

JSON = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ListedPlacement:
    """A student of the frozen input in the list; offer and rank None: no place.

    `groups` are her labels by attribute, her block among them.
    """

    student: str
    home: str
    home_id: str
    block: str
    host: str | None
    host_id: str | None
    offer: str | None
    rank: int | None
    first_rank: int | None
    mode: str | None
    emissions_g: int | None
    groups: Mapping[str, str]

    def is_in(self, by: str, value: str) -> bool:
        """Say whether she travels and is in a part of a cohort: a mode, a host, ...."""
        own = {"mode": self.mode, "host": self.host_id, "home": self.home_id}
        return bool(self.mode and self.mode != VIRTUAL) and value == own.get(
            by, self.groups.get(by, "")
        )


@dataclass(frozen=True, slots=True)
class ChoiceTrace:
    """An eligible choice; `held_after` are the stages after which she held it."""

    rank: int
    offer: str
    host: str
    mode: str
    emissions_g: int
    journey: str | None
    held_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RefusedTrace:
    """A choice that the rules took off her list, and why."""

    rank: int
    offer: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LegTrace:
    """A leg as frozen; `ug` are micrograms by component, over all times."""

    number: int
    mode: str
    role: str
    origin: str
    destination: str
    distance_m: int
    distance_kind: str
    times: int
    share_permille: int
    tier: str
    note: str
    flags: tuple[str, ...]
    factor_ids: tuple[str, ...]
    rates: Mapping[str, int]
    ug: Mapping[str, int]

    @property
    def total_ug(self) -> int:
        """Add the components."""
        return sum(self.ug.values())

    @property
    def is_product(self) -> bool:
        """Say whether each component is metres x times x rate x share, rounded."""
        metres = self.distance_m * self.times * self.share_permille
        return all(
            (2 * metres * self.rates[name] + 1000) // 2000 == self.ug[name]
            for name in COMPONENTS
        )


@dataclass(frozen=True, slots=True)
class JourneyTrace:
    """A frozen return journey; grams by component add up to `total_g`."""

    home: str
    host: str
    mode: str
    grams: Mapping[str, int]
    total_g: int
    low_g: int
    high_g: int
    duration_s: int
    notes: tuple[str, ...]
    others: tuple[tuple[str, int | None, str], ...]
    legs: tuple[LegTrace, ...]

    def sum_ug(self, component: str) -> int:
        """Return the exact sum of the legs."""
        return sum(leg.ug[component] for leg in self.legs)

    @property
    def total_ug(self) -> int:
        """Return the exact sum of all legs and components."""
        return sum(leg.total_ug for leg in self.legs)

    @property
    def is_sum_of_legs(self) -> bool:
        """Say whether the total is the legs' rounded once, components within a gram."""
        return to_grams(self.total_ug) == self.total_g and all(
            abs(self.sum_ug(name) - grams * UG_PER_G) < UG_PER_G
            for name, grams in self.grams.items()
        )


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Whether the numbers of a placement agree with each other, each to the gram."""

    legs_are_products: bool
    legs_make_journey: bool
    components_make_total: bool
    journey_is_choice: bool

    @property
    def holds(self) -> bool:
        """Say whether all of it agrees."""
        return (
            self.legs_are_products
            and self.legs_make_journey
            and self.components_make_total
            and self.journey_is_choice
        )


@dataclass(frozen=True, slots=True)
class Trace:
    """All that is frozen of one student and her place."""

    student: str
    home: str
    city: str
    block: str
    receipt: str
    floor_g: int
    merit: int
    groups: Mapping[str, str]
    choices: tuple[ChoiceTrace, ...]
    refused: tuple[RefusedTrace, ...]
    stages: tuple[tuple[str, ChoiceTrace | None], ...]
    journey: JourneyTrace | None

    @property
    def final(self) -> ChoiceTrace | None:
        """Return the place she was told of."""
        return self.stages[-1][1] if self.stages else None

    @property
    def reconciliation(self) -> Reconciliation | None:
        """Return whether her place's numbers agree; None where nobody travels."""
        journey, final = self.journey, self.final
        if journey is None or final is None:
            return None
        return Reconciliation(
            legs_are_products=all(leg.is_product for leg in journey.legs),
            legs_make_journey=journey.is_sum_of_legs,
            components_make_total=sum(journey.grams.values()) == journey.total_g,
            journey_is_choice=journey.total_g == final.emissions_g,
        )


def list_placements(snapshot: JSON, result: JSON) -> tuple[ListedPlacement, ...]:
    """Return every student of the frozen input, in the order of the pseudonyms."""
    schools = {each["hei_id"]: each for each in snapshot["institutions"]}
    hosts = {each["key"]: each["receiving"] for each in snapshot["offers"]}
    stages = [stage["placements"] for stage in result["stages"]]
    first, last = (stages[0], stages[-1]) if stages else ({}, {})
    found = []
    for student in snapshot["students"]:
        name, home = student["id"], schools[student["sending"]]
        choices = {each["offer"]: each for each in student["choices"]}
        choice = choices.get(last.get(name, ""))
        held = choices.get(first.get(name, ""))
        found.append(
            ListedPlacement(
                student=name,
                home=home["name"],
                home_id=home["hei_id"],
                block=home["block"] or "",
                host_id=hosts[choice["offer"]] if choice else None,
                host=schools[hosts[choice["offer"]]]["name"] if choice else None,
                offer=choice["offer"] if choice else None,
                rank=choice["rank"] if choice else None,
                first_rank=held["rank"] if held else None,
                mode=choice["mode"] if choice else None,
                emissions_g=choice["emissions_g"] if choice else None,
                groups={"block": home["block"] or "", **student["groups"]},
            )
        )
    return tuple(found)


def to_trace(snapshot: JSON, result: JSON, student: str) -> Trace:
    """Return one student's trace.

    Raises
    ------
    NotFound
        When the snapshot has no such pseudonym.
    """
    rows = (each for each in snapshot["students"] if each["id"] == student)
    row = next(rows, None)
    if row is None:
        raise NotFound(f"there is no student {student!r} in the snapshot")
    schools = {each["hei_id"]: each for each in snapshot["institutions"]}
    hosts = {each["key"]: each["receiving"] for each in snapshot["offers"]}
    held = [(x["name"], x["placements"].get(student)) for x in result["stages"]]
    choices = tuple(
        ChoiceTrace(
            rank=each["rank"],
            offer=each["offer"],
            host=schools[hosts[each["offer"]]]["name"],
            mode=each["mode"],
            emissions_g=each["emissions_g"],
            journey=each["journey"],
            held_after=tuple(name for name, offer in held if offer == each["offer"]),
        )
        for each in row["choices"]
    )
    by_offer = {choice.offer: choice for choice in choices}
    stages = tuple((name, by_offer.get(offer or "")) for name, offer in held)
    final = stages[-1][1] if stages else None
    home = schools[row["sending"]]
    return Trace(
        student=student,
        home=home["name"],
        city=f"{home['city']}, {home['country']}",
        block=home["block"] or "",
        receipt=row["receipt"],
        floor_g=row["floor_g"],
        merit=row["merit"],
        groups=row["groups"],
        choices=choices,
        refused=tuple(
            RefusedTrace(x["rank"], x["offer"], tuple(y["text"] for y in x["reasons"]))
            for x in row["refused"]
        ),
        stages=stages,
        journey=_journey(snapshot, final.journey) if final and final.journey else None,
    )


def _journey(snapshot: JSON, key: str) -> JourneyTrace:
    row = next(each for each in snapshot["journeys"] if each["key"] == key)
    return to_journey(row["detail"], row["detail"]["other_modes"])


def to_journey(detail: JSON, others: Iterable[JSON]) -> JourneyTrace:
    """Return a journey's trace.

    Parameters
    ----------
    detail
        A feasible mode as `carbon.footprint.ModeResult.to_json` writes it.
    others
        The modes that were not taken: each with mode, total_g and reason.
    """
    low, high = detail["interval_g"]
    legs = tuple(_leg(number, leg) for number, leg in enumerate(detail["legs"], 1))
    return JourneyTrace(
        home=legs[0].origin,
        host=legs[-1].destination,
        mode=detail["mode"],
        grams={name: detail[f"{name}_g"] for name in COMPONENTS},
        total_g=detail["total_g"],
        low_g=low,
        high_g=high,
        duration_s=detail["duration_s"],
        notes=tuple(detail["notes"]),
        others=tuple(
            (each["mode"], each["total_g"], each["reason"]) for each in others
        ),
        legs=legs,
    )


def _leg(number: int, leg: JSON) -> LegTrace:
    kept = ("mode", "role", "origin", "destination", "distance_m", "distance_kind")
    more = ("times", "share_permille", "tier", "note")
    return LegTrace(
        number=number,
        **{key: leg[key] for key in (*kept, *more)},
        flags=tuple(leg["flags"]),
        factor_ids=tuple(leg["factor_ids"]),
        rates={name: leg[f"{name}_ug_per_m"] for name in COMPONENTS},
        ug={name: leg[f"{name}_ug"] for name in COMPONENTS},
    )


def find_factor(snapshot: JSON, factor: str) -> JSON:
    """Return a factor as it was frozen.

    Raises
    ------
    NotFound
        When the snapshot has no such factor.
    """
    rows = (each for each in snapshot["carbon"]["factors"] if each["id"] == factor)
    row: JSON | None = next(rows, None)
    if row is None:
        raise NotFound(f"there is no factor {factor!r} in the snapshot")
    return row

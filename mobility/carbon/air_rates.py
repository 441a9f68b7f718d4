"""What a metre of a flight costs: by bands of distance, or by a curve of fuel burnt.

A set says which model its flights follow. ``bands``: factors per kilometre by haul and
seat, the multiplier applied to CO2. ``affine``: fuel as a function of the distance,
with a part that does not depend on it (take-off, landing), after myclimate (2019).
``contrails``: factors per kilometre by distance, contrails as a number of their own.
"""

from fractions import Fraction

from mobility.carbon.factor_rules import MILLION
from mobility.carbon.factors import Factor, FactorSet, UnknownFactor
from mobility.carbon.method import Method
from mobility.carbon.rates import PHYSICAL_WTT, Rate, find_rate

SHORT_HAUL_M = 3_700_000
SHORT_HAUL_CABIN = {"premium": "economy", "first": "business"}
"""Short-haul flights have two classes."""
CONTRAIL_BANDS = (
    (1_000_000, "air.up-to-1000-km"),
    (2_000_000, "air.up-to-2000-km"),
    (5_000_000, "air.up-to-5000-km"),
)
SHORT_KM, LONG_KM = 1500, 2500
"""Where the curve of short flights ends and that of long ones begins; a straight line
joins them."""
SEATS_WITH_A_WEIGHT = ("economy", "business", "first")
NEEDED = (
    "fuel-a", "fuel-b", "fuel-c", "seats", "load", "passenger-share", "detour",
    "co2-per-fuel", "supply-per-fuel",
)  # fmt: skip


def find_band(distance_m: int, countries: tuple[str, str], method: Method) -> str:
    """Return the activity of a flight, such as ``air.short-haul.economy``.

    Parameters
    ----------
    distance_m
        Geodesic between the airports.
    countries
        Of the two airports.
    method
        Its band rule decides on flights that do not touch the United Kingdom; flights
        within it are domestic under both rules.
    """
    if countries == ("GB", "GB"):
        return "air.domestic.average"
    if method.band_rule == "desnz_strict" and "GB" not in countries:
        return f"air.international.{method.cabin}"
    if distance_m > SHORT_HAUL_M:
        return f"air.long-haul.{method.cabin}"
    return f"air.short-haul.{SHORT_HAUL_CABIN.get(method.cabin, method.cabin)}"


def find_air_rate(
    factors: FactorSet,
    method: Method,
    geodesic_m: int,
    countries: tuple[str, str],
    flown_m: int = 0,
) -> Rate:
    """Return the rate of a flight under the set's model.

    Parameters
    ----------
    factors, method
        The set and the settings.
    geodesic_m
        Between the airports, 0 or more.
    countries
        Of the two airports.
    flown_m
        What is counted of the flight, where that is longer than the geodesic.

    Raises
    ------
    UnknownFactor
        When the set has no factor for the seat or the distance.
    """
    if factors.air_model == "affine":
        return _affine_rate(factors, method, max(flown_m, geodesic_m, 1))
    if factors.air_model == "contrails":
        return find_rate(factors, method, _contrail_band(geodesic_m))
    return find_rate(factors, method, find_band(geodesic_m, countries, method))


def _contrail_band(distance_m: int) -> str:
    for limit, activity in CONTRAIL_BANDS:
        if distance_m <= limit:
            return activity
    return "air.over-5000-km"


def _affine_rate(factors: FactorSet, method: Method, distance_m: int) -> Rate:
    """Return the rate of a flight of one length, rounded to a microgram per metre.

    Between the two curves' ends CO2 and supply are interpolated in the distance.
    """
    if method.cabin not in SEATS_WITH_A_WEIGHT:
        seats = ", ".join(SEATS_WITH_A_WEIGHT)
        message = (
            f"factor set {factors.name}: no factor for {method.cabin}, but {seats}"
        )
        raise UnknownFactor(message)
    short, long = (_Curve(factors, name, method.cabin) for name in ("short", "long"))
    kilometres = Fraction(distance_m, 1000) + short.detour_km
    if kilometres <= SHORT_KM:
        co2, supply = short.grams(kilometres)
    elif kilometres >= LONG_KM:
        co2, supply = long.grams(kilometres)
    else:
        part = (kilometres - SHORT_KM) / (LONG_KM - SHORT_KM)
        ends = zip(
            short.grams(Fraction(SHORT_KM)), long.grams(Fraction(LONG_KM)), strict=True
        )
        co2, supply = (low + (high - low) * part for low, high in ends)
    ttw = _per_metre(co2, distance_m)
    wtt = _per_metre(supply, distance_m)
    if method.wtt_mode == "physical":
        share, whole = PHYSICAL_WTT
        wtt = _per_metre(co2 * share / whole, distance_m)
    non_co2 = _per_metre(co2 * (method.rf_multiplier_tenths - 10) / 10, distance_m)
    used = tuple(dict.fromkeys((*short.factors, *long.factors)))
    return Rate(f"air.affine.{method.cabin}", ttw, wtt, non_co2, used, ttw)


def _per_metre(grams: Fraction, distance_m: int) -> int:
    """Return micrograms per metre, rounded half up."""
    exact = grams * MILLION / distance_m
    return (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)


class _Curve:
    """The fuel of short or of long flights, per passenger."""

    def __init__(self, factors: FactorSet, haul: str, cabin: str) -> None:
        found = {
            name: factors.find(f"air.affine.{haul}.{name}", "parameter")
            for name in (*NEEDED, f"{cabin}-weight")
        }
        self.factors: tuple[Factor, ...] = tuple(found.values())
        value = {
            name: Fraction(factor.value_ug_per_m, MILLION)
            for name, factor in found.items()
        }
        self.detour_km = value["detour"]
        self.terms = (value["fuel-c"], value["fuel-b"], value["fuel-a"])
        filled = value["seats"] * value["load"]
        self.share = value["passenger-share"] * value[f"{cabin}-weight"] / filled
        self.co2 = value["co2-per-fuel"]
        self.supply = value["supply-per-fuel"]

    def grams(self, kilometres: Fraction) -> tuple[Fraction, Fraction]:
        """Return grams of CO2 and of supply for a flight."""
        constant, linear, square = self.terms
        fuel = constant + linear * kilometres + square * kilometres**2
        each = fuel * self.share * 1000
        return each * self.co2, each * self.supply

"""The policy ``threshold``: part of the travellers by train, the rest by air.

All by train up to 500 km, none from 2,000 km on, linear between.
"""

import dataclasses

from mobility.carbon.footprint import ModeResult, add_up, infeasible
from mobility.carbon.journey import WHOLE_SHARE, Leg
from mobility.carbon.method import Method
from mobility.carbon.rates import divide

ALL_RAIL_M, NO_RAIL_M = 500_000, 2_000_000


def rail_share_permille(geodesic_m: int) -> int:
    """Return the thousandths of travellers who take the train."""
    if geodesic_m <= ALL_RAIL_M:
        return WHOLE_SHARE
    rest = max(NO_RAIL_M - geodesic_m, 0)
    return divide(rest * WHOLE_SHARE, NO_RAIL_M - ALL_RAIL_M)


def mix(
    air: ModeResult, rail: ModeResult, geodesic_m: int, method: Method
) -> ModeResult:
    """Return the mix of two results; one mode alone where the other is infeasible."""
    if not air.feasible and not rail.feasible:
        return infeasible("mix", f"rail: {rail.reason}; air: {air.reason}")
    share = rail_share_permille(geodesic_m) if rail.feasible else 0
    share = share if air.feasible else WHOLE_SHARE
    legs = [*_shared(rail, share), *_shared(air, WHOLE_SHARE - share)]
    seconds = rail.duration_s * share + air.duration_s * (WHOLE_SHARE - share)
    note = f"{divide(share, 10)} % by train, the rest by air"
    return add_up("mix", legs, method, divide(seconds, WHOLE_SHARE), [note])


def _shared(result: ModeResult, share: int) -> list[Leg]:
    return [
        dataclasses.replace(leg, share_permille=share) for leg in result.legs if share
    ]

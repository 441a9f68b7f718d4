"""The offers of one round and the quotas over them. Constructed."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import TypeVar

from mobility.demo.dice import Dice
from mobility.demo.term import PERIOD_DAYS, SEMESTER_DAYS, Term
from mobility.demo.world import Agreement, Condition, Offer, Quota

Key = TypeVar("Key")

SPLIT_PLACES = 4
"""From so many places a year on, a condition is offered in two periods."""

ROTATION_DAYS = 28
"""Clinical rotations change every four weeks."""

HOST_PERCENT = (88, 100)
"""What a school can host at all, of its places over all agreements. Judgement."""

WARD_PERCENT = 90
"""What a ward can supervise at a time, of the places promised on it. Judgement."""

GRANT_SCHOOLS_PERCENT = 30
GRANT_PERCENT = (85, 98)
"""Some home faculties fund fewer journeys than they have places abroad. Judgement."""


def write_offers(
    agreements: Iterable[Agreement], term: Term, dice: Dice
) -> tuple[Offer, ...]:
    """Return a round's offers: every condition, in one period or in both."""
    return tuple(
        _to_offer(agreement.iia_id, condition, period, places, term)
        for agreement in agreements
        for condition in agreement.conditions
        for period, places in _split(condition, dice)
    )


def _split(condition: Condition, dice: Dice) -> list[tuple[int, int]]:
    """Return the periods of a condition with their places."""
    places = condition.mobilities_per_year
    if condition.duration_days == SEMESTER_DAYS:
        return [(0, places)]
    if places < SPLIT_PLACES:
        return [(dice.between(0, 1), places)]
    return [(0, places - places // 2), (1, places // 2)]


def _to_offer(
    iia_id: str, condition: Condition, period: int, places: int, term: Term
) -> Offer:
    starts_on = term.starts_on(period)
    number = iia_id.removeprefix("demo-")
    return Offer(
        key=f"{condition.receiving}-{number}-{'ab'[period]}",
        iia_id=iia_id,
        condition=condition.key,
        sending=condition.sending,
        receiving=condition.receiving,
        capacity=places,
        starts_on=starts_on,
        ends_on=starts_on + timedelta(days=condition.duration_days),
        mode=condition.mode,
        ounit=condition.receiving_ounit,
    )


def write_quotas(
    offers: tuple[Offer, ...], term: Term, dice: Dice
) -> tuple[Quota, ...]:
    """Return the quotas over offers: hosts, wards by rotation, home faculties."""
    on_site = [offer for offer in offers if offer.mode != "virtual"]
    quotas = [
        *_host_quotas(on_site, dice),
        *_ward_quotas(on_site, term),
        *_grant_quotas(on_site, dice),
    ]
    return tuple(quotas)


def _host_quotas(offers: list[Offer], dice: Dice) -> Iterator[Quota]:
    by_host = _group((offer.receiving, offer) for offer in offers)
    for host, members in by_host.items():
        yield _cap(f"host:{host}", "host", members, dice.between(*HOST_PERCENT))


def _grant_quotas(offers: list[Offer], dice: Dice) -> Iterator[Quota]:
    by_home = _group((offer.sending, offer) for offer in offers)
    for home, members in by_home.items():
        if dice.is_below(GRANT_SCHOOLS_PERCENT):
            percent = dice.between(*GRANT_PERCENT)
            yield _cap(f"grants:{home}", "faculty", members, percent)


def _ward_quotas(offers: list[Offer], term: Term) -> Iterator[Quota]:
    """Cap the offers of a ward that overlap in a rotation; a repeated set once."""
    rotations = list(_rotations(term))
    by_ward = _group(((offer.receiving, offer.ounit), offer) for offer in offers)
    for (host, ward), members in by_ward.items():
        seen: set[tuple[str, ...]] = set()
        for start, end in rotations:
            present = [o for o in members if o.starts_on < end and start < o.ends_on]
            keys = tuple(offer.key for offer in present)
            if len(keys) > 1 and keys not in seen:
                seen.add(keys)
                key = f"ward:{host}:{ward.replace(' ', '-')}:{start.isoformat()}"
                yield _cap(key, "ward", present, WARD_PERCENT)


def _rotations(term: Term) -> Iterator[tuple[date, date]]:
    start = term.starts_on(0)
    last = term.starts_on(0) + timedelta(days=2 * PERIOD_DAYS)
    while start < last:
        yield start, start + timedelta(days=ROTATION_DAYS)
        start += timedelta(days=ROTATION_DAYS)


def _group(pairs: Iterable[tuple[Key, Offer]]) -> dict[Key, list[Offer]]:
    members: defaultdict[Key, list[Offer]] = defaultdict(list)
    for key, offer in pairs:
        members[key].append(offer)
    return members


def _cap(key: str, kind: str, offers: list[Offer], percent: int) -> Quota:
    """Return a quota of so many percent of the places, rounded up."""
    places = sum(offer.capacity for offer in offers)
    capacity = -(-places * percent // 100)
    return Quota(key, kind, capacity, offers=tuple(offer.key for offer in offers))

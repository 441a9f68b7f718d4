"""Which countries a passenger train joins.

A table of networks (design judgement): a train goes from one country to another when
they share a network. A country may be in several; one that is in none has no trains.
"""

import functools

from mobility.carbon.assets import read_table


@functools.cache
def _networks() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in read_table("rail/rail_networks.csv"):
        found.setdefault(row["country"], set()).add(row["network"])
    return {country: frozenset(networks) for country, networks in found.items()}


def rail_refusal(home: str, host: str) -> str:
    """Return why no train joins two countries; empty when one does."""
    networks = _networks()
    without = sorted({country for country in (home, host) if country not in networks})
    if without:
        return f"no passenger railway is listed in {' and '.join(without)}"
    if not networks[home] & networks[host]:
        return f"the railways of {home} and {host} are not joined"
    return ""


def listed_countries() -> tuple[str, ...]:
    """Return the countries with trains in alphabetical order."""
    return tuple(sorted(_networks()))


def countries_joined_to(home: str, host: str) -> tuple[str, ...]:
    """Return the countries on a network that home and host share, alphabetically."""
    networks = _networks()
    shared = networks.get(home, frozenset()) & networks.get(host, frozenset())
    return tuple(sorted(code for code in networks if networks[code] & shared))

"""How evenly something is spread, how mutual flows are, how sure a share is.

Derived for reports and not certified: they have roots, logarithms or quotients of sums.
Gini; Theil's T; Atkinson with aversion 1; Jain, Chiu and Hawe 1984 (DEC-TR-301);
weighted reciprocity of Squartini, Picciolo, Ruzzenenti and Garlaschelli 2013
(Scientific Reports 3:2729); intervals of Wilson 1927 (Journal of the American
Statistical Association 22:209). Standard library alone: the service imports it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from math import exp, fsum, log, sqrt

Weights = Mapping[tuple[str, str], int]

Z_95 = 1.959963984540054


def gini(values: Sequence[int]) -> float | None:
    """Return Gini's index of numbers >= 0: 0 is even, near 1 is one takes all."""
    total, size = sum(values), len(values)
    if not total:
        return None
    weighted = sum(place * value for place, value in enumerate(sorted(values), start=1))
    return float(Fraction(2 * weighted, size * total) - Fraction(size + 1, size))


def theil(values: Sequence[int]) -> float | None:
    """Return Theil's T of numbers >= 0: 0 is even, log(n) is one takes all."""
    total, size = sum(values), len(values)
    if not total:
        return None
    shares = [value * size / total for value in values if value]
    return fsum(share * log(share) for share in shares) / size


def atkinson(values: Sequence[int]) -> float | None:
    """Return Atkinson's index with aversion 1; 1 as soon as anyone has nothing."""
    total, size = sum(values), len(values)
    if not total:
        return None
    if not all(values):
        return 1.0
    return 1 - exp(fsum(map(log, values)) / size) * size / total


def jain(values: Sequence[int]) -> float | None:
    """Return Jain's index: 1 is even, 1/n is one takes all."""
    total, size = sum(values), len(values)
    if not total:
        return None
    return total * total / (size * sum(value * value for value in values))


def reciprocity(weights: Weights) -> Fraction | None:
    """Return the part of all flow that is met by flow the other way."""
    total = sum(weights.values())
    if not total:
        return None
    met = sum(
        min(weight, weights.get((host, home), 0))
        for (home, host), weight in weights.items()
    )
    return Fraction(met, total)


def imbalance(weights: Weights) -> Fraction | None:
    """Return half the sum of |out - in| over universities, per student moved."""
    total = sum(weights.values())
    if not total:
        return None
    net: Counter[str] = Counter()
    for (home, host), weight in weights.items():
        net[home] += weight
        net[host] -= weight
    return Fraction(sum(map(abs, net.values())), 2 * total)


def wilson(count: int, size: int) -> tuple[float, float]:
    """Return Wilson's 95 % interval of a share; (0, 1) where nobody is counted."""
    if not size:
        return 0.0, 1.0
    share, square = count / size, Z_95 * Z_95
    middle = (share + square / (2 * size)) / (1 + square / size)
    spread = Z_95 * sqrt(share * (1 - share) / size + square / (4 * size * size))
    half = spread / (1 + square / size)
    return max(0.0, middle - half), min(1.0, middle + half)


def is_four_fifths(placed: int, students: int, best: tuple[int, int]) -> bool:
    """Say whether a share is at least four fifths of the best one, in integers.

    Parameters
    ----------
    placed, students
        The group's.
    best
        (placed, students) of the best placed group.
    """
    return 5 * placed * best[1] >= 4 * best[0] * students

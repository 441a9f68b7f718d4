"""What a ranking may look like, before anybody asks who may have what. Pure."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence

from mobility.sentences import tell

Ranking = Sequence[tuple[str, int]]
"""Pairs of offer key and rank; rank 1 is the first wish."""

MOST_ENTRIES = 200
"""Longest ranking that is taken; nobody weighs more offers than that. Judgement."""


def find_problems(
    ranking: Ranking, offers: Container[str], *, is_final: bool
) -> list[str]:
    """Return every rule that a ranking breaks.

    Parameters
    ----------
    offers
        Keys of the round's offers.
    is_final
        True for a ranking to be certified: it has an entry, and no rank is left out.
    """
    if len(ranking) > MOST_ENTRIES:
        return [
            tell(
                "the ranking has {count} entries, at most {most}",
                count=len(ranking),
                most=MOST_ENTRIES,
            )
        ]
    problems = list(_entry_problems(ranking, offers))
    if is_final and not problems:
        problems += _gaps(ranking)
    return problems


def _entry_problems(ranking: Ranking, offers: Container[str]) -> Iterator[str]:
    for offer, count in Counter(offer for offer, _ in ranking).items():
        if offer not in offers:
            yield tell("there is no offer {offer!r} in this round", offer=offer)
        if count > 1:
            yield tell(
                "offer {offer!r} is ranked {count} times", offer=offer, count=count
            )
    for offer, rank in ranking:
        if type(rank) is not int or rank < 1:
            yield tell(
                "offer {offer!r} has rank {rank!r}, must be a whole number from 1",
                offer=offer,
                rank=rank,
            )
    for rank, count in Counter(rank for _, rank in ranking).items():
        if count > 1:
            yield tell("rank {rank} is given {count} times", rank=rank, count=count)


def _gaps(ranking: Ranking) -> list[str]:
    if not ranking:
        return [tell("the ranking is empty; rank one offer or more")]
    given = {rank for _, rank in ranking}
    missing = [str(rank) for rank in range(1, len(given) + 1) if rank not in given]
    if not missing:
        return []
    return [tell("the ranking leaves out rank {names}", names=", ".join(missing))]


def sort_ranking(ranking: Ranking) -> list[tuple[str, int]]:
    """Return the entries in the order of their ranks, first wish first."""
    return sorted(ranking, key=lambda entry: entry[1])


def to_ranking(offers: Sequence[str]) -> Ranking:
    """Return the ranking of offers given in order, first wish first."""
    return [(offer, rank) for rank, offer in enumerate(offers, start=1)]


def describe(ranking: Ranking) -> str:
    """Return "1. a, 2. b" for a sentence."""
    entries = [f"{rank}. {offer}" for offer, rank in sort_ranking(ranking)]
    return ", ".join(entries) or "empty"

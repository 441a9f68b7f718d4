"""The receipt of a certified ranking: a salted hash that its owner can check. Pure."""

import secrets
from collections.abc import Iterable

from solver import fileio

FORMAT = "mobility-receipt/1"


def new_salt() -> str:
    """Return 16 random bytes in hexadecimal, new for each certified ranking."""
    return secrets.token_hex(16)


def to_receipt(
    round_key: str, number: int, ranking: Iterable[tuple[str, int]], salt: str
) -> str:
    """Return the receipt of a ranking, 64 hexadecimal digits: the digest of its line.

    Parameters
    ----------
    number
        1 for the student's first certified ranking in the round, then 2, 3, ...
    ranking
        Pairs of offer and rank; their order does not matter.
    """
    return fileio.to_digest(to_line(round_key, number, ranking, salt))


def to_line(
    round_key: str, number: int, ranking: Iterable[tuple[str, int]], salt: str
) -> bytes:
    """Return what a receipt is the digest of, for its owner to check it herself."""
    value = {
        "format": FORMAT,
        "round": round_key,
        "number": number,
        "ranking": sorted(list(pair) for pair in ranking),
        "salt": salt,
    }
    return fileio.to_canonical(value)

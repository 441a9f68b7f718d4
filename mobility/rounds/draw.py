"""The lottery's seed: promised as hashes, revealed after the freeze. Pure.

Whoever promises a secret before the freeze cannot know what it will do, because the
instance's digest (with its random pseudonyms) goes into the seed; whoever freezes
cannot know the secrets.
"""

import hashlib
import secrets
from collections.abc import Iterable
from typing import Any

from mobility.rounds.translate import to_instance
from solver import fileio

VERSION = "mobility-lottery/1"


def new_secret() -> str:
    """Return 32 random bytes in hexadecimal."""
    return secrets.token_hex(32)


def to_commitment(secret: str) -> str:
    """Return the hash by which a secret is promised, 64 hexadecimal digits."""
    return hashlib.sha256(f"{VERSION}\n{secret}".encode()).hexdigest()


def to_seed(
    snapshot: dict[str, Any], policy_digest: str, reveals: Iterable[str]
) -> str:
    """Return the seed of a policy's run on a snapshot, 64 hexadecimal digits.

    Parameters
    ----------
    reveals
        Every committer's secret; their order does not matter.
    """
    instance = to_instance(snapshot)
    del instance["seed"]
    digest = fileio.to_digest(fileio.to_canonical(instance))
    parts = [VERSION, digest, policy_digest, *sorted(reveals)]
    return fileio.to_digest(fileio.to_canonical(parts))

"""Passwords: what is asked of them, and the argon2id hash that is kept."""

import functools
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from mobility.errors import InvalidInput
from mobility.sentences import tell

SHORTEST = 12
LONGEST = 256
"""Characters. Length is all that is asked: rules of composition make worse ones."""

HASHER = PasswordHasher()
"""RFC 9106's second recommendation: argon2id, 64 MiB, 3 passes."""


def to_password_hash(password: str, *, email: str) -> str:
    """Return what is kept of a new password. Takes 50 ms: call it in no transaction.

    Raises
    ------
    InvalidInput
        When it is too short, too long, or the person's own e-mail address.
    """
    text = _composed(password)
    problems = []
    if len(text) < SHORTEST:
        problems.append(
            tell(
                "the password has {count} characters, must have {shortest} "
                "or more; a few words in a row are easy to remember",
                count=len(text),
                shortest=SHORTEST,
            )
        )
    if len(text) > LONGEST:
        problems.append(
            tell(
                "the password is too long, may have {longest} characters",
                longest=LONGEST,
            )
        )
    if text.casefold() == email.casefold():
        problems.append(tell("the password is the e-mail address, must be another"))
    if len({*text}) == 1:
        problems.append(tell("the password is one character again and again"))
    if problems:
        raise InvalidInput(problems)
    return HASHER.hash(text)


def is_password(password_hash: str | None, password: str) -> bool:
    """Say whether a password is the one that a hash was made of.

    Without a hash it takes as long and says no, so that an answer's time does not tell
    whether an account exists.
    """
    try:
        HASHER.verify(password_hash or _nobody(), _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return bool(password_hash)


@functools.cache
def _nobody() -> str:
    return HASHER.hash("the password of nobody")


def _composed(password: str) -> str:
    """Return a password as every keyboard writes it (NIST SP 800-63B, 5.1.1.2)."""
    return unicodedata.normalize("NFKC", password)

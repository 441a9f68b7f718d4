"""Passwords: long ones, whatever they are made of."""

import unicodedata

import pytest

from mobility.errors import InvalidInput
from mobility.records.passwords import LONGEST, is_password, to_password_hash

pytestmark = pytest.mark.slow  # hashes passwords at full cost

GOOD = "correct horse battery staple"


def test_a_password_is_kept_as_argon2id_and_known_again() -> None:
    kept = to_password_hash(GOOD, email="alice@example.org")
    assert kept.startswith("$argon2id$")
    assert GOOD not in kept
    assert is_password(kept, GOOD)
    assert not is_password(kept, GOOD + " ")


@pytest.mark.parametrize("kept", [None, "", "not a hash"])
def test_without_a_hash_no_password_is_right(kept: str | None) -> None:
    assert not is_password(kept, GOOD)
    assert not is_password(kept, "the password of nobody")


def test_two_keyboards_write_the_same_password() -> None:
    word = "caf\u00e9 au lait, s'il vous pla\u00eet"
    kept = to_password_hash(unicodedata.normalize("NFC", word), email="")
    assert is_password(kept, unicodedata.normalize("NFD", word))


@pytest.mark.parametrize("word", ["passwordpassword", "123456789012", "طريق طويل جدا"])
def test_composition_is_nobody_s_business(word: str) -> None:
    assert to_password_hash(word, email="alice@example.org")


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("eleven char", "has 11 characters, must have 12 or more"),
        ("x" * (LONGEST + 1), "is too long"),
        ("Alice@Example.org", "is the e-mail address"),
        ("a" * 12, "one character again and again"),
    ],
)
def test_a_password_that_will_not_do_is_refused(word: str, sentence: str) -> None:
    with pytest.raises(InvalidInput, match=sentence):
        to_password_hash(word, email="alice@example.org")

"""The lottery: every choice's two numbers, drawn from the seed by anybody alike.

Mechanisms that take students in an order draw one number per student instead.
"""

import hashlib
import json.encoder

import numpy as np

from solver.arrays import Arrays, Integers
from solver.instance import Instance

RANGE = 2**20
"""Each number lies in 0 ... RANGE - 1."""


def draw_numbers(arrays: Arrays) -> tuple[Integers, Integers]:
    """Return the two lottery numbers of every choice.

    They are bytes 0-7 and 8-15, big-endian, modulo 2^20, of the SHA-256 of the
    canonical JSON list [seed, instance id, student, offer].
    """
    if arrays.drawn:
        return arrays.drawn
    instance = arrays.instance
    head = f"[{_quote(instance.seed)},{_quote(instance.id)},".encode()
    students = [_quote(student.id).encode() + b"," for student in instance.students]
    offers = [_quote(offer.id).encode() + b"]" for offer in instance.offers]
    pairs = zip(arrays.student.tolist(), arrays.offer.tolist(), strict=True)
    digests = b"".join(
        hashlib.sha256(head + students[s] + offers[o]).digest() for s, o in pairs
    )
    words = np.frombuffer(digests, dtype=">u8").reshape(-1, 4)
    first, second = (words[:, k] % RANGE for k in (0, 1))
    return first.astype(np.int64), second.astype(np.int64)


def draw_students(instance: Instance) -> list[bytes]:
    """Return a number of 256 bits, big-endian, for every student; the least is first.

    It is the SHA-256 of the canonical JSON list [seed, instance id, student]: three
    texts, so that no draw of a choice, which hashes four, is one of a student.
    """
    head = f"[{_quote(instance.seed)},{_quote(instance.id)},".encode()
    return [
        hashlib.sha256(head + _quote(student.id).encode() + b"]").digest()
        for student in instance.students
    ]


def _quote(text: str) -> str:
    return json.encoder.encode_basestring(text)  # as dumps, at a third of its time

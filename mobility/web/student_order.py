"""What a press on the ranking's form does to the list. Pure, but for its sentences."""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

UP, DOWN, REMOVE, ADD, SAVE = "up", "down", "remove", "add", "save"
LONGEST_NUMBER = 6

Order = tuple[str, ...]


def renumber(
    offers: Sequence[str], numbers: Sequence[str]
) -> tuple[Order, Mapping[int, str]]:
    """Return the list in the order of its number fields, and what is wrong with them.

    A field whose number was changed moves its offer there, and the others close up
    around it, as a person means it who types 1 beside her fourth wish.

    Parameters
    ----------
    numbers
        What stands in the fields, in the order of `offers`; a missing one is unchanged.

    Returns
    -------
    tuple
        The list, unchanged if a field is wrong; sentences by the field's index.
    """
    wanted: dict[int, int] = {}
    problems: dict[int, str] = {}
    for index, text in enumerate(numbers[: len(offers)]):
        number = _read_number(text)
        if number is None or not 1 <= number <= len(offers):
            problems[index] = _out_of_range(len(offers))
        elif number in wanted.values():
            problems[index] = _(
                "Number %(number)s is given twice; give each number once.",
                number=number,
            )
        elif number != index + 1:
            wanted[index] = number
    if problems:
        return tuple(offers), problems
    return _place(offers, wanted), {}


def _out_of_range(count: int) -> str:
    return str(
        ngettext(
            "Write 1: there is one offer on your list.",
            "Write a whole number from 1 to %(num)s.",
            count,
        )
    )


def _read_number(text: str) -> int | None:
    plain = text.strip()
    is_number = plain.isascii() and plain.isdigit() and len(plain) <= LONGEST_NUMBER
    return int(plain) if is_number else None


def _place(offers: Sequence[str], wanted: Mapping[int, int]) -> Order:
    """Put the moved offers where they are wanted; the rest keep their order."""
    placed = {number: offers[index] for index, number in wanted.items()}
    rest = (offer for index, offer in enumerate(offers) if index not in wanted)
    return tuple(
        placed[number] if number in placed else next(rest)
        for number in range(1, len(offers) + 1)
    )


def act_on(offers: Order, act: str) -> Order:
    """Return the list after a button: "up:KEY", "down:KEY", "remove:KEY", "add:KEY".

    A button of an offer that has gone meanwhile, and an unknown one, change nothing.
    """
    verb, _colon, key = act.partition(":")
    if verb == ADD:
        return offers if key in offers else (*offers, key)
    if key not in offers:
        return offers
    index = offers.index(key)
    rest = (*offers[:index], *offers[index + 1 :])
    if verb == REMOVE:
        return rest
    to = {UP: max(index - 1, 0), DOWN: min(index + 1, len(rest))}.get(verb, index)
    return (*rest[:to], key, *rest[to:])

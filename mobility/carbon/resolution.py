"""Many typed places at once: those that are clear, and two lists for a coordinator.

Nothing on a list is guessed; a round cannot be frozen while one is not empty.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from mobility.carbon.place import InvalidPlace, Place
from mobility.carbon.places import parse_place


@dataclass(frozen=True, slots=True)
class OpenPlace:
    """A text that is no place yet: why, and what may be written instead."""

    entered: str
    problem: str
    proposals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    """The places of texts, by text; and what a person must decide.

    `ambiguous` are texts that fit several places far apart, `unresolved` those that fit
    none. All in the order of the texts, each text once.
    """

    places: dict[str, Place]
    ambiguous: tuple[OpenPlace, ...]
    unresolved: tuple[OpenPlace, ...]

    @property
    def is_complete(self) -> bool:
        """Tell whether every text is a place."""
        return not self.ambiguous and not self.unresolved


def resolve_places(
    texts: Iterable[str], find: Callable[[str], Place] = parse_place
) -> Resolution:
    """Return the places of texts, and the lists of those that are not clear.

    Parameters
    ----------
    texts
        As `parse_place` takes them; a text may appear several times.
    find
        What finds one place, or refuses it with `InvalidPlace`.
    """
    places: dict[str, Place] = {}
    ambiguous: list[OpenPlace] = []
    unresolved: list[OpenPlace] = []
    for text in dict.fromkeys(texts):
        try:
            places[text] = find(text)
        except InvalidPlace as refusal:
            target = ambiguous if refusal.is_ambiguous else unresolved
            target.append(OpenPlace(text, str(refusal), refusal.proposals))
    return Resolution(places, tuple(ambiguous), tuple(unresolved))

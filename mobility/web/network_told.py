"""What students will be told when a run is published: counts and examples."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask_babel import gettext as _

from mobility.reading.figures import read_stored_run
from mobility.reporting.memory import Memory
from mobility.rounds.outcome import Outcome, read_outcomes
from mobility.web.languages import choose
from mobility.web.present import told_text
from mobility.web.units import Unit


@dataclass(frozen=True, slots=True)
class Preview:
    """What will be told.

    Parameters
    ----------
    placed, unplaced
        Students who are told their place, and who are told that they have none.
    examples
        Pairs of what kind of student, and the sentence she reads; without names.
    """

    placed: int
    unplaced: int
    examples: tuple[tuple[str, str], ...]


_previews: Memory[Preview] = Memory(16)


def preview_of(unit: Unit, run: int, digest: str) -> Preview:
    """Return what the students of a verified run will be told."""

    def make() -> Preview:
        stored = read_stored_run(unit, run)
        return _to_preview(list(read_outcomes(stored.snapshot, stored.result)))

    return _previews.get((run, digest, choose()), make)


def _to_preview(outcomes: list[Outcome]) -> Preview:
    counts = Counter(outcome.offer is not None for outcome in outcomes)
    found = (
        (label, _first(outcomes, is_such))
        for label, is_such in (
            (_("at her first choice"), lambda each: each.rank == 1),
            (_("at a lower choice"), lambda e: e.rank > 1 and not _was_moved(e)),
            (_("moved by a later stage"), _was_moved),
            (_("without a place"), lambda each: each.offer is None),
        )
    )
    return Preview(
        placed=counts[True],
        unplaced=counts[False],
        examples=tuple((label, text) for label, text in found if text),
    )


def _first(outcomes: Iterable[Outcome], is_such: Callable[[Outcome], bool]) -> str:
    reasons = (told_text(each.reason) for each in outcomes if is_such(each))
    return next(reasons, "")


def _was_moved(outcome: Outcome) -> bool:
    return outcome.offer is not None and len(set(outcome.held_in.values())) > 1

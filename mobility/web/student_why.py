"""Why a student has her place, in her language where that can be told."""

from mobility.reading.student_results import ResultView
from mobility.rounds.reasons import Choices, Held, explain
from mobility.web.present import told_text
from mobility.web.student_pages import Page


def reason_of(page: Page, view: ResultView) -> tuple[str, bool]:
    """Return her reason, and whether it is in the language of the page.

    What she was told is kept as English text. It is made again from her place and her
    list; where that gives the same words, they are translated, and where offers have
    changed since and it does not, what she was told stands.
    """
    certified, place = page.round.certified, page.round.place
    wishes = certified.offers if certified else ()
    by_key = page.offers.by_key
    is_open = [key for key in wishes if key in by_key and not by_key[key].reasons]
    held_in = place.held_in if place else {}
    held = [Held(stage.name, held_in.get(stage.name)) for stage in view.policy.stages]
    if not held or not {*held_in.values()} <= {*is_open}:
        return view.reason, False
    choices = Choices(
        rank_by_offer={key: rank for rank, key in enumerate(is_open, start=1)},
        name_by_offer={key: by_key[key].host for key in is_open},
        wish_by_offer={key: rank for rank, key in enumerate(wishes, start=1)},
    )
    again = explain(held, choices, view.policy.value)
    is_same = again == view.reason
    return (told_text(again), True) if is_same else (view.reason, False)

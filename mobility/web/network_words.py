"""Words of a round's life on pages: states, acts, settings."""

import re

from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from mobility.reading.network import MoveRow
from mobility.reading.rounds import RunRow

STATES = {
    "draft": _("draft"),
    "open": _("open"),
    "closed": _("closed"),
    "frozen": _("frozen"),
    "published": _("published"),
    "settled": _("settled"),
    "archived": _("archived"),
}

STATE_KINDS = {"open": "done", "closed": "warning", "frozen": "warning"}
"""Kinds of badges; the others are plain."""

RUN_STATES = {
    "queued": _("waiting"),
    "running": _("being solved"),
    "done": _("solved"),
    "failed": _("failed"),
    "cancelled": _("cancelled"),
}

ACTS = {
    "round:create": _("Round made"),
    "round:open": _("Opened"),
    "round:close": _("Closed"),
    "round:reopen": _("Opened again"),
    "round:freeze": _("Frozen"),
    "round:unfreeze": _("Freeze taken back"),
    "round:publish": _("Published"),
    "round:settle": _("Settled"),
    "round:archive": _("Archived"),
    "round:change": _("Deadline changed"),
    "policy:declare": _("Policy declared"),
    "lottery:commit": _("Lottery: commitment"),
    "lottery:reveal": _("Lottery: secret revealed"),
    "lottery:withdraw": _("Lottery: commitment dropped"),
    "run:queue": _("Run queued"),
    "run:cancel": _("Run cancelled"),
    "run:start": _("Run begun"),
    "run:finish": _("Run ended"),
    "run:abort": _("Run given up"),
    "offer:keep": _("Offers changed"),
    "offer:suspend": _("Offer suspended"),
}

SAID = (
    "committer",
    "policy",
    "run",
    "deadline",
    "answers_until",
    "copied_from",
    "offers",
    "placed",
    "expired",
)
"""Keys of an act's detail that its line shows, in this order."""

SAID_WORDS = {
    "committer": _("by"),
    "policy": _("policy"),
    "run": _("run"),
    "deadline": _("deadline"),
    "answers_until": _("answers until"),
    "expired": _("expired"),
    "copied_from": _("copied from"),
    "offers": _("offers"),
    "placed": _("placed"),
}

CARBON_WORDS: dict[str, list[tuple[str, LazyString]]] = {
    "rf_multiplier_tenths": [
        ("10", _("none counted")),
        ("17", _("1.7 times the CO₂, the usual factor")),
        ("30", _("3 times the CO₂, a high estimate")),
    ],
    "mode_policy": [
        (
            "least-emission-feasible",
            _("the one with the least emissions that is feasible"),
        ),
        ("threshold", _("by distance: by land when it is near, else by air")),
        ("air", _("always by air")),
    ],
    "cabin": [
        ("economy", _("economy")),
        ("premium", _("premium economy")),
        ("business", _("business")),
        ("first", _("first")),
        ("average", _("the average passenger's")),
    ],
}

CARBON_NAMES = {
    "rf_multiplier_tenths": _("Climate effect of flights beside CO₂"),
    "mode_policy": _("Which way of travelling counts"),
    "cabin": _("Seat on flights"),
    "rail_cap_h": _("Longest journey by rail, hours"),
    "coach_cap_h": _("Longest journey by coach or car, hours"),
    "wtt_mode": _("Emissions of making fuel"),
    "band_rule": _("Bands of distance of flights"),
    "car_occupancy_tenths": _("People in a car, tenths"),
}

DIGEST_LENGTH = 64
INSTANT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ")


def state_name(state: str) -> str:
    """Return what a round's state is called."""
    return str(STATES.get(state, state))


def state_kind(state: str) -> str:
    """Return the kind of badge of a round's state."""
    return STATE_KINDS.get(state, "note")


def run_state(run: RunRow) -> tuple[str, str]:
    """Return what a run's state is called, and the kind of its badge."""
    if run.state == "done":
        if run.verdict != "verified":
            return str(_("refused by the verifier")), "danger"
        if run.status == "optimal":
            return str(_("verified, optimal")), "done"
        if run.status == "mechanism":
            return str(_("verified, optimises nothing")), "note"
        return str(_("verified, with a gap")), "warning"
    kind = {"failed": "danger", "running": "warning"}.get(run.state, "note")
    return str(RUN_STATES.get(run.state, run.state)), kind


def act_name(move: MoveRow) -> str:
    """Return what an act is called."""
    return str(ACTS.get(move.action, move.action))


def act_detail(move: MoveRow) -> str:
    """Return what an act was about, in short."""
    found = []
    for key in SAID:
        value = move.detail.get(key)
        is_digest = isinstance(value, str) and len(value) == DIGEST_LENGTH
        if value is not None and not is_digest:
            found.append(f"{SAID_WORDS[key]} {_plain(value)}")
    return ", ".join(found)


def _plain(value: object) -> str:
    """Return a detail as people write it: an instant without its letters."""
    text = str(value)
    return INSTANT.sub(r"\1 \2 UTC", text)


def carbon_facts(settings: dict[str, int | str]) -> list[tuple[str, str]]:
    """Return carbon settings as pairs of a name and a value in words."""
    return [(_name(key), _value(key, value)) for key, value in settings.items()]


def _name(key: str) -> str:
    return str(CARBON_NAMES.get(key, key))


def _value(key: str, value: int | str) -> str:
    words = {choice: str(word) for choice, word in CARBON_WORDS.get(key, [])}
    return words.get(str(value), str(value))

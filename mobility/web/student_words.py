"""What a student reads: reasons, ways of travelling, languages, in plain words.

Eligibility speaks of offers by key and of "the student"; here it speaks to her.
"""

from datetime import datetime, timedelta

import flask_babel
from babel.dates import format_interval
from flask import Blueprint
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext

from mobility.clock import now
from mobility.eligibility import Applicant, LanguageNeed, Terms
from mobility.reading.student_offers import OffersView, OfferView
from mobility.reading.student_rounds import StudentRound
from mobility.web.present import dates_locale

TRAVEL = {
    "air": lazy_gettext("Plane"),
    "rail": lazy_gettext("Train"),
    "coach": lazy_gettext("Coach"),
    "bus": lazy_gettext("Bus"),
    "car": lazy_gettext("Car"),
    "ferry": lazy_gettext("Ferry"),
    "mix": lazy_gettext("Train and plane, mixed"),
}
STAYS = {
    "physical": lazy_gettext("On site"),
    "blended": lazy_gettext("Partly online"),
    "virtual": lazy_gettext("Online"),
}
KINDS = {
    "SMS": lazy_gettext("Studies"),
    "SMT": lazy_gettext("Clinical elective"),
}
BLOCKS = {
    "south": lazy_gettext("Global South"),
    "north": lazy_gettext("Global North"),
}
ANSWERS = {
    "accept": lazy_gettext("Accepted"),
    "wait": lazy_gettext("Accepted, waiting for a better place"),
    "decline": lazy_gettext("Declined"),
}
TABLES = {
    "travel": TRAVEL,
    "stay": STAYS,
    "kind": KINDS,
    "block": BLOCKS,
    "answer": ANSWERS,
}


def init_words(blueprint: Blueprint) -> None:
    """Make the words known to templates."""
    for each in (country, language, need, duration, time_left):
        blueprint.add_app_template_filter(each)
    blueprint.add_app_template_filter(kilometres_of, "km_of")
    blueprint.add_app_template_global(word)
    blueprint.add_app_template_global(reasons)
    blueprint.add_app_template_global(weeks)
    blueprint.add_app_template_global(period)
    blueprint.add_app_template_global(deadline_has_passed)


def word(table: str, value: str | None) -> str:
    """Return how a coded value is called; an unknown one is itself."""
    return str(TABLES[table].get(value or "", value or ""))


def country(code: str) -> str:
    """Return a country's name in the reader's language."""
    locale = flask_babel.get_locale()
    return str(locale.territories.get(code, code)) if locale else code


def language(code: str) -> str:
    """Return a language's name in the reader's language."""
    locale = flask_babel.get_locale()
    name = str(locale.languages.get(code, code)) if locale else code
    return name[:1].upper() + name[1:]


def need(asked: LanguageNeed) -> str:
    """Return a language that a host asks for: "English B2"."""
    name = language(asked.language)
    return f"{name} {asked.cefr}" if asked.cefr else name


def weeks(number: int) -> str:
    """Return the length of a stay: "8 weeks"."""
    return str(ngettext("%(num)s week", "%(num)s weeks", number))


def period(offer: OfferView) -> str:
    """Return the first and the last day of a stay: "30 Aug to 25 Oct 2027"."""
    first, last = offer.starts_on, offer.ends_on
    return str(format_interval(first, last, "yMMMd", locale=dates_locale()))


def duration(seconds: int) -> str:
    """Return a length of travelling to the nearest hour."""
    hours = max(1, (seconds + 1800) // 3600)
    return str(ngettext("%(num)s hour", "%(num)s hours", hours))


def kilometres_of(metres: int) -> int:
    """Return whole kilometres, rounded half up."""
    return (metres + 500) // 1000


def time_left(deadline: datetime) -> str:
    """Return how long it is until an instant: "30 days"."""
    left = max(deadline - now(), timedelta(minutes=1))
    return str(flask_babel.format_timedelta(left, threshold=1.5))


def deadline_has_passed(a_round: StudentRound) -> bool:
    """Say whether the deadline is over, whatever the office has closed."""
    return now() >= a_round.deadline_at


def reasons(offer: OfferView, offers: OffersView) -> list[str]:
    """Return why an offer is not open to the student, a sentence for each rule."""
    codes = dict.fromkeys(finding.code for finding in offer.reasons)
    return [_reason(code, offer.terms, offers.applicant) for code in codes]


def _reason(code: str, terms: Terms, herself: Applicant) -> str:
    if code == "language":
        return _language_reason(terms, herself)
    levels = ", ".join(map(str, terms.eqf_levels))
    fields = ", ".join(terms.isced_f_codes)
    texts = {
        "own_university": _("It is at your own university, and not online."),
        "offer_suspended": _("The places are held back for now."),
        "agreement_not_active": _(
            "The agreement between the two universities is not in force."
        ),
        "academic_year": _("The agreement is not for the academic year of this round."),
        "field_unknown": _(
            "It is for certain fields of study (%(fields)s), and yours is not "
            "recorded. Ask your office to record it.",
            fields=fields,
        ),
        "field": _(
            "It is for other fields of study (%(fields)s); yours is %(own)s.",
            fields=fields,
            own=herself.isced_f_code,
        ),
        "level_unknown": _(
            "It is for students of certain levels (EQF %(levels)s), and yours is not "
            "recorded. Ask your office to record it.",
            levels=levels,
        ),
        "level": _(
            "It is for students of other levels (EQF %(levels)s); yours is %(own)s.",
            levels=levels,
            own=herself.eqf_level,
        ),
        "forbidden": _(
            "Your university has decided that you cannot have this place in this "
            "round. Ask your office why."
        ),
    }
    return str(texts.get(code, _("The agreement does not allow it.")))


def _language_reason(terms: Terms, herself: Applicant) -> str:
    asked = [need(each) for each in terms.languages if each.is_required]
    has = [f"{language(code)} {level}" for code, level in herself.languages]
    return str(
        _(
            "The host asks for %(asked)s; recorded for you: %(has)s.",
            asked=" + ".join(asked),
            has=", ".join(has) or _("no language"),
        )
    )

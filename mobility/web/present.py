"""Numbers, weights, distances, instants and the domain's sentences for a reader."""

import string
from datetime import UTC, date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import flask_babel
from babel.dates import format_date
from flask import Flask
from flask_babel import gettext as _
from markupsafe import Markup, escape

from mobility.sentences import Moment, Sentence

NOTHING = "\N{EN DASH}"
"""What stands where nothing is known."""


def init_present(app: Flask) -> None:
    """Make the filters known to templates."""
    filters = (number, percent, tonnes, kilograms, kilometres, day, days, instant)
    for each in (*filters, moment, code, told, policy_words):
        app.add_template_filter(each)


class _Words(string.Formatter):
    """Fills a sentence's template with values as the reader's language has them."""

    def format_field(self, value: object, format_spec: str) -> str:
        """Return a value in words; what has a format of its own keeps it."""
        if format_spec or isinstance(value, bool):
            return str(super().format_field(value, format_spec))
        return _value(value)


_words = _Words()


def told(value: object) -> object:
    """Return a sentence of the domain in the reader's language, all else as it is.

    Templates print everything through this, so a sentence needs no filter there.
    """
    return told_text(value) if isinstance(value, Sentence) else value


def told_text(text: str) -> str:
    """Return a text for the reader: translated where it is a sentence of the domain."""
    if not isinstance(text, Sentence):
        return text
    template = text.template
    if text.plural:
        words = flask_babel.get_domain().get_translations()
        template = words.ungettext(template, text.plural, text.number)
    else:
        template = flask_babel.gettext(template)
    return _words.vformat(template, (), text.values)


def policy_words(text: str) -> str:
    """Return what a policy says; a preset's words are translated, an office's stay."""
    return str(flask_babel.gettext(text)) if text else ""


def _value(value: object) -> str:
    if isinstance(value, Sentence):
        return told_text(value)
    if isinstance(value, StrEnum):
        return str(flask_babel.gettext(value.value))
    if isinstance(value, Moment):
        local, utc = (_in_zone(value.instant, zone) for zone in (value.zone, "UTC"))
        return str(_("%(local)s (%(utc)s)", local=local, utc=utc))
    if isinstance(value, int):
        return number(value)
    return day(value) if isinstance(value, date) else str(value)


def number(value: int | None) -> str:
    """Return a whole number with the language's grouping; nothing known is a dash."""
    return NOTHING if value is None else str(flask_babel.format_decimal(value))


def percent(part: int, whole: int) -> str:
    """Return a share to a whole percent; of nothing it is a dash."""
    return NOTHING if whole == 0 else str(flask_babel.format_percent(part / whole))


def tonnes(grams: int | None, digits: int = 0) -> str:
    """Return grams as tonnes with their unit: "1,798 t"."""
    return _scaled(grams, 1_000_000, digits, _("%(number)s t", number="{}"))


def kilograms(grams: int | None, digits: int = 0) -> str:
    """Return grams as kilograms with their unit: "1,204 kg"."""
    return _scaled(grams, 1_000, digits, _("%(number)s kg", number="{}"))


def kilometres(km: int | None) -> str:
    """Return a distance with its unit: "6,870 km"."""
    return _scaled(km, 1, 0, _("%(number)s km", number="{}"))


def _scaled(value: int | None, unit: int, digits: int, pattern: str) -> str:
    if value is None:
        return NOTHING
    # Babel rounds half to even on decimals; the number is exact to the digit shown
    shape = "#,##0" + ("." + "0" * digits if digits else "")
    return pattern.replace("{}", str(flask_babel.format_decimal(value / unit, shape)))


def day(value: date | None) -> str:
    """Return a date: "14 Jan 2027"."""
    if value is None:
        return NOTHING
    return str(format_date(value, "medium", locale=dates_locale()))


def dates_locale() -> str:
    """Return whose way of writing dates is used; English ones put the day first."""
    language = str(flask_babel.get_locale() or "en")
    return "en_GB" if language == "en" else language


def days(value: int) -> str:
    """Return a length of time: "28 days"."""
    return str(flask_babel.ngettext("%(num)s day", "%(num)s days", value))


def instant(value: datetime | None) -> Markup:
    """Return an instant in UTC, marked up for machines."""
    return moment(value, "UTC")


def moment(value: datetime | None, zone: str) -> Markup:
    """Return an instant in a zone and, unless that is UTC, in UTC as well.

    Parameters
    ----------
    zone
        IANA name: "Africa/Nairobi".
    """
    if value is None:
        return escape(NOTHING)
    text = _in_zone(value, zone)
    if zone != "UTC":
        text = _("%(local)s (%(utc)s)", local=text, utc=_in_zone(value, "UTC"))
    machine = value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return Markup('<time datetime="{}">{}</time>').format(machine, text)


def _in_zone(value: datetime, zone: str) -> str:
    local = value.astimezone(ZoneInfo(zone))
    text = flask_babel.format_datetime(local, "d MMM y, HH:mm", rebase=False)
    return str(_("%(time)s, %(zone)s", time=text, zone=zone.replace("_", " ")))


def code(value: str | None, length: int = 12) -> Markup:
    """Return the beginning of a digest; the whole stands in its title."""
    if not value:
        return escape(NOTHING)
    return Markup('<code title="{}">{}</code>').format(value, value[:length])

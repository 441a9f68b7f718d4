"""Languages of the pages. A reader chooses one; the cookie keeps it."""

from dataclasses import dataclass

from flask import Flask, request, session
from flask_babel import Babel, get_locale


@dataclass(frozen=True, slots=True)
class Language:
    """A language that may be chosen.

    Parameters
    ----------
    name
        In the language itself.
    is_complete
        Every sentence is translated; only then a browser's wish alone chooses it.
    """

    code: str
    name: str
    is_complete: bool = False


LANGUAGES = (
    Language("en", "English", is_complete=True),
    Language("fr", "Français"),
    Language("es", "Español"),
    Language("pt", "Português"),
    Language("ar", "العربية"),
)
CODES = tuple(language.code for language in LANGUAGES)
COMPLETE = tuple(language.code for language in LANGUAGES if language.is_complete)


def init_languages(app: Flask) -> None:
    """Have pages speak the reader's language."""
    Babel(app, locale_selector=choose, default_locale="en")
    app.add_template_global(direction)
    app.jinja_env.globals["LANGUAGES"] = LANGUAGES
    app.add_template_global(choose, "language_code")


def choose() -> str:
    """Return the code of the language that was chosen, else that the browser wishes."""
    chosen = session.get("language")
    if chosen in CODES:
        return str(chosen)
    return request.accept_languages.best_match(COMPLETE) or COMPLETE[0]


def direction() -> str:
    """Return how the language is written: `rtl` or `ltr`."""
    locale = get_locale()
    return str(locale.text_direction) if locale else "ltr"

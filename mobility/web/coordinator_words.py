"""What codes are called on the office's pages."""

from flask_babel import gettext as _

from mobility.web.present import NOTHING


def _named(names: dict[str, str], code: str | None) -> str:
    return str(names.get(code or "", code or NOTHING))


def block(code: str | None) -> str:
    """Return the name of a block; without one it says so."""
    names = {"north": _("North"), "south": _("South"), "": _("no block yet")}
    return _named(names, code)


def round_state(code: str) -> str:
    """Return the name of a round's state."""
    names = {
        "draft": _("draft"),
        "open": _("open"),
        "closed": _("closed"),
        "frozen": _("frozen"),
        "published": _("published"),
        "settled": _("settled"),
        "archived": _("archived"),
    }
    return _named(names, code)


def round_next(code: str) -> str:
    """Return what a round's state means for the office."""
    names = {
        "draft": _("Offers are drawn and checked."),
        "open": _("Students rank and certify."),
        "closed": _("Problems are mended, then it is frozen."),
        "frozen": _("Places are computed; nothing of it changes."),
        "published": _("Students answer."),
        "settled": _("Arrivals are counted in the balance."),
        "archived": _("Kept for the record."),
    }
    return _named(names, code)


def agreement_state(code: str) -> str:
    """Return the name of an agreement's state."""
    names = {
        "draft": _("draft"),
        "active": _("in force"),
        "terminated": _("ended"),
    }
    return _named(names, code)


def kind(code: str) -> str:
    """Return the name of a kind of mobility."""
    names = {"SMS": _("studies (SMS)"), "SMT": _("traineeship (SMT)")}
    return _named(names, code)


def mode(code: str) -> str:
    """Return how a student takes part."""
    names = {
        "physical": _("in person"),
        "blended": _("blended"),
        "virtual": _("virtual"),
    }
    return _named(names, code)


def quota_kind(code: str) -> str:
    """Return why a quota binds."""
    names = {
        "host": _("host"),
        "faculty": _("faculty"),
        "level": _("level of study"),
        "ward": _("ward"),
        "other": _("other"),
    }
    return _named(names, code)


def account(code: str | None) -> str:
    """Return the state of a student's way in."""
    names = {
        "": _("not invited"),
        "invited": _("invited, has not signed in"),
        "active": _("signs in"),
        "disabled": _("shut out"),
    }
    return _named(names, code)


def application(code: str) -> str:
    """Return where a student stands in a round."""
    names = {
        "none": _("not begun"),
        "draft": _("draft, not certified"),
        "certified": _("certified"),
        "withdrawn": _("withdrawn"),
    }
    return _named(names, code)


def application_badge(code: str) -> str:
    """Return the kind of badge for where a student stands."""
    return {"certified": "done", "draft": "warning"}.get(code, "note")


def problem_kind(code: str) -> str:
    """Return what problems of a kind are about."""
    names = {
        "block": _("Blocks of universities"),
        "journey": _("Where universities lie"),
        "offer": _("Places of offers"),
        "pin": _("Pinned students"),
        "quota": _("Quotas"),
    }
    return _named(names, code)


def languages(needs: tuple[tuple[str, str | None, bool], ...]) -> str:
    """Return the languages that a host wants: "en B2, sw A1 (recommended)"."""
    texts = []
    for language, level, is_required in needs:
        text = f"{language} {level}" if level else language
        if not is_required:
            text = _("%(language)s (recommended)", language=text)
        texts.append(text)
    return ", ".join(texts)


def languages_known(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return the languages that a student has: "en B2, sw C1"."""
    return ", ".join(f"{language} {level}" for language, level in pairs)


def groups(pairs: tuple[tuple[str, str], ...]) -> str:
    """Return a student's labels: "income: low"."""
    return ", ".join(f"{attribute}: {value}" for attribute, value in pairs)

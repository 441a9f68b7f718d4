"""Forms of agreements and their cooperation conditions."""

import re
from collections.abc import Iterator

from flask_babel import gettext, lazy_gettext
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    ValidationError,
)

from mobility.records.agreements import AgreementFacts, ConditionFacts, LanguageFacts
from mobility.records.checks import ISCED_F, LANGUAGE, LARGEST_COUNT
from mobility.web.coordinator_fields import WholeField
from mobility.web.coordinator_words import agreement_state, kind, mode
from mobility.web.forms import Form, choices

_ = lazy_gettext

CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
YEAR = re.compile(r"([0-9]{4})/([0-9]{4})")
SEPARATORS = re.compile(r"[\s,;]+")
RECOMMENDED = "recommended"


class AgreementForm(Form):
    """A new agreement; its choices are filled by `offer`."""

    iia_id = StringField(
        _("Id of the agreement"),
        [InputRequired(_("Enter the id.")), Length(max=200)],
        description=_("As in the EWP network, or your own number for it."),
    )
    institution_a = SelectField(_("Kept by"), validate_choice=False)
    institution_b = SelectField(
        _("Partner"),
        validate_choice=False,
        description=_("The same university twice: its own virtual offer."),
    )
    state = SelectField(_("State"), validate_choice=False, default="active")

    def offer(
        self, keepers: list[tuple[str, str]], partners: list[tuple[str, str]]
    ) -> None:
        """Fill the lists to choose from."""
        self.institution_a.choices = choices(keepers)
        self.institution_b.choices = choices(partners)
        self.state.choices = state_choices()

    def facts(self) -> AgreementFacts:
        """Return the agreement as the records want it."""
        return AgreementFacts(
            iia_id=self.iia_id.data.strip(),
            institution_a=self.institution_a.data or "",
            institution_b=self.institution_b.data or "",
            conditions=(),
            state=self.state.data,
        )


def state_choices() -> list[SelectChoice]:
    """Return the states of an agreement with their names."""
    codes = ("draft", "active", "terminated")
    return choices((code, agreement_state(code)) for code in codes)


class StateForm(Form):
    """Whether an agreement is in force."""

    seen = HiddenField()
    state = SelectField(_("State"), validate_choice=False)


class ConditionForm(Form):
    """One direction of an agreement; its choices are filled by `offer`."""

    seen = HiddenField()
    key = StringField(
        _("Short name of the condition"),
        [InputRequired(_("Enter a short name.")), Length(max=60)],
        description=_("Tells this agreement's conditions apart: out, back"),
    )
    sending = SelectField(_("From"), validate_choice=False)
    receiving = SelectField(_("To"), validate_choice=False)
    kind = SelectField(_("Kind"), validate_choice=False, default="SMT")
    mode = SelectField(_("How students take part"), validate_choice=False)
    is_blended = BooleanField(_("Part of it is virtual (blended)"))
    mobilities_per_year = WholeField(
        _("Places a year"),
        [
            InputRequired(_("Enter a whole number, 0 or more.")),
            NumberRange(0, LARGEST_COUNT, _("Enter a whole number, 0 or more.")),
        ],
    )
    duration_days = WholeField(
        _("Days of one stay"),
        [
            InputRequired(_("Enter a whole number of days, 1 or more.")),
            NumberRange(1, 2000, _("Enter a whole number of days, 1 to 2,000.")),
        ],
    )
    isced_f_codes = StringField(
        _("Fields of study"),
        [Length(max=200)],
        description=_("ISCED-F codes: 0912 medicine, 0913 nursing. Empty: any field."),
    )
    eqf_levels = StringField(
        _("Levels (EQF)"),
        [Length(max=50)],
        description=_("6 bachelor, 7 master, 8 doctorate. Empty: not said."),
    )
    languages = TextAreaField(
        _("Languages"),
        [Length(max=1000)],
        description=_(
            "One a line, with the level: en B2. Add “recommended” where it is no rule."
        ),
        render_kw={"rows": 3},
    )
    receiving_first_academic_year_id = StringField(
        _("First academic year at the host"),
        description=_("2026/2027; empty: open."),
    )
    receiving_last_academic_year_id = StringField(
        _("Last academic year at the host"),
        description=_("2028/2029; empty: open."),
    )
    sending_ounit = StringField(_("Faculty at home"), [Length(max=200)])
    receiving_ounit = StringField(_("Faculty at the host"), [Length(max=200)])

    def offer(self, partners: list[tuple[str, str]]) -> None:
        """Fill the lists to choose from."""
        self.sending.choices = self.receiving.choices = choices(partners)
        self.kind.choices = choices((code, kind(code)) for code in ("SMS", "SMT"))
        modes = ("physical", "blended", "virtual")
        self.mode.choices = choices((code, mode(code)) for code in modes)

    def validate_isced_f_codes(self, field: Field) -> None:
        """Want codes of 2 to 4 digits."""
        wrong = [each for each in _parts(field) if not ISCED_F.fullmatch(each)]
        if wrong:
            codes = ", ".join(wrong)
            message = gettext("%(codes)s: a field has 2 to 4 digits.", codes=codes)
            raise ValidationError(message)

    def validate_eqf_levels(self, field: Field) -> None:
        """Want levels from 1 to 8."""
        wrong = [each for each in _parts(field) if each not in tuple("12345678")]
        if wrong:
            levels = ", ".join(wrong)
            message = gettext("%(levels)s: a level is 1 to 8.", levels=levels)
            raise ValidationError(message)

    def validate_languages(self, field: Field) -> None:
        """Want a language code, a level where one is asked, and at most that word."""
        wrong = [line for line in _lines(field) if _to_language(line) is None]
        if wrong:
            message = gettext(
                "%(lines)s: write a language and a level, as en B2.",
                lines="; ".join(wrong),
            )
            raise ValidationError(message)

    def validate_receiving_first_academic_year_id(self, field: Field) -> None:
        """Want an academic year."""
        _check_year(field)

    def validate_receiving_last_academic_year_id(self, field: Field) -> None:
        """Want an academic year that is not before the first."""
        _check_year(field)
        first = (self.receiving_first_academic_year_id.data or "").strip()
        if first and field.data and field.data.strip() < first:
            raise ValidationError(gettext("This is before the first academic year."))

    def validate_is_blended(self, field: Field) -> None:
        """Want it set for what is blended, and not for what is virtual."""
        if self.mode.data == "blended":
            field.data = True
        if self.mode.data == "virtual" and field.data:
            raise ValidationError(gettext("What is virtual is not blended as well."))

    def validate_receiving(self, field: Field) -> None:
        """Want another university as the host, unless it is virtual."""
        if field.data == self.sending.data and self.mode.data != "virtual":
            raise ValidationError(
                gettext("Home and host are one: only a virtual offer may be so.")
            )

    def facts(self, key: str | None) -> ConditionFacts:
        """Return the condition as the records want it.

        Parameters
        ----------
        key
            Of the condition that is changed, None for a new one.
        """
        return ConditionFacts(
            key=key or self.key.data.strip(),
            sending=self.sending.data or "",
            receiving=self.receiving.data or "",
            kind=self.kind.data or "",
            mode=self.mode.data or "",
            is_blended=self.is_blended.data,
            mobilities_per_year=self.mobilities_per_year.data,
            duration_days=self.duration_days.data,
            isced_f_codes=tuple(dict.fromkeys(_parts(self.isced_f_codes))),
            eqf_levels=tuple(dict.fromkeys(map(int, _parts(self.eqf_levels)))),
            languages=tuple(filter(None, map(_to_language, _lines(self.languages)))),
            receiving_first_academic_year_id=_or_none(
                self.receiving_first_academic_year_id
            ),
            receiving_last_academic_year_id=_or_none(
                self.receiving_last_academic_year_id
            ),
            sending_ounit=_or_none(self.sending_ounit),
            receiving_ounit=_or_none(self.receiving_ounit),
        )


def to_fields(facts: ConditionFacts, seen: str) -> dict[str, object]:
    """Return a condition as its form shows it."""
    same = {name: getattr(facts, name) for name in ConditionFacts.__slots__}
    return {
        **same,
        "seen": seen,
        "isced_f_codes": ", ".join(facts.isced_f_codes),
        "eqf_levels": ", ".join(map(str, facts.eqf_levels)),
        "languages": "\n".join(map(_to_line, facts.languages)),
    }


def _parts(field: Field) -> list[str]:
    return [part for part in SEPARATORS.split(field.data or "") if part]


def _lines(field: Field) -> Iterator[str]:
    lines = (line.strip() for line in (field.data or "").splitlines())
    return (line for line in lines if line)


def _to_language(line: str) -> LanguageFacts | None:
    """Return the language of a line, None when the line is not of that form."""
    language, *more = line.split()
    is_required = RECOMMENDED not in more
    levels = [word.upper() for word in more if word != RECOMMENDED]
    is_level = all(level in CEFR for level in levels)
    if not LANGUAGE.fullmatch(language) or len(levels) > 1 or not is_level:
        return None
    level = levels[0] if levels else None
    return LanguageFacts(language=language, cefr=level, is_required=is_required)


def _to_line(facts: LanguageFacts) -> str:
    words = [facts.language, facts.cefr, None if facts.is_required else RECOMMENDED]
    return " ".join(filter(None, words))


def _check_year(field: Field) -> None:
    text = (field.data or "").strip()
    years = YEAR.fullmatch(text)
    if text and (years is None or int(years[2]) != int(years[1]) + 1):
        raise ValidationError(gettext("Write an academic year as 2026/2027."))


def _or_none(field: Field) -> str | None:
    return (field.data or "").strip() or None

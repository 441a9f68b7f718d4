"""Forms of the network coordinator's pages."""

from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Regexp, ValidationError

from mobility.carbon.factors import round_set_names
from mobility.errors import InvalidInput
from mobility.rounds.deadlines import to_instant
from mobility.web.forms import Form, choices
from mobility.web.network_words import CARBON_WORDS
from mobility.web.present import NOTHING, told_text
from solver.policy_reader import preset_names

ZONES = tuple(
    zone for zone in sorted(available_timezones()) if "/" in zone and "Etc" not in zone
)


NONE = ("", NOTHING)
"""The choice that is made of nothing yet."""


class DeadlineForm(Form):
    """A deadline: a local time and its zone."""

    deadline = StringField(
        _("Deadline, local time"),
        [InputRequired(_("Enter the last day and time for rankings."))],
        description=_("The last moment at which a ranking can be certified."),
        render_kw={"type": "datetime-local"},
    )
    zone = SelectField(
        _("Time zone of the deadline"),
        [InputRequired(_("Choose a time zone."))],
        choices=choices([NONE, *((zone, zone.replace("_", " ")) for zone in ZONES)]),
        description=_("Students see the deadline in their own time and in UTC."),
    )

    def validate_deadline(self, field: Field) -> None:
        """Refuse times that the clocks of the zone skip or show twice."""
        if self.zone.data not in ZONES:
            return  # the zone's own error is enough
        try:
            to_instant(field.data, self.zone.data)
        except InvalidInput as refusal:
            told = " ".join(map(told_text, refusal.problems))
            raise ValidationError(told) from refusal


class RoundForm(DeadlineForm):
    """What every new round has."""

    key = StringField(
        _("Key"),
        [
            InputRequired(_("Enter a key.")),
            Regexp(
                r"[a-z0-9][a-z0-9.-]{0,63}\Z",
                message=_("Use 1 to 64 lower-case letters, digits, dots and hyphens."),
            ),
        ],
        description=_(
            "Stands in addresses and in the log: lower-case letters, digits, hyphens,"
            " as in 2028-spring."
        ),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    name = StringField(
        _("Name"),
        [InputRequired(_("Enter a name.")), Length(max=200)],
        description=_("What students and universities call it."),
    )
    academic_year_id = StringField(
        _("Academic year"),
        [
            InputRequired(_("Enter an academic year, as 2027/2028.")),
            Regexp(
                r"[0-9]{4}/[0-9]{4}\Z",
                message=_("An academic year must read as 2027/2028."),
            ),
        ],
        description=_("Of the stay abroad, as 2027/2028."),
    )
    is_dry_run = BooleanField(
        _("Test round"),
        description=_("A dry run with a banner on every page; nobody gets a message."),
    )


class CopyForm(RoundForm):
    """A round made from an earlier one."""

    shift_days = IntegerField(
        _("Offers start so many days later"),
        [InputRequired(_("Enter a whole number of days."))],
        description=_("364 days are a year that keeps the day of the week."),
        default=364,
    )


class NewRoundForm(RoundForm):
    """A round from its settings."""

    policy = SelectField(
        _("Declared policy"),
        choices=choices((name, name) for name in preset_names()),
        default="balanced",
        description=_("Can be read, changed or uploaded before the round opens."),
    )
    balance_years = IntegerField(
        _("Settled rounds whose balances are carried"),
        [InputRequired(_("Enter a whole number, 0 or more."))],
        default=3,
    )
    factor_set = SelectField(
        _("Emission factors"),
        choices=choices((name, name) for name in round_set_names()),
    )
    rf_multiplier_tenths = SelectField(
        _("Climate effect of flights beside CO₂"),
        choices=choices(CARBON_WORDS["rf_multiplier_tenths"]),
        default="17",
    )
    mode_policy = SelectField(
        _("Which way of travelling counts"),
        choices=choices(CARBON_WORDS["mode_policy"]),
        default="least-emission-feasible",
    )
    cabin = SelectField(
        _("Seat on flights"), choices=choices(CARBON_WORDS["cabin"]), default="economy"
    )
    rail_cap_h = IntegerField(
        _("Longest journey by rail, hours"),
        [InputRequired(_("Enter a whole number of hours, 0 to 72."))],
        default=24,
    )
    coach_cap_h = IntegerField(
        _("Longest journey by coach or car, hours"),
        [InputRequired(_("Enter a whole number of hours, 0 to 72."))],
        default=14,
    )

    def carbon_settings(self) -> dict[str, int | str]:
        """Return the settings as a round keeps them."""
        return {
            "rf_multiplier_tenths": int(self.rf_multiplier_tenths.data),
            "mode_policy": self.mode_policy.data,
            "cabin": self.cabin.data,
            "rail_cap_h": self.rail_cap_h.data,
            "coach_cap_h": self.coach_cap_h.data,
        }


FIELD_BY_START: Mapping[str, str] = {
    "key ": "key",
    "there is a round ": "key",
    "the round's name": "name",
    "academic year": "academic_year_id",
    "balance years": "balance_years",
    "deadline": "deadline",
    "time zone": "zone",
    "carbon setting rail_cap_h": "rail_cap_h",
    "carbon setting coach_cap_h": "coach_cap_h",
}
"""Beside which field a refusal stands that begins so."""


def refuse_beside(form: Form, problems: Iterable[str]) -> None:
    """Put each of a refusal's sentences beside the field it is about, else on top."""
    for problem in problems:
        found = (
            field
            for start, field in FIELD_BY_START.items()
            if problem.startswith(start) and field in form
        )
        form.refuse([problem], next(found, None))


class ReasonForm(Form):
    """An act that takes a reason; it is empty where none is needed."""

    reason = TextAreaField(
        _("Reason"),
        [Length(max=1000)],
        description=_("Kept in the log. Where students are told of it, they read it."),
        render_kw={"rows": "3"},
    )

    def demand(self) -> None:
        """Refuse an empty reason."""
        if not (self.reason.data or "").strip():
            self.refuse([str(_("Enter a reason."))], "reason")


class OffersForm(Form):
    """When new offers start."""

    starts_on = DateField(
        _("First day of the offers"),
        [InputRequired(_("Enter a day."))],
        description=_("Each lasts as long as its agreement says."),
    )

    def validate_starts_on(self, field: Field) -> None:
        """Refuse years that nobody means."""
        if field.data is None or field.data < date(2000, 1, 1):
            raise ValidationError(_("Enter a day as 2027-02-01."))


class PolicyForm(ReasonForm):
    """Another policy: a preset, or a file."""

    preset = SelectField(
        _("A policy that comes with the service"),
        choices=choices([NONE, *((name, name) for name in preset_names())]),
    )
    file = FileField(
        _("Or a file of your own"),
        description=_("TOML or JSON, at most 100 kB. Every error in it is listed."),
        render_kw={"accept": ".toml,.json"},
    )


class CommitForm(Form):
    """A committer's promise to the lottery."""

    committer = StringField(
        _("Who commits"),
        [InputRequired(_("Enter who commits.")), Length(max=100)],
        description=_("As students are told: “Students' union”."),
    )
    commitment = StringField(
        _("Commitment"),
        [InputRequired(_("Enter the commitment: 64 digits from 0 to f."))],
        description=_("The hash of a secret that only the committer knows."),
        filters=[lambda text: (text or "").strip().lower()],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class RevealForm(Form):
    """A committer's secret; `committer` is filled with those who have not told."""

    committer = SelectField(_("Who reveals"), choices=[], id="who-reveals")
    secret = StringField(
        _("Secret"),
        [InputRequired(_("Enter the secret."))],
        filters=[lambda text: (text or "").strip()],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class WithdrawForm(ReasonForm):
    """A promise to be dropped."""

    committer = SelectField(
        _("Whose secret is lost"), choices=[], validate_choice=False, id="who-drops"
    )


class AfterForm(Form):
    """A run of the declared policy.

    `after` is the last run that the page showed, so that a second press queues nothing.
    """

    after = HiddenField(default="0")

    def last_run(self) -> int:
        """Return the last run shown, 0 without one."""
        text = self.after.data or ""
        return int(text) if text.isdecimal() and text.isascii() else 0


class ScenarioForm(AfterForm):
    """A policy to try out."""

    policy = SelectField(
        _("Policy to try"), choices=choices((name, name) for name in preset_names())
    )


class AnswersForm(Form):
    """Until when places are answered, in the round's own zone."""

    answers_until = StringField(
        _("Places are answered until"),
        [InputRequired(_("Enter the last day and time for answers."))],
        description=_("Local time of the round's zone. Students are told."),
        render_kw={"type": "datetime-local"},
    )


class PublishForm(AnswersForm):
    """The confirmation of a publication."""

    is_looked_at = BooleanField(
        _("I have looked at the result and at these messages."),
        [InputRequired(_("Confirm that you have looked at both."))],
    )

"""Forms of people and their roles."""

from datetime import UTC, datetime, time

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, DateField, Field, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from mobility.permissions import Role
from mobility.records.people import OF_AN_INSTITUTION, RoleFacts
from mobility.web.forms import Form, choices
from mobility.web.navigation import ROLE_NAMES
from mobility.web.present import NOTHING


class PersonForm(Form):
    """Somebody new, or somebody's name."""

    name = StringField(
        _("Name"),
        [InputRequired(_("Enter a name.")), Length(max=200)],
        render_kw={"autocomplete": "off"},
    )
    email = StringField(
        _("E-mail address"),
        [InputRequired(_("Enter an e-mail address.")), Length(max=254)],
        description=_("Tells people apart; the link to sign in goes there."),
        render_kw={"type": "email", "autocomplete": "off"},
    )
    is_invited = BooleanField(_("Make an account and a link for it"), default=True)


class RoleForm(Form):
    """A role to be given; its choices are filled by `offer`."""

    role = SelectField(_("Role"), choices=choices(ROLE_NAMES.items()))
    institution = SelectField(
        _("University"),
        description=_("For students, hosts and coordinators."),
        validate_choice=False,
    )
    round_key = SelectField(
        _("Round"),
        description=_("Needed for auditors; others hold the role in all rounds."),
        validate_choice=False,
    )
    valid_until = DateField(
        _("Until the end of (UTC)"),
        [Optional()],
        description=_("Needed for auditors."),
    )

    def offer(self, institutions: list[tuple[str, str]], keys: list[str]) -> None:
        """Fill the lists to choose from."""
        nothing = ("", NOTHING)
        self.institution.choices = choices([nothing, *institutions])
        self.round_key.choices = choices([nothing, *((key, key) for key in keys)])

    def validate_institution(self, field: Field) -> None:
        """Want a university exactly where the role is held in one."""
        wants = self.role.data in OF_AN_INSTITUTION
        if wants and not field.data:
            raise ValidationError(_("This role is held in a university: choose one."))
        if field.data and not wants:
            raise ValidationError(_("This role is held in no university: choose none."))

    def validate_round_key(self, field: Field) -> None:
        """Want a round and an end for auditors."""
        is_limited = bool(field.data and self.valid_until.data)
        if self.role.data == Role.AUDITOR and not is_limited:
            raise ValidationError(_("An auditor's role is for one round and ends."))

    def facts(self) -> RoleFacts:
        """Return the role as the records want it."""
        end = self.valid_until.data
        return RoleFacts(
            role=self.role.data,
            institution=self.institution.data or None,
            round_key=self.round_key.data or None,
            valid_until=datetime.combine(end, time.max, UTC) if end else None,
        )

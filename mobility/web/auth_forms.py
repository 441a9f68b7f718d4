"""Forms of signing in and of choosing a password."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from mobility.records.passwords import LONGEST, SHORTEST
from mobility.web.forms import Form

LONGEST_EMAIL = 254


class SignInForm(Form):
    """E-mail address and password; where to go next, and a form that was kept."""

    email = StringField(
        _("E-mail address"),
        [
            InputRequired(_("Enter your e-mail address.")),
            Length(max=LONGEST_EMAIL, message=_("This is no e-mail address.")),
        ],
        render_kw={"type": "email", "autocomplete": "username"},
    )
    password = PasswordField(
        _("Password"),
        [
            InputRequired(_("Enter your password.")),
            Length(max=LONGEST, message=_("This is not your password.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    kept = HiddenField()


class PresentPasswordForm(Form):
    """The password there is."""

    current = PasswordField(
        _("Present password"),
        [
            InputRequired(_("Enter your present password.")),
            Length(max=LONGEST, message=_("This is not your password.")),
        ],
        render_kw={"autocomplete": "current-password"},
    )


class NewPasswordForm(Form):
    """A password, twice."""

    password = PasswordField(
        _("New password"),
        [
            InputRequired(_("Enter a password.")),
            Length(
                min=SHORTEST,
                message=_("The password must have %(min)d characters or more."),
            ),
            Length(
                max=LONGEST,
                message=_("The password may have %(max)d characters at most."),
            ),
        ],
        description=_("12 characters or more. A few words in a row do well."),
        render_kw={"autocomplete": "new-password"},
    )
    again = PasswordField(
        _("New password, again"),
        [EqualTo("password", _("The two passwords differ."))],
        render_kw={"autocomplete": "new-password"},
    )


class ChangePasswordForm(PresentPasswordForm, NewPasswordForm):
    """The password there is, and another one twice; fields in order of definition."""

"""Forms of signing in and of choosing a password."""

from flask_babel import lazy_gettext as _
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from mobility.web.forms import Form

LONGEST_EMAIL = 254
LONGEST_PASSWORD = 1024


class SignInForm(Form):
    """E-mail address and password; where to go next, and a form that was kept."""

    email = StringField(
        _("E-mail address"),
        [InputRequired(_("Enter your e-mail address.")), Length(max=LONGEST_EMAIL)],
        render_kw={"type": "email", "autocomplete": "username"},
    )
    password = PasswordField(
        _("Password"),
        [InputRequired(_("Enter your password.")), Length(max=LONGEST_PASSWORD)],
        render_kw={"autocomplete": "current-password"},
    )
    next = HiddenField()
    kept = HiddenField()

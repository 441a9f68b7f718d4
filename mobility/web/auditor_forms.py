"""The form by which a copy of a round's evidence is asked for."""

from datetime import date

from flask_babel import lazy_gettext as _
from wtforms import DateField, StringField
from wtforms.validators import InputRequired, Length

from mobility.rounds.bundles import NAME_LENGTH
from mobility.web.forms import Form


class EvidenceForm(Form):
    """Who gets the copy, and until when it may be kept."""

    recipient = StringField(
        _("Who gets this copy"),
        [
            InputRequired(_("Enter the name of who gets this copy.")),
            Length(max=NAME_LENGTH, message=_("This name is too long.")),
        ],
        description=_("A person or an office; the log keeps the name for good."),
        render_kw={"autocomplete": "off"},
    )
    delete_by = DateField(
        _("To be deleted by"),
        [InputRequired(_("Enter a date, such as 2027-03-31."))],
        description=_("Last day on which the copy may be kept, at most two years on."),
    )

    def suggest(self, last: date) -> None:
        """Fill in a date that is usual."""
        self.delete_by.data = last

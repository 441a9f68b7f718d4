"""Forms of a round's offers, their quotas, and decisions about students."""

from flask_babel import gettext, lazy_gettext
from wtforms import (
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError
from wtforms.widgets import CheckboxInput

from mobility.records.checks import LARGEST_COUNT
from mobility.rounds.offer_edit import OfferTerms
from mobility.rounds.quotas import QuotaTerms
from mobility.web.coordinator_fields import WholeField
from mobility.web.coordinator_words import quota_kind
from mobility.web.forms import Form, choices

_ = lazy_gettext

PLACES = [
    InputRequired(_("Enter a whole number of places, 0 or more.")),
    NumberRange(0, LARGEST_COUNT, _("Enter a whole number of places, 0 or more.")),
]
REASON = [
    InputRequired(_("Give a reason: it is kept with the decision.")),
    Length(max=500),
]


class OfferForm(Form):
    """What may be changed of an offer."""

    seen = HiddenField()
    capacity = WholeField(_("Places"), PLACES)
    starts_on = DateField(_("First day"), [InputRequired(_("Enter a date."))])
    ends_on = DateField(_("Last day"), [InputRequired(_("Enter a date."))])

    def validate_ends_on(self, field: Field) -> None:
        """Want an end after the beginning."""
        if self.starts_on.data and field.data and field.data <= self.starts_on.data:
            raise ValidationError(gettext("The last day must be after the first."))

    def terms(self) -> OfferTerms:
        """Return the terms as the rounds want them."""
        return OfferTerms(self.capacity.data, self.starts_on.data, self.ends_on.data)


class ReasonForm(Form):
    """Why something is done."""

    reason = StringField(_("Reason"), REASON)


class DrawForm(Form):
    """From when the offers that are drawn from agreements are."""

    starts_on = DateField(
        _("First day of the new offers"), [InputRequired(_("Enter a date."))]
    )


class QuotaForm(Form):
    """A limit over several offers of one host; its choices are filled by `offer`."""

    seen = HiddenField()
    key = StringField(
        _("Short name of the quota"),
        [InputRequired(_("Enter a short name.")), Length(max=100)],
        description=_("Told to who looks at the round: ward:surgery"),
    )
    kind = SelectField(_("Why it binds"), validate_choice=False)
    capacity = WholeField(_("Students at most"), PLACES)
    offers = SelectMultipleField(
        _("Offers that it counts"),
        validate_choice=False,
        option_widget=CheckboxInput(),
    )

    def offer(self, offers: list[tuple[str, str]]) -> None:
        """Fill the lists to choose from."""
        kinds = ("host", "faculty", "ward", "level", "other")
        self.kind.choices = choices((code, quota_kind(code)) for code in kinds)
        self.offers.choices = choices(offers)

    def validate_offers(self, field: Field) -> None:
        """Want one offer or more."""
        if not field.data:
            raise ValidationError(gettext("Choose one offer or more."))

    def terms(self, key: str | None) -> QuotaTerms:
        """Return the quota as the rounds want it.

        Parameters
        ----------
        key
            Of the quota that is changed, None for a new one.
        """
        return QuotaTerms(
            key=key or self.key.data.strip(),
            kind=self.kind.data or "",
            capacity=self.capacity.data,
            offers=tuple(sorted(set(self.offers.data or ()))),
        )


class DecisionForm(Form):
    """A pin or a forbidden pair; its offers are filled by `offer`."""

    kind = RadioField(
        _("Decision"),
        choices=choices(
            [
                ("pin", _("Pin: she has this offer, whatever the policy says")),
                ("forbid", _("Forbid: she may not have this offer")),
            ]
        ),
        validate_choice=False,
    )
    offer_key = SelectField(_("Offer"), validate_choice=False)
    reason = StringField(_("Reason"), REASON)

    def offer(self, keys: list[str]) -> None:
        """Fill the list of offers to choose from."""
        self.offer_key.choices = choices((key, key) for key in keys)

    def validate_kind(self, field: Field) -> None:
        """Want one of the two."""
        if field.data not in ("pin", "forbid"):
            raise ValidationError(gettext("Choose pin or forbid."))

"""Forms of universities and partnerships."""

from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    DateField,
    Field,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from mobility.carbon.gazetteer import City, find_cities
from mobility.carbon.place import InvalidPlace, format_coordinates
from mobility.carbon.places import parse_place
from mobility.errors import InvalidInput
from mobility.records.checks import LARGEST_COUNT
from mobility.records.institutions import InstitutionFacts, PartnershipFacts
from mobility.web.coordinator_fields import WholeField
from mobility.web.forms import Form, choices

BLOCKS = [("", _("no block yet")), ("north", _("North")), ("south", _("South"))]
COUNT = [
    InputRequired(_("Enter a whole number, 0 or more.")),
    NumberRange(0, LARGEST_COUNT, _("Enter a whole number, 0 or more.")),
]


class InstitutionForm(Form):
    """A university. Where it lies is looked up, and chosen when several places fit."""

    seen = HiddenField()
    hei_id = StringField(
        _("Id"),
        [InputRequired(_("Enter the id.")), Length(max=200)],
        description=_("Its domain, as in the EWP registry: uonbi.ac.ke"),
    )
    name = StringField(_("Name"), [InputRequired(_("Enter a name.")), Length(max=200)])
    city = StringField(
        _("City"),
        [InputRequired(_("Enter the city.")), Length(max=100)],
        description=_("The city of the teaching hospital: journeys start there."),
    )
    country = StringField(
        _("Country"),
        [InputRequired(_("Enter the country.")), Length(max=2)],
        description=_("Two letters, ISO 3166-1: KE"),
        render_kw={"maxlength": 2, "size": 4},
    )
    coordinates = StringField(
        _("Latitude, longitude"),
        [Length(max=50)],
        description=_("Leave empty to look the city up: -1.28639,36.81722"),
    )
    place = RadioField(_("Which place is it?"), validate_choice=False, choices=[])
    block = SelectField(
        _("Block"),
        choices=choices(BLOCKS),
        description=_("Side of the balance. Of the university, never of a person."),
    )
    block_source = StringField(
        _("Source of the block"),
        [Length(max=200)],
        description=_("Who says so: UN M49"),
    )
    block_date = DateField(
        _("Date of the source"),
        [Optional()],
        description=_("When the source was read or published."),
    )
    erasmus_code = StringField(_("Erasmus code, if it has one"), [Length(max=50)])
    exchange_tolerance = WholeField(
        _("Places welcomed a year without return"),
        COUNT,
        default=0,
        description=_("From all partners together, besides what each pair agrees."),
    )
    is_member = BooleanField(_("Takes part in the network"), default=True)

    def validate_block(self, field: Field) -> None:
        """Want a block with its source and date, or none of the three."""
        given = [bool(field.data), bool(self.block_source.data), self.block_date.data]
        if any(given) and not all(given):
            raise ValidationError(
                _("A block needs its source and its date, and they need a block.")
            )

    def candidates(self) -> tuple[City, ...]:
        """Return the places of the city's name, when the form leaves them open."""
        city, country = self.city.data or "", (self.country.data or "").upper()
        return find_cities(city, country) if city and len(country) == 2 else ()

    def offer_places(self) -> None:
        """Let one of several places of the name be chosen."""
        self.place.choices = choices(
            (format_coordinates(city.latitude_udeg, city.longitude_udeg), city.label)
            for city in self.candidates()
        )

    def locate(self, stored: InstitutionFacts | None) -> tuple[int, int]:
        """Return where the university lies, in millionths of a degree.

        What was found for a city is looked up again when the city changes.

        Raises
        ------
        InvalidInput
            When the city is not known, or several bear its name: choose one.
        """
        typed = (self.coordinates.data or "").strip()
        city = f"{self.city.data}, {self.country.data}"
        if stored is not None and typed == _format(stored):
            if city == f"{stored.city}, {stored.country}" and not self.place.data:
                return stored.latitude_udeg, stored.longitude_udeg
            typed = ""
        try:
            place = parse_place(self.place.data or typed or city)
        except InvalidPlace as refusal:
            self.refuse(refusal.problems, "coordinates")
            self.offer_places()
            raise InvalidInput(()) from refusal
        return place.latitude_udeg, place.longitude_udeg

    def facts(self, stored: InstitutionFacts | None) -> InstitutionFacts:
        """Return the university as the records want it.

        Parameters
        ----------
        stored
            What is kept of it, None for a new one.
        """
        latitude, longitude = self.locate(stored)
        return InstitutionFacts(
            hei_id=stored.hei_id if stored else self.hei_id.data.strip().lower(),
            name=self.name.data.strip(),
            city=self.city.data.strip(),
            country=self.country.data.strip().upper(),
            latitude_udeg=latitude,
            longitude_udeg=longitude,
            block=self.block.data or None,
            block_source=(self.block_source.data or "").strip() or None,
            block_date=self.block_date.data,
            erasmus_code=(self.erasmus_code.data or "").strip() or None,
            exchange_tolerance=self.exchange_tolerance.data,
            is_member=self.is_member.data,
            is_constructed=stored.is_constructed if stored else False,
        )


def _format(stored: InstitutionFacts) -> str:
    return format_coordinates(stored.latitude_udeg, stored.longitude_udeg)


class PartnershipForm(Form):
    """What the Southern side of a partnership welcomes and asks for."""

    seen = HiddenField()
    tolerance = WholeField(
        _("Places welcomed a year without return"),
        COUNT,
        description=_("How many more may come than go before it counts as one-way."),
    )
    asks = WholeField(
        _("Places wanted back a year"),
        COUNT,
        description=_("What the Southern partner asks of the Northern one."),
    )

    def facts(self, stored: PartnershipFacts) -> PartnershipFacts:
        """Return the partnership as the records want it."""
        return PartnershipFacts(
            north=stored.north,
            south=stored.south,
            tolerance=self.tolerance.data,
            asks=self.asks.data,
        )

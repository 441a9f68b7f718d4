"""The base of every form: unknown fields are refused, errors stand beside their field.

Flask-WTF checks the CSRF token before a view is called, forms or not.
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as later
from flask_wtf import FlaskForm
from wtforms import Field, HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.fields.core import UnboundField

from mobility.errors import InvalidInput

IMPLICIT = ("csrf_token",)
"""What every form may hold beside its own fields."""


HAND_WRITTEN = {
    "offer": later("Offer"),
    "rank": later("Number on the list"),
    "language": later("Language"),
    "version": "",
    "act": "",
    "next": "",
}
"""Names of fields in forms that are no `Form`, as pages call them; "" is not seen."""


def choices(pairs: Iterable[tuple[str, object]]) -> list[SelectChoice]:
    """Return values and labels as fields to choose from want them."""
    return [SelectChoice(value, label) for value, label in pairs]


class Form(FlaskForm):  # type: ignore[misc]  # the library has no types
    """A form that takes its own fields and no others.

    `general_errors` are sentences about the form as a whole, shown on its top.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - WTForms' own
        super().__init__(*args, **kwargs)
        self.general_errors: list[str] = []

    def is_sent(self) -> bool:
        """Say whether the form was sent and nothing is wrong with it.

        Raises
        ------
        InvalidInput
            When it holds a field that it does not have.
        """
        if request.method != "POST":
            return False
        require_known_fields(self._known())
        return bool(self.validate())

    def refuse(self, problems: Iterable[str], field: str | None = None) -> None:
        """Show a refusal's sentences beside a field, or on the top."""
        if field is None:
            self.general_errors.extend(problems)
        else:
            self[field].errors = [*self[field].errors, *problems]

    def problem_fields(self) -> list[Field]:
        """Return the fields with an error, for the summary that links to them."""
        return [field for field in self if field.errors]

    def _known(self) -> set[str]:
        return {*IMPLICIT, *(field.name for field in self)}


def labels_of(names: Collection[str]) -> dict[str, str]:
    """Return what a form's fields are called; "" those that nobody sees.

    The form is the smallest that has them all. Names of no form are those of a page
    that is written by hand.
    """
    wanted = set(names)
    fitting = [
        fields for fields in map(_fields_of, _forms(Form)) if wanted <= {*fields}
    ]
    if not fitting:
        return {name: str(HAND_WRITTEN.get(name, name)) for name in names}
    fields = min(fitting, key=len)
    return {name: _label(name, fields[name]) for name in names}


def _forms(base: type[Form]) -> Iterator[type[Form]]:
    for form in base.__subclasses__():
        yield form
        yield from _forms(form)


def _fields_of(form: type[Form]) -> dict[str, UnboundField]:
    values = {name: getattr(form, name) for name in dir(form)}
    return {
        name: field for name, field in values.items() if isinstance(field, UnboundField)
    }


def _label(name: str, field: UnboundField) -> str:
    if issubclass(field.field_class, HiddenField):
        return ""
    return str(field.args[0] if field.args else field.kwargs.get("label", name))


def require_known_fields(known: Iterable[str]) -> None:
    """Refuse a sent form with a field that nobody asked for.

    Raises
    ------
    InvalidInput
        Naming the fields.
    """
    names = {name for source in (request.form, request.files) for name in source}
    unknown = sorted(names - {*IMPLICIT, *known})
    if unknown:
        raise InvalidInput(
            [_("This form has no field “%(name)s”.", name=name) for name in unknown]
        )

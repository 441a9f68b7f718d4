"""What no request may hold, whatever page it asks for: the databases could not take it.

PostgreSQL keeps no NUL character in a text, SQLite none of its integers past 2^63.
"""

from flask import Flask, request
from flask_babel import gettext as _
from werkzeug.routing import IntegerConverter, Map

from mobility.errors import InvalidInput, NotFound

LARGEST_NUMBER = 2**31 - 1
"""Of rows and of pages: what an INTEGER column holds everywhere."""

NUL = "\0"


class RowNumber(IntegerConverter):
    """A whole number in an address; a larger one is no page's."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=LARGEST_NUMBER)


def row_number(text: str) -> int:
    """Return a number asked for in an address's query.

    Raises
    ------
    ValueError
        When it is none, or larger than any row's.
    """
    number = int(text)
    if not 0 <= number <= LARGEST_NUMBER:
        message = f"{number} is no number of a row"
        raise ValueError(message)
    return number


def init_limits(app: Flask) -> None:
    """Have numbers of addresses limited, and NUL refused; before any page is added."""
    app.url_map.converters["int"] = RowNumber
    app.before_request(refuse_nul)


def refuse_nul() -> None:
    """Refuse a request that holds a NUL character where a text is expected.

    Raises
    ------
    NotFound
        When it stands in the address.
    InvalidInput
        When it stands in the query or in a form.
    """
    if NUL in request.path:
        message = f"no address holds a NUL: {request.path!r}"
        raise NotFound(message)
    for source in (request.args, request.form):
        for name, value in source.items(multi=True):
            if NUL in name + value:
                raise InvalidInput(_("A NUL character cannot be kept: take it out."))

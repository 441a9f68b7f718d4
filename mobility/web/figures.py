"""Words and numbers of figures in the reader's language, for pictures and tables."""

from decimal import Decimal
from fractions import Fraction

import flask_babel

from mobility.reporting.labels import Labels, Numbers
from mobility.reporting.words import make_labels
from mobility.web.languages import choose


def labels() -> Labels:
    """Return the labels of the reader's language."""
    return make_labels(choose(), flask_babel.gettext, NUMBERS)


def _count(number: int) -> str:
    return str(flask_babel.format_decimal(number))


def _decimal(number: Fraction, digits: int) -> str:
    scale = 10**digits
    # rounded half up before Babel, which would round half to even
    exact = Decimal(int(number * scale + Fraction(1, 2))).scaleb(-digits)
    shape = "#,##0" + ("." + "0" * digits if digits else "")
    return str(flask_babel.format_decimal(exact, shape))


def _percent(share: Fraction) -> str:
    return str(flask_babel.format_percent(float(share)))


NUMBERS = Numbers(count=_count, decimal=_decimal, percent=_percent)

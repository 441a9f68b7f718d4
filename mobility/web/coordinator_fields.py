"""Fields of the office's forms."""

import re
from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import IntegerField

DIGITS = re.compile(r"-?[0-9]{1,9}")


class WholeField(IntegerField):  # type: ignore[misc]  # the library has no types
    """A whole number in plain digits: no `1_000`, no digits of other scripts."""

    data: Any

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Take what was typed."""
        text = valuelist[0].strip() if valuelist else ""
        if text and not DIGITS.fullmatch(text):
            self.data = None
            raise ValueError(_("Enter a whole number in plain digits."))
        super().process_formdata([text] if text else [])

"""Column types and names that all tables share. Imported by the models alone.

Every table's metadata is `METADATA`; its naming convention is set before the first
table is defined, so that each constraint has a name that a migration can speak of.
"""

from enum import StrEnum

from sqlalchemy import JSON, BigInteger, Enum
from sqlmodel import SQLModel

METADATA = SQLModel.metadata
METADATA.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

BIG = BigInteger()
"""Integers that may pass 2^31: grams, thousandths of rank steps, merit."""

LIST = JSON(none_as_null=True)
"""Validated lists and objects: nothing selects inside them."""


def coded(codes: type[StrEnum]) -> Enum:
    """Return the column type of a closed list of codes: text with a CHECK."""
    return Enum(
        codes,
        name=codes.__name__.lower(),
        native_enum=False,
        create_constraint=True,
        values_callable=_values,
        length=32,
    )


def _values(codes: type[StrEnum]) -> list[str]:
    return [code.value for code in codes]


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the SQL that holds when a column is one of the values."""
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})"

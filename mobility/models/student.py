"""Students: what decides eligibility, and the labels that equity is counted by."""

from enum import StrEnum

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import BIG, coded


class Cefr(StrEnum):
    """Level of a language by the Common European Framework."""

    A1 = "A1"
    A2 = "A2"
    B1 = "B1"
    B2 = "B2"
    C1 = "C1"
    C2 = "C2"


class Student(SQLModel, table=True):
    """A person as a student of her sending institution; None is "not recorded"."""

    __tablename__ = "student"
    __table_args__ = (
        CheckConstraint("length(isced_f_code) BETWEEN 2 AND 4", name="isced_f_code"),
        CheckConstraint("eqf_level BETWEEN 1 AND 8", name="eqf_level"),
        CheckConstraint("merit >= 0", name="merit"),
    )

    id: int = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    institution_id: int = Field(foreign_key="institution.id", index=True)
    isced_f_code: str | None = None
    eqf_level: int | None = None
    merit: int = Field(default=0, sa_type=BIG)


class StudentLanguage(SQLModel, table=True):
    """A language a student has, at a level. `language` is an ISO 639-1 code."""

    __tablename__ = "student_language"

    student_id: int = Field(foreign_key="student.id", primary_key=True)
    language: str = Field(primary_key=True)
    cefr: Cefr = Field(sa_type=coded(Cefr))


class StudentGroup(SQLModel, table=True):
    """A coded label of a student; one value per attribute.

    `sending` and `block` are read from the institution and cannot be given.
    """

    __tablename__ = "student_group"
    __table_args__ = (
        CheckConstraint("attribute NOT IN ('sending', 'block')", name="reserved"),
    )

    student_id: int = Field(foreign_key="student.id", primary_key=True)
    attribute: str = Field(primary_key=True)
    value: str

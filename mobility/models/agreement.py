"""Agreements between two institutions and their cooperation conditions (EWP terms)."""

from enum import StrEnum

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from mobility.models.base import LIST, coded


class AgreementState(StrEnum):
    """Whether an agreement may be used."""

    DRAFT = "draft"
    ACTIVE = "active"
    TERMINATED = "terminated"


class MobilityKind(StrEnum):
    """Studies (SMS) or traineeship, which clinical electives are (SMT)."""

    STUDIES = "SMS"
    TRAINEESHIP = "SMT"


class Mode(StrEnum):
    """How the student takes part."""

    PHYSICAL = "physical"
    BLENDED = "blended"
    VIRTUAL = "virtual"


class Agreement(SQLModel, table=True):
    """An inter-institutional agreement; with itself for an own virtual offer."""

    __tablename__ = "agreement"
    __table_args__ = (CheckConstraint("iia_id <> ''", name="iia_id"),)

    id: int = Field(default=None, primary_key=True)
    iia_id: str = Field(unique=True)
    institution_a_id: int = Field(foreign_key="institution.id", index=True)
    institution_b_id: int = Field(foreign_key="institution.id", index=True)
    state: AgreementState = Field(
        default=AgreementState.DRAFT, sa_type=coded(AgreementState)
    )
    is_constructed: bool = False


class CooperationCondition(SQLModel, table=True):
    """One direction of an agreement: how many of whom may go where, and when.

    `isced_f_codes` [] is any field, `eqf_levels` [] is not known; `languages` is a list
    of {"language", "cefr", "is_required"}. Academic years read "2026/2027" or are
    not known.
    """

    __tablename__ = "cooperation_condition"
    __table_args__ = (
        UniqueConstraint("agreement_id", "key"),
        CheckConstraint(
            "sending_id <> receiving_id OR mode = 'virtual'", name="home_is_not_host"
        ),
        CheckConstraint("mobilities_per_year >= 0", name="mobilities_per_year"),
        CheckConstraint("duration_days > 0", name="duration_days"),
        CheckConstraint(
            "receiving_first_academic_year_id LIKE '____/____'"
            " AND receiving_last_academic_year_id LIKE '____/____'"
            " AND receiving_first_academic_year_id <= receiving_last_academic_year_id",
            name="academic_years",
        ),
        CheckConstraint("mode <> 'blended' OR is_blended", name="blended_mode"),
        CheckConstraint("mode <> 'virtual' OR NOT is_blended", name="virtual_mode"),
    )

    id: int = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    key: str
    sending_id: int = Field(foreign_key="institution.id", index=True)
    receiving_id: int = Field(foreign_key="institution.id", index=True)
    kind: MobilityKind = Field(sa_type=coded(MobilityKind))
    mobilities_per_year: int
    duration_days: int
    isced_f_codes: list[str] = Field(default_factory=list, sa_type=LIST)
    eqf_levels: list[int] = Field(default_factory=list, sa_type=LIST)
    languages: list[dict[str, str | bool]] = Field(default_factory=list, sa_type=LIST)
    receiving_first_academic_year_id: str | None = None
    receiving_last_academic_year_id: str | None = None
    sending_ounit: str | None = None
    receiving_ounit: str | None = None
    is_blended: bool = False
    mode: Mode = Field(default=Mode.PHYSICAL, sa_type=coded(Mode))

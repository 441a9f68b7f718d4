"""Who may do what: roles, named actions, and how far a grant reaches. Pure.

The permission `round.freeze` is the audit log's action `round:freeze`. Whoever acts on
a round, a university's records or a ranking asks `may` first.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Role(StrEnum):
    """The roles of a person; one person may hold several."""

    STUDENT = "student"
    HOST = "host"
    COORDINATOR = "coordinator"
    NETWORK_COORDINATOR = "network_coordinator"
    AUDITOR = "auditor"
    ADMIN = "admin"


NETWORK = frozenset({Role.NETWORK_COORDINATOR})
OFFICE = frozenset({Role.COORDINATOR, Role.NETWORK_COORDINATOR})
STUDENT = frozenset({Role.STUDENT})

ROLES_BY_PERMISSION: dict[str, frozenset[Role]] = {
    "home.student": STUDENT,
    "home.host": frozenset({Role.HOST}),
    "home.coordinator": OFFICE,
    "home.network": NETWORK,
    "home.auditor": frozenset({Role.AUDITOR}),
    "home.admin": frozenset({Role.ADMIN}),
    "round.create": NETWORK,
    "round.change": NETWORK,
    "round.open": NETWORK,
    "round.close": NETWORK,
    "round.reopen": NETWORK,
    "round.freeze": NETWORK,
    "round.unfreeze": NETWORK,
    "round.publish": NETWORK,
    "round.settle": NETWORK,
    "round.archive": NETWORK,
    "round.read": OFFICE | {Role.AUDITOR},
    "policy.declare": NETWORK,
    "lottery.commit": NETWORK,
    "lottery.reveal": NETWORK,
    "lottery.withdraw": NETWORK,
    "run.queue": NETWORK,
    "run.cancel": NETWORK,
    "run.read": NETWORK | {Role.AUDITOR},
    "eligibility.pin": OFFICE,
    "eligibility.forbid": OFFICE,
    "offer.read": OFFICE,
    "offer.keep": OFFICE,
    "offer.suspend": OFFICE,
    "balance.confirm": OFFICE | {Role.HOST},
    "agreement.read": OFFICE,
    "agreement.keep": OFFICE,
    "institution.read": OFFICE | {Role.ADMIN},
    "institution.keep": OFFICE | {Role.ADMIN},
    "student.read": OFFICE,
    "student.invite": OFFICE,
    "application.read": OFFICE,
    "person.keep": OFFICE | {Role.ADMIN},
    "account.keep": frozenset({Role.ADMIN}),
    "role.grant": frozenset({Role.ADMIN}),
    "ranking.draft": STUDENT,
    "ranking.certify": STUDENT,
    "ranking.withdraw": STUDENT,
    "placement.answer": STUDENT,
    "travel.report": STUDENT,
    "audit.read": NETWORK | {Role.AUDITOR},
    "audit.bundle": NETWORK | {Role.AUDITOR},
}
"""Every permission and the roles that carry it; a name not here belongs to nobody."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role as given to a person; a scope of None reaches everywhere.

    Parameters
    ----------
    institution, round_id
        Row ids of the only university and the only round that the grant is for.
    valid_until
        First instant at which the grant no longer holds, aware.
    """

    role: str
    institution: int | None = None
    round_id: int | None = None
    valid_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """What an act touches; None: the act is not about one of these."""

    institution: int | None = None
    round_id: int | None = None


EVERYWHERE = Scope()


def may(
    grants: Iterable[Grant], permission: str, scope: Scope = EVERYWHERE, *, at: datetime
) -> bool:
    """Say whether one of the grants allows an act at an instant.

    Parameters
    ----------
    permission
        A key of `ROLES_BY_PERMISSION`; an unknown one is allowed to nobody.
    scope
        A grant limited to one university or round allows only acts on it; an act that
        names neither (making a round, say) needs a grant without limits.
    """
    roles = ROLES_BY_PERMISSION.get(permission, frozenset())
    return any(
        grant.role in roles and _is_valid(grant, at) and _reaches(grant, scope)
        for grant in grants
    )


def _is_valid(grant: Grant, at: datetime) -> bool:
    return grant.valid_until is None or at < grant.valid_until


def _reaches(grant: Grant, scope: Scope) -> bool:
    return grant.institution in (None, scope.institution) and grant.round_id in (
        None,
        scope.round_id,
    )


def to_action(permission: str) -> str:
    """Return the audit log's name of a permission: `round.freeze` -> `round:freeze`."""
    return permission.replace(".", ":", 1)


def describe_roles(permission: str) -> str:
    """Return the roles that carry a permission, for a refusal's sentence."""
    roles = sorted(ROLES_BY_PERMISSION.get(permission, ()))
    return " or ".join(role.replace("_", " ") for role in roles) or "nobody"

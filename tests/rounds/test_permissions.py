"""Who may do what, and how far a grant reaches."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mobility import permissions
from mobility.permissions import (
    ROLES_BY_PERMISSION,
    Grant,
    Scope,
    describe_roles,
    may,
    to_action,
)

NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
NAIROBI, UPPSALA = 1, 2
SPRING, AUTUMN = 10, 11
BOB = (Grant("coordinator", institution=NAIROBI),)
DANA = (Grant("network_coordinator"),)
CAROL = (Grant("auditor", round_id=SPRING, valid_until=NOON + timedelta(days=1)),)


def test_dana_opens_a_round_and_bob_does_not() -> None:
    assert may(DANA, "round.open", Scope(round_id=SPRING), at=NOON)
    assert not may(BOB, "round.open", Scope(NAIROBI, SPRING), at=NOON)


def test_bob_decides_on_his_own_university_only() -> None:
    assert may(BOB, "eligibility.pin", Scope(NAIROBI, SPRING), at=NOON)
    assert not may(BOB, "eligibility.pin", Scope(UPPSALA, SPRING), at=NOON)
    assert not may(BOB, "eligibility.pin", Scope(round_id=SPRING), at=NOON)


def test_carol_reads_her_own_round_until_her_time_is_over() -> None:
    assert may(CAROL, "audit.read", Scope(round_id=SPRING), at=NOON)
    assert not may(CAROL, "audit.read", Scope(round_id=AUTUMN), at=NOON)
    ended = NOON + timedelta(days=1)
    assert not may(CAROL, "audit.read", Scope(round_id=SPRING), at=ended)


def test_an_auditor_reads_and_exports_and_changes_nothing() -> None:
    allowed = {
        name for name, roles in ROLES_BY_PERMISSION.items() if "auditor" in roles
    }
    acts = {name for name in allowed if not name.startswith("home.")}
    assert {name.split(".")[1] for name in acts} == {"read", "bundle"}


def test_an_admin_sees_no_ranking_and_runs_no_round() -> None:
    admin = (Grant("admin"),)
    for name in ROLES_BY_PERMISSION:
        if name.startswith(("round.", "ranking.", "run.", "placement.")):
            assert not may(admin, name, at=NOON), name


@pytest.mark.parametrize("permission", ["round.explode", ""])
def test_an_unknown_permission_belongs_to_nobody(permission: str) -> None:
    everyone = tuple(Grant(role) for role in ("admin", "network_coordinator"))
    assert not may(everyone, permission, at=NOON)
    assert describe_roles(permission) == "nobody"


def test_permission_and_action_are_one_name() -> None:
    assert to_action("round.freeze") == "round:freeze"
    assert describe_roles("round.freeze") == "network coordinator"


def test_every_permission_that_the_code_asks_for_is_known() -> None:
    asked = re.compile(
        r'(?:require|log|enter|Move)\(\s*(?:session, )?(?:key, )?"(\w+\.\w+)"'
    )
    folder = Path(permissions.__file__).parent
    found = {
        name
        for part in ("rounds", "records")
        for path in (folder / part).glob("*.py")
        for name in asked.findall(path.read_text(encoding="utf-8"))
    }
    assert len(found) > 15
    assert found <= ROLES_BY_PERMISSION.keys()

"""A round's moves: each legal one and no other, whoever tries in whatever order."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from round_world import (
    KEY,
    LATER,
    NOW,
    Office,
    solve,
)
from sqlmodel import Session, col, func, select

from mobility import models as m
from mobility.audit.record import find_breaks
from mobility.db import reading, unit
from mobility.errors import Conflict, Forbidden, InvalidInput, Refused
from mobility.models import RoundState as R
from mobility.rounds.balance import settle
from mobility.rounds.certify import certify
from mobility.rounds.freeze import freeze
from mobility.rounds.lifecycle import MOVES, move, set_deadline, unfreeze
from mobility.rounds.publish import publish
from mobility.rounds.rankings import to_ranking

ACTS = {"freeze": freeze, "settle": settle}


class Life(RuleBasedStateMachine):
    """Tries every move at every time, and keeps its own account of what is legal."""

    office: Office

    @initialize()
    def begin(self) -> None:
        self.session = Session(self.office.engine, expire_on_commit=False)
        self.state = R.DRAFT
        self.at = NOW
        self.deadline = datetime.fromisoformat("2026-11-15T20:59:00Z")
        self.receipts: set[str] = set()
        self.version = 1
        self.run: m.Run | None = None

    def attempt(self, is_legal: bool, act: Callable[[], object]) -> bool:  # noqa: FBT001 - read as a sentence
        """Run an act in a savepoint; it must succeed exactly when it is legal."""
        nested = self.session.begin_nested()
        refused: tuple[str, ...] = ()
        try:
            act()
        except Refused as refusal:
            refused = refusal.problems
        assert is_legal == (not refused), refused
        if refused:
            nested.rollback()
            self.session.expire_all()
        else:
            nested.commit()
        return is_legal

    def who(self, name: str) -> m.Person:
        return self.office.world.who(self.session, name)

    @rule(to=st.sampled_from(list(R)), reason=st.sampled_from(["", "a strike"]))
    def move(self, to: R, reason: str) -> None:
        legal = MOVES.get((self.state, to))
        is_legal = (
            legal is not None
            and not legal.act
            and (bool(reason) or not legal.needs_reason)
            and (to != R.OPEN or self.at < self.deadline)
            and (self.state != R.OPEN or bool(reason) or self.at >= self.deadline)
        )
        dana = self.who("Dana")
        if self.attempt(
            is_legal,
            lambda: move(self.session, KEY, to, by=dana, at=self.at, reason=reason),
        ):
            self.state = to

    @rule(act=st.sampled_from(sorted(ACTS)))
    def act(self, act: str) -> None:
        source, to = {
            "freeze": (R.CLOSED, R.FROZEN),
            "settle": (R.PUBLISHED, R.SETTLED),
        }[act]
        dana = self.who("Dana")
        row = self.session.exec(select(m.Round)).one()
        is_early = act == "settle" and row.answers_until and self.at < row.answers_until
        if self.attempt(
            self.state == source and not is_early,
            lambda: ACTS[act](self.session, KEY, by=dana, at=self.at),
        ):
            self.state = to

    @rule(reason=st.sampled_from(["", "a strike"]))
    def take_the_freeze_back(self, reason: str) -> None:
        if self.attempt(
            self.state == R.FROZEN and bool(reason),
            lambda: unfreeze(
                self.session, KEY, reason, by=self.who("Dana"), at=self.at
            ),
        ):
            self.state, self.run = R.CLOSED, None

    @rule()
    def go_on(self) -> None:
        """Take the usual next step, so that later states are reached often."""
        if self.state == R.OPEN:
            self.rank(["uu-spring", "lyon-spring", "nairobi-online"])
            self.pass_the_deadline()
        steps = {R.DRAFT: R.OPEN, R.OPEN: R.CLOSED, R.SETTLED: R.ARCHIVED}
        if self.state in steps:
            self.move(steps[self.state], "it is time")
        elif self.state == R.FROZEN:
            self.solve()
            self.publish()
        elif self.state == R.CLOSED:
            self.act("freeze")
        else:
            self.at += timedelta(days=15)
            self.act("settle")

    @rule()
    def pass_the_deadline(self) -> None:
        self.at = max(self.at, LATER)

    @rule()
    def extend(self) -> None:
        is_legal = self.state in (R.DRAFT, R.OPEN, R.CLOSED)
        if self.attempt(
            is_legal,
            lambda: set_deadline(
                self.session,
                KEY,
                "2026-12-15 23:59",
                "Africa/Nairobi",
                by=self.who("Dana"),
                at=self.at,
            ),
        ):
            self.deadline = datetime.fromisoformat("2026-12-15T20:59:00Z")

    @rule(offers=st.permutations(["uu-spring", "lyon-spring", "nairobi-online"]))
    def rank(self, offers: list[str]) -> None:
        def hand_in() -> None:
            made = certify(
                self.session,
                KEY,
                to_ranking(offers),
                version=self.version,
                by=self.who("Alice"),
                at=self.at,
            )
            self.version = made.version
            self.receipts.add(made.receipt)

        self.attempt(self.state == R.OPEN and self.at < self.deadline, hand_in)

    @rule()
    def solve(self) -> None:
        if self.state == R.FROZEN and self.receipts:
            self.run = solve(self.session, self.office.world, names=["Alice"])

    @rule()
    def publish(self) -> None:
        run = self.run.id if self.run else 0
        is_legal = self.state == R.FROZEN and self.run is not None
        daria = self.who("Daria")
        if self.attempt(
            is_legal, lambda: publish(self.session, KEY, run, by=daria, at=self.at)
        ):
            self.state = R.PUBLISHED

    @invariant()
    def the_row_says_what_happened(self) -> None:
        row = self.session.exec(select(m.Round)).one()
        assert row.state == self.state
        has_snapshot = self.state in (R.FROZEN, R.PUBLISHED, R.SETTLED, R.ARCHIVED)
        assert (row.snapshot_id is not None) == has_snapshot

    @invariant()
    def the_log_holds_and_no_receipt_is_lost(self) -> None:
        assert find_breaks(self.session) == []
        kept = select(m.Certification.receipt)
        assert self.receipts <= set(self.session.exec(kept))
        current = select(func.count()).where(col(m.Certification.is_current))
        assert self.session.exec(current).one() == (1 if self.receipts else 0)

    def teardown(self) -> None:
        self.session.rollback()
        self.session.close()


def test_no_order_of_acts_breaks_a_round(draft: Office) -> None:
    machine = type("Machine", (Life,), {"office": draft})
    run_state_machine_as_test(
        machine,
        settings=settings(
            deadline=None,
            max_examples=8,
            stateful_step_count=25,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.slow
def test_no_order_of_many_acts_breaks_a_round(draft: Office) -> None:
    machine = type("Machine", (Life,), {"office": draft})
    run_state_machine_as_test(
        machine,
        settings=settings(
            deadline=None,
            max_examples=60,
            stateful_step_count=50,
            suppress_health_check=list(HealthCheck),
        ),
    )


def attempt(office: Office, to: R, name: str = "Dana", reason: str = "") -> None:
    with unit(office.engine) as session:
        who = office.world.who(session, name)
        move(session, KEY, to, by=who, at=NOW, reason=reason)


def test_a_refused_move_names_the_state_and_what_is_possible(draft: Office) -> None:
    with pytest.raises(Conflict, match="is draft; it can become open, not frozen"):
        attempt(draft, R.FROZEN)


def test_students_and_home_coordinators_move_no_round(draft: Office) -> None:
    for name in ("Alice", "Bob"):
        with pytest.raises(Forbidden, match=f"{name} may not do round:open"):
            attempt(draft, R.OPEN, name)
    with reading(draft.engine) as session:
        assert session.exec(select(m.Round.state)).one() == R.DRAFT


def test_closing_before_the_deadline_takes_a_reason_that_is_logged(
    opened: Office,
) -> None:
    with pytest.raises(InvalidInput, match="before its deadline 2026-11-15 23:59"):
        attempt(opened, R.CLOSED)
    attempt(opened, R.CLOSED, reason="the server moves")
    with reading(opened.engine) as session:
        last = session.exec(
            select(m.AuditPayload).order_by(col(m.AuditPayload.seq).desc())
        ).first()
        assert last is not None
        assert last.payload == '{"reason":"the server moves"}'


def test_reopening_and_new_deadlines_are_announced_to_applicants(
    opened: Office,
) -> None:
    attempt(opened, R.CLOSED, reason="a mistake")
    attempt(opened, R.OPEN, reason="the mistake was ours")
    with unit(opened.engine) as session:
        dana = opened.world.who(session, "Dana")
        set_deadline(session, KEY, "2026-12-01 12:00", "Europe/Paris", by=dana, at=NOW)
        notices = session.exec(select(m.Notice)).all()
        assert sorted(notice.kind for notice in notices) == [
            *["round:deadline"] * 3,
            *["round:reopen"] * 3,
        ]
        assert notices[0].payload["reason"] == "the mistake was ours"


def test_a_dry_run_sends_no_message(opened: Office) -> None:
    with unit(opened.engine) as session:
        session.exec(select(m.Round)).one().is_dry_run = True
    attempt(opened, R.CLOSED, reason="a mistake")
    attempt(opened, R.OPEN, reason="again")
    with reading(opened.engine) as session:
        assert session.exec(select(m.Notice)).all() == []


def test_closing_a_frozen_round_does_not_take_the_freeze_back(frozen: Office) -> None:
    with pytest.raises(Conflict, match="is frozen: it becomes closed by the act unfre"):
        attempt(frozen, R.CLOSED, reason="a mistake")
    with reading(frozen.engine) as session:
        assert session.exec(select(m.Round.state)).one() == R.FROZEN


def test_taking_a_freeze_back_ends_its_runs_and_keeps_the_evidence(
    frozen: Office,
) -> None:
    with unit(frozen.engine) as session:
        dana = frozen.world.who(session, "Dana")
        run = solve(session, frozen.world)
        values = run.model_dump(exclude={"id"})
        session.add(m.Run(**{**values, **WAITING}))
        unfreeze(session, KEY, "a wrong capacity", by=dana, at=LATER)
    with reading(frozen.engine) as session:
        states = session.exec(select(m.Run.state).order_by(col(m.Run.id))).all()
        assert states == [m.RunState.DONE, m.RunState.CANCELLED]
        assert len(session.exec(select(m.Snapshot)).all()) == 1
        assert session.exec(select(m.Round.snapshot_id)).one() is None


WAITING = {
    "state": m.RunState.QUEUED,
    "verdict": None,
    "status": None,
    "started_at": None,
    "finished_at": None,
}

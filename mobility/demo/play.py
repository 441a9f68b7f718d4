"""The demo's rounds are lived through: drafts, rankings, freeze, run, publication.

Every act is a transaction of its own, made by Dana through the functions that the
office uses; only long lists of rows go in at once. Daria makes the rounds and declares
their policies, so that Dana, who publishes, is the second person.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine, insert
from sqlmodel import Session, col, select

from mobility.db import unit
from mobility.demo import world as made
from mobility.demo.fill import store_offers, store_rankings
from mobility.demo.load import (
    COLLEAGUE,
    find_member,
    grant_auditor,
    load_records,
    student_ids,
)
from mobility.demo.timeline import (
    ANSWERED_AFTER,
    AUDIT_DAYS,
    LIVES,
    LOADED,
    SETTLED_AFTER,
    TOLD_AFTER,
    ZONE,
    shift,
    to_local,
)
from mobility.demo.travels import tell_journeys
from mobility.models import (
    Answer,
    AnswerKind,
    DeclineReason,
    Person,
    Placement,
    RoundState,
    Student,
)
from mobility.permissions import Role
from mobility.records.people import person_of
from mobility.rounds.answers import answer
from mobility.rounds.balance import settle
from mobility.rounds.certify import certify, save_draft
from mobility.rounds.draw import new_secret, to_commitment
from mobility.rounds.freeze import freeze
from mobility.rounds.lifecycle import move
from mobility.rounds.lottery import commit, reveal
from mobility.rounds.publish import publish
from mobility.rounds.rankings import to_ranking
from mobility.rounds.rows import read_round
from mobility.rounds.runs import queue_run
from mobility.rounds.setup import NewRound, create_round

COMMITTERS = ("Exchange office", "Students' union")

Say = Callable[[str], None]
Solve = Callable[[int], None]
"""Has a queued run solved and judged, given its id."""


def play(
    engine: Engine, world: made.World, *, solve: Solve, say: Say, now: datetime
) -> None:
    """Load the world into an empty database and live through its rounds.

    Parameters
    ----------
    say
        Told what happens next, in a few words.
    now
        The moment of the demo: publication of this year's round. The log's instants
        run up to it, but for the worker's, who lives in the present.
    """
    say("schools, agreements, students")
    with unit(engine) as session:
        load_records(session, world, at=shift(now, LOADED))
    settled, published, waiting = (
        Stage(engine, world, world_round, say, now) for world_round in world.rounds
    )
    settled.open()
    settled.collect()
    settled.freeze()
    settled.publish(solve)
    settled.settle()
    published.open()
    published.collect()
    waiting.open()
    waiting.rank()
    published.freeze()
    published.publish(solve)


class Stage:
    """One round being lived through.

    Parameters
    ----------
    world_round
        The round as it was made up.
    """

    def __init__(
        self,
        engine: Engine,
        world: made.World,
        world_round: made.Round,
        say: Say,
        now: datetime,
    ) -> None:
        self._engine = engine
        self._world = world
        self._round = world_round
        self._say = say
        self._now = now
        self._days = LIVES[world_round.reaches]
        # who plays Dana in the open round makes its promises, and knows the secrets
        committers = () if world_round.reaches == "open" else COMMITTERS
        self._secrets = {name: new_secret() for name in committers}

    def open(self) -> None:
        """Create the round with offers, quotas and promises, and open it."""
        self._say(f"{self._round.key}: {len(self._round.offers)} offers")
        key, at = self._round.key, shift(self._now, self._days.created)
        with unit(self._engine) as session:
            dana = self._dana(session)
            students = student_ids(session, self._world)
            daria = person_of(session, COLLEAGUE.email)
            a_round = create_round(session, self._to_new(), by=daria, at=at)
            store_offers(session, a_round, self._round, students)
            for name, secret in self._secrets.items():
                promise = to_commitment(secret)
                commit(session, key, name, promise, by=dana, at=at)
            if self._round.reaches == "published":
                until = shift(self._now, AUDIT_DAYS)
                grant_auditor(session, self._world, until=until, at=at)
            opened = shift(self._now, self._days.opened)
            move(session, key, RoundState.OPEN, by=dana, at=opened)

    def rank(self) -> None:
        """Let the open round's students save and certify, one by one."""
        self._say(f"{self._round.key}: open for rankings")
        at = shift(self._now, self._days.certified)
        with unit(self._engine) as session:
            person_by_key = self._people(session)
            for application in self._round.applications:
                person = person_by_key[application.student]
                act = certify if application.is_certified else save_draft
                ranking = to_ranking(application.ranking)
                act(session, self._round.key, ranking, version=1, by=person, at=at)

    def collect(self) -> None:
        """Take all rankings in at once, certified."""
        self._say(f"{self._round.key}: {len(self._round.applications)} rankings")
        at = shift(self._now, self._days.certified)
        with unit(self._engine) as session:
            students = student_ids(session, self._world)
            a_round = read_round(session, self._round.key)
            store_rankings(session, a_round, self._round, students, at=at)

    def freeze(self) -> None:
        """Close and freeze the round, and reveal the lottery's secrets."""
        key, at = self._round.key, shift(self._now, self._days.done)
        self._say(f"{key}: freezing, with every journey's emissions")
        with unit(self._engine) as session:
            dana = self._dana(session)
            move(session, key, RoundState.CLOSED, by=dana, at=at)
            freeze(session, key, by=dana, at=at)
            for name, secret in self._secrets.items():
                reveal(session, key, name, secret, by=dana, at=at)

    def publish(self, solve: Solve) -> None:
        """Queue the declared policy, have it solved and verified, and publish it."""
        self._say(f"{self._round.key}: solving, policy {self._round.policy}")
        key, done = self._round.key, shift(self._now, self._days.done)
        with unit(self._engine) as session:
            run_id = queue_run(session, key, by=self._dana(session), at=done).id
        solve(run_id)
        with unit(self._engine) as session:
            publish(session, key, run_id, by=self._dana(session), at=done)

    def settle(self) -> None:
        """Take answers in and write the balances; after the stay some tell of it."""
        self._say(f"{self._round.key}: answers and balances")
        done = shift(self._now, self._days.done)
        answered = shift(done, ANSWERED_AFTER)
        with unit(self._engine) as session:
            self._decline(session, answered)
            self._accept(session, answered)
            settled = shift(done, SETTLED_AFTER)
            settle(session, self._round.key, by=self._dana(session), at=settled)
            told = shift(settled, TOLD_AFTER)
            tell_journeys(session, self._round.key, at=told)

    def _decline(self, session: Session, at: datetime) -> None:
        people = self._people(session)
        placed = set(
            session.exec(
                select(Student.person_id).join(
                    Placement, col(Placement.student_id) == Student.id
                )
            ).all()
        )
        for application in self._round.applications:
            person = people[application.student]
            if application.declines and person.id in placed:
                why = DeclineReason(application.declines)
                key = self._round.key
                answer(session, key, AnswerKind.DECLINE, why, by=person, at=at)

    def _accept(self, session: Session, at: datetime) -> None:
        """Let everybody else accept: their rows go in at once."""
        answered = select(Answer.placement_id)
        query = select(Placement.id).where(col(Placement.id).not_in(answered))
        rows = [
            {"placement_id": number, "kind": AnswerKind.ACCEPT, "answered_at": at}
            for number in session.exec(query)
        ]
        if rows:
            session.execute(insert(Answer), rows)

    def _dana(self, session: Session) -> Person:
        return find_member(session, self._world, Role.NETWORK_COORDINATOR)

    def _people(self, session: Session) -> dict[str, Person]:
        """Return the round's students as people, by their keys in the world."""
        emails = {student.email: student.key for student in self._world.students}
        rows = session.exec(select(Person)).all()
        return {emails[row.email]: row for row in rows if row.email in emails}

    def _to_new(self) -> NewRound:
        return NewRound(
            key=self._round.key,
            name=self._round.name,
            academic_year_id=self._round.academic_year_id,
            deadline=to_local(shift(self._now, self._days.deadline)),
            zone=ZONE,
            policy=self._round.policy,
        )

"""The lottery's promises: made before, revealed after, and never ground."""

from collections.abc import Callable

import pytest
from round_world import KEY, LATER, NOW, Office, close_and_freeze, solve
from sqlmodel import Session, select

from mobility import models as m
from mobility.db import reading, unit
from mobility.errors import Conflict, InvalidInput, NotFound
from mobility.rounds.draw import new_secret, to_commitment, to_seed
from mobility.rounds.freeze import snapshot_value
from mobility.rounds.lifecycle import unfreeze
from mobility.rounds.lottery import commit, describe_seed, reveal, withdraw
from mobility.rounds.publish import publish
from mobility.rounds.rows import read_round
from mobility.rounds.runs import cancel_run, instance_of, queue_run
from mobility.rounds.translate import NO_SEED

SECRETS = {"Office": new_secret(), "Students' union": new_secret()}


def promise(office: Office, *names: str) -> None:
    with unit(office.engine) as session:
        dana = office.world.who(session, "Dana")
        for name in names:
            commitment = to_commitment(SECRETS[name])
            commit(session, KEY, name, commitment, by=dana, at=NOW)


def frozen_with(office: Office, *names: str) -> None:
    promise(office, *names)
    with unit(office.engine) as session:
        close_and_freeze(session, office.world)


def tell(office: Office, name: str, secret: str = "") -> None:
    with unit(office.engine) as session:
        dana = office.world.who(session, "Dana")
        reveal(session, KEY, name, secret or SECRETS[name], by=dana, at=LATER)


def describe(office: Office) -> str:
    with reading(office.engine) as session:
        return describe_seed(session, read_round(session, KEY))


def solve_in(office: Office) -> tuple[int, str]:
    """Solve, and return the run with the seed that it was solved with."""
    with unit(office.engine) as session:
        run = solve(session, office.world)
        return run.id, instance_of(session, run)["seed"]


def publish_in(office: Office, run: int) -> None:
    with unit(office.engine) as session:
        publish(session, KEY, run, by=office.world.who(session, "Daria"), at=LATER)


def test_the_seed_is_of_all_secrets_once_all_are_revealed(opened: Office) -> None:
    frozen_with(opened, *SECRETS)
    assert solve_in(opened)[1] == NO_SEED
    tell(opened, "Office")
    assert "zeros until Students' union reveals" in describe(opened)
    tell(opened, "Students' union")
    assert "stands on the secrets of Office, Students' union" in describe(opened)
    run, seed = solve_in(opened)
    with reading(opened.engine) as session:
        policy = session.exec(select(m.Policy)).one()
        value = snapshot_value(session.exec(select(m.Snapshot)).one())
    assert seed == to_seed(value, policy.digest, SECRETS.values())
    publish_in(opened, run)


def test_a_run_before_the_reveal_is_not_published(opened: Office) -> None:
    frozen_with(opened, "Office")
    run, _ = solve_in(opened)
    with pytest.raises(Conflict, match="secret of Office is not revealed"):
        publish_in(opened, run)
    tell(opened, "Office")
    with pytest.raises(Conflict, match="queue the declared policy again"):
        publish_in(opened, run)


def test_a_single_committer_is_a_weakness_that_is_said(opened: Office) -> None:
    frozen_with(opened, "Office")
    tell(opened, "Office")
    assert describe(opened).startswith("weakness: the lottery's seed stands on one")


def test_nobody_committing_is_a_weakness_that_is_said(frozen: Office) -> None:
    assert describe(frozen).startswith("weakness: nobody committed")
    assert solve_in(frozen)[1] == NO_SEED


def test_a_secret_that_was_not_promised_is_refused(opened: Office) -> None:
    frozen_with(opened, "Office")
    with pytest.raises(InvalidInput, match="not the secret that Office promised"):
        tell(opened, "Office", "00")
    with pytest.raises(NotFound, match="Students' union has no commitment"):
        tell(opened, "Students' union")


def test_secrets_are_not_taken_while_they_could_still_be_used(opened: Office) -> None:
    promise(opened, "Office")
    with pytest.raises(Conflict, match="secrets are revealed while it is frozen"):
        tell(opened, "Office")


Act = Callable[[Session, m.Person], object]


@pytest.mark.parametrize(
    "act",
    [
        lambda session, dana: commit(session, KEY, "Late", "0" * 64, by=dana, at=LATER),
        lambda session, dana: withdraw(
            session, KEY, "Office", "lost", by=dana, at=LATER
        ),
    ],
)
def test_promises_stand_from_the_freeze_on(opened: Office, act: Act) -> None:
    frozen_with(opened, "Office")
    with unit(opened.engine) as session:
        dana = opened.world.who(session, "Dana")
        with pytest.raises(Conflict, match="the lottery's commitments stand"):
            act(session, dana)


def test_a_promise_is_made_once_and_is_a_hash(draft: Office) -> None:
    promise(draft, "Office")
    with pytest.raises(Conflict, match="has a commitment"):
        promise(draft, "Office")
    with unit(draft.engine) as session:
        dana = draft.world.who(session, "Dana")
        with pytest.raises(InvalidInput, match="64 lower-case hexadecimal digits"):
            commit(session, KEY, "Union", "secret", by=dana, at=NOW)
        withdraw(session, KEY, "Office", "the envelope is lost", by=dana, at=NOW)
        assert session.exec(select(m.LotteryCommitment)).all() == []


def test_taking_a_freeze_back_drops_secrets_that_are_known(opened: Office) -> None:
    frozen_with(opened, *SECRETS)
    tell(opened, "Office")
    with unit(opened.engine) as session:
        dana = opened.world.who(session, "Dana")
        unfreeze(session, KEY, "a mistake", by=dana, at=LATER)
        left = session.exec(select(m.LotteryCommitment.committer)).all()
    assert left == ["Students' union"]


def test_no_secret_is_revealed_under_a_run_that_may_be_tried_again(
    opened: Office,
) -> None:
    frozen_with(opened, "Office")
    with unit(opened.engine) as session:
        dana = opened.world.who(session, "Dana")
        waiting = queue_run(session, KEY, by=dana, at=LATER).id
    with pytest.raises(Conflict, match=f"run {waiting} of round {KEY} is under way"):
        tell(opened, "Office")
    with unit(opened.engine) as session:
        dana = opened.world.who(session, "Dana")
        cancel_run(session, waiting, by=dana, at=LATER)
    tell(opened, "Office")

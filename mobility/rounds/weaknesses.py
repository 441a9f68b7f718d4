"""What a reader of a published result should know: it is logged, not forbidden."""

from sqlmodel import Session

from mobility.models import Person, Round, Run
from mobility.reading.network import is_policy_setter
from mobility.rounds.lottery import commitments_of
from mobility.sentences import tell


def find_weaknesses(
    session: Session, a_round: Round, run: Run, *, publisher: Person
) -> list[str]:
    """Return what a reader of the result should know; nothing of it forbids it."""
    rows = commitments_of(session, a_round)
    found: list[str] = []
    if not rows:
        found.append(tell("nobody committed to a secret: the lottery's seed is zeros"))
    elif len(rows) == 1:
        found.append(
            tell(
                "the lottery's seed stands on one committer, {committer}",
                committer=rows[0].committer,
            )
        )
    if is_policy_setter(session, a_round.key, publisher.id):
        found.append(tell("the publisher is also the last to have changed the policy"))
    if run.gap_msteps:
        found.append(
            tell(
                "the result is proven within {gap_msteps} msteps only",
                gap_msteps=run.gap_msteps,
            )
        )
    return found

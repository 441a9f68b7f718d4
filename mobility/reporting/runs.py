"""The facts of a stored run: read once, kept while pages ask for its pictures."""

from sqlmodel import Session

from mobility.reading.figures import read_result_digest, read_stored_run
from mobility.reporting.facts import RunFacts, to_facts
from mobility.reporting.memory import Memory

_facts: Memory[RunFacts] = Memory(4)


def run_facts(session: Session, run: int) -> RunFacts:
    """Return the facts of a run with a verified result.

    One statement where the run's facts are kept, three where they are read.

    Raises
    ------
    NotFound
        When there is no such run.
    Conflict
        When it has no verified result.
    """
    digest = read_result_digest(session, run)

    def make() -> RunFacts:
        stored = read_stored_run(session, run)
        return to_facts(digest, stored.snapshot, stored.result)

    return _facts.get((run, digest), make)

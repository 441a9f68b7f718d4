"""What partnerships owe each other: carried into a round, and written when it ends."""

from collections import Counter
from datetime import datetime

from sqlalchemy import func
from sqlalchemy import select as select_all
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from mobility.models import (
    Answer,
    AnswerKind,
    BalanceUnit,
    Block,
    CooperationCondition,
    InboundNumber,
    Institution,
    Mode,
    Offer,
    Partnership,
    PartnershipBalance,
    Person,
    Placement,
    Round,
    RoundState,
)
from mobility.rounds.answer_deadline import check_answers_in
from mobility.rounds.facts import PartnershipFacts
from mobility.rounds.lifecycle import begin, finish

ENDED = (RoundState.SETTLED, RoundState.ARCHIVED)


def read_partnerships(session: Session, a_round: Round) -> list[PartnershipFacts]:
    """Return every partnership with what it carries into a round.

    Carried is out minus in, in students, over the last `balance_years` settled rounds
    (dry runs left out). Numbers that the partners dispute count as the host has them:
    they are the ones that are stored.
    """
    carried: Counter[int] = Counter()
    query = (
        select(PartnershipBalance)
        .where(col(PartnershipBalance.round_id).in_(_last_rounds(session, a_round)))
        .where(PartnershipBalance.unit == BalanceUnit.STUDENTS)
    )
    for row in session.exec(query):
        carried[row.partnership_id] += row.out_count - row.in_count
    inbound = select(InboundNumber).where(InboundNumber.round_id == a_round.id)
    known = {row.partnership_id: row.count for row in session.exec(inbound)}
    return [
        PartnershipFacts(
            north=north,
            south=south,
            carried=carried[pair.id],
            inbound_known=known.get(pair.id, 0),
            tolerance=pair.tolerance,
        )
        for pair, north, south in _pairs(session)
    ]


def _last_rounds(session: Session, a_round: Round) -> list[int]:
    """Return the ids of the settled rounds whose balances are carried."""
    query = (
        select(Round.id)
        .where(col(Round.state).in_(ENDED))
        .where(col(Round.is_dry_run).is_(False))
        .where(col(Round.id) != a_round.id)
        .order_by(col(Round.deadline_at).desc(), col(Round.id).desc())
        .limit(a_round.balance_years)
    )
    return list(session.exec(query))


def _pairs(session: Session) -> list[tuple[Partnership, str, str]]:
    north, south = aliased(Institution), aliased(Institution)
    query = (
        select_all(Partnership, col(north.hei_id), col(south.hei_id))
        .join(north, col(north.id) == col(Partnership.north_id))
        .join(south, col(south.id) == col(Partnership.south_id))
    )
    return [(pair, a, b) for pair, a, b in session.execute(query)]


def settle(session: Session, key: str, *, by: Person, at: datetime) -> Round:
    """End a published round and write its balances.

    A place that nobody answered has expired by then. Every other placement between the
    blocks that was not declined counts as one student, and inbound numbers that the
    host confirmed count too. A dry run writes no balances.

    Raises
    ------
    Conflict
        When somebody may still answer.
    """
    a_round, move = begin(session, key, RoundState.SETTLED, by=by, at=at, act="settle")
    unanswered = _count_unanswered(session, a_round)
    check_answers_in(a_round, unanswered, at)
    a_round.state = RoundState.SETTLED
    written = 0 if a_round.is_dry_run else _write_balances(session, a_round)
    expired = unanswered if a_round.answers_until else 0
    payload: dict[str, object] = {"partnerships": written, "expired": expired}
    finish(session, a_round, move, payload, by=by, at=at)
    return a_round


def _count_unanswered(session: Session, a_round: Round) -> int:
    query = (
        select(func.count(col(Placement.id)))
        .outerjoin(Answer, col(Answer.placement_id) == col(Placement.id))
        .where(Placement.round_id == a_round.id)
        .where(col(Answer.id).is_(None))
    )
    return session.exec(query).one()


def _write_balances(session: Session, a_round: Round) -> int:
    flows = _count_flows(session, a_round)
    ids = {(pair.north_id, pair.south_id): pair.id for pair, _, _ in _pairs(session)}
    inbound = select(InboundNumber).where(InboundNumber.round_id == a_round.id)
    known = {row.partnership_id: row.count for row in session.exec(inbound)}
    for ends in sorted({*flows[0], *flows[1]} - ids.keys()):
        made = Partnership(north_id=ends[0], south_id=ends[1])
        session.add(made)
        session.flush()
        ids[ends] = made.id
    rows = [
        PartnershipBalance(
            partnership_id=pair,
            round_id=a_round.id,
            out_count=flows[0][ends],
            in_count=flows[1][ends] + known.get(pair, 0),
        )
        for ends, pair in sorted(ids.items())
        if flows[0][ends] or flows[1][ends] or pair in known
    ]
    session.add_all(rows)
    return len(rows)


def _count_flows(
    session: Session, a_round: Round
) -> tuple[Counter[tuple[int, int]], Counter[tuple[int, int]]]:
    """Return students out and in by (north, south), virtual offers left out.

    Where nobody was told a last day, a place without an answer did not expire.
    """
    is_taken = col(Answer.kind) != AnswerKind.DECLINE
    if a_round.answers_until is None:
        is_taken |= col(Answer.kind).is_(None)
    home, host = aliased(Institution), aliased(Institution)
    query = (
        select_all(home, host)
        .select_from(Placement)
        .join(Offer, col(Offer.id) == col(Placement.offer_id))
        .join(
            CooperationCondition,
            col(CooperationCondition.id) == col(Offer.condition_id),
        )
        .join(home, col(home.id) == col(CooperationCondition.sending_id))
        .join(host, col(host.id) == col(Offer.receiving_id))
        .outerjoin(Answer, col(Answer.placement_id) == col(Placement.id))
        .where(col(Placement.round_id) == a_round.id)
        .where(col(Offer.mode) != Mode.VIRTUAL)
        .where(is_taken)
    )
    out: Counter[tuple[int, int]] = Counter()
    back: Counter[tuple[int, int]] = Counter()
    for sender, receiver in session.execute(query):
        if (sender.block, receiver.block) == (Block.NORTH, Block.SOUTH):
            out[sender.id, receiver.id] += 1
        elif (sender.block, receiver.block) == (Block.SOUTH, Block.NORTH):
            back[receiver.id, sender.id] += 1
    return out, back

"""The log for a reader: page by page, as a part to be handed on, and whether it holds.

Not every entry's content is shown: drafts, answers with their reasons, and decisions on
single students are personal and prove nothing about a round.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, true
from sqlmodel import Session, col, select

from mobility.audit.bundle import Segment
from mobility.audit.chain import Head, Payload
from mobility.audit.record import find_breaks, to_entry
from mobility.errors import NotFound
from mobility.models import AuditEntry, AuditHead, AuditPayload, Round
from mobility.sentences import tell

SHOWN = ("round:", "policy:", "lottery:", "run:", "offer:")
SHOWN_TOO = ("ranking:certify", "ranking:withdraw", "audit:bundle", "demo:build")
PAGE_ROWS = 50


@dataclass(frozen=True, slots=True)
class LogRow:
    """An entry of the log.

    Parameters
    ----------
    payload
        What the entry commits to; None when it was erased or is not shown.
    is_erased
        True when nobody has it any more.
    """

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str
    payload: dict[str, Any] | None
    is_erased: bool
    hash: str


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log, latest entry first; pages are numbered from 1."""

    rows: tuple[LogRow, ...]
    page: int
    pages: int
    entries: int


@dataclass(frozen=True, slots=True)
class LogVerdict:
    """Whether the whole stored log holds: every broken fact, and its head."""

    problems: tuple[str, ...]
    seq: int
    hash: str

    @property
    def holds(self) -> bool:
        """Say whether there is no broken fact."""
        return not self.problems


def list_log(
    session: Session,
    key: str | None,
    page: int = 1,
    *,
    size: int = PAGE_ROWS,
    kind: str = "",
) -> LogPage:
    """Return a page of the log, latest entries first.

    Parameters
    ----------
    key
        Of the round whose entries are wanted; None for all entries.
    page
        A page past the last one is empty.
    kind
        What the wanted actions begin with: "lottery:"; all of them when empty.

    Raises
    ------
    NotFound
        When there is no such round, or the page's number is below 1.
    """
    if page < 1:
        raise NotFound(tell("the log has no page {page}", page=page))
    wanted = true() if key is None else _is_about(session, key)
    if kind:
        wanted &= col(AuditEntry.action).startswith(kind, autoescape=True)
    count = session.exec(select(func.count()).select_from(AuditEntry).where(wanted))
    entries = count.one()
    query = (
        select(AuditEntry, AuditPayload)
        .outerjoin(AuditPayload, col(AuditPayload.seq) == col(AuditEntry.seq))
        .where(wanted)
        .order_by(col(AuditEntry.seq).desc())
        .offset((page - 1) * size)
        .limit(size)
    )
    rows = tuple(_to_row(entry, payload) for entry, payload in session.exec(query))
    return LogPage(rows, page, max(-(-entries // size), 1), entries)


def _is_about(session: Session, key: str) -> ColumnElement[bool]:
    if session.exec(select(Round.id).where(Round.key == key)).first() is None:
        raise NotFound(tell("there is no round {key!r}", key=key))
    return col(AuditEntry.subject) == f"round:{key}"


def _to_row(entry: AuditEntry, payload: AuditPayload | None) -> LogRow:
    content = payload if payload is not None and is_shown(entry.action) else None
    return LogRow(
        seq=entry.seq,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        payload=json.loads(content.payload) if content else None,
        is_erased=payload is None,
        hash=entry.hash,
    )


def is_shown(action: str) -> bool:
    """Say whether the content of such an entry is shown and handed on."""
    return action.startswith(SHOWN) or action in SHOWN_TOO


def verify_log(session: Session) -> LogVerdict:
    """Check every entry of the stored log, and that it ends where its head says."""
    head = read_head(session)
    return LogVerdict(tuple(find_breaks(session)), head.seq, head.hash)


def read_head(session: Session) -> Head:
    """Return the log's end; another entry is another head."""
    head = session.exec(select(AuditHead)).one_or_none()
    return Head(head.seq, head.hash) if head else Head(0, "")


def read_segment(session: Session, key: str) -> Segment:
    """Return the log from the making of a round to its end.

    Entries of other rounds are in it, since the chain runs through them; their contents
    are not, nor other downloads' recipients.

    Raises
    ------
    NotFound
        When the log says nothing of such a round.
    """
    subject = f"round:{key}"
    first = select(func.min(AuditEntry.seq)).where(AuditEntry.subject == subject)
    begin = session.exec(first).one()
    if begin is None:
        raise NotFound(tell("the log says nothing of a round {key!r}", key=key))
    rows = session.exec(
        select(AuditEntry)
        .where(col(AuditEntry.seq) >= begin)
        .order_by(col(AuditEntry.seq))
    ).all()
    last = rows[-1]
    query = (
        select(AuditPayload, AuditEntry.action)
        .join(AuditEntry, col(AuditEntry.seq) == col(AuditPayload.seq))
        .where(AuditEntry.subject == subject)
    )
    payloads = {
        row.seq: Payload(row.salt, row.payload)
        for row, action in session.exec(query)
        if is_shown(action) and (action != "audit:bundle" or row.seq == last.seq)
    }
    return Segment(
        start=Head(begin - 1, rows[0].prev),
        entries=tuple(map(to_entry, rows)),
        payloads=payloads,
        head=Head(last.seq, last.hash),
    )

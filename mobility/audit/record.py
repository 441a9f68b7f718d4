"""Writing the log, in the transaction of the act; erasing; checking what is stored."""

import secrets
from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from mobility.audit.chain import (
    Entry,
    Head,
    Payload,
    to_commitment,
    to_hash,
    to_payload_text,
    verify_chain,
)
from mobility.models import AuditActor, AuditEntry, AuditHead, AuditPayload


def record(
    session: Session,
    *,
    actor: str,
    action: str,
    subject: str,
    payload: dict[str, object],
    at: datetime,
) -> AuditEntry:
    """Append an act to the log; it stands or falls with the session's transaction.

    Parameters
    ----------
    actor
        A pseudonym of `actor_of`, or a program ("command-line", "worker").
    action
        As the permission is called, with a colon: "round:freeze".
    subject
        Kind and key of the thing: "round:2027-spring".
    payload
        Integers, texts, booleans, lists and objects; it can be erased later.
    at
        Aware.

    Raises
    ------
    InvalidFile
        When the payload holds what canonical JSON does not keep.
    """
    secret = Payload(secrets.token_hex(32), to_payload_text(payload))
    # one writer at a time from here to the end of the transaction: no gaps, no forks
    query = select(AuditHead).with_for_update()
    head = session.exec(query, execution_options={"populate_existing": True}).one()
    row = AuditEntry(
        seq=head.seq + 1,
        prev=head.hash,
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        commitment=to_commitment(secret),
        hash="",
    )
    row.hash = to_hash(to_entry(row))
    session.add(row)
    session.flush()
    session.add(AuditPayload(seq=row.seq, salt=secret.salt, payload=secret.text))
    head.seq, head.hash = row.seq, row.hash
    session.flush()
    return row


def to_entry(row: AuditEntry) -> Entry:
    """Return a stored entry as it is hashed."""
    return Entry(
        seq=row.seq,
        prev=row.prev,
        at=row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        actor=row.actor,
        action=row.action,
        subject=row.subject,
        commitment=row.commitment,
        hash=row.hash,
    )


def find_breaks(session: Session) -> list[str]:
    """Return every fact of the stored log that does not hold; empty when all do."""
    head = session.exec(select(AuditHead)).one_or_none()
    if head is None:
        return ["the log has no head: the row that names its last entry is missing"]
    stored = session.exec(select(AuditPayload)).all()
    payloads = {row.seq: Payload(row.salt, row.payload) for row in stored}
    rows = session.exec(select(AuditEntry).order_by(col(AuditEntry.seq))).all()
    return verify_chain(map(to_entry, rows), payloads, Head(head.seq, head.hash))


def actor_of(session: Session, person_id: int) -> str:
    """Return the pseudonym under which a person acts, made at her first act."""
    query = select(AuditActor).where(AuditActor.person_id == person_id)
    known = session.exec(query).one_or_none()
    if known is not None:
        return known.pseudonym
    actor = AuditActor(pseudonym=f"p-{secrets.token_hex(8)}", person_id=person_id)
    try:
        with session.begin_nested():
            session.add(actor)
    except IntegrityError:  # she acted elsewhere at the same moment
        return session.exec(query).one().pseudonym
    return actor.pseudonym


def erase_payload(session: Session, seq: int) -> None:
    """Delete what an entry commits to; the entry stays, and the chain holds."""
    session.exec(delete(AuditPayload).where(col(AuditPayload.seq) == seq))


def forget_actor(session: Session, person_id: int) -> None:
    """Delete the link from a person to her pseudonym."""
    session.exec(delete(AuditActor).where(col(AuditActor.person_id) == person_id))

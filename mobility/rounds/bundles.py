"""Handing out a round's evidence: who may, to whom, until when; each copy is logged."""

import unicodedata
from datetime import date, datetime, timedelta

from sqlmodel import Session

from mobility.audit.bundle import Bundle, Download, add_program, make_bundle
from mobility.audit.verify.contents import digests_of
from mobility.errors import InvalidInput
from mobility.models import Person
from mobility.reading.audit import read_segment
from mobility.reading.evidence import read_evidence
from mobility.records.authority import log, require
from mobility.rounds.rows import read_round, scope_of, subject_of
from mobility.sentences import tell

KEPT_DAYS = 90
"""How long a copy may be kept where nothing else is said."""
LONGEST_DAYS = 366 * 2
NAME_LENGTH = 200


def hand_out(
    session: Session,
    key: str,
    recipient: str,
    delete_by: date | None = None,
    *,
    by: Person,
    at: datetime,
) -> Bundle:
    """Return the bundle of a published round; the log names its recipient.

    Parameters
    ----------
    recipient
        Who gets the copy.
    delete_by
        Last day on which it may be kept; `KEPT_DAYS` from now by default.

    Raises
    ------
    NotFound, Forbidden, Conflict
        When there is no such round, the person may not, or it is not published.
    InvalidInput
        When recipient or date are none.
    """
    a_round = read_round(session, key)
    require(session, "audit.bundle", scope_of(a_round), by=by, at=at)
    last = delete_by or at.date() + timedelta(days=KEPT_DAYS)
    name = unicodedata.normalize("NFC", recipient.strip())
    problems = _find_problems(name, last, at.date())
    if problems:
        raise InvalidInput(problems)
    members = add_program(read_evidence(session, key), key, last.isoformat())
    payload: dict[str, object] = {
        "recipient": name,
        "delete_by": last.isoformat(),
        "evidence": digests_of(members)["evidence"],
    }
    log(session, "audit.bundle", subject_of(a_round), payload, by=by, at=at)
    segment = read_segment(session, key)
    made_at = segment.entries[-1].at
    download = Download(key, name, made_at, last.isoformat())
    return make_bundle(members, segment, download)


def _find_problems(name: str, last: date, today: date) -> list[str]:
    problems: list[str] = []
    if not name or len(name) > NAME_LENGTH or not name.isprintable():
        problems.append(
            tell(
                "the recipient of a bundle is a name of 1 to {most} characters",
                most=NAME_LENGTH,
            )
        )
    if not today < last <= today + timedelta(days=LONGEST_DAYS):
        problems.append(
            tell(
                "a bundle is to be deleted by {last}; that must lie after "
                "{today}, at most {most} days",
                last=last,
                today=today,
                most=LONGEST_DAYS,
            )
        )
    return problems

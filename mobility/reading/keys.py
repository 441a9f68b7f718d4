"""Row ids by the keys that stand in addresses of pages."""

from sqlmodel import Session, select

from mobility.models import Institution, Round


def find_round_id(session: Session, key: str) -> int | None:
    """Return a round's row id, None when there is none of that key."""
    return session.exec(select(Round.id).where(Round.key == key)).one_or_none()


def find_institution_id(session: Session, hei_id: str) -> int | None:
    """Return an institution's row id, None when there is none of that `hei_id`."""
    query = select(Institution.id).where(Institution.hei_id == hei_id)
    return session.exec(query).one_or_none()

"""A small valid world of rows: one of every table, and then some for what is tested."""

from datetime import UTC, date, datetime, timedelta

from sqlmodel import Session, SQLModel

from mobility import models as m
from mobility.permissions import Role

AT = datetime(2027, 1, 10, 12, 0, tzinfo=UTC)
DIGEST = "0" * 64


def add(session: Session, row: SQLModel) -> int:
    """Add a row, flush, and return its id (its first key where it has none)."""
    session.add(row)
    session.flush()
    number: int = getattr(row, "id", 0)
    return number


def add_institution(session: Session, hei_id: str = "uu.se", **changed: object) -> int:
    values: dict[str, object] = {
        "hei_id": hei_id,
        "name": hei_id.upper(),
        "city": "Uppsala",
        "country": "SE",
        "latitude_udeg": 59_858_000,
        "longitude_udeg": 17_645_000,
        "block": m.Block.NORTH,
        "block_source": "M49",
        "block_date": date(2026, 1, 1),
    }
    return add(session, m.Institution(**{**values, **changed}))


def add_student(session: Session, institution_id: int, name: str = "Alice") -> int:
    person = m.Person(name=name, email=f"{name.lower()}@example.org")
    return add(
        session,
        m.Student(
            person_id=add(session, person),
            institution_id=institution_id,
            isced_f_code="0912",
            eqf_level=7,
            merit=8320,
        ),
    )


def add_round(session: Session, key: str = "2027-spring", **changed: object) -> int:
    policy = m.Policy(name="balanced", text="{}", digest=f"{abs(hash(key)):064x}")
    values: dict[str, object] = {
        "key": key,
        "name": "Spring 2027",
        "academic_year_id": "2026/2027",
        "deadline_at": AT + timedelta(days=30),
        "deadline_zone": "Europe/Stockholm",
        "policy_id": add(session, policy),
        "factor_set": "desnz-2026",
    }
    return add(session, m.Round(**{**values, **changed}))


def add_snapshot(session: Session, round_id: int, digest: str = DIGEST) -> int:
    return add(
        session,
        m.Snapshot(
            round_id=round_id, digest=digest, data=b"", created_at=AT, created_by="p-1"
        ),
    )


def add_run(
    session: Session, round_id: int, snapshot_id: int, **changed: object
) -> int:
    row = session.get_one(m.Round, round_id)
    values: dict[str, object] = {
        "round_id": round_id,
        "snapshot_id": snapshot_id,
        "policy_id": row.policy_id,
        "created_at": AT,
        "created_by": "p-1",
    }
    return add(session, m.Run(**{**values, **changed}))


DONE = {
    "state": m.RunState.DONE,
    "attempts": 1,
    "status": m.RunStatus.OPTIMAL,
    "gap_msteps": 0,
    "verdict": m.Verdict.VERIFIED,
    "instance_digest": DIGEST,
    "result_digest": DIGEST,
    "started_at": AT,
    "finished_at": AT,
}
"""What a run has when it is done and verified."""


def fill_every_table(session: Session) -> None:
    """Add at least one row to every table; the round is frozen, with a verified run."""
    north = add_institution(session)
    south = add_institution(session, "uonbi.ac.ke", country="KE", block=m.Block.SOUTH)
    student = add_student(session, south)
    _fill_people(session, student, south)
    offer = _fill_offers(session, north, south, add_round(session))
    round_id = session.get_one(m.Offer, offer).round_id
    _fill_rankings(session, round_id, student, offer)
    _fill_results(session, round_id, student, offer)
    pair = add(session, m.Partnership(north_id=north, south_id=south))
    counts = {"partnership_id": pair, "round_id": round_id}
    add(session, m.PartnershipBalance(**counts, out_count=1, in_count=0))
    add(
        session,
        m.InboundNumber(**counts, count=2, confirmed_by="p-1", confirmed_at=AT),
    )


def _fill_people(session: Session, student: int, institution: int) -> None:
    person = session.get_one(m.Student, student).person_id
    add(
        session,
        m.RoleGrant(
            person_id=person,
            role=Role.STUDENT,
            institution_id=institution,
            granted_at=AT,
            granted_by="p-1",
        ),
    )
    add(session, m.StudentLanguage(student_id=student, language="en", cefr=m.Cefr.B2))
    add(session, m.StudentGroup(student_id=student, attribute="income", value="low"))
    account = add(session, m.Account(person_id=person, created_at=AT))
    add(
        session,
        m.AccountSession(
            account_id=account,
            token_hash=DIGEST,
            created_at=AT,
            last_seen_at=AT,
            expires_at=AT + timedelta(hours=8),
        ),
    )
    invitation = m.Invitation(
        account_id=account,
        token_hash=DIGEST,
        created_at=AT,
        created_by="p-1",
        expires_at=AT + timedelta(days=7),
    )
    add(session, invitation)
    throttle = m.SignInThrottle(kind="account", key_hash=DIGEST, last_at=AT)
    add(session, throttle)
    add(session, m.Notice(person_id=person, kind="welcome", created_at=AT))
    add(session, m.AuditActor(pseudonym="p-1", person_id=person))
    hashes = {"prev": DIGEST, "commitment": DIGEST, "hash": "1" * 64}
    act = {"actor": "p-1", "action": "round:open", "subject": "round:x"}
    add(session, m.AuditEntry(seq=1, at=AT, **act, **hashes))
    add(session, m.AuditPayload(seq=1, salt=DIGEST, payload="{}"))


def add_agreement_with_offer(
    session: Session, sending: int, receiving: int, round_id: int
) -> int:
    """Add an agreement kept by the sending side, its condition, and an offer of it."""
    agreement = m.Agreement(
        iia_id="iia-1",
        institution_a_id=sending,
        institution_b_id=receiving,
        state=m.AgreementState.ACTIVE,
    )
    condition = m.CooperationCondition(
        agreement_id=add(session, agreement),
        key="c1",
        sending_id=sending,
        receiving_id=receiving,
        kind=m.MobilityKind.TRAINEESHIP,
        mobilities_per_year=2,
        duration_days=56,
    )
    offer = m.Offer(
        round_id=round_id,
        condition_id=add(session, condition),
        key="uu-1",
        receiving_id=receiving,
        capacity=2,
        starts_on=date(2027, 3, 1),
        ends_on=date(2027, 4, 26),
    )
    return add(session, offer)


def _fill_offers(session: Session, north: int, south: int, round_id: int) -> int:
    number = add_agreement_with_offer(session, south, north, round_id)
    quota = m.Quota(round_id=round_id, key="q1", kind=m.QuotaKind.HOST, capacity=5)
    add(session, m.QuotaOffer(quota_id=add(session, quota), offer_id=number))
    add(
        session,
        m.LotteryCommitment(round_id=round_id, committer="office", commitment=DIGEST),
    )
    add(
        session,
        m.Journey(
            factor_set_digest=DIGEST,
            method_digest=DIGEST,
            home_key="-1286389,36817223,KE",
            host_key="59858000,17645000,SE",
            footprint={},
            chosen_mode="air",
            total_g=1_800_000,
        ),
    )
    return number


def _fill_rankings(session: Session, round_id: int, student: int, offer: int) -> None:
    application = add(session, m.Application(round_id=round_id, student_id=student))
    add(session, m.Preference(application_id=application, offer_id=offer, rank=1))
    certification = m.Certification(
        application_id=application, number=1, certified_at=AT, receipt=DIGEST, salt="00"
    )
    number = add(session, certification)
    add(session, m.CertifiedPreference(certification_id=number, offer_id=offer, rank=1))
    pair = {"round_id": round_id, "student_id": student, "offer_id": offer}
    why = {"reason": "visa", "created_by": "p-1", "created_at": AT}
    add(session, m.Pin(**pair, **why))
    add(session, m.ForbiddenPair(**pair, **why))
    quota = m.Quota(round_id=round_id, key="q2", kind=m.QuotaKind.LEVEL, capacity=1)
    number = add(session, quota)
    add(session, m.QuotaPair(quota_id=number, student_id=student, offer_id=offer))


def _fill_results(session: Session, round_id: int, student: int, offer: int) -> None:
    snapshot = add_snapshot(session, round_id)
    row = session.get_one(m.Round, round_id)
    row.state, row.snapshot_id = m.RoundState.FROZEN, snapshot
    row.factor_set_digest = DIGEST
    add(
        session,
        m.Pseudonym(snapshot_id=snapshot, student_id=student, pseudonym="s-1"),
    )
    run = add_run(session, round_id, snapshot, **DONE)
    add(session, m.RunFile(run_id=run, kind=m.RunFileKind.RESULT, data=b"x"))
    placement = m.Placement(
        round_id=round_id,
        student_id=student,
        run_id=run,
        offer_id=offer,
        rank=1,
        emissions_g=1,
        published_at=AT,
    )
    answer = m.Answer(
        placement_id=add(session, placement), kind=m.AnswerKind.ACCEPT, answered_at=AT
    )
    add(session, answer)
    report = m.TravelReport(
        placement_id=placement.id,
        out_mode=m.TravelMode.AIR,
        back_mode=m.TravelMode.RAIL,
        journey={},
        total_g=1,
        factor_set_digest=DIGEST,
        method_digest=DIGEST,
        reported_at=AT,
    )
    add(session, report)

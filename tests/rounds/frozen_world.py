"""A small world of frozen facts: two homes, three hosts, three students."""

from dataclasses import replace

from mobility.eligibility import Applicant, LanguageNeed, Terms
from mobility.rounds.facts import (
    CarbonFacts,
    Commitment,
    Facts,
    InstitutionFacts,
    JourneyFacts,
    OfferFacts,
    PartnershipFacts,
    QuotaFacts,
    RoundFacts,
    StudentFacts,
)
from mobility.rounds.receipts import to_receipt
from solver.policy import to_json
from solver.policy_reader import read_policy

ALICE, ACHIENG, BENGT = 1, 2, 3
PSEUDONYMS = {ALICE: "s-aa", ACHIENG: "s-cc", BENGT: "s-bb"}
KEY = "2027-spring"


def institution(
    hei_id: str, country: str, block: str | None, lat: int
) -> InstitutionFacts:
    return InstitutionFacts(
        hei_id=hei_id,
        name=f"University {hei_id}",
        city="City",
        country=country,
        latitude_udeg=lat,
        longitude_udeg=lat,
        block=block,
        block_source="World Bank FY26" if block else None,
        block_date="2026-07-01" if block else None,
        exchange_tolerance=0,
    )


NAIROBI = institution("uonbi.ac.ke", "KE", "south", -1_286_000)
UPPSALA = institution("uu.se", "SE", "north", 59_858_000)
LYON = institution("univ-lyon1.fr", "FR", "north", 45_764_000)


def offer(
    key: str,
    sending: InstitutionFacts,
    receiving: InstitutionFacts,
    mode: str = "physical",
) -> OfferFacts:
    terms = Terms(
        offer=key,
        sending=sending.hei_id,
        receiving=receiving.hei_id,
        mode=mode,
        isced_f_codes=("0912",),
        eqf_levels=(6, 7),
        languages=(LanguageNeed("en", "B1", is_required=True),),
        first_year="2025/2026",
        last_year="2027/2028",
    )
    return OfferFacts(
        key=key,
        receiving=receiving.hei_id,
        capacity=1,
        mode=mode,
        starts_on="2027-02-01",
        ends_on="2027-03-29",
        days=56,
        iia_id=f"iia-{sending.hei_id}-{receiving.hei_id}",
        condition_key="c1",
        terms=terms,
    )


OFFERS = (
    offer("uu-spring", NAIROBI, UPPSALA),
    offer("lyon-spring", NAIROBI, LYON),
    offer("nairobi-online", NAIROBI, NAIROBI, "virtual"),
    offer("nairobi-spring", UPPSALA, NAIROBI),
)


def student(
    row: int, home: InstitutionFacts, *wishes: str, english: str = "C1"
) -> StudentFacts:
    certified = tuple((wish, rank) for rank, wish in enumerate(wishes, 1))
    salt = f"{row:032x}"
    return StudentFacts(
        student=row,
        applicant=Applicant(home.hei_id, "0912", 7, (("en", english),)),
        merit=8320,
        groups=(("income", "low"),),
        number=1,
        receipt=to_receipt(KEY, 1, certified, salt),
        salt=salt,
        certified=certified,
    )


def journey(
    home: InstitutionFacts, host: InstitutionFacts, total_g: int
) -> JourneyFacts:
    return JourneyFacts(home.place, host.place, "air", total_g, {"legs": []})


def make_facts(policy: str = "balanced", **changes: object) -> Facts:
    value = to_json(read_policy(policy))
    facts = Facts(
        round=RoundFacts(
            key=KEY,
            name="Spring 2027",
            academic_year="2026/2027",
            is_dry_run=False,
            deadline_at="2026-11-15T20:59:00Z",
            deadline_zone="Africa/Nairobi",
            frozen_at="2026-11-16T08:00:00Z",
            freeze=1,
            balance_years=3,
            policy=value,
            policy_digest="0" * 64,
        ),
        carbon=CarbonFacts("desnz-2026", "1" * 64, "2" * 64, {}, ()),
        institutions=(NAIROBI, UPPSALA, LYON),
        offers=OFFERS,
        quotas=(
            QuotaFacts("hosts", "host", 1, offers=("uu-spring", "lyon-spring")),
            QuotaFacts(
                "level", "level", 1, pairs=((ALICE, "uu-spring"), (99, "uu-spring"))
            ),
        ),
        students=(
            student(ALICE, NAIROBI, "uu-spring", "nairobi-spring", "lyon-spring"),
            student(ACHIENG, NAIROBI, "nairobi-online", "uu-spring"),
            student(BENGT, UPPSALA, "nairobi-spring"),
        ),
        partnerships=(PartnershipFacts("uu.se", "uonbi.ac.ke", 2, 1, 0),),
        journeys=(
            journey(NAIROBI, UPPSALA, 2_112_000),
            journey(NAIROBI, LYON, 1_805_000),
            journey(UPPSALA, NAIROBI, 2_112_000),
        ),
        forbidden=((ACHIENG, "uu-spring"),),
        commitments=(Commitment("Students' union", "3" * 64),),
    )
    return replace(facts, **changes)  # type: ignore[arg-type]  # one field of Facts each

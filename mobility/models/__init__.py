"""Tables, one file per noun; states and what they require are constraints.

All tables are imported here, because foreign keys name each other's tables. There are
no relationships between classes: a parent is added and flushed before its children, and
rows replaced under a unique rule are deleted and flushed before new ones are added.
Columns that a constraint ties together are set without a query in between (it flushes).
A column that ends in `_by` holds an actor of the log (a pseudonym), never a name.
"""

from mobility.models.account import (
    Account,
    AccountSession,
    AccountState,
    Invitation,
    SignInThrottle,
)
from mobility.models.agreement import (
    Agreement,
    AgreementState,
    CooperationCondition,
    MobilityKind,
    Mode,
)
from mobility.models.application import (
    Application,
    Certification,
    CertifiedPreference,
    Preference,
)
from mobility.models.base import METADATA
from mobility.models.institution import Block, Institution
from mobility.models.journey import Journey
from mobility.models.log import AuditActor, AuditEntry, AuditHead, AuditPayload
from mobility.models.notice import Notice
from mobility.models.offer import (
    Offer,
    OfferState,
    Quota,
    QuotaKind,
    QuotaOffer,
    QuotaPair,
)
from mobility.models.partnership import (
    BalanceState,
    BalanceUnit,
    InboundNumber,
    Partnership,
    PartnershipBalance,
)
from mobility.models.person import Person, RoleGrant
from mobility.models.pin import ForbiddenPair, Pin
from mobility.models.placement import Answer, AnswerKind, DeclineReason, Placement
from mobility.models.policy import Policy
from mobility.models.round import LotteryCommitment, Round, RoundState
from mobility.models.run import (
    Run,
    RunFile,
    RunFileKind,
    RunState,
    RunStatus,
    Verdict,
)
from mobility.models.snapshot import Pseudonym, Snapshot
from mobility.models.student import Cefr, Student, StudentGroup, StudentLanguage
from mobility.models.travel import TravelMode, TravelReport

__all__ = [
    "METADATA",
    "Account",
    "AccountSession",
    "AccountState",
    "Agreement",
    "AgreementState",
    "Answer",
    "AnswerKind",
    "Application",
    "AuditActor",
    "AuditEntry",
    "AuditHead",
    "AuditPayload",
    "BalanceState",
    "BalanceUnit",
    "Block",
    "Cefr",
    "Certification",
    "CertifiedPreference",
    "CooperationCondition",
    "DeclineReason",
    "ForbiddenPair",
    "InboundNumber",
    "Institution",
    "Invitation",
    "Journey",
    "LotteryCommitment",
    "MobilityKind",
    "Mode",
    "Notice",
    "Offer",
    "OfferState",
    "Partnership",
    "PartnershipBalance",
    "Person",
    "Pin",
    "Placement",
    "Policy",
    "Preference",
    "Pseudonym",
    "Quota",
    "QuotaKind",
    "QuotaOffer",
    "QuotaPair",
    "RoleGrant",
    "Round",
    "RoundState",
    "Run",
    "RunFile",
    "RunFileKind",
    "RunState",
    "RunStatus",
    "SignInThrottle",
    "Snapshot",
    "Student",
    "StudentGroup",
    "StudentLanguage",
    "TravelMode",
    "TravelReport",
    "Verdict",
]

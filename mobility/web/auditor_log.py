"""The log of a round, whether it holds, and the evidence to take away."""

from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.audit.bundle import make_public_proof
from mobility.clock import now
from mobility.errors import InvalidInput
from mobility.reading.audit import list_log, read_head, read_segment, verify_log
from mobility.reading.evidence import read_evidence
from mobility.reading.oversight import AuditedRound, find_audited
from mobility.reporting.memory import Memory
from mobility.rounds.bundles import KEPT_DAYS, hand_out
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.auditor_forms import EvidenceForm
from mobility.web.auditor_words import act_name
from mobility.web.limits import row_number
from mobility.web.scopes import in_round

blueprint = Blueprint("auditor_log", __name__, url_prefix="/auditor/rounds")

_proofs: Memory[bytes] = Memory(4)

KINDS = (
    "round", "policy", "lottery", "run", "offer", "ranking", "placement", "travel",
    "audit",
)  # fmt: skip


@blueprint.get("/<string:key>/log")
@needs("audit.read", scope=in_round)
def log(key: str) -> ResponseReturnValue:
    """List the round's entries, latest first, all or those of one kind."""
    kind = request.args.get("kind", "")
    kind = kind if kind in KINDS else ""
    page = max(1, request.args.get("page", 1, type=row_number))
    with units.read() as unit:
        a_round = find_audited(unit, key)[0]
        found = list_log(unit, key, page, kind=f"{kind}:" if kind else "")
    return render_template(
        "auditor_log/log.html",
        round=a_round,
        log=found,
        kind=kind,
        kinds=_kind_names(),
        act_name=act_name,
    )


@blueprint.get("/<string:key>/log/verification")
@needs("audit.read", scope=in_round)
def verification(key: str) -> ResponseReturnValue:
    """Check every entry of the whole log, now."""
    with units.read() as unit:
        a_round = find_audited(unit, key)[0]
        verdict = verify_log(unit)
    return render_template(
        "auditor_log/verification.html", round=a_round, verdict=verdict, at=now()
    )


@blueprint.get("/<string:key>/evidence")
@needs("audit.read", scope=in_round)
def evidence(key: str) -> ResponseReturnValue:
    """Ask who gets a copy of the evidence."""
    form = EvidenceForm(formdata=None)
    form.suggest(now().date() + timedelta(days=KEPT_DAYS))
    return _page(_find(key), form, HTTPStatus.OK)


@blueprint.post("/<string:key>/evidence")
@needs("audit.bundle", scope=in_round)
def take_evidence(key: str) -> ResponseReturnValue:
    """Hand out a copy; the log names who gets it and until when."""
    form = EvidenceForm()
    if not form.is_sent():
        return _page(_find(key), form, HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        bundle = units.transact(
            lambda unit: hand_out(
                unit,
                key,
                form.recipient.data,
                form.delete_by.data,
                by=session.actor(unit),
                at=now(),
            )
        )
    except InvalidInput as refusal:
        form.refuse(refusal.problems)
        return _page(_find(key), form, HTTPStatus.UNPROCESSABLE_ENTITY)
    return _file(bundle.file, f"{key}-evidence.zip", "application/zip")


@blueprint.get("/<string:key>/public-proof")
@needs("audit.read", scope=in_round)
def public_proof(key: str) -> ResponseReturnValue:
    """Give the proof that may be shown to everybody."""
    with units.read() as unit:
        # whatever it is made of is in the log: until the next entry it stays the same
        proof = _proofs.get((key, read_head(unit).hash), lambda: _prove(unit, key))
    return _file(proof, f"{key}-public-proof.json", "application/json")


def _prove(unit: units.Unit, key: str) -> bytes:
    return make_public_proof(read_evidence(unit, key), read_segment(unit, key))


def _find(key: str) -> AuditedRound:
    with units.read() as unit:
        return find_audited(unit, key)[0]


def _page(
    a_round: AuditedRound, form: EvidenceForm, status: HTTPStatus
) -> ResponseReturnValue:
    text = render_template("auditor_log/evidence.html", round=a_round, form=form)
    return make_response(text, status)


def _file(data: bytes, name: str, mimetype: str) -> Response:
    response = Response(data, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _kind_names() -> list[tuple[str, str]]:
    names = {
        "round": _("the round"),
        "policy": _("policy"),
        "lottery": _("lottery"),
        "run": _("runs"),
        "offer": _("offers"),
        "ranking": _("students' lists"),
        "placement": _("answers"),
        "travel": _("journeys told after the stay"),
        "audit": _("evidence handed out"),
    }
    return [(kind, str(names[kind])) for kind in KINDS]

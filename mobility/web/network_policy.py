"""A round's policy in plain sentences; declaring another one."""

from pathlib import PurePath

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import Conflict, InvalidInput, Refused
from mobility.reading.network import read_row, read_settings_of
from mobility.rounds.policies import MAY_CHANGE, declare_policy
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.network_forms import PolicyForm
from mobility.web.network_page import OK, UNPROCESSABLE, done, page, refused
from mobility.web.network_policy_words import to_words
from mobility.web.scopes import in_round
from solver.fileio import to_canonical, to_digest
from solver.policy import Policy, to_json
from solver.policy_reader import parse_bytes, preset_names, read_policy

blueprint = Blueprint("network_policy", __name__, url_prefix="/network/rounds")

LARGEST_FILE = 100_000
"""Bytes of a policy; the shipped ones have less than 3,000."""


@blueprint.get("/<string:key>/policy")
@needs("home.network", scope=in_round)
def show(key: str) -> ResponseReturnValue:
    """Show the declared policy; `?read=NAME` shows a preset to compare it with."""
    return _page(key, PolicyForm(formdata=None), OK)


@blueprint.post("/<string:key>/policy")
@needs("policy.declare", scope=in_round)
def declare(key: str) -> ResponseReturnValue:
    """Declare another policy."""
    form = PolicyForm()
    if not form.is_sent():
        return _page(key, form, UNPROCESSABLE)
    try:
        policy = _read_sent(form)
    except Refused as refusal:
        form.refuse([f"{problem.rstrip('.')}." for problem in refusal.problems], "file")
        return _page(key, form, UNPROCESSABLE)
    if policy is None:
        return _page(key, form, UNPROCESSABLE)
    if _is_declared(key, policy):
        told = _("Policy %(name)s is the declared one.", name=policy.name)
        return done(told, "network_policy.show", key=key)
    reason = (form.reason.data or "").strip()
    try:
        units.transact(
            lambda unit: declare_policy(
                unit, key, policy, by=session.actor(unit), at=now(), reason=reason
            )
        )
    except InvalidInput as refusal:
        form.refuse(refusal.problems, "reason")
        return _page(key, form, UNPROCESSABLE)
    except Conflict as refusal:
        form.refuse(refusal.problems)
        return _page(key, form, refused(refusal))
    told = _("Policy %(name)s is declared.", name=policy.name)
    return done(told, "network_policy.show", key=key)


def _read_sent(form: PolicyForm) -> Policy | None:
    """Return the policy that was chosen or uploaded; None puts an error in the form."""
    file = form.file.data
    has_file = bool(file and file.filename)
    if has_file == bool(form.preset.data):
        told = _("Choose one: a policy of the list, or a file.")
        form.refuse([told], "preset")
        return None
    if not has_file:
        return read_policy(form.preset.data)
    data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        form.refuse([_("The file has more than 100 kB.")], "file")
        return None
    return parse_bytes(data, PurePath(file.filename).name)


def _is_declared(key: str, policy: Policy) -> bool:
    with units.read() as unit:
        declared = read_settings_of(unit, key).policy_digest
    return to_digest(to_canonical(to_json(policy))) == declared


def _page(key: str, form: PolicyForm, status: int) -> ResponseReturnValue:
    with units.read() as unit:
        row = read_row(unit, key)
        settings = read_settings_of(unit, key)
    other = request.args.get("read", "")
    preset = read_policy(other) if other in preset_names() else None
    return page(
        "network_policy/policy.html",
        status,
        row=row,
        settings=settings,
        form=form,
        declared=to_words(settings.policy),
        other=to_words(to_json(preset)) if preset else None,
        presets=preset_names(),
        may_change=row.state in MAY_CHANGE,
    )

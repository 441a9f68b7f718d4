"""Quotas of a host over its offers of a round: adding, changing, taking away."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from mobility.clock import now
from mobility.errors import NotFound
from mobility.reading.institutions import view_institution
from mobility.reading.offers import find_quota, list_offers
from mobility.records.versions import version_of
from mobility.rounds.quotas import HostIn, QuotaTerms, drop_quota, keep_quota
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.coordinator_offer_forms import QuotaForm
from mobility.web.coordinator_page import done, page, send
from mobility.web.coordinator_rounds import is_changeable, read_round
from mobility.web.coordinator_scopes import of_host
from mobility.web.forms import require_known_fields

blueprint = Blueprint(
    "coordinator_quotas",
    __name__,
    url_prefix="/coordinator/rounds/<string:key>/hosts/<string:hei_id>/quotas",
)


@blueprint.get("/new")
@needs("offer.keep", scope=of_host)
def new_quota(key: str, hei_id: str) -> ResponseReturnValue:
    """Ask what is limited."""
    return _page(HostIn(key, hei_id), None, QuotaForm(formdata=None), 200)


@blueprint.post("/new")
@needs("offer.keep", scope=of_host)
def add(key: str, hei_id: str) -> ResponseReturnValue:
    """Add a quota."""
    return _keep(HostIn(key, hei_id), None, QuotaForm())


@blueprint.get("/<string:quota>")
@needs("offer.keep", scope=of_host)
def edit(key: str, hei_id: str, quota: str) -> ResponseReturnValue:
    """Show what may be changed of a quota."""
    stored = _stored(HostIn(key, hei_id), quota)
    data = {"kind": stored.kind, "capacity": stored.capacity, "offers": stored.offers}
    form = QuotaForm(formdata=None, data={**data, "seen": version_of(stored)})
    return _page(HostIn(key, hei_id), quota, form, 200)


@blueprint.post("/<string:quota>")
@needs("offer.keep", scope=of_host)
def change(key: str, hei_id: str, quota: str) -> ResponseReturnValue:
    """Change a quota."""
    _stored(HostIn(key, hei_id), quota)
    form = QuotaForm()
    del form.key
    return _keep(HostIn(key, hei_id), quota, form)


@blueprint.post("/<string:quota>/drop")
@needs("offer.keep", scope=of_host)
def drop(key: str, hei_id: str, quota: str) -> ResponseReturnValue:
    """Take a quota away."""
    require_known_fields(())
    units.transact(
        lambda unit: drop_quota(
            unit, HostIn(key, hei_id), quota, by=session.actor(unit), at=now()
        )
    )
    return done(_("The quota is taken away."), "coordinator_offers.offers", key=key)


def _keep(host: HostIn, quota: str | None, form: QuotaForm) -> ResponseReturnValue:
    status = send(
        form,
        lambda unit: keep_quota(
            unit,
            host,
            form.terms(quota),
            form.seen.data if quota else "",
            by=session.actor(unit),
            at=now(),
        ),
    )
    if status != 200:
        return _page(host, quota, form, status)
    return done(_("The quota is kept."), "coordinator_offers.offers", key=host.key)


def _stored(host: HostIn, quota: str) -> QuotaTerms:
    with units.read() as unit:
        row = find_quota(unit, read_round(unit, host.key)[0], quota)
    if row is not None and row.host == host.hei_id:
        return QuotaTerms(row.key, row.kind, row.capacity, row.offers)
    message = f"{host.hei_id} has no quota {quota!r} in round {host.key}"
    raise NotFound(message)


def _page(
    host: HostIn, quota: str | None, form: QuotaForm, status: int
) -> ResponseReturnValue:
    with units.read() as unit:
        number, row = read_round(unit, host.key)
        view = view_institution(unit, host.hei_id)
        rows = list_offers(unit, number, {view.row.number})
    own = [each for each in rows if each.receiving.hei_id == host.hei_id]
    texts = [
        (each.key, _("%(key)s, places: %(places)s", key=each.key, places=each.capacity))
        for each in own
    ]
    form.offer(texts)
    if quota is not None and "key" in form:
        del form.key
    return page(
        "coordinator_quotas/quota.html",
        status,
        form=form,
        round=row,
        host=view.row,
        quota=quota,
        may_change=is_changeable(row),
    )

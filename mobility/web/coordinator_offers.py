"""Offers of a round: the list, drawing them from agreements, one in full."""

from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from mobility.clock import now
from mobility.reading.offers import (
    OfferRow,
    QuotaView,
    list_offers,
    list_quotas,
    list_quotas_over,
    view_offer,
)
from mobility.records.versions import version_of
from mobility.rounds.offer_edit import (
    Holding,
    OfferIn,
    OfferTerms,
    change_offer,
    suspend_offer,
)
from mobility.rounds.offers import draw_offers
from mobility.web import coordinator_words as words
from mobility.web import session, units
from mobility.web.access import needs
from mobility.web.coordinator_offer_forms import DrawForm, OfferForm, ReasonForm
from mobility.web.coordinator_page import done, is_within, page, reach, send
from mobility.web.coordinator_rounds import is_changeable, read_round
from mobility.web.coordinator_scopes import of_offer
from mobility.web.scopes import in_round
from mobility.web.tables import Column, make_table

blueprint = Blueprint(
    "coordinator_offers", __name__, url_prefix="/coordinator/rounds/<string:key>/offers"
)


@blueprint.get("")
@needs("offer.read", scope=in_round)
def offers(key: str) -> ResponseReturnValue:
    """Show the offers that the viewer's universities send to or host."""
    return _list_page(key, DrawForm(formdata=None), 200)


@blueprint.post("/draw")
@needs("offer.keep", scope=in_round)
def draw(key: str) -> ResponseReturnValue:
    """Make an offer of each condition in force that has none in this round."""
    form = DrawForm()
    made: list[int] = []
    status = send(form, lambda unit: made.append(_draw(unit, key, form.starts_on.data)))
    if status != 200:
        return _list_page(key, form, status)
    sentence = ngettext(
        "%(num)s offer was drawn.", "%(num)s offers were drawn.", made[-1]
    )
    return done(sentence, ".offers", key=key)


def _draw(unit: units.Unit, key: str, starts_on: date) -> int:
    reached = reach("offer.keep", read_round(unit, key)[0])
    by, instant = session.actor(unit), now()
    if reached is None:
        return draw_offers(unit, key, starts_on, by=by, at=instant)
    return sum(
        draw_offers(unit, key, starts_on, by=by, at=instant, institution=number)
        for number in sorted(reached)
    )


def _list_page(key: str, form: DrawForm, status: int) -> ResponseReturnValue:
    with units.read() as unit:
        number, row = read_round(unit, key)
        reached = reach("offer.read", number)
        found = list_offers(unit, number, reached)
        quotas = list_quotas(unit, number, reached)
    hosts = {each.receiving.hei_id: each.receiving.name for each in found}
    mine = {
        each.receiving.hei_id
        for each in found
        if is_within(reached, each.receiving.number)
    }
    return page(
        "coordinator_offers/offers.html",
        status,
        round=row,
        table=make_table(_columns(), found, sort="key"),
        places=sum(each.capacity for each in found if not each.is_suspended),
        quotas=make_table(_quota_columns(), quotas, name="quotas", sort="key"),
        hosts={hei_id: hosts[hei_id] for hei_id in sorted(mine)},
        form=form,
        may_change=is_changeable(row),
    )


def _columns() -> list[Column[OfferRow]]:
    return [
        Column("key", _("Offer"), lambda row: row.key),
        Column("home", _("From"), lambda row: row.sending.name),
        Column("host", _("To"), lambda row: row.receiving.name),
        Column("places", _("Places"), lambda row: row.capacity, is_number=True),
        Column("from", _("Days"), lambda row: row.starts_on.isoformat()),
        Column("mode", _("How"), lambda row: words.mode(row.mode)),
        Column("state", _("State"), state_of),
    ]


def _quota_columns() -> list[Column[QuotaView]]:
    return [
        Column("key", _("Quota"), lambda row: row.key),
        Column("kind", _("Why"), lambda row: words.quota_kind(row.kind)),
        Column("host", _("Host"), lambda row: row.host_name),
        Column("most", _("Students at most"), lambda row: row.capacity, is_number=True),
        Column("offers", _("Offers"), lambda row: len(row.offers), is_number=True),
        Column("places", _("Their places"), lambda row: row.places, is_number=True),
    ]


def state_of(row: OfferRow) -> str:
    """Return whether an offer's places are given out."""
    return str(_("held back") if row.is_suspended else _("given out"))


@blueprint.get("/<int:offer>")
@needs("offer.read", scope=of_offer)
def offer(key: str, offer: int) -> ResponseReturnValue:
    """Show an offer and what may be changed of it."""
    return _offer_page(OfferIn(key, offer), None, ReasonForm(formdata=None), 200)


@blueprint.post("/<int:offer>")
@needs("offer.keep", scope=of_offer)
def change(key: str, offer: int) -> ResponseReturnValue:
    """Change an offer's places or days."""
    form, which = OfferForm(), OfferIn(key, offer)
    status = send(
        form,
        lambda unit: change_offer(
            unit, which, form.terms(), form.seen.data, by=session.actor(unit), at=now()
        ),
    )
    if status != 200:
        return _offer_page(which, form, ReasonForm(formdata=None), status)
    return done(_("The offer is changed."), ".offer", key=key, offer=offer)


@blueprint.post("/<int:offer>/suspend")
@needs("offer.suspend", scope=of_offer)
def suspend(key: str, offer: int) -> ResponseReturnValue:
    """Hold an offer's places back."""
    sentence = _("The offer is held back: no place of it is given out.")
    return _hold(OfferIn(key, offer), sentence, is_suspended=True)


@blueprint.post("/<int:offer>/resume")
@needs("offer.suspend", scope=of_offer)
def resume(key: str, offer: int) -> ResponseReturnValue:
    """Give an offer's places out again."""
    sentence = _("The offer's places are given out again.")
    return _hold(OfferIn(key, offer), sentence, is_suspended=False)


def _hold(which: OfferIn, sentence: str, *, is_suspended: bool) -> ResponseReturnValue:
    form = ReasonForm()
    status = send(
        form,
        lambda unit: suspend_offer(
            unit,
            which,
            Holding(is_suspended, form.reason.data),
            by=session.actor(unit),
            at=now(),
        ),
    )
    if status != 200:
        return _offer_page(which, None, form, status)
    return done(sentence, ".offer", key=which.key, offer=which.number)


def _offer_page(
    which: OfferIn, form: OfferForm | None, reason: ReasonForm, status: int
) -> ResponseReturnValue:
    with units.read() as unit:
        number, row = read_round(unit, which.key)
        found = view_offer(unit, number, which.number)
        reached = reach("offer.read", number)
        quotas = list_quotas_over(unit, number, reached, which.number)
    if form is None:
        terms = OfferTerms(found.capacity, found.starts_on, found.ends_on)
        form = OfferForm(formdata=None, obj=terms, seen=version_of(terms))
    return page(
        "coordinator_offers/offer.html",
        status,
        round=row,
        offer=found,
        quotas=quotas,
        form=form,
        reason=reason,
        may_change=is_changeable(row),
    )

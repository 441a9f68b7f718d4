"""Where what blocks a freeze is put right: each kind of problem has its page."""

from collections.abc import Mapping
from types import MappingProxyType

from flask import url_for

from mobility.rounds.problems import Problem

NO_OFFERS: Mapping[str, int] = MappingProxyType({})


def address_of(
    problem: Problem, key: str, offers: Mapping[str, int] = NO_OFFERS
) -> str:
    """Return the address of the page where a problem of a round is mended.

    Parameters
    ----------
    key
        Of the round.
    offers
        Row ids by key; an offer that is not among them is found in the list of offers.
    """
    if problem.kind in ("block", "journey"):
        return url_for("coordinator_institutions.institution", hei_id=problem.about)
    if problem.kind == "pin":
        return url_for(
            "coordinator_applications.application",
            key=key,
            student_id=int(problem.about),
        )
    if problem.kind == "offer" and problem.about in offers:
        number = offers[problem.about]
        return url_for("coordinator_offers.offer", key=key, offer=number)
    return url_for("coordinator_offers.offers", key=key)

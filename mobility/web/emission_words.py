"""What a report of emissions states of itself, and its tables, on pages."""

from collections.abc import Mapping
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from mobility.carbon.factors import factor_set_names, load_factor_set
from mobility.carbon.method import METHOD_VERSION, InvalidMethod, Method
from mobility.reporting.cohort import HOME, HOST, MODE, CohortReport, Part, PartRow
from mobility.reporting.labels import Labels
from mobility.web.tables import Column, Table, make_table

JSON = Mapping[str, Any]


def statements(report: CohortReport, labels: Labels) -> list[tuple[str, str]]:
    """Return what every report of emissions must say, by its heading."""
    carbon = report.carbon
    return [
        (_("Boundary"), _boundary(carbon)),
        (
            _("Left out"),
            _(
                "Housing, local transport, visits home, and a digital estimate for"
                " virtual offers. No offset is netted."
            ),
        ),
        (
            _("Baseline"),
            _(
                "The round's own stage “%(stage)s”, under the same factors: there is no"
                " base year. What is told is the modelled difference from this declared"
                " baseline.",
                stage=labels.name(report.baseline),
            ),
        ),
        (
            _("Recalculation"),
            _(
                "When factors or the method change, baseline and result are stated"
                " again with one and the same set before they are compared; the effect"
                " of the factors alone is told apart."
            ),
        ),
        (
            _("GHG Protocol"),
            _(
                "A voluntary line of its own, “student mobility”: in none of the three"
                " scopes, and not business travel (category 6), which counts staff."
            ),
        ),
        (
            _("Multiplier"),
            _(
                "%(m)s on the CO2 of flights",
                m=format_decimal(carbon["settings"]["rf_multiplier_tenths"] / 10),
            ),
        ),
        (_("Method version"), _version(carbon)),
    ]


def _boundary(carbon: JSON) -> str:
    name = carbon["factor_set"]
    return load_factor_set(name).statement if name in factor_set_names() else ""


def _version(carbon: JSON) -> str:
    """Return the version of the method, when this installation still has it."""
    try:
        is_ours = Method.from_json(carbon["settings"]).digest == carbon["method_digest"]
    except InvalidMethod:
        is_ours = False
    return METHOD_VERSION if is_ours else str(_("another than this installation's"))


def part_title(part: Part, labels: Labels) -> str:
    """Return the heading of one part's table."""
    titles = {
        MODE: _("By mode of travel"),
        HOST: _("By host"),
        HOME: _("By home university"),
    }
    name = labels.name(part.by).replace("_", " ")
    return str(titles.get(part.by) or _("By %(attribute)s", attribute=name))


def part_table(part: Part, labels: Labels) -> Table[PartRow]:
    """Return a part's rows as the address sorts and leafs them."""
    columns: list[Column[PartRow]] = [
        Column("name", _("Part"), lambda row: labels.name(row.name)),
        Column("persons", _("Students"), lambda row: row.persons, is_number=True),
        Column("total", _("CO2e"), lambda row: row.total_g, is_number=True),
        Column("interval", _("95-percent interval"), is_number=True),
        Column("mean", _("Each"), lambda row: row.mean_g, is_number=True),
    ]
    return make_table(columns, part.rows, name=part.by.replace("_", "-"))

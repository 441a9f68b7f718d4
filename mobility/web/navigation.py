"""The main menu: one line for each page that stands in it."""

from dataclasses import dataclass

from flask import Flask, request, url_for
from flask_babel import LazyString, lazy_gettext

from mobility.records.viewers import CastMember, list_cast
from mobility.web import units
from mobility.web.present import NOTHING
from mobility.web.session import find_viewer


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the menu, shown to those whose roles carry the permission."""

    endpoint: str
    label: LazyString
    permission: str


ROLE_NAMES = {
    "student": lazy_gettext("Student"),
    "host": lazy_gettext("Host"),
    "coordinator": lazy_gettext("Coordinator of a university"),
    "network_coordinator": lazy_gettext("Network coordinator"),
    "auditor": lazy_gettext("Auditor"),
    "admin": lazy_gettext("Administrator"),
}

MENU = (
    Item("student.home", lazy_gettext("What to do next"), "home.student"),
    Item("network.home", lazy_gettext("Rounds"), "home.network"),
    Item("coordinator.home", lazy_gettext("Exchange office"), "home.coordinator"),
    Item("host.home", lazy_gettext("Hosting"), "home.host"),
    Item("auditor.home", lazy_gettext("Audit"), "home.auditor"),
    Item("admin.home", lazy_gettext("Installation"), "home.admin"),
)


def init_navigation(app: Flask) -> None:
    """Make the menu known to templates."""
    app.add_template_global(menu)
    app.add_template_global(is_here)
    app.add_template_global(role_name)
    app.add_template_global(demo_cast)
    app.add_template_global(find_viewer, "viewer")


def menu() -> list[Item]:
    """Return the viewer's menu, empty for who is not signed in."""
    viewer = find_viewer()
    if viewer is None:
        return []
    return [item for item in MENU if viewer.holds(item.permission)]


def role_name(role: str | None) -> str:
    """Return what a role is called on pages."""
    return str(ROLE_NAMES.get(role or "", NOTHING))


def demo_cast() -> list[CastMember]:
    """Return whom a demo offers to sign in as."""
    with units.read() as unit:
        return list_cast(unit)


def is_here(item: Item) -> bool:
    """Say whether the page that is shown lies under an item's address."""
    address = url_for(item.endpoint)
    return request.path == address or request.path.startswith(f"{address}/")

"""Which pages each person looks at: one viewer for each, and every page has one."""

from collections import defaultdict

from walk import Step, Walks

FIRST, LAST = 0, -1
"""Which page of a route and template is looked at: rounds differ by their state."""

STATES = {
    "/network/rounds/<string:key>",
    "/coordinator/rounds/<string:key>",
    "/student/rounds/<string:key>/result",
}
"""Routes whose page tells what a round's state asks for: all that are found."""

VIEWERS = {
    "anonymous": (),
    "student": ("anonymous",),
    "another student": ("anonymous",),
    "coordinator": ("anonymous",),
    "host": ("anonymous",),
    "auditor": ("anonymous",),
    "admin": ("anonymous", "coordinator"),
    "network coordinator": ("anonymous", "coordinator", "auditor", "admin"),
}
"""Who looks, and whose pages are not looked at once more."""


def own_steps(walks: Walks, role: str, which: int = FIRST) -> list[Step]:
    """Return the pages to look at, one of each of her own routes and its templates.

    Those with a query are looked at where the route has no other; the parts that a
    page loads come with it.
    """
    own = own_pages(walks, role)
    found: defaultdict[tuple[str, str], list[Step]] = defaultdict(list)
    for step in walks(role):
        if step.route in own and is_shown(step) and not is_part(step):
            found[step.route, step.template].append(step)
    assert found
    chosen = []
    for (route, _), steps in found.items():
        plain = [step for step in steps if "?" not in step.address] or steps
        chosen += plain if route in STATES else [plain[which]]
    return chosen


def own_pages(walks: Walks, role: str) -> set[str]:
    """Return the routes that somebody looks at: those that she finds first."""
    others = (shown_routes(walks, other) for other in VIEWERS[role])
    return shown_routes(walks, role).difference(*others)


def shown_routes(walks: Walks, role: str) -> set[str]:
    return {step.route for step in walks(role) if is_shown(step)}


def is_shown(step: Step) -> bool:
    return step.is_page and step.status == 200


def is_part(step: Step) -> bool:
    return step.template.endswith("/progress.html")

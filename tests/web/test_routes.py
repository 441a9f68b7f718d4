"""Rules that every route keeps."""

import re
from pathlib import Path

import pytest
from flask import Flask
from visitors import settings_of
from werkzeug.routing import Rule

from mobility.app import create_app
from mobility.web import access

ADDRESS = re.compile(r"/|(/([a-z0-9]+(-[a-z0-9]+)*|<[a-z]+(\([^)]*\))?:[a-z_]+>))+")
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}


def routes(app: Flask) -> list[Rule]:
    return list(app.url_map.iter_rules())


def test_every_address_is_in_kebab_case_and_its_parts_have_a_type(app: Flask) -> None:
    odd = [rule.rule for rule in routes(app) if not ADDRESS.fullmatch(rule.rule)]
    assert odd == [], "write /like-this/<int:number>"


def test_no_route_both_shows_and_changes(app: Flask) -> None:
    both = [
        rule.rule
        for rule in routes(app)
        if "GET" in (rule.methods or set()) and UNSAFE & (rule.methods or set())
    ]
    assert both == [], "write one view for GET and one for POST"


def test_the_application_does_not_start_without_needs(
    web_url: str, tmp_path: Path
) -> None:
    app = create_app(settings_of(tmp_path, web_url))
    app.add_url_rule("/forgotten", "forgotten", lambda: "")
    with pytest.raises(LookupError, match="no @needs beside forgotten"):
        access.require_needs(app)


def test_needs_knows_its_permissions() -> None:
    with pytest.raises(ValueError, match=r"'round\.eat' in permissions.py"):
        access.needs("round.eat")

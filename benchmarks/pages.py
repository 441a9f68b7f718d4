"""How long the pages of the demo take, in milliseconds, and how much they weigh.

    ./run demo --no-serve && ./run bench pages

What is timed: a copy of the demo's database is served by a process of its own, started
as `./run demo` starts it, worker included. The addresses are those that the links of
each of the cast lead to. Each is asked for over HTTP on the loopback, one request at a
time: once, which is its first answer, and then `REPETITIONS` times, one pass over all
addresses after the other, so that no page profits from having been asked for just
before. Time runs from the request to the last byte; no network, no browser. For each
route stands the address with the largest 95th percentile of its repetitions.

Below stands what a browser with an empty cache fetches for a student's pages.
"""

import logging
import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import urlencode, urlsplit

from flask import Flask
from flask.testing import FlaskClient

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from demo_world import DemoWorld, read_world, serve  # noqa: E402 - found by the path above
from walk import PEOPLE, TOKEN, app_of, sign_in, walk  # noqa: E402 - found by the path above

DATABASE = ROOT / "instance" / "demo.sqlite3"
ROLES = (
    "anonymous",
    "student",
    "coordinator",
    "network coordinator",
    "host",
    "auditor",
)
REPETITIONS = 20
GOAL_MS = 100
GOAL_BYTES = 150_000
FILES = re.compile(r'(?:src|href)="(/static/[^"]+)"')
IMPORTS = re.compile(r'(?:from|import)\s+"\./([^"]+)"')


class Reader:
    """Somebody who reads pages over HTTP: one connection, her own cookies."""

    def __init__(self, site: str) -> None:
        self._connection = HTTPConnection(urlsplit(site).netloc)
        self._cookies: SimpleCookie = SimpleCookie()

    def ask(self, address: str, **fields: str) -> tuple[int, bytes]:
        """Return status and body of an answer; with fields, of a form that is sent."""
        cookies = "; ".join(f"{c.key}={c.value}" for c in self._cookies.values())
        headers = {"Cookie": cookies, "Sec-Fetch-Site": "same-origin"}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(
            "POST" if fields else "GET", address, urlencode(fields) or None, headers
        )
        answer = self._connection.getresponse()
        for value in answer.headers.get_all("Set-Cookie", ()):
            self._cookies.load(value)
        return answer.status, answer.read()

    def sign_in(self, email: str) -> None:
        """Press the button of one of the cast."""
        found = TOKEN.search(self.ask("/sign-in")[1].decode())
        if found is None:
            raise RuntimeError("there is no form to sign in")
        status, _ = self.ask("/demo/sign-in", csrf_token=found[1], email=email)
        if status != 303:
            raise RuntimeError(f"signing in as {email} was answered with {status}")


@dataclass
class Timing:
    """An address as one person opens it, with the milliseconds of its answers."""

    route: str
    address: str
    reader: Reader
    size: int = 0
    times: list[float] = field(default_factory=list)

    def ask(self) -> None:
        """Time one answer more."""
        start = perf_counter()
        status, body = self.reader.ask(self.address)
        self.times.append(1000 * (perf_counter() - start))
        self.size = len(body)
        if status != 200:
            raise RuntimeError(f"{self.address} was answered with {status}")

    @property
    def first(self) -> float:
        """Return the first answer's time."""
        return self.times[0]

    @property
    def p50(self) -> float:
        """Return the median of the others."""
        return quantiles(self.times[1:], n=2)[0]

    @property
    def p95(self) -> float:
        """Return the time that one in twenty of the others passes."""
        return quantiles(self.times[1:], n=20)[18]


def main(path: Path) -> None:
    """Print a line a route, what is over the goal, and the weight of first loads."""
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(path, folder / "demo.sqlite3")
        world = read_world(folder)
        app = app_of(world)
        found = {role: addresses_of(app, world, role) for role in ROLES}
        before = os.getloadavg()[0]
        with serve(folder) as site:
            timings = measure(world, site, found)
        print_times(timings)
        print(
            f"load of the machine before: {before:.1f}, after: {os.getloadavg()[0]:.1f}"
        )
        print_weights(app, world)


def addresses_of(app: Flask, world: DemoWorld, role: str) -> list[tuple[str, str]]:
    """Return routes and addresses that a person reaches and is shown."""
    steps = walk(app, world, role)
    return [(step.route, step.address) for step in steps if step.status == 200]


def measure(
    world: DemoWorld, site: str, found: dict[str, list[tuple[str, str]]]
) -> list[Timing]:
    """Ask for every address once, then again and again in passes over all of them."""
    timings = []
    for role, addresses in found.items():
        reader, name = Reader(site), PEOPLE[role]
        if name:
            reader.sign_in(world.emails[name])
        timings += [Timing(route, address, reader) for route, address in addresses]
    for _ in range(1 + REPETITIONS):
        for timing in timings:
            timing.ask()
    return timings


def print_times(timings: list[Timing]) -> None:
    """Print the table, and the routes whose 95th percentile is over the goal."""
    slowest: dict[str, Timing] = {}
    for each in timings:
        known = slowest.get(each.route)
        if known is None or each.p95 > known.p95:
            slowest[each.route] = each
    print(f"{'page':64}{'first':>8}{'p50':>8}{'p95':>8}{'kB':>8}")
    for route, each in sorted(slowest.items()):
        times = f"{each.first:8.1f}{each.p50:8.1f}{each.p95:8.1f}"
        print(f"{route:64}{times}{each.size / 1000:8.1f}")
    over = sorted(route for route, each in slowest.items() if each.p95 >= GOAL_MS)
    told = ", ".join(over) or "none"
    print(f"\n{len(over)} of {len(slowest)} pages with p95 of {GOAL_MS} ms or more:")
    print(told)
    print(f"{REPETITIONS} answers of each of {len(timings)} addresses")


def print_weights(app: Flask, world: DemoWorld) -> None:
    """Print the bytes of a student's pages with all their files."""
    client = sign_in(app, world, "student")
    print(f"\n{'first load of a student page':64}{'kB':>8}")
    for step in walk(app, world, "student"):
        if step.is_page and step.status == 200 and "?" not in step.address:
            size = sum(weights(client, step.address))
            mark = "" if size < GOAL_BYTES else "  over"
            print(f"{step.address:64}{size / 1000:8.1f}{mark}")


def weights(client: FlaskClient, address: str) -> Iterator[int]:
    """Yield the bytes of a page and of each of its files, headers included."""
    waiting, seen = [address], {address}
    while waiting:
        here = waiting.pop()
        answer = client.get(here)
        yield len(answer.data) + len(str(answer.headers))
        found = FILES.findall(answer.text) if here == address else []
        folder = here.rsplit("/", 1)[0]
        if here.endswith(".js"):
            found = [f"{folder}/{name}" for name in IMPORTS.findall(answer.text)]
        answer.close()
        fresh = [each for each in found if each not in seen]
        seen.update(fresh)
        waiting += fresh


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATABASE)

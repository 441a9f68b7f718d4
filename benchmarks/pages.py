"""How long the pages of the demo take, in milliseconds, and how much they weigh.

    ./run demo --no-serve && ./run bench pages

Follows the links of each of the cast in a copy of the demo, opens every address some
times through the application (no network), and prints for each route the address that
took longest: its first answer, the median and the 95th percentile of the others. Below
stands what a browser with an empty cache fetches for a student's pages.
"""

import logging
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "browser"))

from demo_world import DemoWorld, read_world  # noqa: E402 - found by the path above
from walk import app_of, sign_in, walk  # noqa: E402 - found by the path above

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


def main(path: Path) -> None:
    """Print a line a route, what is over the goal, and the weight of first loads."""
    logging.disable(logging.CRITICAL)
    with TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copyfile(path, folder / "demo.sqlite3")
        world = read_world(folder)
        app = app_of(world)
        slowest = measure(app, world)
        print_times(slowest)
        print_weights(app, world)


def measure(app: Flask, world: DemoWorld) -> dict[str, tuple[float, float, float, str]]:
    """Return p95, median, first answer and address of every route's slowest."""
    slowest: dict[str, tuple[float, float, float, str]] = {}
    for role in ROLES:
        steps = walk(app, world, role)
        client = sign_in(app, world, role)
        for step in steps:
            if step.status != 200:
                continue
            times = [time_of(client, step.address) for _ in range(REPETITIONS)]
            p95, p50 = quantiles(times, n=20)[18], quantiles(times, n=2)[0]
            found = (p95, p50, step.took_ms, step.address)
            slowest[step.route] = max(slowest.get(step.route, found), found)
    return slowest


def time_of(client: FlaskClient, address: str) -> float:
    """Return the milliseconds of one answer."""
    start = perf_counter()
    client.get(address).close()
    return 1000 * (perf_counter() - start)


def print_times(slowest: dict[str, tuple[float, float, float, str]]) -> None:
    """Print the table, and the routes whose 95th percentile is over the goal."""
    print(f"{'page':64}{'first':>8}{'p50':>8}{'p95':>8}")
    for route, (p95, p50, first, _) in sorted(slowest.items()):
        print(f"{route:64}{first:8.1f}{p50:8.1f}{p95:8.1f}")
    over = sorted(route for route, row in slowest.items() if row[0] >= GOAL_MS)
    told = ", ".join(over) or "none"
    print(f"\n{len(over)} of {len(slowest)} pages with p95 of {GOAL_MS} ms or more:")
    print(told)


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

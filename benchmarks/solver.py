"""Generate, solve and verify worlds of growing size beside what else one could use.

`./run bench solver [--sizes 1000,10000] [--runs N] [--limit SECONDS] [--crossing]`
prints medians of seconds and processor seconds, peak memory, the ratio to the plain
linear program of the same world, and at the end how each grows: time ~ size ^ exponent.
Every line is a process of its own, as in service: start, reading and writing count.

Peers get `--limit` seconds and are not tried on larger worlds once they pass it. A
million students are run once. `matching` and `algmatch` live in `.cache/peers`, made
from `peers.txt` at the first run. Ratios are of processor time: they travel between
machines, and between a busy and an idle one, better than seconds do.
"""

import argparse
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CACHE = HERE / ".cache" / "peers"
POLICIES = ("students-first", "balanced")
ONE_RUN = 1_000_000
"""Worlds from this size on are run once."""


@dataclass(frozen=True)
class Run:
    """What one process took; ``said`` is its last line, None where it was ended."""

    seconds: float
    processor: float
    megabytes: float
    said: str | None


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="1000", help="students, by commas")
    parser.add_argument("--runs", type=int, default=3, help="of which to take medians")
    parser.add_argument("--limit", type=float, default=120, help="seconds of a peer")
    parser.add_argument(
        "--policies", default=",".join(POLICIES), help="presets, by commas"
    )
    parser.add_argument(
        "--crossing", action="store_true", help="with quotas that cross others"
    )
    parser.add_argument("--no-peers", action="store_true", help="ours and the plain LP")
    options = parser.parse_args()
    table = Table(options.limit)
    for students in map(int, options.sizes.split(",")):
        runs = 1 if students >= ONE_RUN else options.runs
        with tempfile.TemporaryDirectory() as folder:
            size = Size(Path(folder), students, runs, table)
            size.generate(is_nested=not options.crossing)
            size.measure(options.policies.split(","), with_peers=not options.no_peers)
    if not options.no_peers:
        compare_deferred(table, options.runs)
    table.print_growth()


class Table:
    """Prints a line per measurement and remembers them."""

    def __init__(self, limit: float) -> None:
        self.limit = limit
        self.points: dict[str, list[tuple[int, float]]] = {}
        self.given_up: set[str] = set()
        head = ("students", "what", "seconds", "cpu s", "MB", "ratio")
        print("{:>9}  {:<29} {:>8} {:>8} {:>6} {:>7}  outcome".format(*head))

    def time(
        self,
        what: str,
        students: int,
        runs: int,
        command: Sequence[str],
        yardstick: Run | None = None,
        *,
        limit: float | None = None,
    ) -> Run | None:
        """Run a command some times, print the medians and return them."""
        if what in self.given_up:
            return None
        done = []
        for _ in range(runs):
            done.append(run(command, limit))
            if done[-1].said is None:
                break
        median = Run(
            statistics.median(each.seconds for each in done),
            statistics.median(each.processor for each in done),
            max(each.megabytes for each in done),
            done[-1].said,
        )
        if median.said is None:
            self.given_up.add(what)
            print(f"{students:>9,}  {what:<29} not finished in {limit:.0f} s")
            return None
        self.points.setdefault(what, []).append((students, median.processor))
        ratio = f"{median.processor / yardstick.processor:.2f}" if yardstick else ""
        print(
            f"{students:>9,}  {what:<29} {median.seconds:>8.2f} "
            f"{median.processor:>8.2f} {median.megabytes:>6.0f} {ratio:>7}  "
            f"{describe(median.said)}",
            flush=True,
        )
        return median

    def print_growth(self) -> None:
        """Print the exponents that fit what was measured at two sizes or more."""
        print("\ngrowth of processor time: size ^ exponent")
        for what, points in self.points.items():
            if len({size for size, _ in points}) > 1:
                print(f"  {what:<29} {fit_exponent(points):.2f}")


class Size:
    """Everything measured on one world."""

    def __init__(self, folder: Path, students: int, runs: int, table: Table) -> None:
        self.folder, self.students = folder, students
        self.runs, self.table = runs, table
        self.instance = folder / "instance.json"

    def generate(self, *, is_nested: bool) -> None:
        """Write the world."""
        size = ["--students", str(self.students), "--seed", "1"]
        nested = ["--nested"] if is_nested else []
        command = ours("generate", *size, *nested, "--out", str(self.instance))
        self.table.time("generate", self.students, 1, command)

    def measure(self, policies: Sequence[str], *, with_peers: bool) -> None:
        """Print the lines of each policy, then those of the peers."""
        for policy in policies:
            plain = self._peer("linear", f"plain LP {policy}", policy, None)
            self._solve(policy, plain)
            if with_peers:
                self._peer("whole", f"plain HiGHS MIP {policy}", policy, plain)
                self._peer("constraints", f"plain CP-SAT {policy}", policy, plain)
        if with_peers:
            self._peer("deferred", "deferred acceptance, ours", "-", None)
            for name in ("matching", "algmatch"):
                self._peer(name, f"deferred acceptance, {name}", "-", None)

    def _solve(self, policy: str, plain: Run | None) -> None:
        result = self.folder / f"{policy}.json"
        paths = [str(self.instance), "--policy", policy, "--out", str(result)]
        solve = ours("solve", *paths, "--quiet")
        verify = ours("verify", str(self.instance), str(result), flags=["-S"])
        for what, command in (("solve", solve), ("verify", verify)):
            title = f"{what} {policy}"
            self.table.time(title, self.students, self.runs, command, plain)

    def _peer(self, name: str, what: str, policy: str, plain: Run | None) -> Run | None:
        limit = self.table.limit
        if name == "linear" and self.students >= ONE_RUN:
            limit = math.inf
        command = peer(name, self.instance, policy)
        return self.table.time(
            what, self.students, self.runs, command, plain, limit=limit
        )


def describe(said: str) -> str:
    """Return what a process said, a peer's without its own seconds."""
    return str(json.loads(said)[1]) if said.startswith("[") else said[:60]


def compare_deferred(table: Table, runs: int) -> None:
    """Print seconds of deferred acceptance alone, 4,000 students with all 35 offers."""
    print("\ndeferred acceptance alone, without start and reading: 4,000 x 35")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "market.json"
        path.write_text(json.dumps(make_market(4_000, 35)))
        for name in ("deferred", "algmatch", "matching"):
            done = [run(peer(name, path, "-"), table.limit) for _ in range(runs)]
            seconds = [json.loads(each.said)[0] for each in done if each.said]
            median = (
                f"{statistics.median(seconds):.3f} s" if seconds else "not finished"
            )
            print(f"  {name:<12} {median}", flush=True)


def make_market(students: int, offers: int) -> dict[str, object]:
    """Return an instance in which everybody ranks every offer."""
    import random

    chance = random.Random("market")
    names = [f"o{k:02d}" for k in range(offers)]
    institutions = [{"id": name, "country": "DE"} for name in ("a", "b")]
    places = -(-students * 9 // (10 * offers))
    return {
        "format": "mobility-instance/1",
        "id": "market",
        "institutions": institutions,
        "offers": [{"id": o, "receiving": "a", "capacity": places} for o in names],
        "students": [
            {
                "id": f"s{k:05d}",
                "sending": "b",
                "merit": chance.randint(0, 10_000),
                "choices": [{"offer": o} for o in chance.sample(names, offers)],
            }
            for k in range(students)
        ],
    }


def ours(*arguments: str, flags: Sequence[str] = ()) -> list[str]:
    """Return one of the solver's commands."""
    return [sys.executable, *flags, "-m", "solver", *arguments]


def peer(name: str, instance: Path, policy: str) -> list[str]:
    """Return the command of a peer, in the environment it needs."""
    is_ours = name not in ("matching", "algmatch")
    python = sys.executable if is_ours else str(make_environment())
    return [python, "-P", str(HERE / "peers.py"), name, str(instance), policy]


def make_environment() -> Path:
    """Return the Python of the peers' environment, made where it is absent."""
    python, mark = CACHE / "bin" / "python", CACHE / "made-from.txt"
    wanted = (HERE / "peers.txt").read_text()
    if not mark.exists() or mark.read_text() != wanted:
        venv.create(CACHE, clear=True, with_pip=True)
        pip = [
            str(python),
            "-m",
            "pip",
            "install",
            "--quiet",
            "--quiet",
            "--no-deps",
            "-r",
        ]
        subprocess.run([*pip, str(HERE / "peers.txt")], check=True)
        mark.write_text(wanted)
    return python


def run(command: Sequence[str], limit: float | None) -> Run:
    """Run a process to its end or to the limit of seconds, and say what it took."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    begin = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen(
            command, stdout=said, stderr=said, cwd=ROOT, env=environment
        )
        seconds = None if limit in (None, math.inf) else limit
        timer = threading.Timer(seconds or threading.TIMEOUT_MAX, child.kill)
        timer.daemon = True
        timer.start()
        _, status, usage = os.wait4(child.pid, 0)
        timer.cancel()
        child.returncode = os.waitstatus_to_exitcode(status)
        said.seek(0)
        lines = said.read().strip().splitlines()
    if child.returncode > 0 or (lines and "Error" in lines[-1]):
        raise SystemExit("\n".join([" ".join(command), *lines[-5:]]))
    return Run(
        time.perf_counter() - begin,
        usage.ru_utime + usage.ru_stime,
        usage.ru_maxrss / 1024,
        None if child.returncode else (lines or [""])[-1],
    )


def fit_exponent(points: Sequence[tuple[int, float]]) -> float:
    """Return the slope of log time over log size, by least squares."""
    xs = [math.log(size) for size, _ in points]
    ys = [math.log(seconds) for _, seconds in points]
    x, y = statistics.fmean(xs), statistics.fmean(ys)
    covered = sum((a - x) ** 2 for a in xs)
    return sum((a - x) * (b - y) for a, b in zip(xs, ys, strict=True)) / covered


if __name__ == "__main__":
    main()

"""Emissions of a million choices over a hundred thousand unique pairs of cities.

`./run bench carbon [--pairs N] [--choices N] [--runs N]` prints medians of several
runs, each in a process of its own: all modes with legs and intervals of every pair,
then the grams of every choice. Beside it, on the same machine in the same run, what one
would write first: a loop that computes choice after choice, and geopy's geodesic choice
after choice (distances alone). Both are timed over a sample and scaled to all choices.
Ratios are of processor time: they travel between machines, and between a busy and an
idle one, better than seconds do. The peak of memory is the process's.
"""

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from mobility.carbon.batch import footprints
from mobility.carbon.countries import load_countries
from mobility.carbon.distances import distance_m
from mobility.carbon.factors import load_factor_set
from mobility.carbon.gazetteer import load_names
from mobility.carbon.method import Method
from mobility.carbon.place import Place

CITIES = 3_000
SMALLEST = 50_000
SAMPLE_LOOP, SAMPLE_GEOPY = 300, 5_000
KIBIBYTE = 1024
Ends = tuple[Place, Place]
Measured = tuple[float, float, float]
"""Seconds, seconds of processor time, peak MiB."""


def main() -> None:
    """Print the table, or run one measurement in this process."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pairs", type=int, default=100_000, help="unique pairs")
    parser.add_argument("--choices", type=int, default=1_000_000, help="in all")
    parser.add_argument("--runs", type=int, default=3, help="of which to take medians")
    parser.add_argument("--one", choices=sorted(WORK), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        pairs = draw_pairs(options.pairs)
        print(json.dumps(WORK[options.one](pairs, options.choices)))
        return
    print_table(options.pairs, options.choices, options.runs)


def print_table(pairs: int, choices: int, runs: int) -> None:
    """Run every measurement several times and print medians and ratios."""
    print(f"{choices:,} choices over {pairs:,} unique pairs of {CITIES:,} cities")
    print(f"medians of {runs} runs; ratio: processor time over the batch's\n")
    print(f"{'what':<34} {'seconds':>9} {'cpu s':>9} {'ratio':>8} {'peak MiB':>9}")
    yardstick = 0.0
    for name, label in LABELS.items():
        found = [measure(name, pairs, choices) for _ in range(runs)]
        seconds, cpu, peak = map(statistics.median, zip(*found, strict=True))
        yardstick = yardstick or cpu
        row = f"{seconds:>9,.1f} {cpu:>9,.1f} {cpu / yardstick:>8.1f} {peak:>9,.0f}"
        print(f"{label:<34} {row}", flush=True)


def measure(name: str, pairs: int, choices: int) -> Measured:
    """Return the numbers of one measurement in a process of its own."""
    sizes = ["--pairs", str(pairs), "--choices", str(choices)]
    run = subprocess.run(
        [sys.executable, "-P", __file__, "--one", name, *sizes],
        capture_output=True,
        text=True,
        check=True,
    )
    seconds, cpu, peak = json.loads(run.stdout)
    return seconds, cpu, peak


def draw_pairs(count: int) -> list[Ends]:
    """Return that many different ordered pairs of cities, drawn with a seed."""
    cities = [
        city
        for code in sorted(load_countries())
        for same in load_names(code).primary.values()
        for city in same
        if city.population >= SMALLEST
    ]
    drawn = random.Random(1)
    chosen = drawn.sample(cities, CITIES)
    places = [
        Place(city.name, city.country, city.latitude_udeg, city.longitude_udeg)
        for city in chosen
    ]
    numbers = drawn.sample(range(CITIES * CITIES), count)
    return [(places[n // CITIES], places[n % CITIES]) for n in numbers]


def peak_mib() -> float:
    """Return the most memory that this process held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIBIBYTE


def run_batch(pairs: Sequence[Ends], choices: int) -> Measured:
    """Compute every choice as the freeze does."""
    drawn = random.Random(2)
    all_choices = [pairs[drawn.randrange(len(pairs))] for _ in range(choices)]
    method, factors = Method(), load_factor_set(Method().factor_set)
    begin, begin_cpu = time.perf_counter(), time.process_time()
    found = footprints(all_choices, method, factors)
    total = sum(footprint.total_g for footprint in found if footprint.chosen_mode)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    if len(found) != choices or total <= 0:
        sys.exit("the batch did not compute every choice")
    return seconds, cpu, peak_mib()


def run_loop(pairs: Sequence[Ends], choices: int) -> Measured:
    """Compute choice after choice, each alone; scaled from a sample."""
    method, factors = Method(), load_factor_set(Method().factor_set)
    footprints(pairs[:1], method, factors)  # tables are read once, as in the batch

    def one(ends: Ends) -> object:
        return footprints([ends], method, factors)

    return scaled(one, pairs[:SAMPLE_LOOP], choices)


def run_geopy(pairs: Sequence[Ends], choices: int) -> Measured:
    """Measure geopy's geodesic alone, choice after choice; scaled from a sample."""

    def one(ends: Ends) -> object:
        return distance_m(*ends)

    return scaled(one, pairs[:SAMPLE_GEOPY], choices)


def scaled(
    one: Callable[[Ends], object], sample: Sequence[Ends], choices: int
) -> Measured:
    """Return the seconds that all choices would take at the pace of a sample."""
    begin, begin_cpu = time.perf_counter(), time.process_time()
    for ends in sample:
        one(ends)
    seconds, cpu = time.perf_counter() - begin, time.process_time() - begin_cpu
    scale = choices / len(sample)
    return seconds * scale, cpu * scale, peak_mib()


WORK = {"batch": run_batch, "loop": run_loop, "geopy": run_geopy}
LABELS = {
    "batch": "batch: all modes, legs, intervals",
    "loop": "a loop of single pairs (scaled)",
    "geopy": "geopy geodesic per choice (scaled)",
}


if __name__ == "__main__":
    main()

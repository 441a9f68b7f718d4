"""How long the pictures of the demo's published round take, in milliseconds.

    ./run demo --no-serve && ./run bench charts

Prints the median of some repetitions for each picture in both widths together, with
its table, and the size of the wide one.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from sqlmodel import col, select

from mobility.db import make_engine, reading
from mobility.models import Round
from mobility.reporting import pictures
from mobility.reporting.memory import Memory
from mobility.reporting.pictures import Picture
from mobility.reporting.runs import run_facts
from mobility.reporting.words import ENGLISH

DATABASE = Path(__file__).parents[1] / "instance" / "demo.sqlite3"
REPETITIONS = 9
DRAWN: dict[str, Callable[..., Picture]] = {
    "waterfall": pictures.waterfall_picture,
    "flow map": pictures.flow_picture,
    "ranks": pictures.rank_picture,
    "equity": pictures.equity_picture,
    "emissions": pictures.emissions_picture,
}


def main(path: Path) -> None:
    """Print a line a picture."""
    engine = make_engine(f"sqlite:///{path}", read_only=True)
    newest = col(Round.published_run_id).desc()
    with reading(engine) as session:
        query = select(Round.published_run_id).order_by(newest.nulls_last())
        run = session.exec(query).first()
        if run is None:
            sys.exit(f"{path} has no published round")
        start = perf_counter()
        facts = run_facts(session, run)
        took = 1000 * (perf_counter() - start)
    print(f"{'facts, read and joined':24}{took:8.1f} ms")
    for name, draw in DRAWN.items():
        times = []
        for _ in range(REPETITIONS):
            pictures._pictures = Memory(1)  # noqa: SLF001 - each time anew
            start = perf_counter()
            picture = draw(facts, ENGLISH)
            times.append(1000 * (perf_counter() - start))
        size = len(picture.wide.encode()) / 1000
        print(f"{name:24}{median(times):8.1f} ms{size:8.1f} kB")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else DATABASE)

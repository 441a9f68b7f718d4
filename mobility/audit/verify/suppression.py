"""Small numbers are withheld from public statistics, and what would give them away.

A count below five is withheld. A withheld count that could be worked out from a row's
or a column's total is protected by a second one (complementary suppression), until no
line of the table has exactly one withheld count and no withheld counts of a line add up
to less than five. The public proof and the public statistics both withhold by it; it
stands with the verifier, which makes the proof anew. Standard library only.
"""

from collections.abc import Iterator, Sequence

SMALLEST = 5
"""The smallest count that is published."""

Counts = Sequence[Sequence[int]]
Cell = tuple[int, int]


def suppress(counts: Counts, smallest: int = SMALLEST) -> list[list[int | None]]:
    """Return a table of counts as it may be published; None is withheld.

    Row and column totals, and the grand total, may be published beside it: only totals
    that are 0 or at least `smallest` should be.

    Parameters
    ----------
    counts
        Rows of counts, each 0 or more, all of the same length. 0 is published: it is
        about nobody.
    smallest
        The smallest count that is published.
    """
    withheld = {
        (row, column)
        for row, line in enumerate(counts)
        for column, count in enumerate(line)
        if 0 < count < smallest
    }
    while extra := _next(counts, withheld, smallest):
        withheld.add(extra)
    return [
        [None if (row, column) in withheld else count for column, count in enumerate(x)]
        for row, x in enumerate(counts)
    ]


def suppress_line(counts: Sequence[int], smallest: int = SMALLEST) -> list[int | None]:
    """Return a list of counts with a published total as it may be published."""
    withheld = {(0, at) for at, count in enumerate(counts) if 0 < count < smallest}
    line = [(0, column) for column in range(len(counts))]
    while extra := _protect([counts], withheld, line, smallest):
        withheld.add(extra)
    return [None if (0, at) in withheld else count for at, count in enumerate(counts)]


def _lines(counts: Counts) -> Iterator[list[Cell]]:
    """Yield the cells of every row and of every column."""
    width = len(counts[0]) if counts else 0
    for row in range(len(counts)):
        yield [(row, column) for column in range(width)]
    for column in range(width):
        yield [(row, column) for row in range(len(counts))]


def _next(counts: Counts, withheld: set[Cell], smallest: int) -> Cell | None:
    """Return a further cell to withhold, or None when the table is safe."""
    for line in _lines(counts):
        extra = _protect(counts, withheld, line, smallest)
        if extra is not None:
            return extra
    return None


def _protect(
    counts: Counts, withheld: set[Cell], line: list[Cell], smallest: int
) -> Cell | None:
    """Return the least cell that protects the withheld ones of a line, if they need it.

    Zeros are withheld last: whoever knows that a group is empty sees through them.
    """
    hidden = [cell for cell in line if cell in withheld]
    total = sum(counts[row][column] for row, column in hidden)
    if not hidden or (len(hidden) > 1 and total >= smallest):
        return None
    open_cells = [cell for cell in line if cell not in withheld]
    return min(
        open_cells,
        key=lambda cell: (not counts[cell[0]][cell[1]], counts[cell[0]][cell[1]], cell),
        default=None,
    )

"""What a leaf of the branch tree knows: its path, its face, and earlier entries."""

from dataclasses import dataclass

import numpy as np

from solver.arrays import Arrays, Flags
from solver.bounds import Evaluation, Prices, Row
from solver.linear import INFINITY, Floats


@dataclass
class Face:
    """What earlier entries of the stage leave open in a leaf.

    Attributes
    ----------
    active
        Per choice: may still be taken.
    must
        Per student: may not stay unplaced.
    full
        Per capacity: has to be used up.
    low, high
        Per partnership: bounds of the net flow, infinite where there are none.
    tight
        Per branch row of the leaf's path: holds with equality.
    """

    active: Flags
    must: Flags
    full: Flags
    low: Floats
    high: Floats
    tight: tuple[bool, ...] = ()

    @classmethod
    def whole(cls, arrays: Arrays) -> "Face":
        """Return the face that leaves everything open."""
        lanes = len(arrays.kink)
        return cls(
            active=np.ones(len(arrays.student), dtype=np.bool_),
            must=arrays.must,
            full=np.zeros(len(arrays.capacity), dtype=np.bool_),
            low=np.full(lanes, -INFINITY),
            high=np.full(lanes, INFINITY),
        )


@dataclass(frozen=True)
class SoftLimit:
    """An earlier entry that may still move, and what is left to its limit.

    ``is_tight`` when a later entry's proof leaves only placements that use all of it.
    """

    index: int
    prices: Prices
    evaluation: Evaluation
    room: float
    is_tight: bool = False

    def price_of_branch(self, position: int) -> int:
        """Return the price of a row of the leaf's path; later rows had none."""
        branches = self.prices.branches
        return branches[position] if position < len(branches) else 0


@dataclass(frozen=True)
class Priced:
    """An entry's prices in one leaf, with what they prove."""

    index: int
    prices: Prices
    evaluation: Evaluation
    unit: int = 1

    @property
    def bound(self) -> int:
        """The proven bound, rounded up to the next multiple of the entry's unit."""
        step = self.prices.denominator * self.unit
        return -(-self.evaluation.bound // step) * self.unit

    def meets(self, value: int) -> bool:
        """Return whether the bound equals the value exactly."""
        return self.evaluation.bound == value * self.prices.denominator


@dataclass(frozen=True)
class LeafState:
    """What a leaf knows when an entry is solved in it.

    Attributes
    ----------
    path
        Branch rows from the root.
    face
        What entries that are proven exactly leave open.
    exact
        The last entry whose bound meets its limit, or None.
    soft
        Entries whose bound does not.
    """

    path: tuple[Row, ...]
    face: Face
    exact: Priced | None
    soft: tuple[SoftLimit, ...]

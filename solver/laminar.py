"""Capacities that nest: each choice's rows form one chain, and all chains one tree.

Where they do, and no flow between partners is charged, an entry is a flow in a network.
"""

from dataclasses import dataclass

import numpy as np

from solver.arrays import Arrays, Flags, Integers


@dataclass(frozen=True)
class Tree:
    """The capacities as a tree.

    Attributes
    ----------
    first
        Per active choice: the smallest capacity that counts it.
    parent
        Per capacity: the next larger one that counts all of its choices, or -1.
    """

    first: Integers
    parent: Integers


def find_tree(arrays: Arrays, active: Flags) -> Tree | None:
    """Return the tree of the capacities over the active choices, None if they cross.

    Every choice lies in its offer's row and in its quotas'. Sorted by size they form a
    chain; the rows nest iff each row is followed by the same one in all its chains.
    """
    choices = np.flatnonzero(active)
    inside = active[arrays.quota_choice]
    rows = np.concatenate([arrays.offer[choices], arrays.quota_row[inside]])
    members = np.concatenate([choices, arrays.quota_choice[inside]])
    size = np.bincount(rows, minlength=len(arrays.capacity))
    order = np.lexsort((rows, size[rows], members))
    rows, members = rows[order], members[order]
    is_first = np.ones(len(rows), dtype=np.bool_)
    is_first[1:] = members[1:] != members[:-1]
    after = np.full(len(rows), -1, dtype=np.int64)
    followed = np.flatnonzero(~is_first)
    after[followed - 1] = rows[followed]
    parent = np.full(len(arrays.capacity), -1, dtype=np.int64)
    parent[rows] = after
    if (parent[rows] != after).any():
        return None
    return Tree(first=rows[is_first], parent=parent)

"""Guards: what a stage may not take from those who had a place before it."""

import numpy as np

from solver.arrays import Arrays, Flags, Integers
from solver.policy import Guard


def apply_guard(arrays: Arrays, guard: Guard | None, held: Integers) -> Arrays:
    """Return the arrays without the choices that the guard forbids.

    Parameters
    ----------
    arrays
        The whole problem.
    guard
        The guard of the stage, or None where nobody is protected.
    held
        Indices of the choices that the stage before placed, or that stand from before.
    """
    if guard is None or not len(held):
        return arrays
    facts = _Facts(arrays)
    holders = arrays.student[held]
    in_blocks = np.isin(facts.home_block[holders], guard.blocks)
    guarded = in_blocks | guard.everyone
    holders, held, in_blocks = holders[guarded], held[guarded], in_blocks[guarded]
    steps = np.full(len(holders), guard.steps, dtype=np.int64)
    if guard.everyone:
        protected = in_blocks.copy()
        if guard.remote_kg is not None:
            protected |= facts.floor_g[holders] > 1000 * guard.remote_kg
        steps[protected] = guard.steps_protected

    allowed = np.full(arrays.students, np.iinfo(np.int64).max, dtype=np.int64)
    allowed[holders] = arrays.rank[held] + steps
    keep = arrays.rank <= allowed[arrays.student]
    if guard.keep_outward:
        outward = np.zeros(arrays.students, dtype=np.bool_)
        outward[holders] = in_blocks & facts.is_outward[held]
        keep &= ~outward[arrays.student] | facts.is_outward
    if guard.no_virtual:
        worst_virtual = np.full_like(allowed, np.iinfo(np.int64).max)
        worst_virtual[holders] = np.where(
            facts.is_virtual[held], worst_virtual[holders], arrays.rank[held]
        )
        keep &= ~facts.is_virtual | (arrays.rank <= worst_virtual[arrays.student])
    must = arrays.must.copy()
    must[holders] = True
    return arrays.restrict(keep, must)


def find_standing(arrays: Arrays) -> Integers:
    """Return the choices that are held and still stand, with those that are pinned.

    A held choice stands unless it is forbidden, or its student is pinned to another, or
    its offer or one of its quotas has no room for all who hold or are pinned to one of
    its choices. So what stands can be kept together.
    """
    index = arrays.choice_index()
    held = [index[p] for p in arrays.instance.holds.items() if p in index]
    is_pinned = arrays.must[arrays.student]
    standing = is_pinned.copy()
    standing[held] = True
    over = arrays.used_capacity(np.flatnonzero(standing)) > arrays.capacity
    gone = over[arrays.offer]
    gone[arrays.quota_choice[over[arrays.quota_row]]] = True
    return np.flatnonzero(standing & (is_pinned | ~gone))


class _Facts:
    """What guards ask of students and choices."""

    def __init__(self, arrays: Arrays) -> None:
        instance = arrays.instance
        block = {inst.id: inst.block or "" for inst in instance.institutions}
        self.home_block = np.array([block[s.sending] for s in instance.students])
        self.floor_g = np.array([s.floor_g for s in instance.students], dtype=np.int64)
        host_block = np.array([block[o.receiving] for o in instance.offers])
        virtual = np.array([o.mode == "virtual" for o in instance.offers], np.bool_)
        self.is_virtual: Flags = virtual[arrays.offer]
        self.is_outward: Flags = ~self.is_virtual & (
            host_block[arrays.offer] != self.home_block[arrays.student]
        )

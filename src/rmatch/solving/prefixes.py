"""One side's pairs in order of preference, for sums over "this rank or better"."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from rmatch.instance import IntArray

Floats = npt.NDArray[np.float64]


class Prefixes:
    """One side's pairs in order of preference, for sums over "this rank or better"."""

    def __init__(self, owner: IntArray, rank: IntArray, count: int) -> None:
        order = np.lexsort((rank, owner))
        owners, ranks = owner[order], rank[order]
        self._order = order
        starts = np.searchsorted(owners, np.arange(count))
        ends = np.searchsorted(owners, np.arange(count), side="right")
        self.pairs_of = [order[a:b] for a, b in zip(starts, ends, strict=True)]
        new = (owners[1:] != owners[:-1]) | (ranks[1:] != ranks[:-1])
        group_ends = np.append(np.flatnonzero(new), len(order) - 1) + 1
        stop = group_ends[np.searchsorted(group_ends, np.arange(len(order)), side="right")]
        self._start = np.zeros(len(order), dtype=np.int64)
        self._stop = np.zeros(len(order), dtype=np.int64)
        self._start[order] = starts[owners]
        self._stop[order] = stop

    def up_to(self, pair: int) -> IntArray:
        """Pairs of the same person at the pair's rank or better, itself included."""
        return self._order[self._start[pair] : self._stop[pair]]

    @property
    def lengths(self) -> IntArray:
        """(E,) how many pairs ``up_to`` gives."""
        return self._stop - self._start

    def sums(self, values: Floats) -> Floats:
        """(E,) Σ of ``values`` over ``up_to`` each pair."""
        running = np.concatenate([[0.0], np.cumsum(values[self._order])])
        total: Floats = running[self._stop] - running[self._start]
        return total

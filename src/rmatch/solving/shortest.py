"""All shortest ways between all nodes of a dense graph, by Floyd and Warshall, a line a pivot."""

from __future__ import annotations

import numpy as np

from rmatch.instance import IntArray
from rmatch.solving.clock import Clock
from rmatch.solving.words import less, lower


class NegativeCycleError(Exception):
    """A way round costs less than nothing: what the graph was made from was no optimum."""


def close(ways: IntArray, clock: Clock) -> None:
    """Make the costs of arcs those of shortest ways, in place.

    Every node has an arc to and from node 0, so that after the first pivot every way is finite;
    every value is at all times the cost of a way that meets no node twice.

    Args:
        ways: (words, nodes, nodes) cost of the arc from row to column, ``FAR`` where there is none,
            0 on the diagonal.
        clock: Looked at before every pivot.

    Raises:
        NegativeCycleError: as soon as there is a way round below 0.
        OutOfTimeError: the time was up.
    """
    diagonal = np.einsum("wii->wi", ways)
    through = np.empty_like(ways)
    for pivot in range(ways.shape[1]):
        clock.check()
        np.add(ways[:, :, pivot, None], ways[:, None, pivot, :], out=through)
        lower(ways, through)
        if less(diagonal, 0).any():
            raise NegativeCycleError

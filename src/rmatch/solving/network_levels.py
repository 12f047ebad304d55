"""Levels of a network: by one flow or, where it is large and dense, over few pairs at a time."""

from __future__ import annotations

from rmatch.solving import flow
from rmatch.solving.terms import Terms

FEW = 16_384
"""With fewer pairs than this no network has enough a person to be dense: see ``dense.network``."""


def optimise(network: flow.Network, terms: Terms) -> int:
    """Make ``terms`` most over the free arcs, hold it, and return its value; see ``flow``."""
    if network.n_pairs < FEW:
        return flow.optimise(network, terms)
    from rmatch.solving.dense.network import optimise as optimise_dense

    return optimise_dense(network, terms)

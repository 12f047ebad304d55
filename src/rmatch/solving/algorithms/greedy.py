"""Best pair first."""

from __future__ import annotations

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.algorithms.in_turn import made_in_turn
from rmatch.solving.algorithms.lots import pair_lots
from rmatch.solving.clock import Clock


def greedy(instance: Instance, seed: int, clock: Clock) -> IntArray:
    """The pair of the highest score that is still possible, again and again; ties by lot.

    What many do by hand on a table. Its score, and its number of pairs, are at least half of the
    best (Korte and Hausmann, 1978); where everybody ranks by the score it is stable.
    """
    lots = pair_lots(instance, seed, "greedy")
    return made_in_turn(instance, np.lexsort((lots, -instance.score)), clock)

"""A matching by lot."""

from __future__ import annotations

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.algorithms.in_turn import made_in_turn
from rmatch.solving.algorithms.lots import pair_lots
from rmatch.solving.clock import Clock


def random_maximal(instance: Instance, seed: int, clock: Clock) -> IntArray:
    """Acceptable pairs in an order drawn by lot, each made if both still have a place.

    Maximal: no pair could be added. Not every maximal matching is equally likely (Dyer and Frieze,
    1991). The baseline that anything else should beat.
    """
    return made_in_turn(instance, np.argsort(pair_lots(instance, seed, "random")), clock)

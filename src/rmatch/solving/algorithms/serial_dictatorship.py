"""One mentor after another takes what they like best."""

from __future__ import annotations

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.algorithms.in_turn import made_in_turn
from rmatch.solving.algorithms.lots import mentor_lots, pair_lots
from rmatch.solving.clock import Clock


def serial_dictatorship(instance: Instance, seed: int, clock: Clock) -> IntArray:
    """Mentors in an order drawn by lot; each fills their places with the best-ranked open ones.

    With one place each and strict ranks no mentor can gain by ranking untruthfully, and the outcome
    is efficient for the mentors (Svensson, 1994; with the order drawn, Abdulkadiroğlu and Sönmez,
    1998). What mentees rank counts for nothing. Ties are broken by score, then by lot.
    """
    turns = mentor_lots(instance, seed, "serial_dictatorship")[instance.mentor]
    lots = pair_lots(instance, seed, "serial_dictatorship")
    order = np.lexsort((lots, -instance.score, instance.mentor_rank, instance.mentor, turns))
    return made_in_turn(instance, order, clock)

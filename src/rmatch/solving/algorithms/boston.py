"""First choices first, for good."""

from __future__ import annotations

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.algorithms.in_turn import made_in_turn
from rmatch.solving.algorithms.lots import pair_lots
from rmatch.solving.clock import Clock


def boston(instance: Instance, seed: int, clock: Clock) -> IntArray:
    """As many mentors' first choices as there are places, then second choices, and so on.

    The Boston mechanism, or immediate acceptance (Abdulkadiroğlu and Sönmez, 2003): in round k
    mentors with a place left ask whom they rank k-th, and mentees take whom of these they rank best
    until they are full. Unlike in deferred acceptance, nobody is given up again, so that ranking
    untruthfully can pay. A mentor who ranks several k-th asks them all, and stays with whoever
    ranks the mentor best; what is still equal is decided by score, then by lot.
    """
    lots = pair_lots(instance, seed, "boston")
    order = np.lexsort((lots, -instance.score, instance.mentee_rank, instance.mentor_rank))
    return made_in_turn(instance, order, clock)

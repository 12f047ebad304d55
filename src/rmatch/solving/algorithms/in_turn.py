"""Pairs taken one after another, each made if both people still have a place."""

from __future__ import annotations

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.clock import STRIDE, Clock


def made_in_turn(instance: Instance, turn: IntArray, clock: Clock) -> IntArray:
    """The pairs that are made when all are gone through in turn; none could be added to them.

    Args:
        instance: The problem.
        turn: (E,) indices of the pairs, the first to be made first.
        clock: Once it is over, what was made so far is returned.

    Returns:
        Indices of the pairs made, sorted.
    """
    mentor, mentee = instance.mentor.tolist(), instance.mentee.tolist()
    mentor_room, mentee_room = instance.mentor_capacity.tolist(), instance.mentee_capacity.tolist()
    made = []
    for at, pair in enumerate(turn.tolist()):
        if at % STRIDE == 0 and clock.is_over:
            break
        if mentor_room[mentor[pair]] > 0 and mentee_room[mentee[pair]] > 0:
            mentor_room[mentor[pair]] -= 1
            mentee_room[mentee[pair]] -= 1
            made.append(pair)
    return np.array(sorted(made), dtype=np.int64)

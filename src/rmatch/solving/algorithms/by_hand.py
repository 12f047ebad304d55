"""The pairs that somebody made by hand, as a strategy to compare others with."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.algorithms.in_turn import made_in_turn
from rmatch.solving.clock import Clock


@dataclass(frozen=True, slots=True)
class ByHand:
    """Makes the pairs that are handed in, as far as they are allowed.

    A pair that is not acceptable is left out, and so is one whose mentor or mentee has no place
    left after the pairs before it. Nothing is added, and nothing drawn.

    Attributes:
        pairs: (mentor, mentee) ids, each pair once; who comes first keeps their place.
    """

    pairs: tuple[tuple[str, str], ...]

    def __call__(self, instance: Instance, seed: int, clock: Clock, /) -> IntArray:
        """Indices of the pairs that are made, sorted."""
        del seed
        rows = {person: i for i, person in enumerate(instance.mentor_ids)}
        columns = {person: j for j, person in enumerate(instance.mentee_ids)}
        found = [instance.index_of(rows[m], columns[s]) for m, s in self.pairs]
        turn = np.array([pair for pair in found if pair is not None], dtype=np.int64)
        return made_in_turn(instance, turn, clock)

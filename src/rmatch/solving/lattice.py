"""Levels over the stable matchings of a strict one-to-one instance, in polynomial time."""

from __future__ import annotations

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.solving.closures import Closures
from rmatch.solving.rotations import find_rotations


class Lattice:
    """The stable matchings that are optimal in all levels so far (Gusfield and Irving, 1989).

    At first these are all stable matchings.

    Attributes:
        rotations: The instance's rotations.
    """

    def __init__(self, instance: Instance) -> None:
        """All stable matchings of an instance.

        Raises:
            ValueError: ties, or capacities other than 1.
        """
        self.rotations = find_rotations(instance)
        self._closures = Closures(self.rotations.count, self.rotations.before, self.rotations.after)

    def copy(self) -> Lattice:
        """The same stable matchings, to try something on."""
        other = Lattice.__new__(Lattice)
        other.rotations = self.rotations
        other._closures = self._closures.copy()
        return other

    @property
    def possible(self) -> BoolArray:
        """(E,) whether any stable matching of the instance holds the pair."""
        held = np.zeros(self.rotations.n_pairs, dtype=bool)
        held[self.rotations.mentor_optimal] = True
        held[self.rotations.put] = True
        return held

    @property
    def chosen(self) -> IntArray:
        """Sorted indices of the pairs of the one that is best for mentors."""
        return self.rotations.matching_of(self._closures.member)

    def optimise(self, pair_weights: IntArray) -> int:
        """Make the sum of the matched pairs' weights most, hold it, and return it.

        Args:
            pair_weights: (E,) any integers.

        Raises:
            OverflowError: weights that come to more than 2**62; nothing has changed then.
        """
        base: int = sum(pair_weights[self.rotations.mentor_optimal].tolist())
        return base + self._closures.optimise(self.rotations.weights(pair_weights))

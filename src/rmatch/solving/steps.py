"""What an objective may ask of the search."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeAlias

from rmatch.instance import Instance, IntArray
from rmatch.properties.feasibility import Chosen
from rmatch.solution import Value
from rmatch.solving.terms import Terms

if TYPE_CHECKING:
    from rmatch.solving.matching_model import MatchingModel

Make: TypeAlias = Callable[[Instance, IntArray, int], Terms]
"""Instance, the pairs that are still in question, seed → the terms over those pairs.

A pair's weight is what matching it changes: what a free place counts is in it already.
"""


class Posted(Protocol):
    """A number that no linear sum makes: it posts variables of its own, to be made least."""

    def cost(self, instance: Instance, chosen: Chosen) -> int:
        """What a matching of the whole instance comes to."""

    def floor(self, instance: Instance) -> int:
        """What no matching can go below."""

    def post(
        self, model: MatchingModel, instance: Instance, pairs: IntArray, chosen: IntArray
    ) -> tuple[list[int], list[int], int]:
        """Variables, weights and a constant whose sum is at least the cost, and can be equal.

        Args:
            model: Over the pairs that are in question.
            instance: The whole instance.
            pairs: Which of its pairs the model's are.
            chosen: Pairs of the instance that are made already and are not in question.
        """


class Steps(Protocol):
    """The search as an objective sees it."""

    @property
    def instance(self) -> Instance:
        """The whole instance."""

    @property
    def matching(self) -> IntArray:
        """The best matching so far."""

    def value(self, name: str) -> Value:
        """What the best matching so far comes to."""

    def most(
        self,
        make: Make,
        *,
        room: int | None = None,
        enough: int | None = None,
        hold: bool = True,
    ) -> int | None:
        """Make a linear sum most; by how much the best may still be short of what is possible.

        At 0 it is proved, and held. ``None`` where nothing is known.

        Args:
            make: Its terms.
            room: How much more than now is possible at all, where that is known.
            enough: By how much it must rise: then only whether that can be is settled, and at 0 it
                is, either way. Not to be held.
            hold: Whether to hold it; else it was a question, and a matching that answers it is not
                taken where the level itself is worse there.
        """

    def least(self, posted: Posted, *, floor: int | None = None, hold: bool = True) -> int | None:
        """Make a posted number least; its proven bound. Where that is reached, it is held.

        Unless it was a question only: then it is not ``hold``.

        ``floor`` is what it cannot go below, given what is held, where more is known than the
        number's own.
        """

    def settle(self) -> None:
        """Hold the best matching itself: it is proved that no other keeps what is held."""

    def fewest_blocking(self) -> int | None:
        """Make the number of blocking pairs least; its proven bound."""

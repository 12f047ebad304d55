"""Every strategy by name: orders of objectives, algorithms, and what other packages add.

An order is solved level by level, by proof. An algorithm is a function from an instance to pairs;
it proves nothing, and what it comes to is counted at the levels of ``best_score``.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol

from rmatch.added_strategies import added_names, load_added
from rmatch.errors import StrategyError
from rmatch.instance import Instance
from rmatch.solving.clock import Clock
from rmatch.solving.objectives import STRATEGIES

if TYPE_CHECKING:
    import numpy.typing as npt

COUNTED_AT = "best_score"
"""The order of whose levels a matching made by an algorithm is counted."""

BY_HAND = "by_hand"
"""The strategy of pairs that are handed in; without them it makes nothing."""


class Strategy(Protocol):
    """An algorithm that makes a matching: any function of this signature.

    Pairs that must be made are made beforehand: the instance is what is left, with nothing forced.
    What it knows nothing of (quotas, pairs made before) need not be kept: what it makes is repaired
    afterwards. Whatever is drawn is to come from the seed. Once ``clock.is_over``, any matching
    will do, the empty one too.
    """

    def __call__(
        self, instance: Instance, seed: int, clock: Clock, /
    ) -> Sequence[int] | npt.NDArray[Any]:
        """Indices of the acceptable pairs that are made, each once, nobody over capacity."""
        ...


def _of(module: str, name: str) -> Strategy:
    """One of our own, loaded when it is called: nearly every matching is made by proof."""

    def make(instance: Instance, seed: int, clock: Clock, /) -> Sequence[int] | npt.NDArray[Any]:
        strategy: Strategy = getattr(import_module(f"rmatch.solving.algorithms.{module}"), name)
        return strategy(instance, seed, clock)

    return make


ALGORITHMS: dict[str, Strategy] = {
    "deferred_acceptance": _of("proposing", "mentors_propose"),
    "deferred_acceptance_mentees": _of("proposing", "mentees_propose"),
    "greedy": _of("greedy", "greedy"),
    "serial_dictatorship": _of("serial_dictatorship", "serial_dictatorship"),
    "random": _of("random_maximal", "random_maximal"),
    "boston": _of("boston", "boston"),
}
"""The algorithms that rmatch has; a name of these is never another package's."""


def strategy_names() -> tuple[str, ...]:
    """Every strategy there is: orders, algorithms, then what installed packages add.

    Without ``by_hand``, which is none without its pairs, and which no package can add.
    """
    known = dict.fromkeys((*STRATEGIES, *ALGORITHMS, *added_names()))
    return tuple(name for name in known if name != BY_HAND)


def is_strategy(name: str) -> bool:
    """Whether there is such a strategy; installed packages are asked for none of our own."""
    return name in STRATEGIES or name in ALGORITHMS or name in added_names()


def is_algorithm(name: str | None) -> bool:
    """Whether a strategy is an algorithm; also one that is not installed any more."""
    return name is not None and name not in STRATEGIES


def algorithm(name: str) -> Strategy:
    """The algorithm of a strategy.

    Raises:
        StrategyError: it is not installed, is added twice, or cannot be loaded or called; or it is
            ``by_hand``, which needs the pairs.
    """
    if name == BY_HAND:
        raise StrategyError(
            f"strategy {name!r} makes the pairs that somebody made: hand them in, as in "
            "rmatch.compare(cohort, by_hand=pairs)"
        )
    if name in ALGORITHMS:
        return ALGORITHMS[name]
    if name not in added_names():
        raise StrategyError(
            f"strategy {name!r} is not installed here; install the package that adds it, or name "
            "another strategy"
        )
    found = load_added(name)
    if not callable(found):
        raise StrategyError(
            f"strategy {name!r} is no function but {type(found).__name__}: it must take "
            "(instance, seed, clock) and return indices of pairs"
        )
    return found

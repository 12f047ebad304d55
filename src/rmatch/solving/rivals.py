"""Is a matching the best there is? Compared level by level with a rival, or with all there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rmatch.errors import TimeLimitError
from rmatch.instance import Instance, IntArray
from rmatch.properties.feasibility import is_matching
from rmatch.properties.statements import broken_statements
from rmatch.properties.welfare import value_of
from rmatch.solution import Value
from rmatch.solving.clock import Clock
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.search import Search


@dataclass(frozen=True, slots=True)
class Challenge:
    """What looking for a better matching came to.

    Attributes:
        rival: A better one, as sorted indices of its pairs; ``None`` where none was found.
        settled: Whether it is known that there is one, or none.
    """

    rival: IntArray | None
    settled: bool


def is_legal(instance: Instance, chosen: IntArray) -> bool:
    """Whether a set of pairs is a matching that keeps what is stated."""
    return is_matching(instance, chosen) and not broken_statements(instance, chosen)


def beats(
    instance: Instance, levels: Sequence[str], rival: IntArray, made: IntArray, seed: int
) -> bool:
    """Whether the first level at which two matchings differ is better at the rival."""
    for name in levels:
        theirs, ours = (value_of(name, instance, one, seed) for one in (rival, made))
        if theirs != ours:
            return _is_better(name, theirs, ours)
    return False


def challenge(
    instance: Instance, levels: Sequence[str], made: IntArray, seed: int, clock: Clock
) -> Challenge:
    """Look for a better matching, level by level; stops at the first level that has one.

    Args:
        instance: The problem.
        levels: Names of the levels that count, in order.
        made: A legal matching, as sorted indices of its pairs.
        seed: Of the tie-break, and of lots on the way.
        clock: When to leave it unsettled.
    """
    try:
        search = Search(instance, seed, clock)
    except TimeLimitError:
        return Challenge(None, settled=False)
    for name in levels:
        search.suggest(made)
        level = search.optimise(REGISTRY[name])
        ours = value_of(name, instance, made, seed)
        if level.value != ours and _is_better(name, level.value, ours):
            return Challenge(search.matching, settled=True)
        if not level.proved:
            return Challenge(None, settled=False)
    return Challenge(None, settled=True)


def _is_better(name: str, value: Value, than: Value) -> bool:
    """Whether a value of a level is better than another."""
    if REGISTRY[name].sense == "min":
        value, than = than, value
    return value > than  # type: ignore[operator]  # values of one level are of one kind

"""Matchings of an instance that nobody solved: pairs by the oracle, levels as they are."""

from __future__ import annotations

from collections.abc import Iterable

import brute_force
from brute_force import WANTED, Problem
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.solution import Level, Solution, Value, status_of

EVERY_LEVEL = tuple(WANTED)


def matching_of(
    instance: Instance,
    pairs: Iterable[brute_force.Pair],
    order: Iterable[str] = EVERY_LEVEL,
    *,
    bounds: dict[str, Value | None] | None = None,
    seed: int = 0,
) -> Matching:
    """These pairs with the values they have; all proved but the levels given other bounds."""
    made = tuple(pairs)
    problem = Problem(instance, seed)
    values = {name: WANTED[name][0](problem, made) for name in order}
    levels = tuple(
        Level(name, value, (bounds or {}).get(name, value), 0.5) for name, value in values.items()
    )
    found = sorted(k for k, pair in enumerate(problem.pairs) if pair in made)
    solution = Solution(tuple(found), status_of(levels), levels, 0.5, "by hand")
    return Matching(instance, solution, tuple(values), None, seed)

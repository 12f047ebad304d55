"""Solve an instance: levels in order, each proved and then held."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from rmatch.errors import InfeasibleError
from rmatch.instance import Instance
from rmatch.solution import Solution
from rmatch.solving import components
from rmatch.solving.clock import Clock, checked_clock
from rmatch.solving.levels import solve_levels
from rmatch.solving.objectives import REGISTRY, STRATEGIES
from rmatch.solving.search import Report, Search
from rmatch.solving.strategies import (
    BY_HAND,
    COUNTED_AT,
    is_algorithm,
    is_strategy,
    strategy_names,
)

if TYPE_CHECKING:
    from concurrent.futures import Executor

DEFAULT_STRATEGY = "stable"


def solve(
    instance: Instance,
    objectives: Iterable[str] | None = None,
    *,
    strategy: str | None = None,
    seed: int = 0,
    time_limit: float | None = None,
    cancel: threading.Event | None = None,
    progress: Report | None = None,
    executor: Executor | None = None,
) -> Solution:
    """The lexicographically best matching of an instance, proved level by level.

    Each objective is optimised in turn and held at its optimum while the next is optimised. Levels
    before ``stability`` are solved as minimum-cost flows, exactly and in polynomial time; from
    ``stability`` on the problem is NP-hard (Manlove et al., 2002; Biró, Manlove and Mittal, 2010)
    and goes to CP-SAT, integers only.

    Args:
        instance: The problem.
        objectives: Names of levels in order; ``stability`` first makes it required.
        strategy: The name of an order of objectives instead, ``stable`` by default, or of an
            algorithm (see ``rmatch.solving.strategies``).
        seed: Of the tie-break.
        time_limit: Seconds after which the best matching so far is returned. Without one it goes on
            until all is proved, or left open for the number of pairs (``is_beyond_proof``).
        cancel: Set it from another thread to stop early, as at a time limit.
        progress: Called with the level, best, bound and seconds so far, in this thread.
        executor: Where to solve parts that share nobody, such as a ``ProcessPoolExecutor`` or a
            Dask client's; the result is the same. One part alone is solved here, and so are all by
            an algorithm. In other processes a part that runs when somebody cancels is not waited
            for: it has what can be had at once.

    Raises:
        InfeasibleError: pairs that must be made or hard quotas cannot all hold.
        LostWorkerError: a part ended the process that solved it, twice.
        StrategyError: the strategy of another package is broken.
        TimeLimitError: the time was up before any matching was found that keeps them.
        TypeError: both ``objectives`` and ``strategy`` given, ``cancel`` is no event, or
            ``executor`` is none.
        ValueError: an unknown or repeated name, no objective, or a seed or time limit below 0.
    """
    clock = checked_clock(time_limit, cancel)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed must be an integer from 0, not {seed!r}")
    if executor is not None:
        from rmatch.solving.jobs import checked_executor

        checked_executor(executor)
    names = names_of(objectives, strategy)
    if strategy is not None and is_algorithm(strategy):
        from rmatch.solving.by_algorithm import solve_by

        return solve_by(strategy, instance, names, seed=seed, clock=clock)
    parts = components.parts_of(instance, names)
    if len(parts) == 1:
        return solve_levels(instance, names, seed, clock, progress)
    from rmatch.solving.apart import solve_apart

    return solve_apart(
        instance, parts, names, seed=seed, clock=clock, progress=progress, executor=executor
    )


def feasible(instance: Instance, clock: Clock | None = None) -> bool:
    """Whether any matching keeps the pairs that must be made and the hard quotas.

    Raises:
        TimeLimitError: the clock was over before that was known.
    """
    try:
        Search(instance, 0, clock or Clock())
    except InfeasibleError:
        return False
    return True


def names_of(objectives: Iterable[str] | None, strategy: str | None) -> tuple[str, ...]:
    """The names of the levels that are asked for, or at which an algorithm is counted, in order.

    Raises:
        TypeError: both given, or a bare string.
        ValueError: an unknown or repeated name, or no objective.
    """
    if objectives is not None and strategy is not None:
        raise TypeError("give objectives or a strategy, not both")
    if isinstance(objectives, str):
        raise TypeError(f"objectives must be a sequence of names; write ({objectives!r},)")
    if objectives is None:
        name = DEFAULT_STRATEGY if strategy is None else strategy
        if name != BY_HAND and not is_strategy(name):
            raise _unknown(name, strategy_names(), "strategy")
        return STRATEGIES[COUNTED_AT if is_algorithm(name) else name]
    objectives = tuple(objectives)
    for name in objectives:
        if name not in REGISTRY:
            raise _unknown(name, REGISTRY, "objective")
    if not objectives or len(set(objectives)) != len(objectives):
        raise ValueError("name at least one objective, each once")
    return objectives


def _unknown(name: str, known: Iterable[str], what: str) -> ValueError:
    return ValueError(f"unknown {what} {name!r}; known are {', '.join(known)}")

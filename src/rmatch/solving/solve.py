"""Solve an instance: levels in order, each proved and then held."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import replace

from rmatch.certificate import Certificate
from rmatch.errors import InfeasibleError
from rmatch.instance import Instance
from rmatch.properties.welfare import value_of
from rmatch.solution import Level, Solution, status_of
from rmatch.solving import components
from rmatch.solving.by_algorithm import solve_by
from rmatch.solving.certifying import certificate_of, proof_of
from rmatch.solving.clock import Clock, checked_clock
from rmatch.solving.objectives import REGISTRY, STRATEGIES, Objective
from rmatch.solving.search import Report, Search
from rmatch.solving.strategies import (
    BY_HAND,
    COUNTED_AT,
    is_algorithm,
    is_strategy,
    strategy_names,
)

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
        time_limit: Seconds after which the best matching so far is returned.
        cancel: Set it from another thread to stop early, as at a time limit.
        progress: Called with the level, best, bound and seconds so far, in this thread.

    Raises:
        InfeasibleError: pairs that must be made or hard quotas cannot all hold.
        StrategyError: the strategy of another package is broken.
        TimeLimitError: the time was up before any matching was found that keeps them.
        TypeError: both ``objectives`` and ``strategy`` given, or ``cancel`` is no event.
        ValueError: an unknown or repeated name, no objective, or a seed or time limit below 0.
    """
    clock = checked_clock(time_limit, cancel)
    if isinstance(seed, bool) or not isinstance(seed, int) or seed < 0:
        raise ValueError(f"seed must be an integer from 0, not {seed!r}")
    names = names_of(objectives, strategy)
    if strategy is not None and is_algorithm(strategy):
        return solve_by(strategy, instance, names, seed=seed, clock=clock)
    levels = [REGISTRY[name] for name in names]
    parts = components.parts_of(instance, [level.name for level in levels])
    if len(parts) == 1:
        return _solve(instance, levels, seed, clock, progress)
    told = None if progress is None else _without_values(progress)
    solutions = [_solve(part.instance, levels, seed, clock, told) for part in parts]
    return _together(instance, parts, solutions, seed, clock)


def _solve(
    instance: Instance,
    objectives: Sequence[Objective],
    seed: int,
    clock: Clock,
    progress: Report | None,
) -> Solution:
    search = Search(instance, seed, clock, progress)
    search.foresee(objectives)
    records = [search.optimise(objective) for objective in objectives]
    chosen = search.matching
    levels = [
        replace(record, value=value_of(record.name, instance, chosen, seed)) for record in records
    ]
    certificate = certificate_of(instance, chosen, levels, search.priced, seed)
    return Solution(
        chosen=tuple(chosen.tolist()),
        status=status_of(levels),
        levels=_with_proofs(instance, levels, certificate),
        certificate=certificate,
        seconds=clock.elapsed,
        method=search.method,
    )


def _with_proofs(
    instance: Instance, levels: Sequence[Level], certificate: Certificate
) -> tuple[Level, ...]:
    return tuple(replace(level, proof=proof_of(instance, level, certificate)) for level in levels)


def _together(
    instance: Instance,
    parts: Sequence[components.Part],
    solutions: Sequence[Solution],
    seed: int,
    clock: Clock,
) -> Solution:
    """The solution of the whole from those of its parts, every value recomputed."""
    chosen = components.chosen_of(parts, solutions)
    levels = [
        components.level_of(every, value_of(every[0].name, instance, chosen, seed))
        for every in zip(*(solution.levels for solution in solutions), strict=True)
    ]
    certificate = components.certificate_of(instance, parts, solutions, seed)
    methods = dict.fromkeys(solution.method for solution in solutions)
    return Solution(
        chosen=tuple(chosen.tolist()),
        status=status_of(levels),
        levels=_with_proofs(instance, levels, certificate),
        certificate=certificate,
        seconds=clock.elapsed,
        method=" and ".join(methods),
    )


def _without_values(progress: Report) -> Report:
    """Progress on a part: what the level comes to there says little of the whole."""
    return lambda now: progress(replace(now, best=None, bound=None))


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

"""Make a matching by an algorithm: legal whatever it knows, counted at levels, hardly claimed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rmatch.certificate import Certificate
from rmatch.errors import RmatchError, StrategyError
from rmatch.instance import Instance, IntArray
from rmatch.properties.feasibility import is_matching
from rmatch.properties.statements import broken_statements
from rmatch.properties.welfare import changes, value_of
from rmatch.solution import Level, Solution
from rmatch.solving.certifying import minimum_cut, proof_of, unbeatable
from rmatch.solving.clock import Clock, OutOfTimeError
from rmatch.solving.repair import repaired
from rmatch.solving.residual import residual
from rmatch.solving.strategies import Strategy, algorithm


def solve_by(
    name: str,
    instance: Instance,
    order: Sequence[str],
    *,
    seed: int,
    clock: Clock,
    strategy: Strategy | None = None,
) -> Solution:
    """The matching that a strategy makes, repaired where it breaks what is stated.

    Pairs that must be made are made first, and the algorithm decides the rest. The levels are
    counted from the pairs. Only what can be seen without solving is claimed: that no more pairs are
    possible, and that nothing could be better at all. So the status is ``feasible``.

    Args:
        name: The strategy.
        instance: The problem.
        order: Names of the levels to count.
        seed: Of whatever is drawn.
        clock: How long it may take.
        strategy: What goes by that name here, instead of what is registered.

    Raises:
        InfeasibleError: what is stated cannot all hold.
        StrategyError: the strategy is broken.
        TimeLimitError: the time was up before a matching was found that keeps what is stated.
    """
    strategy = algorithm(name) if strategy is None else strategy
    rest, pairs = residual(instance)
    made = np.concatenate(
        [np.flatnonzero(instance.forced), pairs[_checked(name, strategy, rest, seed, clock)]]
    )
    method = f"{name}, stopped when the time was up" if clock.is_over else name
    chosen = np.sort(made)
    if not _keeps(instance, chosen):
        chosen = repaired(instance, chosen, seed, clock)
        method += ", repaired to keep what is stated"
    levels, certificate = _counted(instance, chosen, order, seed)
    return Solution(
        chosen=tuple(chosen.tolist()),
        status="feasible",
        levels=levels,
        certificate=certificate,
        seconds=clock.elapsed,
        method=method,
    )


def _checked(name: str, strategy: Strategy, rest: Instance, seed: int, clock: Clock) -> IntArray:
    """What a strategy makes of an instance, once it is known to be a matching.

    Raises:
        StrategyError: it fails, or what it returns is none.
    """
    try:
        made = np.asarray(strategy(rest, seed, clock))
    except RmatchError:
        raise
    except (Exception, SystemExit) as error:  # or the command would end as if all were well
        if clock.is_over and isinstance(error, OutOfTimeError):
            return np.zeros(0, dtype=np.int64)
        raise StrategyError(f"strategy {name!r} failed: {type(error).__name__}") from error
    if made.size == 0:
        return np.zeros(0, dtype=np.int64)
    if made.ndim != 1 or made.dtype.kind not in "iu":
        raise StrategyError(f"strategy {name!r} returned no list of pairs by index")
    if made.min() < 0 or made.max() >= rest.n_pairs or not is_matching(rest, made):
        raise StrategyError(
            f"strategy {name!r} returned no matching: an index that is no pair, a pair twice, or "
            "somebody with more partners than places"
        )
    return made.astype(np.int64)


def _keeps(instance: Instance, chosen: IntArray) -> bool:
    """Whether everything that must hold does, and no pair made before is broken."""
    return (
        is_matching(instance, chosen)
        and not broken_statements(instance, chosen)
        and changes(instance, chosen) == 0
    )


def _counted(
    instance: Instance, chosen: IntArray, order: Sequence[str], seed: int
) -> tuple[tuple[Level, ...], Certificate]:
    """The levels; as everywhere, nothing is claimed after one that is open."""
    cut = minimum_cut(instance, chosen) if "pairs" in order else None
    certificate = Certificate(cut=cut)
    levels: list[Level] = []
    for name in order:
        value = value_of(name, instance, chosen, seed)
        is_best = cut is not None if name == "pairs" else value == unbeatable(instance, name)
        is_claimed = is_best and all(level.proved for level in levels)
        level = Level(name, value, value if is_claimed else None, 0.0, "open")
        levels.append(Level(name, value, level.bound, 0.0, proof_of(instance, level, certificate)))
    return tuple(levels), certificate

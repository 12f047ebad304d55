"""Parts of an instance solved apart, here or in an executor, and put together again."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial

from rmatch.instance import Instance
from rmatch.properties.welfare import value_of
from rmatch.solution import Progress, Solution, status_of
from rmatch.solving import components
from rmatch.solving.clock import Clock
from rmatch.solving.jobs import done_jobs
from rmatch.solving.levels import solve_levels, with_proofs
from rmatch.solving.search import Report, Search

GRACE_SECONDS = 2.0
"""How long after the time is up a part's best matching so far may still be on its way here."""


def solve_apart(
    instance: Instance,
    parts: Sequence[components.Part],
    names: Sequence[str],
    *,
    seed: int,
    clock: Clock,
    progress: Report | None = None,
    executor: Executor | None = None,
) -> Solution:
    """The best matching of the whole, from that of every part.

    Args:
        instance: The whole.
        parts: See ``components.parts_of``.
        names: Of the levels, in order.
        seed: Of the tie-break.
        clock: When to stop.
        progress: Told of levels here, and of every part that is done elsewhere.
        executor: Where to solve them, with the same result. What is not back in time, a little
            after it is up, has what deferred acceptance gives at once.

    Raises:
        InfeasibleError: pairs that must be made cannot all be.
        LostWorkerError: a part ended the process that solved it, twice.
        TypeError: ``executor`` is none.
    """
    if executor is None:
        told = None if progress is None else _without_values(progress)
        solutions = [solve_levels(part.instance, names, seed, clock, told) for part in parts]
    else:
        solutions = _elsewhere(
            parts, names, seed=seed, clock=clock, progress=progress, executor=executor
        )
    return _together(instance, parts, solutions, seed, clock)


def _without_values(progress: Report) -> Report:
    """Progress on a part: what the level comes to there says little of the whole."""
    return lambda now: progress(replace(now, best=None, bound=None))


def _elsewhere(
    parts: Sequence[components.Part],
    names: Sequence[str],
    *,
    seed: int,
    clock: Clock,
    progress: Report | None,
    executor: Executor,
) -> list[Solution]:
    """The parts' solutions in their order; the largest is begun first, so that none waits for it.

    Where the time was up, what can be had at once.
    """
    _refuse_impossible(parts, seed, clock)
    until = None if clock.left is None else time.time() + clock.left
    # An event that is set here is known to threads, and to nothing that is pickled.
    cancel = clock.cancel if isinstance(executor, ThreadPoolExecutor) else None
    jobs = [
        partial(_solve_until, part.instance, tuple(names), seed, until, cancel)
        for part in reversed(parts)
    ]

    def told(done: int) -> None:
        del done
        if progress is not None:
            progress(Progress(names[-1], None, None, clock.elapsed))

    limit = None if clock.limit is None else clock.limit + GRACE_SECONDS
    waiting = Clock(limit, clock.cancel, clock.started)
    found = done_jobs(jobs, waiting, executor, told)[::-1]
    return [
        solve_levels(part.instance, names, seed, Clock(0), None) if one is None else one
        for part, one in zip(parts, found, strict=True)
    ]


def _refuse_impossible(parts: Sequence[components.Part], seed: int, clock: Clock) -> None:
    """Have the first part that cannot be solved say so, as it would without an executor."""
    for part in parts:
        if part.instance.forced.any():
            Search(part.instance, seed, clock)


def _solve_until(
    instance: Instance,
    names: Sequence[str],
    seed: int,
    until: float | None,
    cancel: threading.Event | None,
) -> Solution:
    """Solve a part, wherever this is called, until a time of the clock on the wall."""
    limit = None if until is None else max(0.0, until - time.time())
    return solve_levels(instance, names, seed, Clock(limit, cancel), None)


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
    return Solution(
        chosen=tuple(chosen.tolist()),
        status=status_of(levels),
        levels=with_proofs(instance, levels, certificate),
        certificate=certificate,
        seconds=clock.elapsed,
        method=_methods(solutions),
    )


def _methods(solutions: Sequence[Solution]) -> str:
    """What the parts were solved by, and then what befell any of them."""
    every = [solution.method.split(", ") for solution in solutions]
    befell = dict.fromkeys(note for one in every for note in one[1:])
    return ", ".join([" and ".join(dict.fromkeys(one[0] for one in every)), *befell])

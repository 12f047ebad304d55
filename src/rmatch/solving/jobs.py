"""Jobs done one after another, or in an executor that the caller gave; what is not done is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from typing import TypeVar

from rmatch.solving.clock import POLL_SECONDS, Clock

R = TypeVar("R")


def done_jobs(
    jobs: Sequence[Callable[[], R]],
    clock: Clock,
    executor: Executor | None,
    told: Callable[[int], None],
) -> list[R | None]:
    """The results in the order of the jobs, the same wherever they run; ``None``: not done in time.

    A job that runs in the executor when the time is up is not waited for. What it does not take, or
    loses with a worker, is done here; what its owner cancels is not done.

    Args:
        jobs: Functions without arguments; for processes, of a kind that can be sent there.
        clock: When to begin and wait no more.
        executor: Where to do them; nothing is started unasked.
        told: Called with how many are done, in this thread.
    """
    results: list[R | None] = [None] * len(jobs)
    left = list(range(len(jobs)))
    if executor is not None:
        futures, left = _submitted(jobs, executor)
        try:
            left += _collect(futures, results, clock, told)
        finally:
            for future in futures:
                future.cancel()
    left.sort()
    for done, at in enumerate(left, start=len(jobs) - len(left) + 1):
        if clock.is_over:
            break
        results[at] = jobs[at]()
        told(done)
    return results


def _submitted(
    jobs: Sequence[Callable[[], R]], executor: Executor
) -> tuple[dict[Future[R], int], list[int]]:
    """The jobs that an executor took, and those that it did not take."""
    futures: dict[Future[R], int] = {}
    left: list[int] = []
    for at, job in enumerate(jobs):
        try:
            futures[executor.submit(job)] = at
        except RuntimeError:  # shut down, or broken: BrokenExecutor is one too
            left.append(at)
    return futures, left


def _collect(
    futures: dict[Future[R], int],
    results: list[R | None],
    clock: Clock,
    told: Callable[[int], None],
) -> list[int]:
    """Note what comes in time; the jobs that were lost."""
    waiting = set(futures)
    lost: list[int] = []
    while waiting and not clock.is_over:
        wait(waiting, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        done = {future for future in waiting if future.done()}  # also those cancelled unannounced
        waiting -= done
        for future in done:
            if future.cancelled():  # as they are where the executor was shut down
                continue
            if isinstance(future.exception(), BrokenExecutor):
                lost.append(futures[future])
            else:
                results[futures[future]] = future.result()
        if done:
            told(len(futures) - len(waiting) - len(lost))
    return lost

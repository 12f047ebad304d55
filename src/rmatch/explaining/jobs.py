"""Jobs done one after another, or in an executor that the caller gave; what is not done is told."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
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

    A job that runs in the executor when the time is up is not waited for.

    Args:
        jobs: Functions without arguments; for processes, of a kind that can be sent there.
        clock: When to begin and wait no more.
        executor: Where to do them; nothing is started unasked.
        told: Called with how many are done, in this thread.
    """
    results: list[R | None] = [None] * len(jobs)
    if executor is None:
        for at, job in enumerate(jobs):
            if clock.is_over:
                break
            results[at] = job()
            told(at + 1)
        return results
    futures = {executor.submit(job): at for at, job in enumerate(jobs)}
    try:
        _collect(futures, results, clock, told)
    finally:
        for future in futures:
            future.cancel()
    return results


def _collect(
    futures: dict[Future[R], int],
    results: list[R | None],
    clock: Clock,
    told: Callable[[int], None],
) -> None:
    waiting = set(futures)
    while waiting and not clock.is_over:
        wait(waiting, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
        done = {future for future in waiting if future.done()}  # also those cancelled unannounced
        waiting -= done
        for future in done:
            if not future.cancelled():  # as they are where the executor was shut down
                results[futures[future]] = future.result()
        if done:
            told(len(futures) - len(waiting))

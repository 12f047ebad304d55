"""Jobs done again in processes of our own, one job at a time in each.

A pool that broke does not say which job broke it. Here it is known: the one that was running. So a
job that ends its process ends nothing else, and never the process of the caller.
"""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from rmatch.solving.clock import POLL_SECONDS, Clock
from rmatch.solving.job_outcomes import Lost, Raised, Returned, outcome_of

R = TypeVar("R")
Noted = tuple[int, Returned[R] | Raised | Lost]
"""Which job, and what it came to."""


class OwnProcess:
    """A process that does one thing at a time.

    Attributes:
        at: The job that it does; ``None`` while it starts.
        doing: What comes of it; first of all the process's number.
    """

    def __init__(self, executor: Executor) -> None:
        self.at: int | None = None
        self._pool = _one_like(executor)
        self.doing = self._begun = self._asked(os.getpid)

    def give(self, at: int, job: Callable[[], Any]) -> None:
        """Have it do a job, after what it did before."""
        self.at = at
        self.doing = self._asked(outcome_of, job, "")

    def _asked(self, function: Callable[..., Any], *given: Any) -> Future[Any]:
        try:
            return self._pool.submit(function, *given)
        except Exception as error:  # it has ended, or we are a worker that may have no children
            failed: Future[Any] = Future()
            failed.set_exception(error)
            return failed

    def end(self) -> None:
        """End it, in the middle of a job where need be."""
        if not self.doing.done() and self._begun.done() and not self._begun.exception():
            number = self._begun.result()
            for process in multiprocessing.active_children():
                if process.pid == number:
                    process.kill()
        self._pool.shutdown(wait=False, cancel_futures=True)


@dataclass(slots=True)
class OwnProcesses(Generic[R]):
    """Processes started as an executor started its own, and as many; one where it started none.

    Attributes:
        jobs: All jobs.
        left: Which to do, in order. They are taken from its left end; whoever reads may drop some.
        executor: What lost them.
    """

    jobs: Sequence[Callable[[], R]]
    left: deque[int]
    executor: Executor
    at_work: list[OwnProcess] = field(default_factory=list)

    def outcomes(self, clock: Clock) -> Iterator[Noted[R]]:
        """What comes of the jobs, as they end; what runs when the time is up is ended.

        Where no process can be started, the jobs are lost.
        """
        count = min(len(self.left), getattr(self.executor, "_max_workers", None) or 1)
        try:
            while len(self.at_work) < count:
                self.at_work.append(OwnProcess(self.executor))
            while self.at_work and not clock.is_over:
                asked = [process.doing for process in self.at_work]
                wait(asked, timeout=POLL_SECONDS, return_when=FIRST_COMPLETED)
                for process in [one for one in self.at_work if one.doing.done()]:
                    yield from self._ended(process)
        finally:
            for process in self.at_work:
                process.end()

    def _ended(self, process: OwnProcess) -> Iterator[Noted[R]]:
        """What a process has come to; then what it, or another in its place, does next."""
        error = process.doing.exception()
        if process.at is not None:
            yield process.at, Lost(error) if error else process.doing.result()
        elif error:
            yield from self._not_begun(process, error)
            return
        if error and self.left:  # what it was may be gone; a new one costs little beside that
            self._remove(process)
            self.at_work.append(OwnProcess(self.executor))
        elif self.left:
            at = self.left.popleft()
            process.give(at, self.jobs[at])
        else:
            self._remove(process)

    def _not_begun(self, process: OwnProcess, error: BaseException) -> Iterator[Noted[R]]:
        self._remove(process)
        while self.left and not self.at_work:
            yield self.left.popleft(), Lost(error)

    def _remove(self, process: OwnProcess) -> None:
        self.at_work.remove(process)
        process.end()


def _one_like(executor: Executor) -> ProcessPoolExecutor:
    """A pool of one process, started in the way in which the executor's processes were.

    A script that has no ``if __name__ == "__main__":`` works with ``fork`` alone, and what a pool's
    ``initializer`` does its jobs may need: so it is not for us to choose.
    """
    return ProcessPoolExecutor(
        1,
        mp_context=getattr(executor, "_mp_context", None) or multiprocessing.get_context("spawn"),
        initializer=getattr(executor, "_initializer", None),
        initargs=getattr(executor, "_initargs", ()),
    )

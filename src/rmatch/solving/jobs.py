"""Jobs done one after another, or in an executor that the caller gave; what is not done is told.

Whatever executor: threads, processes, a cluster. It may lose jobs with a worker that dies. In
threads that is no more than a word, and they are done here. Elsewhere one of them may have ended
its worker, and would end this process too: they are done in processes of their own.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pickle import PicklingError
from queue import Empty, SimpleQueue
from typing import Generic, TypeVar
from uuid import uuid4

from rmatch.errors import LostWorkerError
from rmatch.solving.clock import POLL_SECONDS, Clock
from rmatch.solving.job_outcomes import Lost, Raised, Returned, outcome_of
from rmatch.solving.own_processes import OwnProcesses
from rmatch.solving.silence import Watch

R = TypeVar("R")
WINDOW = 1_000
"""How many jobs an executor has at a time: enough for any cluster, and no memory full of them."""

NOT_SENT = (AttributeError, ImportError, PicklingError, TypeError)
"""What comes of a job or a result that cannot be pickled there or unpickled here."""


def done_jobs(
    jobs: Sequence[Callable[[], R]],
    clock: Clock,
    executor: Executor | None,
    told: Callable[[int], None],
    *,
    lost: Callable[[int, LostWorkerError], R | None] | None = None,
) -> list[R | None]:
    """The results in the order of the jobs, the same wherever they run; ``None``: not done in time.

    A job that runs in the executor when the time is up is not waited for. What the executor does
    not take, or loses with a worker, is done again: here where it has threads, else each in a
    process of its own. What its owner cancels is not done, nor what was still to be sent then.

    Args:
        jobs: Functions without arguments; for processes and clusters, they and their results are of
            a kind that can be pickled.
        clock: When to begin and wait no more.
        executor: Where to do them; nothing is started unasked, but to do again what it lost.
        told: Called with how many are done, in this thread.
        lost: What stands for a job that ended the process that did it, and again in a process of
            its own; from its place and what happened.

    Raises:
        LostWorkerError: there is such a job, and no ``lost``.
        TypeError: ``executor`` is none.
        Exception: that of the first job, in their order, that raises one. Later ones may have run.
    """
    checked_executor(executor)
    tally = Tally(jobs, clock, told, lost)
    if executor is None:
        tally.do_here(range(len(jobs)))
        return tally.results
    again = Sending(tally, executor).lost()
    if isinstance(executor, ThreadPoolExecutor):
        tally.do_here(sorted(again))
    else:
        _do_alone(tally, again, executor)
    if tally.failed is not None:
        raise tally.failed[1]
    return tally.results


def checked_executor(executor: object) -> None:
    """Refuse what is no executor.

    Raises:
        TypeError: nothing can be sent to it.
    """
    if isinstance(executor, type):
        raise TypeError(
            f"executor must be one that was made, {executor.__name__}(…), not the class"
        )
    if executor is not None and not callable(getattr(executor, "submit", None)):
        kind = type(executor).__name__
        raise TypeError(f"executor must be a concurrent.futures.Executor, not {kind}")


@dataclass(slots=True)
class Tally(Generic[R]):
    """What is done so far, and the error of the first job that raised one."""

    jobs: Sequence[Callable[[], R]]
    clock: Clock
    told: Callable[[int], None]
    if_lost: Callable[[int, LostWorkerError], R | None] | None
    results: list[R | None] = field(init=False)
    failed: tuple[int, BaseException] | None = None
    done: int = 0

    def __post_init__(self) -> None:
        self.results = [None] * len(self.jobs)

    def wants(self, at: int) -> bool:
        """Whether a job is still to be done: one after another, none comes after an error."""
        return self.failed is None or at < self.failed[0]

    def note(self, at: int, outcome: Returned[R] | Raised | LostWorkerError) -> None:
        """Note what a job came to."""
        if isinstance(outcome, Raised):
            self._fail(at, outcome.error)
        elif isinstance(outcome, Returned):
            self._succeed(at, outcome.value)
        elif self.if_lost is None:
            self._fail(at, outcome)
        else:
            self._succeed(at, self.if_lost(at, outcome))

    def do_here(self, places: Sequence[int]) -> None:
        """Do jobs in this thread."""
        for at in places:
            if self.clock.is_over or not self.wants(at):
                break
            self._succeed(at, self.jobs[at]())

    def _succeed(self, at: int, result: R | None) -> None:
        self.results[at] = result
        self.done += 1
        self.told(self.done)

    def _fail(self, at: int, error: BaseException) -> None:
        if self.wants(at):
            self.failed = at, error


@dataclass(slots=True)
class Sending(Generic[R]):
    """Jobs on their way to an executor and back, so many at a time."""

    tally: Tally[R]
    executor: Executor
    unsent: deque[int] = field(init=False)
    waiting: dict[Future[Returned[R] | Raised], int] = field(default_factory=dict)
    came: SimpleQueue[Future[Returned[R] | Raised]] = field(default_factory=SimpleQueue)
    not_done: dict[int, BaseException | None] = field(default_factory=dict)
    key: str = field(default_factory=lambda: uuid4().hex)

    def __post_init__(self) -> None:
        self.unsent = deque(range(len(self.tally.jobs)))

    def lost(self) -> dict[int, BaseException | None]:
        """Which jobs are to be done again, and what was the matter; ``None``: it took no more."""
        watch = Watch(self.executor)
        try:
            while not self.tally.clock.is_over:
                self._send()
                if not self.waiting:
                    break
                if self._receive(POLL_SECONDS):
                    watch.heard()
                elif watch.is_for_ever:
                    self._give_up()
            while self._receive(0):  # what came in time is kept
                pass
        finally:
            for future in self.waiting:
                future.cancel()
        return self.not_done

    def _send(self) -> None:
        """Fill the window."""
        clock = self.tally.clock
        while self.unsent and len(self.waiting) < WINDOW and not clock.is_over:
            at = self.unsent[0]
            job = partial(outcome_of, self.tally.jobs[at], f"{self.key} {at}")
            try:
                future = self.executor.submit(job)
            except NOT_SENT as error:
                self._note(at, Raised(error))
                return
            except Exception:  # shut down, broken, or its cluster gone: each kind has its own error
                self.not_done |= dict.fromkeys(self.unsent)
                self.unsent.clear()
                return
            self.unsent.popleft()
            self.waiting[future] = at
            future.add_done_callback(self.came.put)  # called also where it is cancelled unannounced

    def _receive(self, seconds: float) -> bool:
        """Take one that came back; whether there was one."""
        try:
            future = self.came.get(timeout=seconds) if seconds else self.came.get_nowait()
        except Empty:
            return False
        at = self.waiting.pop(future, None)
        if at is None:  # it comes after an error, and was cancelled here
            return True
        if future.cancelled():  # by the executor's owner, who wants no more of it
            self.unsent.clear()
        elif (error := future.exception()) is None:
            self._note(at, future.result())
        elif isinstance(error, NOT_SENT):
            self._note(at, Raised(error))
        else:
            self.not_done[at] = error
        return True

    def _give_up(self) -> None:
        """Take as lost what is waited for."""
        for future, at in self.waiting.items():
            self.not_done[at] = None
            future.cancel()
        self.waiting.clear()

    def _note(self, at: int, outcome: Returned[R] | Raised) -> None:
        self.tally.note(at, outcome)
        if isinstance(outcome, Raised):
            self.unsent.clear()  # what is not sent comes later than what is
            for future, other in list(self.waiting.items()):
                if not self.tally.wants(other):
                    del self.waiting[future]
                    future.cancel()


def _do_alone(tally: Tally[R], again: dict[int, BaseException | None], executor: Executor) -> None:
    """Do lost jobs in processes of their own."""
    left = deque(at for at in sorted(again) if tally.wants(at))
    for at, outcome in OwnProcesses(tally.jobs, left, executor).outcomes(tally.clock):
        if isinstance(outcome, Lost):
            tally.note(at, _lost_again(at, len(tally.jobs), again[at], outcome.error))
        else:
            tally.note(at, outcome)
        while left and not tally.wants(left[-1]):
            left.pop()


def _lost_again(
    at: int, count: int, before: BaseException | None, now: BaseException
) -> Raised | LostWorkerError:
    """What to say of a job that came to nothing in a process of its own either.

    What a class of somebody's own raises where it is pickled comes in the same way twice, and says
    best what is the matter.
    """
    if not isinstance(now, BrokenExecutor) and (before is None or type(before) is type(now)):
        return Raised(now)
    error = LostWorkerError(
        f"job {at + 1} of {count} was lost with the process that did it, and again in a process of "
        f"its own ({type(now).__name__})"
    )
    error.__cause__ = now
    return error

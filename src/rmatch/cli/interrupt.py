"""Ctrl-C while solving: the first keeps the best so far, the second gives up."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

from rmatch.cli import ABORTED
from rmatch.cli.output import note
from rmatch.cli.progress import Latest, progress

T = TypeVar("T")
POLL = 0.1
HINT = "(Ctrl-C keeps the best)"


def run_stoppable(
    work: Callable[[threading.Event], T],
    what: str,
    *,
    latest: Latest | None = None,
    quiet: bool = False,
) -> tuple[T, bool]:
    """Run ``work(cancel)`` in a thread, so that Ctrl-C can set ``cancel``; what came of it.

    Args:
        work: What to run.
        what: What to call it on the live line.
        latest: What ``work`` tells meanwhile, for the live line.
        quiet: Show no live line.

    Returns:
        The result, and whether it was stopped early.
    """
    cancel = threading.Event()
    job = _Job(work, cancel)
    worker = threading.Thread(target=job.run, daemon=True)
    with _ctrl_c_sets(cancel):
        worker.start()
        try:
            with progress(what, latest=latest, hint=HINT, quiet=quiet):
                _wait_for(job.done, cancel)
        except KeyboardInterrupt:
            _leave()
    return job.result(), cancel.is_set()


class _Job(Generic[T]):
    """Work in another thread, and what came of it."""

    def __init__(self, work: Callable[[threading.Event], T], cancel: threading.Event) -> None:
        self._work = work
        self._cancel = cancel
        self._made: list[T] = []
        self._error: BaseException | None = None
        self.done = threading.Event()

    def run(self) -> None:
        """Do it; whatever it raises belongs to the thread that waits."""
        try:
            self._made.append(self._work(self._cancel))
        except BaseException as error:
            self._error = error
        finally:
            self.done.set()

    def result(self) -> T:
        """What came of it, once it is done; raises what it raised."""
        self.done.wait()
        if self._error is not None:
            raise self._error
        return self._made[0]


def _wait_for(done: threading.Event, cancel: threading.Event) -> None:
    """Wait in short steps: on Windows no signal arrives while a lock is awaited."""
    told = False
    while not done.wait(POLL):
        if cancel.is_set() and not told:
            told = True
            note("Stopping; the best matching so far will be kept. Ctrl-C again gives up.")


@contextmanager
def _ctrl_c_sets(cancel: threading.Event) -> Iterator[None]:
    """Let the first Ctrl-C set ``cancel`` and the second raise; afterwards all is as it was."""
    before = signal.getsignal(signal.SIGINT)
    is_main = threading.current_thread() is threading.main_thread()
    if not is_main or before is signal.SIG_IGN:
        yield
        return

    def on_interrupt(*_: Any) -> None:
        if cancel.is_set():
            raise KeyboardInterrupt
        cancel.set()

    signal.signal(signal.SIGINT, on_interrupt)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _leave() -> None:
    """End the process at once: a thread inside the solver cannot be ended by itself."""
    note("Given up; nothing was written.")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(ABORTED)

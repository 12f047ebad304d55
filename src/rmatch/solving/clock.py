"""How long solving may go on, who may stop it, and who is told how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

T = TypeVar("T")
POLL_SECONDS = 0.02
"""How long a cancelled solver may go on unawares."""

STRIDE = 512
"""How many turns of a loop go by between two looks at the clock."""


class OutOfTimeError(Exception):
    """The time is up in the middle of something; caught where the best matching is kept."""


@dataclass(slots=True)
class Clock:
    """A time limit that started when this was made, and an event that ends it early.

    Once it is over it stays over, also where the event is cleared again.
    """

    limit: float | None = None
    cancel: threading.Event | None = None
    started: float = field(default_factory=time.perf_counter)
    _ended: bool = False

    @property
    def elapsed(self) -> float:
        """Seconds since the start."""
        return time.perf_counter() - self.started

    @property
    def left(self) -> float | None:
        """Seconds left, never negative; ``None`` without a limit."""
        return None if self.limit is None else max(0.0, self.limit - self.elapsed)

    @property
    def is_over(self) -> bool:
        """Whether the time is up or somebody cancelled."""
        if not self._ended:
            cancelled = self.cancel is not None and self.cancel.is_set()
            self._ended = cancelled or (self.limit is not None and self.elapsed >= self.limit)
        return self._ended

    def part(self, share: float) -> Clock:
        """A clock for a step that may take no more than a share of what is left."""
        left = self.left
        return Clock(None if left is None else share * left, self.cancel)

    def has(self, seconds: float) -> bool:
        """Whether a step that takes so long would end in time."""
        left = self.left
        return not self.is_over and (left is None or left > seconds)

    def allow(self, seconds: float | None) -> None:
        """From now on no more than so many seconds; ``None`` changes nothing."""
        if seconds is not None:
            until = self.elapsed + seconds
            self.limit = until if self.limit is None else min(self.limit, until)

    def check(self) -> None:
        """Leave a long computation.

        Raises:
            OutOfTimeError: the time is up.
        """
        if self.is_over:
            raise OutOfTimeError

    def watched(self, items: Iterable[T]) -> Iterator[T]:
        """The same items, left early where the time is up.

        Raises:
            OutOfTimeError: the time is up.
        """
        for turn, item in enumerate(items):
            if turn % STRIDE == 0:
                self.check()
            yield item

    @contextmanager
    def stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Call ``stop`` from a thread should somebody cancel; no thread where nobody can.

        It is called until the solver has ended: what comes before it began, it forgets.
        """
        if self.cancel is None:
            yield
            return
        done = threading.Event()

        def watch() -> None:
            while not done.wait(POLL_SECONDS):
                if self.is_over:
                    stop()

        watcher = threading.Thread(target=watch, name="rmatch-cancel", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()


def checked_clock(time_limit: float | None, cancel: threading.Event | None = None) -> Clock:
    """A clock that starts now, for what a user asked.

    Raises:
        TypeError: ``cancel`` is no event.
        ValueError: a time limit below 0, or no number.
    """
    if cancel is not None and not isinstance(cancel, threading.Event):
        raise TypeError(f"cancel must be a threading.Event, not {type(cancel).__name__}")
    if time_limit is not None and not time_limit >= 0:
        raise ValueError(f"time_limit must be a number of seconds from 0, not {time_limit!r}")
    return Clock(time_limit, cancel)

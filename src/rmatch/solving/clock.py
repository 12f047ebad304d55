"""How long solving may go on, and who may stop it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Clock:
    """A time limit that started when this was made, and an event that ends it early."""

    limit: float | None = None
    cancel: threading.Event | None = None
    started: float = field(default_factory=time.perf_counter)

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
        cancelled = self.cancel is not None and self.cancel.is_set()
        return cancelled or (self.limit is not None and self.elapsed >= self.limit)

    @contextmanager
    def stopping(self, stop: Callable[[], object]) -> Iterator[None]:
        """Call ``stop`` from a thread should somebody cancel; no thread where nobody can."""
        if self.cancel is None:
            yield
            return
        cancel, done = self.cancel, threading.Event()

        def watch() -> None:
            while not done.is_set():
                if cancel.wait(POLL_SECONDS):
                    stop()
                    return

        watcher = threading.Thread(target=watch, name="rmatch-cancel", daemon=True)
        watcher.start()
        try:
            yield
        finally:
            done.set()
            watcher.join()

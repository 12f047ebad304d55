"""Whether an executor that says nothing will ever say something, as far as it shows.

Dask's executor copies what comes of its own futures into those that it hands out. Where a result is
lost after it was announced (its worker died) and cannot be made again, the copying fails, and
whoever waits would wait for ever. So they would where jobs ended all the workers: one that dies
while it starts is not started again.
"""

from __future__ import annotations

import time
from concurrent.futures import Executor
from dataclasses import dataclass

GRACE_SECONDS = 5.0
"""How long the way of a result may take, from its cluster to here."""

WORKERLESS_SECONDS = 20.0
"""How long a worker may take to be started again."""

LOOK_SECONDS = 1.0
"""How often a cluster is asked for its workers."""

SETTLED = frozenset({"finished", "error", "cancelled"})


@dataclass(slots=True)
class Watch:
    """Looks at an executor while nothing comes from it."""

    executor: Executor
    began: bool = False
    settled_since: float | None = None
    workerless_since: float | None = None
    looked: float = 0.0

    def heard(self) -> None:
        """Something came."""
        self.began = True
        self.settled_since = self.workerless_since = None

    @property
    def is_for_ever(self) -> bool:
        """Whether nothing more is to be hoped for; called again and again while nothing comes."""
        now = time.monotonic()
        if not self._is_settled():
            self.settled_since = None
        elif self.settled_since is None:
            self.settled_since = now
        if now - self.looked >= LOOK_SECONDS:
            self.looked = now
            if not self._has_lost_its_workers():
                self.workerless_since = None
            elif self.workerless_since is None:
                self.workerless_since = now
        return any(
            since is not None and now - since >= grace
            for since, grace in (
                (self.settled_since, GRACE_SECONDS),
                (self.workerless_since, WORKERLESS_SECONDS),
            )
        )

    def _is_settled(self) -> bool:
        """Whether all of its own futures have ended."""
        inner = list(getattr(self.executor, "_futures", ()))
        return bool(inner) and all(getattr(one, "status", None) in SETTLED for one in inner)

    def _has_lost_its_workers(self) -> bool:
        """Whether a cluster that did something has no worker; one that did not may be queueing."""
        ask = getattr(getattr(self.executor, "_client", None), "nthreads", None)
        if ask is None or not self.began:
            return False
        try:
            return not ask()
        except Exception:  # no answer is no reason to think that nobody is there
            return False

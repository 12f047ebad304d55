"""Whether an executor has nothing more to do, and yet has not said what came of its jobs.

Dask's executor copies what comes of its own futures into those that it hands out. Where a result is
lost after it was announced (its worker died) and cannot be made again, the copying fails, and
whoever waits would wait for ever.
"""

from __future__ import annotations

import time
from concurrent.futures import Executor
from dataclasses import dataclass

GRACE_SECONDS = 5.0
"""How long the way of a result may take, from its cluster to here."""

SETTLED = frozenset({"finished", "error", "cancelled"})


@dataclass(slots=True)
class Watch:
    """Looks at an executor while nothing comes from it."""

    executor: Executor
    since: float | None = None

    def reset(self) -> None:
        """Something came."""
        self.since = None

    @property
    def is_mute(self) -> bool:
        """Whether all of its own futures have been settled for a while, and nothing came."""
        inner = list(getattr(self.executor, "_futures", ()))
        if not inner or any(getattr(one, "status", None) not in SETTLED for one in inner):
            self.since = None
            return False
        if self.since is None:
            self.since = time.monotonic()
        return time.monotonic() - self.since >= GRACE_SECONDS

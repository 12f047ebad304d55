"""Every peer by name: what a user would pick instead, where it runs and what it can be asked."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import environments

RUNNERS = Path(__file__).parent / "runners"


@dataclass(frozen=True, slots=True)
class Contender:
    """One package, or one solver of a package.

    Attributes:
        name: As tables show it; its runner is ``runners/with_NAME.py``.
        tasks: Kinds of problem that it takes, as its runner has them.
        own_environment: Whether it runs apart from rmatch's packages.
    """

    name: str
    tasks: tuple[str, ...]
    own_environment: bool = True

    @property
    def runner(self) -> Path:
        """The script that asks it."""
        return RUNNERS / f"with_{self.name}.py"

    def environment(self, *, make: bool) -> environments.Environment:
        """Where it runs; made first if that is asked for."""
        if not self.own_environment:
            return environments.Environment(Path(sys.executable))
        return environments.made(self.name) if make else environments.existing(self.name)

    @property
    def search_path(self) -> str:
        """Modules beside its own environment: rmatch and these benchmarks, or nothing."""
        if self.own_environment:
            return ""
        here = Path(__file__).parent
        return os.pathsep.join((str(here), str(here.parent / "src")))


OURS = Contender("rmatch", ("assignment", "marriage", "ties", "people"), own_environment=False)

CONTENDERS: Mapping[str, Contender] = {
    one.name: one
    for one in (
        Contender("scipy", ("assignment",), own_environment=False),
        Contender("lapx", ("assignment",)),
        Contender("ortools_assignment", ("assignment",), own_environment=False),
        Contender("ortools_flow", ("assignment",), own_environment=False),
        Contender("cpsat", ("assignment", "ties"), own_environment=False),
        Contender("highs", ("assignment", "ties"), own_environment=False),
        Contender("networkx", ("assignment",)),
        Contender("matching", ("marriage", "hospital")),
        Contender("algmatch", ("marriage", "hospital")),
        Contender("matchingproblems", ("ties",)),
        Contender("mentor_match", ("people",)),
    )
}
"""Whom rmatch is compared with; ``tests/test_benchmarks.py`` asks each at a tiny size."""

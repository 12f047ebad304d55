"""What is compared on: cohorts and instances by name, opened only where they are solved."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias, TypeGuard

from rmatch.comparing.choices import Numbers, choices_of
from rmatch.errors import TimeLimitError
from rmatch.instance import Instance
from rmatch.io import load
from rmatch.posing import Posed, pose
from rmatch.programme import Programme, Settings
from rmatch.scoring import PairScores, score_programme
from rmatch.solving import solve

Made: TypeAlias = Programme | str | os.PathLike[str] | PairScores | Instance
Source: TypeAlias = Made | Callable[[], Made]
Sources: TypeAlias = Source | Mapping[str, Source] | Iterable[Source]

ALONE = "cohort"
"""What a case is called that is the only one and was given no name."""


def sources_of(given: Sources) -> dict[str, Source]:
    """Every case by name: as named, or the place in the list from 1.

    Raises:
        TypeError: nothing that can be solved, or a name that is no text.
        ValueError: there is none.
    """
    if _is_source(given):
        return {ALONE: given}
    if isinstance(given, Mapping):
        found = dict(given)
    elif isinstance(given, Iterable):
        found = {str(place): one for place, one in enumerate(given, start=1)}
    else:
        raise TypeError(_no_source(given))
    for name, one in found.items():
        if not isinstance(name, str):
            raise TypeError(f"the name of a case must be text, not {name!r}")
        if not _is_source(one):
            raise TypeError(f"case {name}: {_no_source(one)}")
    if not found:
        raise ValueError("there is nothing to compare on: no cohort was given")
    return found


def _is_source(given: object) -> TypeGuard[Source]:
    return callable(given) or isinstance(
        given, Programme | str | os.PathLike | PairScores | Instance
    )


def _no_source(given: object) -> str:
    return (
        "give a programme, a path, scores, an Instance, or a function that makes one, not "
        f"{type(given).__name__}"
    )


@dataclass(frozen=True, eq=False)
class Case:
    """One cohort or instance, ready to be solved; what all strategies need is made once.

    Attributes:
        name: In this comparison.
        posed: The problem, with everything stated.
    """

    name: str
    posed: Posed

    @property
    def scores(self) -> PairScores | None:
        """Where the points came from; ``None`` for an instance made without people."""
        return self.posed.scores

    @property
    def programme(self) -> Programme | None:
        """The people; ``None`` for an instance made without."""
        return None if self.scores is None else self.scores.programme

    @property
    def settings(self) -> Settings:
        """The programme's, or the defaults."""
        return Settings() if self.programme is None else self.programme.settings

    @cached_property
    def instance(self) -> Instance:
        """The arrays to be solved.

        Raises:
            InfeasibleError: pairs must be made that are not acceptable.
        """
        return self.posed.instance()

    @cached_property
    def choices(self) -> Numbers:
        """Which choice every pair is to its mentor and its mentee."""
        return choices_of(self.instance, self.programme)

    def best_score(self, time_limit: float | None) -> int | None:
        """The greatest total score of any legal matching, or what cannot be beaten if not proved.

        Asked where there is a legal matching; ``None`` where there was no time to find one.

        Args:
            time_limit: Seconds that it may take.
        """
        try:
            level = solve(self.instance, ("score",), time_limit=time_limit).levels[0]
        except TimeLimitError:
            return None
        return level.bound if isinstance(level.bound, int) else None


def opened(name: str, source: Source) -> Case:
    """A case, loaded and scored.

    Raises:
        InputError: the cohort has problems; all of them are listed.
        TypeError: a function that makes nothing that can be solved.
    """
    made = source() if callable(source) else source
    if isinstance(made, str | os.PathLike):
        made = load(made)
    if isinstance(made, Programme):
        made = score_programme(made)
    if not isinstance(made, PairScores | Instance):
        raise TypeError(f"case {name}: {_no_source(made)}")
    return Case(name, pose(made))

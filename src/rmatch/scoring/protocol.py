"""What a criterion and a rule are; custom ones need no base class."""

from __future__ import annotations

from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray
from rmatch.scoring.people import People, Side
from rmatch.scoring.verdict import Verdict

TOP = 10_000
"""The best value a criterion can give; shown as 100.0."""

MISSING = -1
"""The value of a pair for which the facts are missing."""

Values = npt.NDArray[np.signedinteger[Any]]
Serves = Literal["mentor", "mentee", "both"]


class Criterion(Protocol):
    """A soft component of the score.

    A custom one is any object with these members, passed as ``criteria=[…]`` to ``rmatch.score``
    and ``rmatch.solve``.
    """

    @property
    def name(self) -> str:
        """How it is called in breakdowns; unlike any other criterion's."""

    @property
    def weight(self) -> int:
        """How much it counts; 0 turns it off."""

    @property
    def side(self) -> Serves:
        """Whose score it is part of."""

    def values(self, people: People, side: Side) -> Values:
        """(n, m) integers 0–10 000, how good each pair is for ``side``; −1 where facts are missing.

        ``people.mentors`` and ``people.mentees`` are in the order of rows and columns.
        """


class Rule(Protocol):
    """An exclusion (``hard``) or a warning (``warn``).

    A custom one is any object with these members, passed as ``rules=[…]``.
    """

    @property
    def code(self) -> str:
        """Under which it is reported; unlike any other rule's."""

    @property
    def severity(self) -> Literal["hard", "warn", "off"]:
        """What breaking it means."""

    def check(self, people: People) -> Verdict | BoolArray:
        """(n, m): which pairs break it; as a ``Verdict``, also for which it cannot be known."""

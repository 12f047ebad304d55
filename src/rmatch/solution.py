"""The solution: what solving an instance came to, as a plain frozen record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Value: TypeAlias = int | tuple[int, ...]
"""What a level comes to: a number, or a vector that is compared entry by entry from the left."""

Status = Literal["optimal", "feasible"]


@dataclass(frozen=True, slots=True)
class Level:
    """One objective of the lexicographic order and how far it was proved.

    ``bound`` is what no matching can beat, given the levels before; ``proved`` is ``value ==
    bound``. The bound of a vector that was not proved to its end is the part that was, and the
    bound of the next entry.
    """

    name: str
    value: Value
    bound: Value | None
    seconds: float

    @property
    def proved(self) -> bool:
        """Whether no matching is better at this level, given the levels before it."""
        return self.value == self.bound


def status_of(levels: Iterable[Level]) -> Status:
    """``optimal`` only when every level is proved."""
    return "optimal" if all(level.proved for level in levels) else "feasible"


@dataclass(frozen=True, slots=True)
class Solution:
    """A matching as indices of the instance's acceptable pairs, with the levels it was proved at.

    ``status`` is ``optimal`` only when every level is proved; otherwise ``feasible``: the best
    matching that was found within the time.
    """

    chosen: tuple[int, ...]
    status: Status
    levels: tuple[Level, ...]
    seconds: float
    method: str

    @property
    def objectives(self) -> Mapping[str, Value]:
        """Every level's value, in order."""
        return {level.name: level.value for level in self.levels}


@dataclass(frozen=True, slots=True)
class Progress:
    """How far solving is: the level it works on, its best value so far, its bound, and seconds."""

    level: str
    best: Value | None
    bound: Value | None
    seconds: float

"""A model of booleans and bounded integers, apart from any solver: clauses, exactly-ones, rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Model:
    """Variables 0 … size − 1, booleans but for those in ``ranges``, and what must hold of them.

    A literal is a boolean's index, or ``~index`` for its negation.
    """

    size: int = 0
    ranges: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Least and largest value of each integer variable."""
    clauses: list[Sequence[int]] = field(default_factory=list)
    exactly_one: list[Sequence[int]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    hint: dict[int, int] = field(default_factory=dict)

    def new(self, count: int = 1) -> int:
        """Add booleans; the index of the first."""
        first = self.size
        self.size += count
        return first

    def new_integer(self, least: int, largest: int) -> int:
        """Add an integer variable; its index."""
        self.ranges[self.size] = (least, largest)
        return self.new()


@dataclass(frozen=True, slots=True)
class Row:
    """``low ≤ Σ weight · variable ≤ high``; ``None`` is no limit."""

    variables: Sequence[int]
    weights: Sequence[int]
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Goal:
    """``Σ weight · variable``, to be made least, with what is known about its least value.

    ``at_least`` is a proven lower bound, ``at_most`` the value of a known solution: with both the
    solver searches only between them.
    """

    variables: Sequence[int]
    weights: Sequence[int]
    at_least: int | None = None
    at_most: int | None = None

    def value(self, values: Sequence[int]) -> int:
        """The sum at an assignment of all variables."""
        return sum(
            weight * values[variable]
            for variable, weight in zip(self.variables, self.weights, strict=True)
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver said: values, or ``None`` where it found none; and the bound that it proved."""

    values: Sequence[int] | None
    proved: bool
    """Optimal, or (``values is None``) infeasible."""
    bound: int | None

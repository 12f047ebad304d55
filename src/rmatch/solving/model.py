"""A model over booleans, kept apart from any solver: clauses, exactly-ones, linear rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class BoolModel:
    """Booleans 0 … size − 1 and what must hold between them.

    A literal is a variable's index, or ``~index`` for its negation.
    """

    size: int = 0
    clauses: list[Sequence[int]] = field(default_factory=list)
    exactly_one: list[Sequence[int]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    hint: dict[int, bool] = field(default_factory=dict)

    def new(self, count: int = 1) -> int:
        """Add variables; the index of the first."""
        first = self.size
        self.size += count
        return first


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
        """The sum at an assignment of all booleans."""
        return sum(
            weight
            for variable, weight in zip(self.variables, self.weights, strict=True)
            if values[variable]
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """What a solver said: values, or ``None`` where it found none; and the bound that it proved."""

    values: Sequence[int] | None
    proved: bool
    """Optimal, or (``values is None``) infeasible."""
    bound: int | None

"""What a matching claims: the only thing the audit faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

Value: TypeAlias = int | tuple[int, ...]
"""What a level comes to: a number, or a vector."""


@dataclass(frozen=True, slots=True)
class ClaimedPair:
    """What a matching claims about a pair; ``None`` is not claimed.

    Scores are units 0–10 000. ``breakdown``: criterion → (points for mentor, points for mentee),
    units 0–10 000, ``None`` where the criterion does not serve that side.
    """

    mentor: str
    mentee: str
    score: int | None
    mentor_score: int | None
    mentee_score: int | None
    mentor_rank: int | None
    mentee_rank: int | None
    breakdown: Mapping[str, tuple[int | None, int | None]] | None = None


@dataclass(frozen=True, slots=True)
class ClaimedPrices:
    """What a place of everybody costs, by id: a vector over ``levels``."""

    levels: tuple[str, ...]
    of: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Claim:
    """What a matching claims as a whole; ``None`` is not claimed.

    ``objectives``: level → value, only those claimed; ``order``: the objectives in their order;
    ``optimal``: every level is claimed to be proved. ``questions``, ``warnings`` and ``waived``:
    (rule, mentor, mentee) of the pairs made. ``cut``: the people of whom every pair needs one;
    ``prices``: what their places cost. Both prove levels beside the pairs that must be made.
    """

    pairs: tuple[ClaimedPair, ...]
    unmatched: tuple[str, ...]
    blocking_pairs: tuple[tuple[str, str], ...] | None
    objectives: Mapping[str, Value]
    optimal: bool
    order: tuple[str, ...]
    tie_break_seed: int | None = None
    questions: tuple[tuple[str, str, str], ...] | None = None
    warnings: tuple[tuple[str, str, str], ...] | None = None
    waived: tuple[tuple[str, str, str], ...] | None = None
    cut: tuple[str, ...] | None = None
    prices: ClaimedPrices | None = None

    @property
    def id_pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs made, by id."""
        return tuple((pair.mentor, pair.mentee) for pair in self.pairs)

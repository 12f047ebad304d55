"""One made pair, as a matching shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pair:
    """A mentor and a mentee who are matched, by id.

    Scores are 0–100 for people (the given integers for an instance made without people). Ranks are
    1 for the best, dense over the acceptable partners; ``…_stated`` says whether the person chose
    this partner, or the rank was inferred from scores. ``breakdown`` gives the points of the pair's
    score by criterion; they add up to it but for rounding.
    """

    mentor: str
    mentee: str
    score: float
    mentor_score: float = field(repr=False)
    mentee_score: float = field(repr=False)
    mentor_rank: int = field(repr=False)
    mentee_rank: int = field(repr=False)
    mentor_stated: bool = field(default=False, repr=False)
    mentee_stated: bool = field(default=False, repr=False)
    breakdown: Mapping[str, float] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Warned:
    """A made pair that breaks a warn rule: allowed, and to be looked at by a person."""

    mentor: str
    mentee: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Waived:
    """A made pair for which the coordinator waived a rule that would have counted."""

    mentor: str
    mentee: str
    rule: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    """A hard rule that could not be checked for made pairs, and what to ask whom.

    ``person`` is whose answer is missing; ``partners`` are those of their pairs that it concerns.
    """

    person: str
    rule: str
    partners: tuple[str, ...]
    text: str

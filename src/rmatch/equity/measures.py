"""The three measures: who counts, into which classes they fall, and the figure of a block."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean

from rmatch.equity.blocks import People
from rmatch.equity.intervals import mean_interval, rate_interval
from rmatch.equity.people import Outcome
from rmatch.equity.records import Figure

Outcomes = Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure.

    Attributes:
        name: Its attribute of a :class:`~rmatch.equity.records.Row`.
        counts: Whether somebody is in the denominator.
        classes: The people of a side by what became of them; each class is counted by a block that
            is shown, or follows from what is.
        figure: What is shown of a block.
        tells: Whether a block's figure says the same of each of its people, and not of the side.
    """

    name: str
    counts: Callable[[Outcome], bool]
    classes: Callable[[Outcomes], Mapping[str, People]]
    figure: Callable[[Outcomes, People], Figure]
    tells: Callable[[Outcomes, People], bool] = lambda outcomes, people: False  # noqa: ARG005


def where(outcomes: Outcomes, holds: Callable[[Outcome], bool]) -> People:
    """Indices of those of whom something holds."""
    return frozenset(k for k, one in enumerate(outcomes) if holds(one))


def _by_partner(outcomes: Outcomes) -> Mapping[str, People]:
    return {
        "matched": where(outcomes, lambda one: one.matched),
        "unmatched": where(outcomes, lambda one: not one.matched),
    }


def _by_choice(outcomes: Outcomes) -> Mapping[str, People]:
    """All that a choice rate beside a match rate could be subtracted to."""
    if not any(one.stated for one in outcomes):
        return {}
    return {
        "got": where(outcomes, lambda one: one.got),
        "missed": where(outcomes, lambda one: one.matched and one.stated and not one.got),
        "missed, unmatched": where(outcomes, lambda one: one.stated and not one.matched),
        "none stated": where(outcomes, lambda one: one.matched and not one.stated),
        "none stated, unmatched": where(outcomes, lambda one: not (one.matched or one.stated)),
    }


def _by_score(outcomes: Outcomes) -> Mapping[str, People]:
    """As a match rate: from means of groups and of all, the numbers behind them can be solved."""
    return _by_partner(outcomes) if any(one.matched for one in outcomes) else {}


def _match_rate(outcomes: Outcomes, people: People) -> Figure:
    return rate(sum(outcomes[k].matched for k in people), len(people))


def _choice_rate(outcomes: Outcomes, people: People) -> Figure:
    stated = sum(outcomes[k].stated for k in people)
    return rate(sum(outcomes[k].got for k in people), stated)


def _mean_score(outcomes: Outcomes, people: People) -> Figure:
    values = _scores(outcomes, people)
    low, high = mean_interval(values)
    return Figure(round(fmean(values), 1), round(low, 1), round(high, 1), len(values))


def _scores(outcomes: Outcomes, people: Collection[int]) -> list[float]:
    return [score for k in sorted(people) if (score := outcomes[k].score) is not None]


def _all_alike(outcomes: Outcomes, people: People) -> bool:
    alike = len(set(_scores(outcomes, people))) == 1
    return alike and len(set(_scores(outcomes, range(len(outcomes))))) > 1


def rate(count: int, of: int) -> Figure:
    """A rate in per cent to a tenth."""
    low, high = rate_interval(count, of)
    return Figure(_per_cent(count / of), _per_cent(low), _per_cent(high), of)


def _per_cent(share: float) -> float:
    return round(100 * share, 1)


MEASURES = (
    Measure("match_rate", lambda one: True, _by_partner, _match_rate),  # noqa: ARG005
    Measure("choice_rate", lambda one: one.stated, _by_choice, _choice_rate),
    Measure("mean_score", lambda one: one.matched, _by_score, _mean_score, _all_alike),
)

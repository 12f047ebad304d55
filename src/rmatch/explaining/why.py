"""Why two people are matched: what each side got, beside its best and its median alternative."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.scoring import PairScores
from rmatch.scoring.ranks import stated_choice

Side = Literal["mentor", "mentee"]


@dataclass(frozen=True, slots=True)
class CriterionPoints:
    """One criterion on one side, in points of that side's score (0–100).

    Attributes:
        name: Of the criterion.
        points: What it gives for this partner.
        best: What it would give for the best alternative; ``None`` without one.
        median: What it would give for the median alternative.
        is_stated: Whether it was computed from answers, rather than filled in with the average.
    """

    name: str
    points: float
    best: float | None
    median: float | None
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Option:
    """A partner that somebody was allowed and did not get."""

    id: str
    score: float
    rank: int
    is_stated: bool


@dataclass(frozen=True, slots=True)
class SideWhy:
    """One side of a pair.

    Attributes:
        person: Whose side.
        partner: Whom they got.
        score: Their side of the pair's score.
        rank: The partner's rank in their eyes, among ``allowed`` partners.
        is_stated: Whether they ranked the partner, or the rank follows from scores.
        allowed: How many partners they were allowed.
        best: Who stands highest for them of those they did not get; ``None`` where nobody else is.
        median: The alternative in the middle (the higher of two).
        are_candidates: Whether these are those who were looked at, not all who are allowed.
        criteria: Points by criterion; empty for an instance made without people.
        difference: Criteria that speak for the partner against the median alternative, the
            strongest first.
    """

    person: str
    partner: str
    score: float
    rank: int
    is_stated: bool
    allowed: int
    best: Option | None
    median: Option | None
    criteria: tuple[CriterionPoints, ...] = ()
    are_candidates: bool = False

    @property
    def difference(self) -> tuple[tuple[str, float], ...]:
        """(criterion, points more than for the median alternative), the strongest first."""
        gains = [
            (one.name, round(one.points - one.median, 2))
            for one in self.criteria
            if one.median is not None and one.points > one.median
        ]
        return tuple(sorted(gains, key=lambda gain: -gain[1]))


@dataclass(frozen=True, slots=True)
class Why:
    """Why a mentor and a mentee are matched; ``str()`` says it in words."""

    mentor: str
    mentee: str
    score: float
    sides: tuple[SideWhy, SideWhy]
    text: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from rmatch.explaining.why_words import why_html

        return why_html(self)


def why(instance: Instance, scores: PairScores | None, chosen: Sequence[int], pair: int) -> Why:
    """The facts of one made pair.

    Args:
        instance: The instance.
        scores: Where the points came from; ``None`` for an instance made without people.
        chosen: Indices of the made pairs.
        pair: That of the pair in question.
    """
    mentor, mentee = int(instance.mentor[pair]), int(instance.mentee[pair])
    score = int(instance.score[pair])
    return Why(
        mentor=instance.mentor_ids[mentor],
        mentee=instance.mentee_ids[mentee],
        score=score if scores is None else score / 100,
        sides=(
            _side(instance, scores, chosen, pair, "mentor"),
            _side(instance, scores, chosen, pair, "mentee"),
        ),
    )


@dataclass(frozen=True, slots=True)
class _View:
    """The instance as one side sees it."""

    ids: Sequence[str]
    partner_ids: Sequence[str]
    owner: IntArray
    partner: IntArray
    rank: IntArray
    score: IntArray


def _view(instance: Instance, side: Side) -> _View:
    if side == "mentor":
        return _View(
            instance.mentor_ids,
            instance.mentee_ids,
            instance.mentor,
            instance.mentee,
            instance.mentor_rank,
            instance.mentor_score,
        )
    return _View(
        instance.mentee_ids,
        instance.mentor_ids,
        instance.mentee,
        instance.mentor,
        instance.mentee_rank,
        instance.mentee_score,
    )


def _side(
    instance: Instance, scores: PairScores | None, chosen: Sequence[int], pair: int, side: Side
) -> SideWhy:
    view = _view(instance, side)
    person = view.ids[view.owner[pair]]
    mine = np.flatnonzero(view.owner == view.owner[pair])
    others = np.setdiff1d(mine, chosen)
    # Highest first: by rank, then by score; the order of ids settles what is left.
    order = others[np.lexsort((view.partner[others], -view.score[others], view.rank[others]))]
    best, median = (
        (int(order[0]), int(order[(len(order) - 1) // 2])) if len(order) else (None, None)
    )
    return SideWhy(
        person=person,
        partner=view.partner_ids[view.partner[pair]],
        score=_shown(int(view.score[pair]), scores),
        rank=int(view.rank[pair]),
        is_stated=_is_stated(instance, scores, person, view.partner_ids[view.partner[pair]]),
        allowed=len(mine),
        best=_alternative(instance, scores, view, best),
        median=_alternative(instance, scores, view, median),
        criteria=() if scores is None else _criteria(scores, instance, side, (pair, best, median)),
        are_candidates=scores is not None and scores.candidates is not None,
    )


def _shown(score: int, scores: PairScores | None) -> float:
    return score if scores is None else score / 100


def _is_stated(instance: Instance, scores: PairScores | None, person: str, partner: str) -> bool:
    if scores is None:
        return instance.stated
    return stated_choice(scores.programme, person, partner) is not None


def _alternative(
    instance: Instance, scores: PairScores | None, view: _View, pair: int | None
) -> Option | None:
    if pair is None:
        return None
    person, partner = view.ids[view.owner[pair]], view.partner_ids[view.partner[pair]]
    return Option(
        id=partner,
        score=_shown(int(view.score[pair]), scores),
        rank=int(view.rank[pair]),
        is_stated=_is_stated(instance, scores, person, partner),
    )


def _criteria(
    scores: PairScores, instance: Instance, side: Side, pairs: tuple[int, int | None, int | None]
) -> tuple[CriterionPoints, ...]:
    served = [one for one in scores.criteria if side in one.values]
    whole = max(1, sum(one.weight for one in served if not one.is_bonus))
    places = [
        None if pair is None else (int(instance.mentor[pair]), int(instance.mentee[pair]))
        for pair in pairs
    ]
    facts = []
    for criterion in served:
        share = 1.0 if criterion.is_bonus else criterion.weight / whole
        found = [None if at is None else criterion.of_pair(*at)[side] for at in places]
        points = [None if one is None else round(share * one[0] / 100, 2) for one in found]
        known = found[0] is not None and found[0][1]
        facts.append(CriterionPoints(criterion.name, points[0] or 0.0, points[1], points[2], known))
    return tuple(facts)

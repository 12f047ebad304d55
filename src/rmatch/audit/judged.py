"""Some pairs of a programme judged one by one, where all of them are too many to be looked at.

The mean that stands for what is not stated is one over every pair, or over a sample of them: it is
taken as given here. Ranks are among everybody's candidates, and are not told.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rmatch.audit.declared import IdPair
from rmatch.audit.facts import Facts
from rmatch.audit.judging import Judge
from rmatch.audit.points import EXPERIENCE, TOP, VALUES, experience_bonus
from rmatch.audit.recompute import PairFacts
from rmatch.audit.rules import World, world_of
from rmatch.audit.tables import Given, weighted_mean
from rmatch.programme import Programme
from rmatch.programme.settings import MINIMUM_SCORE

Means = Mapping[tuple[str, str], int]
"""By criterion and side (``"mentor"``, ``"mentee"``): what stands for what is not stated."""

Breakdown = dict[str, tuple[int | None, int | None]]


@dataclass(frozen=True, slots=True)
class JudgedPair:
    """What is true of one pair, ranks apart (they are 0), and its points by criterion."""

    facts: PairFacts
    breakdown: Breakdown


def judged_pairs(
    programme: Programme, pairs: Iterable[IdPair], means: Means
) -> Iterator[tuple[IdPair, JudgedPair]]:
    """What is true of these pairs of ``programme``; those of unknown people are left out.

    Args:
        programme: The people and settings.
        pairs: (mentor id, mentee id), each.
        means: What stands for what is not stated; every criterion that counts has both sides.
    """
    world = world_of(programme)
    mentors = {person.id: person for person in world.mentors}
    mentees = {person.id: person for person in world.mentees}
    judge = Judge(world, world.settings.severities, Given())
    for mentor, mentee in pairs:
        if mentor in mentors and mentee in mentees:
            one = _judged(world, judge, (mentors[mentor], mentees[mentee]), means)
            yield (mentor, mentee), one


def _judged(world: World, judge: Judge, pair: tuple[Facts, Facts], means: Means) -> JudgedPair:
    settings = world.settings
    breakdown = _breakdown(world, pair, means)
    weights = {name: settings.all_weights[name] for name in breakdown if name != EXPERIENCE}
    own, other = (
        weighted_mean([(weight, _told(breakdown[name][k])) for name, weight in weights.items()])
        for k in (0, 1)
    )
    if EXPERIENCE in breakdown:
        other = min(TOP, other + _told(breakdown[EXPERIENCE][1]))
    a, b = settings.side_weights
    score = weighted_mean([(a, own), (b, other)])
    judgement = judge.judge(*pair)
    low = (MINIMUM_SCORE,) if score < 100 * settings.minimum_score else ()
    facts = PairFacts(
        excluded=judgement.excluded or low,
        warned=judgement.warned,
        questions=judgement.questions,
        mentor_score=own,
        mentee_score=other,
        score=score,
        mentor_rank=0,
        mentee_rank=0,
        mentor_stated=pair[1].id in pair[0].choice_group,
        mentee_stated=pair[0].id in pair[1].choice_group,
        waived=judgement.waived,
    )
    return JudgedPair(facts, breakdown)


def _breakdown(world: World, pair: tuple[Facts, Facts], means: Means) -> Breakdown:
    """Points by criterion of positive weight, for the mentor and for the mentee."""
    mentor, mentee = pair
    settings, weights = world.settings, world.settings.all_weights
    points: Breakdown = {
        name: (
            _or_mean(value(settings, mentor, mentee), means, name, "mentor"),
            _or_mean(value(settings, mentee, mentor), means, name, "mentee"),
        )
        for name, value in VALUES.items()
        if weights[name] > 0
    }
    if weights[EXPERIENCE] > 0:
        points[EXPERIENCE] = None, experience_bonus(weights[EXPERIENCE], mentor, mentee)
    return points


def _or_mean(value: int | None, means: Means, criterion: str, side: str) -> int:
    return means[criterion, side] if value is None else value


def _told(points: int | None) -> int:
    assert points is not None  # noqa: S101 - built-in criteria serve both sides
    return points

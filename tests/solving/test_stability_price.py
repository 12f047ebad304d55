"""The price of stability: every point of the curve, found again by looking at all matchings."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from brute_force import WANTED, Matching, Problem, matchings, score, stability
from rmatch.errors import InfeasibleError, TimeLimitError
from rmatch.generating import CohortShape, generate_instance
from rmatch.instance import Instance, Stability
from rmatch.solution import Progress
from rmatch.solving import solve
from rmatch.solving.clock import Clock
from rmatch.solving.stability_price import StabilityPrice, Step, _next, price_of_stability
from rmatch.testing import instances

BEFORE = ("pairs", "people", "priority")


LONG = CohortShape(
    mentors=30, mentees=15, mentee_capacity=(1.0,), specialties=8, employers=4, no_choices=0.25
)
"""Fifteen steps with seed 0."""


def priced(instance: Instance, before: Sequence[str] = BEFORE) -> StabilityPrice:
    return price_of_stability(instance, before, clock=Clock())


def by_hand(instance: Instance, before: Sequence[str] = BEFORE) -> list[tuple[int, int]] | None:
    """(blocking pairs, score) of every matching that none with as few blocking pairs beats.

    ``None`` where no matching keeps what is stated.
    """
    problem = Problem(instance)
    left = list(matchings(problem))
    if not left:
        return None
    for name in before:
        measure, choose = WANTED[name]
        wanted = choose([measure(problem, one) for one in left])
        left = [one for one in left if measure(problem, one) == wanted]
    best: dict[int, int] = {}
    for one in left:
        blocking, worth = int_of(stability(problem, one)), int_of(score(problem, one))
        best[blocking] = max(worth, best.get(blocking, worth))
    curve: list[tuple[int, int]] = []
    for blocking in sorted(best):
        if not curve or best[blocking] > curve[-1][1]:
            curve.append((blocking, best[blocking]))
    return curve


def int_of(value: int | tuple[int, ...]) -> int:
    assert isinstance(value, int)
    return value


def pairs_of(instance: Instance, step: Step) -> Matching:
    return tuple((int(instance.mentor[pair]), int(instance.mentee[pair])) for pair in step.chosen)


def check(instance: Instance, before: Sequence[str] = BEFORE) -> None:
    """The curve is the one by hand, and every step's matching is what it says."""
    expected = by_hand(instance, before)
    if expected is None:
        with pytest.raises(InfeasibleError):
            priced(instance, before)
        return
    found = priced(instance, before)
    assert [(step.blocking, step.score) for step in found.steps] == expected
    assert all(step.is_proved and step.is_closed for step in found.steps)
    assert found.fewest == expected[0][0]
    ends = [blocking - 1 for blocking, _ in expected[1:]]
    assert [step.at_most for step in found.steps] == [*ends, expected[-1][0]]
    problem = Problem(instance)
    legal = set(matchings(problem))
    for step in found.steps:
        made = pairs_of(instance, step)
        assert made in legal
        assert (stability(problem, made), score(problem, made)) == (step.blocking, step.score)


@given(instances(max_side=4, constrained=True))
@settings(max_examples=150, deadline=None)
def test_every_step_is_the_best_by_looking_at_all_matchings(instance: Instance) -> None:
    """With ties, several places, pairs that must be made, quotas and any kind of stability."""
    check(instance)


@given(instances(max_side=5, max_capacity=1))
@settings(max_examples=100, deadline=None)
def test_five_a_side_with_one_place_each(instance: Instance) -> None:
    """Longer curves: with one place each every matching of five a side can be looked at."""
    check(instance)


@given(st.integers(0, 2**32), st.integers(1, 5))
@settings(max_examples=100, deadline=None)
def test_full_lists_and_scores_at_odds_with_them(seed: int, groups: int) -> None:
    """Five a side, everybody acceptable, more or fewer ties: curves of up to seven steps."""
    chance = np.random.default_rng(seed)
    rows, columns = np.divmod(np.arange(25), 5)
    instance = Instance.from_pairs(
        rows,
        columns,
        chance.integers(0, groups, 25),
        chance.integers(0, groups, 25),
        score=chance.integers(0, 50, 25),
        mentor_capacity=np.ones(5, dtype=np.int64),
        mentee_capacity=np.ones(5, dtype=np.int64),
    )
    check(instance)


@given(instances(max_side=4))
@settings(max_examples=60, deadline=None)
def test_no_level_need_be_held_before(instance: Instance) -> None:
    """Without levels in front, matchings with fewer pairs are on the curve as well."""
    check(instance, ())


@pytest.mark.parametrize("stability_kind", ["weak", "strong", "super"])
@given(data=st.data())
@settings(max_examples=40, deadline=None)
def test_every_kind_of_stability(stability_kind: Stability, data: st.DataObject) -> None:
    """Strong and super stability may have no stable matching at all: then fewest is above 0."""
    check(data.draw(instances(max_side=4)).replace(stability=stability_kind))


@given(st.integers(0, 400))
@example(2)
@settings(max_examples=12, deadline=None)
def test_the_ends_are_those_of_the_levels(seed: int) -> None:
    """The left end is ``stability, score`` after the levels before, the right end the reverse."""
    instance = generate_instance("pairs_14", seed=seed)
    found = priced(instance)
    left = solve(instance, (*BEFORE, "stability", "score")).objectives
    right = solve(instance, (*BEFORE, "score", "stability")).objectives
    for end, levels in ((found.steps[0], left), (found.steps[-1], right)):
        assert (end.blocking, end.score) == (levels["stability"], levels["score"])
    assert {level.name: level.value for level in found.levels} == left
    assert all(level.proved for level in found.levels)


def test_a_curve_of_many_steps_has_no_gaps() -> None:
    """Every number of blocking pairs belongs to one proved step."""
    found = priced(generate_instance(LONG, seed=0))
    assert len(found.steps) == 15
    assert all(step.is_closed for step in found.steps)
    pairs = list(itertools.pairwise(found.steps))
    assert all(first.at_most == second.blocking - 1 for first, second in pairs)
    assert all(first.score < second.score for first, second in pairs)


@pytest.mark.parametrize("after", [1, 7])
def test_stopped_half_way_the_rest_is_open_and_bounded(after: int) -> None:
    """Whatever is not proved has a bound that no matching beats; what is proved is right."""
    instance = generate_instance(LONG, seed=0)
    best_of = {step.blocking: step.score for step in priced(instance).steps}
    cancel = threading.Event()
    caps: set[str] = set()

    def stop(now: Progress) -> None:
        caps.add(now.level)
        if len([cap for cap in caps if "at most" in cap]) == after:
            cancel.set()

    cut = price_of_stability(instance, BEFORE, clock=Clock(cancel=cancel), report=stop)
    assert [step.is_closed for step in cut.steps[1:]] == [True] * (len(cut.steps) - 1)
    assert not cut.steps[0].is_closed
    assert cut.steps[0].is_proved
    assert (cut.steps[0].blocking, cut.fewest) == (1, 1)
    for step in cut.steps[:-1]:
        truth = max(worth for blocking, worth in best_of.items() if blocking <= step.at_most)
        assert step.bound is not None
        assert step.score <= truth <= step.bound


def test_a_time_limit_shows_the_whole_curve_coarsely_first() -> None:
    """Where a search is not proved, the next halves the widest stretch that is open."""
    steps = [
        Step((), 0, 9, 100, is_proved=True, bound=None),
        Step((), 10, 49, 200, is_proved=False, bound=250),
        Step((), 50, 50, 300, is_proved=True, bound=300),
    ]
    assert _next(steps, set()) == 49
    assert _next(steps, {49}) == 29
    assert _next(steps, {49, 29}) == 9
    assert _next(steps, {49, 29, 9, 4}) is None


def test_time_that_is_up_at_once_is_an_error() -> None:
    """Before the levels in front are settled, nothing can be said of the curve."""
    with pytest.raises(TimeLimitError, match="pairs, people, priority"):
        price_of_stability(generate_instance("pairs_14", seed=0), BEFORE, clock=Clock(0))


def test_progress_says_with_how_many_blocking_pairs() -> None:
    """Every cap is told by number; levels in front by their names."""
    told: list[Progress] = []
    instance = generate_instance("pairs_14", seed=0)
    found = price_of_stability(instance, BEFORE, clock=Clock(), report=told.append)
    names = list(dict.fromkeys(one.level for one in told))
    assert names[:3] == list(BEFORE)
    capped = [f"score with at most {step.at_most} blocking" for step in found.steps[1:-1]]
    assert set(capped) <= set(names)


def test_the_same_call_gives_the_same_matchings() -> None:
    """Nothing is drawn by lot and nothing hangs on the clock where there is no limit."""
    instance = generate_instance("pairs_14", seed=0)
    assert priced(instance).steps == priced(instance).steps

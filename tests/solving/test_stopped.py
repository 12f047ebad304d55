"""Stopped at any moment: what comes back is legal, keeps what is stated, and claims no more."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pytest

from rmatch.errors import TimeLimitError
from rmatch.instance import Instance, Quota, Stability
from rmatch.properties.feasibility import is_matching
from rmatch.properties.statements import broken_statements
from rmatch.properties.welfare import value_of
from rmatch.solution import Level, Progress, Solution, Value
from rmatch.solving import solve
from rmatch.solving.clock import POLL_SECONDS, Clock
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.rising import Rise
from rmatch.solving.search import Search
from rmatch.solving.steps import Posted

ORDERS = (
    ("pairs", "people", "priority", "stability", "prices", "warnings", "score", "tie_break"),
    ("stability", "prices", "egalitarian", "score"),
    ("pairs", "rank_maximal", "tie_break"),
    ("prices", "min_regret", "generous"),
    ("leximin", "score"),
    ("balanced", "side_equal", "pairs"),
)


@dataclass(frozen=True)
class Cohort:
    """How large a cohort is and what is stated about it."""

    name: str
    mentors: int
    mentees: int
    places: int
    stability: Stability
    stated: bool

    def __str__(self) -> str:
        return self.name


COHORTS = (
    Cohort("plain", 40, 40, 1, "weak", False),
    Cohort("stated", 36, 32, 1, "weak", True),
    Cohort("places", 20, 24, 2, "strong", True),
)


@cache
def instance_of(cohort: Cohort) -> Instance:
    """Short lists with ties; where something is stated: two pairs, a limit, a priced minimum."""
    chance = np.random.default_rng(1989)
    n, m = cohort.mentors, cohort.mentees
    rows, columns = np.nonzero(chance.random((n, m)) < 0.2)
    pairs = len(rows)
    instance = Instance.from_pairs(
        rows,
        columns,
        chance.integers(1, 5, pairs),
        chance.integers(1, 5, pairs),
        score=chance.integers(0, 100, pairs),
        mentor_score=chance.integers(0, 8, pairs),
        mentee_score=chance.integers(0, 8, pairs),
        warned=chance.random(pairs) < 0.2,
        mentor_capacity=chance.integers(1, cohort.places + 1, n),
        mentee_capacity=chance.integers(1, cohort.places + 1, m),
        mentor_priority=chance.integers(0, 3, n),
        mentee_priority=chance.integers(0, 3, m),
        stability=cohort.stability,
    )
    if not cohort.stated:
        return instance
    pair, mentor, mentee = (chance.integers(0, 2, size) for size in (pairs, n, m))
    no_pair, no_mentor, no_mentee = (np.zeros(size, dtype=np.int64) for size in (pairs, n, m))
    return instance.replace(
        forced=np.isin(np.arange(pairs), [0, pairs - 1]),
        quotas=(
            Quota("at least", pair, no_mentor, no_mentee, minimum=5),
            Quota("at most", no_pair, mentor, no_mentee, maximum=n // 3),
            Quota("priced", no_pair, no_mentor, mentee, m // 4, m // 3, price=3),
        ),
    )


@cache
def proved(cohort: Cohort, objectives: tuple[str, ...]) -> Solution:
    """The cohort solved to the end."""
    solution = solve(instance_of(cohort), objectives)
    assert solution.status == "optimal"
    return solution


def is_better(name: str, value: Value, than: Value) -> bool:
    """Whether a value of an objective is better than another; vectors as far as both go."""
    if isinstance(value, tuple) and isinstance(than, tuple):
        length = min(len(value), len(than))
        value, than = value[:length], than[:length]
    if REGISTRY[name].sense == "min":
        value, than = than, value
    return value > than  # type: ignore[operator]  # both are values of one objective


def assert_honest(instance: Instance, solution: Solution, best: Solution) -> None:
    """Legal, as stated, recomputed, and no bound that shuts out what is possible."""
    assert is_matching(instance, solution.chosen)
    assert not broken_statements(instance, solution.chosen)
    assert [level.name for level in solution.levels] == [level.name for level in best.levels]
    for level in solution.levels:
        assert level.value == value_of(level.name, instance, solution.chosen, 0)
    proved_all = all(level.value == level.bound for level in solution.levels)
    assert (solution.status == "optimal") == proved_all
    for level, optimum in zip(solution.levels, best.levels, strict=True):
        assert_no_better(level, optimum)
        if level.value != optimum.value:
            return  # the levels after it have other matchings to choose from
    assert solution.levels[0].value == best.levels[0].value


def assert_no_better(level: Level, optimum: Level) -> None:
    """Not better than the optimum, nor called the optimum wrongly, nor the optimum ruled out."""
    assert not is_better(level.name, level.value, optimum.value)
    assert not level.proved or level.value == optimum.value
    if level.bound is not None:
        assert not is_better(level.name, optimum.value, level.bound)


@pytest.mark.parametrize("objectives", ORDERS, ids="-".join)
@pytest.mark.parametrize("cohort", COHORTS, ids=str)
def test_cancelled_at_any_moment(cohort: Cohort, objectives: tuple[str, ...]) -> None:
    """From another thread: at once, within the first 50 ms, or anywhere until the end."""
    instance, best = instance_of(cohort), proved(cohort, objectives)
    chance = np.random.default_rng(0)
    delays = [0.0, *chance.uniform(0, 0.05, 4), chance.uniform(0, best.seconds)]
    for delay in delays:
        stop = threading.Event()
        timer = threading.Timer(delay, stop.set)
        timer.start()
        try:
            solution = solve(instance, objectives, cancel=stop)
        except TimeLimitError:
            assert cohort.stated
        else:
            assert_honest(instance, solution, best)
        finally:
            timer.cancel()
            timer.join()


@pytest.mark.parametrize("objectives", ORDERS, ids="-".join)
@pytest.mark.parametrize("cohort", COHORTS, ids=str)
def test_out_of_time_at_any_moment(cohort: Cohort, objectives: tuple[str, ...]) -> None:
    """A time limit of nothing, of next to nothing, and of up to 50 ms."""
    instance, best = instance_of(cohort), proved(cohort, objectives)
    for limit in (0.0, 1e-6, 1e-3, 0.005, 0.02, 0.05):
        try:
            solution = solve(instance, objectives, time_limit=limit)
        except TimeLimitError:
            assert cohort.stated
        else:
            assert_honest(instance, solution, best)


def test_leximin_is_proved_though_the_time_ends_before_another_matching_is_ruled_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """That the vector cannot rise is enough; whether another matching has it stays open."""
    whole = Search.least

    def stopped(self: Search, posted: Posted, **given: Any) -> int | None:
        bound = whole(self, posted, **given)
        return min(bound, len(posted.scores)) if isinstance(posted, Rise) and bound else bound

    monkeypatch.setattr(Search, "least", stopped)
    search = Search(Instance.from_scores([[3, 4], [5, 0]]), 0, Clock())
    level = search.optimise(REGISTRY["leximin"])
    assert level.value == level.bound == (4, 4, 5, 5)
    assert search.possible.all()


def test_who_cancels_and_thinks_better_of_it_has_cancelled() -> None:
    """The event set while one level was solved and cleared later: nothing is proved any more."""
    stop = threading.Event()
    told: list[str] = []

    def tell(step: Progress) -> None:
        told.append(step.level)
        if step.level == "people":
            (stop.clear if told.count("people") == 2 else stop.set)()

    solution = solve(instance_of(COHORTS[0]), ORDERS[0], cancel=stop, progress=tell)
    assert told.count("people") == 2
    assert not stop.is_set()
    assert [level.proved for level in solution.levels][:2] == [True, False]
    assert [level.bound for level in solution.levels[1:]] == [None] * (len(ORDERS[0]) - 1)
    assert_honest(instance_of(COHORTS[0]), solution, proved(COHORTS[0], ORDERS[0]))


def test_a_solver_that_forgot_is_told_again() -> None:
    """What comes before a solver began is lost on it: it is stopped until it has ended."""
    stop, told = threading.Event(), threading.Semaphore(0)
    with Clock(cancel=stop).stopping(told.release):
        stop.set()
        assert all(told.acquire(timeout=10) for _ in range(3))


def test_whoever_may_cancel_does_not_wait_for_it() -> None:
    """A solver that has ended is not watched any longer: a level may call one a hundred times."""
    clock = Clock(cancel=threading.Event())
    before = time.perf_counter()
    for _ in range(100):
        with clock.stopping(lambda: None):
            pass
    assert time.perf_counter() - before < 100 * POLL_SECONDS / 2
    assert not clock.is_over

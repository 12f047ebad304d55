"""Solving in somebody else's process: their threads, their Ctrl-C."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest

from rmatch.instance import Instance
from rmatch.properties.feasibility import is_matching
from rmatch.solution import Solution
from rmatch.solving import solve

SIGNALS = (signal.SIGINT, signal.SIGTERM)
HOW: tuple[dict[str, Any], ...] = (
    {},
    {"strategy": "best_score"},
    {"objectives": ("stability", "pairs", "score", "tie_break")},
)


@pytest.fixture
def cohort() -> Instance:
    """Fourteen a side, whose most pairs leave a pair blocking, so that the long way is taken."""
    random = np.random.default_rng(0)
    allowed = random.random((14, 14)) < 0.25
    rows, columns = np.nonzero(allowed)
    return Instance.from_pairs(
        rows,
        columns,
        random.integers(1, 4, len(rows)),
        random.integers(1, 4, len(rows)),
        score=random.integers(0, 10_000, len(rows)),
        mentor_capacity=[1] * 14,
        mentee_capacity=[1] * 14,
    )


def handlers() -> list[Any]:
    return [signal.getsignal(number) for number in SIGNALS]


def test_the_cohort_is_not_trivial(cohort: Instance) -> None:
    """The fixture takes the long way: its largest matchings are not stable."""
    assert solve(cohort).objectives["stability"] > 0


@pytest.mark.parametrize("how", HOW, ids=str)
def test_a_worker_thread_gets_the_same_answer(cohort: Instance, how: dict[str, Any]) -> None:
    """Solving works away from the main thread."""
    expected = solve(cohort, **how)
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(solve, cohort, **how).result()
    assert found.chosen == expected.chosen
    assert found.objectives == expected.objectives
    assert found.status == "optimal"


def test_several_threads_at_once_do_not_meet(cohort: Instance) -> None:
    """Nothing is shared between two solves."""
    seeds = range(8)
    expected = [solve(cohort, seed=seed).chosen for seed in seeds]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda seed: solve(cohort, seed=seed).chosen, seeds))
    assert found == expected


@pytest.mark.parametrize("how", HOW, ids=str)
def test_signal_handlers_are_left_as_they_were(cohort: Instance, how: dict[str, Any]) -> None:
    """Ctrl-C belongs to the caller, in the main thread and in others, also a handler of its own."""

    def own(number: int, frame: Any) -> None:
        """What a caller may have put there."""

    usual = signal.signal(signal.SIGINT, own)
    try:
        before = handlers()
        solve(cohort, **how)
        assert handlers() == before
        with ThreadPoolExecutor(1) as pool:
            pool.submit(solve, cohort, **how).result()
        assert handlers() == before
    finally:
        signal.signal(signal.SIGINT, usual)


def test_ctrl_c_still_reaches_the_caller_after_a_solve(cohort: Instance) -> None:
    """The operating system's handler is the caller's too, not only what Python remembers of it."""
    # Whoever runs the tests in the background may have had Ctrl-C ignored.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        solve(cohort)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    finally:
        signal.signal(signal.SIGINT, usual)


def test_no_thread_is_left_behind(cohort: Instance) -> None:
    """Solving starts no Python thread that outlives it."""
    before = threading.active_count()
    solve(cohort)
    assert threading.active_count() == before


def test_a_cancelled_solve_returns_a_matching_and_says_how_far_it_got(cohort: Instance) -> None:
    """A set event stops the search; what comes back is legal and claims no proof it has not."""
    stop = threading.Event()
    stop.set()
    solution = solve(cohort, cancel=stop)
    assert_honest(cohort, solution)


def test_out_of_time_is_honest(cohort: Instance) -> None:
    """At the time limit the best so far comes back, unproved levels saying so."""
    assert_honest(cohort, solve(cohort, time_limit=1e-6))


def assert_honest(instance: Instance, solution: Solution) -> None:
    """Legal, no better than the proved optimum, and "optimal" only where every level is proved."""
    best = solve(instance)
    assert is_matching(instance, solution.chosen)
    assert [level.name for level in solution.levels] == [level.name for level in best.levels]
    assert (solution.status == "optimal") == all(level.proved for level in solution.levels)
    for level, optimum in zip(solution.levels, best.levels, strict=True):
        if level.bound is not None:
            fewest = level.name in ("stability", "warnings")
            assert level.bound <= optimum.value if fewest else level.bound >= optimum.value
        if level.value != optimum.value:
            assert solution.status == "feasible"
            break  # levels after a worse one are not comparable

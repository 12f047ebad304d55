"""Parts that share nobody, solved in an executor: the same as one after another."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from typing import Any
from unittest import mock

import numpy as np
import pytest
from deadly_jobs import die
from hypothesis import given, settings
from test_against_brute_force import DEFAULT, assert_best
from test_components import side_by_side

import rmatch
from rmatch.errors import InfeasibleError, LostWorkerError
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.solution import Progress, Solution
from rmatch.solving import apart, components, solve
from rmatch.testing import instances
from shown import in_full


@pytest.fixture(autouse=True, scope="module")
def every_part_is_worth_it() -> Iterator[None]:
    """No part is too small to be solved apart."""
    with mock.patch.object(components, "WORTH_IT", 0):
        yield


@pytest.fixture(scope="module")
def processes() -> Iterator[Executor]:
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as executor:
        yield executor


@pytest.fixture(scope="module")
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def regions(count: int = 4, size: int = 6) -> Instance:
    """So many regions with ties, of different sizes, that share nobody."""
    lots = np.random.default_rng(8)
    parts = []
    for region in range(count):
        n, m = size + region, size
        score = lots.integers(0, 4, (n, m))
        parts.append(Instance.from_scores(score, lots.random((n, m)) < 0.7))
    return side_by_side(parts)


def without_times(solution: Solution) -> Solution:
    """What may not differ: everything but how long it took."""
    levels = tuple(replace(level, seconds=0.0) for level in solution.levels)
    return replace(solution, levels=levels, seconds=0.0)


class Dying(Executor):
    """An executor whose workers die of whatever they get."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        """What comes of a job there."""
        future: Future[Any] = Future()
        future.set_exception(RuntimeError("the worker died"))
        return future


@pytest.mark.parametrize("objectives", [DEFAULT, ("pairs", "score"), ("score",), ("rank_maximal",)])
@pytest.mark.parametrize("where", ["threads", "processes"])
def test_where_it_is_solved_changes_nothing(
    where: str, objectives: tuple[str, ...], request: pytest.FixtureRequest
) -> None:
    """Pairs, levels, proofs, bounds, certificate and method are the same, whatever the executor."""
    instance = regions()
    assert len(components.parts_of(instance, objectives)) == 4
    here = solve(instance, objectives)
    elsewhere = solve(instance, objectives, executor=request.getfixturevalue(where))
    assert without_times(elsewhere) == without_times(here)
    assert Matching(instance, elsewhere, objectives, None, 0).verify()


TWO = in_full(
    instances(max_side=3, max_capacity=2)
    .map(lambda one: side_by_side([one, one]))
    .filter(lambda instance: instance.n_pairs <= 12)
)


@settings(max_examples=25)
@given(instance=TWO)
def test_in_threads_it_is_the_best_of_all_matchings(instance: Instance) -> None:
    """Regions with odd shapes, against every matching there is."""
    with ThreadPoolExecutor(2) as executor:
        solution = solve(instance, DEFAULT, executor=executor)
    assert_best(instance, DEFAULT, solution, 0)


def test_it_can_be_asked_for_at_the_door(threads: Executor) -> None:
    """``rmatch.solve`` hands the executor on, and the audit passes what came of it."""
    instance = regions()
    matching = rmatch.solve(instance, strategy="best_score", executor=threads)
    assert matching.verify()
    assert matching.solution.chosen == solve(instance, strategy="best_score").chosen


def test_parts_whose_worker_dies_are_solved_in_processes_of_their_own() -> None:
    """An executor that loses every job changes nothing but the time it takes."""
    instance = regions(2)
    solution = solve(instance, ("pairs", "score"), executor=Dying())
    assert without_times(solution) == without_times(solve(instance, ("pairs", "score")))


def test_a_part_that_ends_every_process_is_named_as_lost() -> None:
    """Nothing is made up for it, and this process goes on."""
    with (
        mock.patch.object(apart, "partial", return_value=die),
        pytest.raises(LostWorkerError, match="lost with the process that did it"),
    ):
        solve(regions(2), ("pairs",), executor=Dying())


def test_what_cannot_be_made_is_told_as_without_an_executor(threads: Executor) -> None:
    """Of several parts that cannot be solved the same one speaks."""
    instance = regions()
    forced = np.zeros(instance.n_pairs, dtype=bool)
    forced[instance.mentor_start[:-1]] = True  # everybody's first pair: too many for the mentees
    instance = instance.replace(forced=forced)
    with pytest.raises(InfeasibleError) as here:
        solve(instance, ("pairs",))
    with pytest.raises(InfeasibleError) as elsewhere:
        solve(instance, ("pairs",), executor=threads)
    assert str(elsewhere.value) == str(here.value)


@pytest.mark.parametrize("where", ["threads", "processes"])
def test_without_time_it_is_a_matching_and_nothing_is_claimed(
    where: str, request: pytest.FixtureRequest
) -> None:
    """Every part has what deferred acceptance gives at once."""
    objectives = ("stability", "pairs", "score")
    executor = request.getfixturevalue(where)
    solution = solve(regions(), objectives, time_limit=0, executor=executor)
    assert solution.objectives["stability"] == 0
    assert solution.status == "feasible"
    assert Matching(regions(), solution, objectives, None, 0).verify()


def test_cancelled_it_waits_for_nobody() -> None:
    """What nobody is at work on any more does not keep the caller."""

    class Silent(Executor):
        """Takes every job, does none, and has the caller cancel."""

        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            cancel.set()
            return Future()

    cancel = threading.Event()
    solution = solve(regions(), ("stability", "pairs"), cancel=cancel, executor=Silent())
    assert solution.status == "feasible"
    assert Matching(regions(), solution, ("stability", "pairs"), None, 0).verify()


def test_progress_is_told_of_every_part(threads: Executor) -> None:
    """Once for each that is done, without values: those of a part say little of the whole."""
    told: list[Progress] = []
    solve(regions(), ("pairs", "score"), executor=threads, progress=told.append)
    assert [(now.level, now.best, now.bound) for now in told] == [("score", None, None)] * 4


def test_what_is_no_executor_is_refused_even_with_one_part() -> None:
    """As by ``rmatch.compare``, before anything is solved."""
    with pytest.raises(TypeError, match=r"must be a concurrent\.futures\.Executor, not int"):
        solve(regions(1), ("pairs",), executor=2)  # type: ignore[arg-type]

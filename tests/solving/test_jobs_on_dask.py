"""The same jobs on a Dask cluster: one on this machine, of two processes."""

from __future__ import annotations

import logging
import pickle
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest
from deadly_jobs import die, die_once, square

import rmatch
from rmatch.generating import CohortShape, generate, generate_instance
from rmatch.instance import Instance
from rmatch.solving import solve
from rmatch.solving.clock import Clock
from rmatch.solving.jobs import done_jobs

distributed = pytest.importorskip("distributed")

pytestmark = pytest.mark.early  # a cluster takes a second or two to start and to stop


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A cluster that takes a job for lost as soon as one worker died of it."""
    import dask

    settings = {
        "distributed.scheduler.allowed-failures": 0,
        "temporary-directory": str(tmp_path_factory.mktemp("dask")),
    }
    with (
        dask.config.set(settings),
        distributed.LocalCluster(
            n_workers=2,
            processes=True,
            threads_per_worker=1,
            dashboard_address=":0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        distributed.Client(cluster) as client,
    ):
        yield client


@pytest.fixture
def executor(client: Any) -> Executor:
    return client.get_executor()


def solved(instance: Instance, seed: int) -> tuple[Any, ...]:
    solution = solve(instance, seed=seed)
    return solution.chosen, solution.objectives, solution.status, solution.method


def fail(text: str) -> NoReturn:
    raise ValueError(text)


def quiet(done: int) -> None:
    """Nobody is told."""


def test_a_cluster_gives_what_one_thread_gives_to_the_byte(executor: Executor) -> None:
    """Every result pickles to the same bytes, in the order of the jobs, each told once."""
    jobs = [partial(solved, generate_instance("pairs_14", seed=k), k) for k in range(4)]
    expected = [pickle.dumps(job()) for job in jobs]
    told: list[int] = []
    found = done_jobs(jobs, Clock(), executor, told.append)
    assert [pickle.dumps(one) for one in found] == expected
    assert told == [1, 2, 3, 4]


def test_robustness_is_the_same_on_a_cluster(executor: Executor) -> None:
    """Whoever has a cluster gets the answer of those who have none."""
    matching = rmatch.solve(generate(CohortShape(mentors=5, mentees=5), seed=1))
    asked: dict[str, Any] = {"changes": (25,), "draws": 3}
    assert matching.robustness(executor=executor, **asked) == matching.robustness(**asked)


def test_a_worker_that_is_killed_changes_nothing(executor: Executor, tmp_path: Path) -> None:
    """What it was doing is done again, and so are results that only it held."""
    jobs = [partial(square, number) for number in range(30)]
    jobs[7] = partial(die_once, tmp_path / "killed", 7)
    found = done_jobs(jobs, Clock(), executor, quiet)
    assert found == [number * number for number in range(30)]


def test_a_job_that_kills_every_worker_kills_nothing_else(executor: Executor) -> None:
    """Neither this process nor the other jobs."""
    lost: list[int] = []
    jobs: list[Callable[[], Any]] = [partial(square, 2), die, partial(square, 3)]
    found = done_jobs(jobs, Clock(), executor, quiet, lost=lambda at, _: lost.append(at))
    assert (found, lost) == ([4, None, 9], [1])


def test_the_first_error_in_order_is_raised(executor: Executor) -> None:
    """As one after another, with the frames of the worker."""
    with pytest.raises(ValueError, match="early") as raised:
        done_jobs([partial(fail, "early"), partial(fail, "late")], Clock(), executor, quiet)
    assert "In the worker:" in raised.value.__notes__[0]


def test_stopping_does_not_wait_for_the_cluster(executor: Executor) -> None:
    """What it holds by then is cancelled there, and the same jobs can be asked for again."""
    go_on = threading.Event()
    jobs = [partial(square, number) for number in range(40)]

    def told(done: int) -> None:
        if done == 3:
            go_on.set()

    some = done_jobs(jobs, Clock(cancel=go_on), executor, told)
    assert all(one in (None, number * number) for number, one in enumerate(some))
    assert done_jobs(jobs, Clock(), executor, quiet) == [job() for job in jobs]

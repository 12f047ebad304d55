"""Jobs in threads and processes, against the same jobs one after another."""

from __future__ import annotations

import multiprocessing
import pickle
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NoReturn

import pytest
from deadly_jobs import die, die_once, square

from rmatch.errors import LostWorkerError
from rmatch.generating import generate_instance
from rmatch.instance import Instance
from rmatch.solving import jobs as sending
from rmatch.solving import own_processes, silence, solve
from rmatch.solving.clock import Clock
from rmatch.solving.job_outcomes import Raised, outcome_of
from rmatch.solving.jobs import done_jobs

# Under Python 3.12 and later, forking a process with threads warns; the pool's owner chose it.
FORK_WARNS = pytest.mark.filterwarnings("ignore:.*multi-threaded, use of fork:DeprecationWarning")


def quiet(done: int) -> None:
    """Nobody is told."""


def fail(seconds: float, text: str) -> NoReturn:
    time.sleep(seconds)
    raise ValueError(text)


def lock() -> Any:
    """A result that no process can send."""
    return threading.Lock()


class StubbornError(Exception):
    """Can be pickled and not unpickled, as many exceptions of other people."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} and {second}")


def fail_stubbornly() -> NoReturn:
    raise StubbornError("this", "that")


class Touchy:
    """A job that raises its own error where it is pickled."""

    def __call__(self) -> int:
        return 1

    def __reduce__(self) -> NoReturn:
        raise ValueError("not for sending")


def solved(instance: Instance, seed: int) -> tuple[Any, ...]:
    solution = solve(instance, seed=seed)
    return solution.chosen, solution.objectives, solution.status, solution.method


@pytest.fixture(scope="module")
def pool() -> Iterator[ProcessPoolExecutor]:
    """Two processes that are started as they are on every system."""
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as executor:
        yield executor


# -------------------------------------------------------------------------------------- the answer


def test_processes_give_what_one_thread_gives_to_the_byte(pool: ProcessPoolExecutor) -> None:
    """Every result pickles to the same bytes, in the order of the jobs."""
    jobs = [partial(solved, generate_instance("pairs_14", seed=k), k) for k in range(4)]
    expected = [pickle.dumps(job()) for job in jobs]
    found = done_jobs(jobs, Clock(), pool, quiet)
    assert [pickle.dumps(one) for one in found] == expected


def test_no_more_than_a_window_is_sent_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred thousand jobs do not fill the memory of whoever sends them."""
    monkeypatch.setattr(sending, "WINDOW", 5)
    begun, most = deque[int](), 0

    class Counting(ThreadPoolExecutor):
        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            nonlocal most
            future = super().submit(fn, *args, **kwargs)
            begun.append(1)
            future.add_done_callback(lambda _: begun.pop())
            most = max(most, len(begun))
            return future

    with Counting(1) as executor:
        jobs = [partial(square, number) for number in range(100)]
        assert done_jobs(jobs, Clock(), executor, quiet) == [job() for job in jobs]
    assert 1 <= most <= 5


def test_progress_counts_every_job_once(pool: ProcessPoolExecutor) -> None:
    """From one to all, whatever comes first."""
    told: list[int] = []
    done_jobs([partial(square, number) for number in range(50)], Clock(), pool, told.append)
    assert told == list(range(1, 51))


# ------------------------------------------------------------------------------------- their errors


@pytest.mark.parametrize("threads", [True, False], ids=["threads", "processes"])
def test_the_first_error_in_order_is_raised(pool: ProcessPoolExecutor, threads: bool) -> None:
    """Not the one that comes first: one after another, the later job would never have begun."""
    jobs = [partial(square, 1), partial(fail, 0.3, "early"), partial(fail, 0, "late"), die]
    with ThreadPoolExecutor(2) as executor, pytest.raises(ValueError, match="early") as raised:
        done_jobs(jobs[:3], Clock(), executor if threads else pool, quiet)
    notes = getattr(raised.value, "__notes__", [])
    assert [note.partition("\n")[0] for note in notes] == ([] if threads else ["In the worker:"])


def test_nothing_is_sent_after_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """One after another, none of it would have begun."""
    monkeypatch.setattr(sending, "WINDOW", 2)
    done: list[int] = []
    jobs = [partial(fail, 0, "x"), *(partial(done.append, number) for number in range(100))]
    with ThreadPoolExecutor(1) as executor, pytest.raises(ValueError, match="x"):
        done_jobs(jobs, Clock(), executor, quiet)
    assert len(done) <= 2


def test_an_error_that_cannot_be_sent_is_told_in_words(pool: ProcessPoolExecutor) -> None:
    """It neither breaks the pool nor is taken for a dead worker."""
    with pytest.raises(RuntimeError, match=r"StubbornError: this and that"):
        done_jobs([fail_stubbornly], Clock(), pool, quiet)
    assert done_jobs([partial(square, 3)], Clock(), pool, quiet) == [9]


def test_a_job_that_ends_the_interpreter_ends_no_worker(pool: ProcessPoolExecutor) -> None:
    """``sys.exit`` comes back as what it is."""
    with pytest.raises(SystemExit):
        done_jobs([partial(exit_with, 4)], Clock(), pool, quiet)


def exit_with(code: int) -> NoReturn:
    raise SystemExit(code)


@pytest.mark.parametrize(
    ("job", "error", "words"),
    [
        (lambda: 1, (AttributeError, pickle.PicklingError), "pickle"),
        (lock, TypeError, "pickle"),
        (Touchy(), ValueError, "not for sending"),
    ],
    ids=["job", "result", "error"],
)
def test_what_cannot_be_sent_says_so(
    pool: ProcessPoolExecutor, job: Callable[[], Any], error: Any, words: str
) -> None:
    """It is not silently done here, where a thousand take a thousand times as long."""
    with pytest.raises(error, match=words):
        done_jobs([partial(square, 1), job], Clock(), pool, quiet)


class Unsendable(Executor):
    """Says at once what it cannot send, as a cluster does."""

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        raise TypeError("could not serialise")


def test_what_is_refused_as_unsendable_says_so() -> None:
    """Whether at once, or by its future."""
    with pytest.raises(TypeError, match="could not serialise"):
        done_jobs([partial(square, 1)], Clock(), Unsendable(), quiet)


# ------------------------------------------------------------------------------------- dead workers

CONTEXTS = [
    pytest.param("spawn", marks=pytest.mark.early),
    pytest.param("fork", marks=FORK_WARNS),
]


@pytest.mark.parametrize("method", CONTEXTS)
def test_a_worker_that_is_killed_changes_nothing(method: str, tmp_path: Path) -> None:
    """What it was doing, and what waited, is done again."""
    told: list[int] = []
    jobs = [partial(square, number) for number in range(12)]
    jobs[4] = partial(die_once, tmp_path / "killed", 4)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as executor:
        found = done_jobs(jobs, Clock(), executor, told.append)
    assert found == [number * number for number in range(12)]
    assert told == list(range(1, 13))


@pytest.mark.parametrize("method", CONTEXTS)
def test_a_job_that_kills_every_worker_kills_nothing_else(method: str) -> None:
    """Whoever asked decides what stands for it; the jobs before and after it are done."""
    lost: list[tuple[int, str]] = []
    jobs: list[Callable[[], Any]] = [partial(square, 2), die, partial(square, 3), die]
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(method)) as executor:
        found = done_jobs(
            jobs, Clock(), executor, quiet, lost=lambda at, error: lost.append((at, str(error)))
        )
    assert found == [4, None, 9, None]
    assert sorted(lost) == [
        (
            at,
            f"job {at + 1} of 4 was lost with the process that did it, and again in a process of "
            "its own (BrokenProcessPool)",
        )
        for at in (1, 3)
    ]


@FORK_WARNS
def test_a_job_that_kills_every_worker_is_an_error_unless_somebody_decides() -> None:
    """In its place in the order: an error of an earlier job goes first, one of a later does not."""
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(1, mp_context=fork) as executor:
        with pytest.raises(LostWorkerError, match="job 2 of 3") as raised:
            done_jobs([partial(square, 1), die, partial(fail, 0, "x")], Clock(), executor, quiet)
        assert raised.value.__cause__ is not None
        with pytest.raises(ValueError, match="x"):
            done_jobs([partial(fail, 0, "x"), die], Clock(), executor, quiet)


@FORK_WARNS
def test_a_pool_that_is_broken_or_shut_down_before_is_replaced() -> None:
    """The answer is the same; by as many processes as it had."""
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(2, mp_context=fork) as executor:
        executor.submit(die).exception()
        jobs = [partial(square, number) for number in range(9)]
        assert done_jobs(jobs, Clock(), executor, quiet) == [job() for job in jobs]
    assert done_jobs(jobs, Clock(), executor, quiet) == [job() for job in jobs]


@FORK_WARNS
def test_jobs_done_again_are_stopped_with_the_time() -> None:
    """A process of ours is ended in the middle of a job, and leaves nothing behind."""
    fork = multiprocessing.get_context("fork")
    before = set(multiprocessing.active_children())
    executor = ProcessPoolExecutor(1, mp_context=fork)
    executor.shutdown()
    jobs = [partial(square, 3), partial(time.sleep, 600)]
    found = done_jobs(jobs, Clock(1.0), executor, quiet)
    for process in set(multiprocessing.active_children()) - before:
        process.join(10)
    assert found == [9, None]
    assert set(multiprocessing.active_children()) <= before


def test_where_no_process_can_be_started_the_jobs_are_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a worker that may have no children, or a script that starts itself again and again."""

    class Childless(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            raise AssertionError("daemonic processes are not allowed to have children")

    class Gone(Executor):
        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            future = Future[Any]()
            future.set_exception(ConnectionError("the cluster is gone"))
            return future

    monkeypatch.setattr(own_processes, "_one_like", lambda _: Childless())
    lost: list[int] = []
    jobs = [partial(square, number) for number in range(3)]
    found = done_jobs(jobs, Clock(), Gone(), quiet, lost=lambda at, _: lost.append(at))
    assert (found, lost) == ([None] * 3, [0, 1, 2])


def test_what_is_no_executor_is_refused() -> None:
    """A number of processes, as other packages take it, is told what is wanted."""
    number: Any = 3
    with pytest.raises(TypeError, match=r"must be a concurrent\.futures\.Executor, not int"):
        done_jobs([partial(square, 1)], Clock(), number, quiet)


@FORK_WARNS
def test_an_executor_that_forgets_jobs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its own futures are settled, and what it handed out never is: the jobs are done again."""
    monkeypatch.setattr(silence, "GRACE_SECONDS", 0.1)

    class Mute(Executor):
        _futures = (SimpleNamespace(status="error"),)
        _mp_context = multiprocessing.get_context("fork")

        def submit(self, *_: Any, **__: Any) -> Future[Any]:
            return Future()

    jobs = [partial(square, number) for number in range(3)]
    assert done_jobs(jobs, Clock(), Mute(), quiet) == [0, 1, 4]


def test_a_cluster_that_has_lost_all_its_workers_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """It did one job and then none: the rest is done again."""
    monkeypatch.setattr(silence, "WORKERLESS_SECONDS", 0.1)
    monkeypatch.setattr(silence, "LOOK_SECONDS", 0.0)

    class Emptied(ThreadPoolExecutor):
        _client = SimpleNamespace(nthreads=dict)
        taken = 0

        def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
            self.taken += 1
            return super().submit(fn, *args, **kwargs) if self.taken == 1 else Future()

    jobs = [partial(square, number) for number in range(3)]
    with Emptied(1) as executor:
        assert done_jobs(jobs, Clock(), executor, quiet) == [0, 1, 4]


@pytest.mark.parametrize("ask", [dict, lambda: 1 / 0, lambda: {"a worker": 1}])
def test_a_cluster_that_has_not_begun_or_does_not_answer_is_waited_for(
    ask: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its workers may stand in a queue of their own."""
    monkeypatch.setattr(silence, "WORKERLESS_SECONDS", 0.0)
    monkeypatch.setattr(silence, "LOOK_SECONDS", 0.0)
    watch = silence.Watch(SimpleNamespace(_client=SimpleNamespace(nthreads=ask)))  # type: ignore[arg-type]
    watch.began = ask is not dict
    assert not watch.is_for_ever


def test_an_executor_that_is_at_work_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long it says nothing."""
    monkeypatch.setattr(silence, "GRACE_SECONDS", 0.0)

    class Slow(ThreadPoolExecutor):
        _futures = (SimpleNamespace(status="finished"), SimpleNamespace(status="pending"))

    ran: list[int] = []
    with Slow(1) as executor:
        done_jobs([lambda: ran.append(time.sleep(0.2) or 1)], Clock(), executor, quiet)
    assert ran == [1]


# ---------------------------------------------------------------------------------- what comes back


def test_an_error_keeps_its_kind_and_says_where_it_arose() -> None:
    """Its own attributes too, and the frames of the worker below its message."""
    outcome = outcome_of(partial(fail, 0, "why"), "")
    assert isinstance(outcome, Raised)
    back = pickle.loads(pickle.dumps(outcome))  # noqa: S301 - made here
    assert (type(back.error), str(back.error)) == (ValueError, "why")
    assert "in fail" in back.error.__notes__[0]


def test_the_class_of_an_executor_is_no_executor() -> None:
    """Brackets are easily forgotten, and what was not made can do nothing."""
    with pytest.raises(TypeError, match=r"ThreadPoolExecutor\(…\), not the class"):
        sending.checked_executor(ThreadPoolExecutor)

"""Compare strategies: the same cases for all of them, and one row for every run."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor
from functools import partial

from rmatch.comparing.by_hand import HandPairs
from rmatch.comparing.cases import Source, Sources, sources_of
from rmatch.comparing.comparison import Comparison
from rmatch.comparing.contestants import Strategies, contestants_of
from rmatch.comparing.frames import COLUMNS
from rmatch.comparing.metrics import METRICS
from rmatch.comparing.records import Metric, Run
from rmatch.comparing.running import STOPPED, CaseRuns, Plan, runs_on, without_result
from rmatch.errors import LostWorkerError
from rmatch.explaining.weight_records import Step
from rmatch.solving.clock import Clock, checked_clock
from rmatch.solving.jobs import done_jobs

TIME_LIMIT = 10.0
"""Seconds for each solve, unless said otherwise."""

Progress = Callable[[Step], None]


def compare(
    source: Sources,
    strategies: Strategies | None = None,
    *,
    by_hand: HandPairs | None = None,
    seeds: Iterable[int] | None = (0,),
    metrics: Iterable[str | Metric] | None = None,
    time_limit: float | None = TIME_LIMIT,
    executor: Executor | None = None,
    progress: Progress | None = None,
    cancel: threading.Event | None = None,
) -> Comparison:
    """Make matchings by several strategies over the same cohorts, and measure them all alike.

    Every matching is checked by the audit. A strategy that cannot make one (what is stated cannot
    hold, the time is up, it is broken) has a run that says so, and the others go on.

    Args:
        source: A programme, the path of a cohort, scores, an ``Instance``, or a function without
            arguments that makes one; or a list of these, or a dict with a name for each, such as
            ``rmatch.generating.cohorts`` gives. Functions are called where the case is solved.
        strategies: Names (see :doc:`/strategies`), or a dict of label → name or order of
            objectives. By default every strategy there is.
        by_hand: Pairs that somebody made, as a strategy ``by_hand``: a workbook or ``pairs.csv`` as
            ``rmatch.load_pairs`` reads it, or a list of pairs of ids. For one cohort. A pair that
            is not allowed, or has no place left, is left out, and the run says so.
        seeds: Of ties and lots: every strategy runs once with each. ``None``: the settings' own.
        metrics: Names in ``METRICS``, or metrics of your own; all of ``METRICS`` by default.
        time_limit: Seconds for each solve; at their end the best matching so far counts. ``None``:
            as the settings have it, which is no limit by default.
        executor: Where to work, case by case, such as a ``ProcessPoolExecutor``; the result is the
            same. What is sent to processes must be of a kind that can be: no lambdas.
        progress: Called with how many of the runs are done, in this thread.
        cancel: Set this event from another thread to stop early; runs that were not begun are
            ``not run``.

    Returns:
        Every run, as a table and as a picture.

    Raises:
        InputError: a cohort, or the pairs made by hand, have problems; all of them are listed.
        RuntimeError: the audit contradicts a result, which is a fault of rmatch.
        StrategyError: the strategy ``by_hand`` is named, and no pairs are handed in.
        TypeError: a source, name, seed or metric of the wrong kind.
        ValueError: an unknown or repeated strategy, metric or seed, a label or metric whose name
            has a meaning already, an empty list, a time limit below 0, or pairs made by hand for
            several cohorts.

    >>> import rmatch
    >>> cohort = rmatch.examples.path("east-of-england")
    >>> comparison = rmatch.compare(cohort, ["stable", "greedy"])
    >>> [(run.strategy, run.values["pairs"]) for run in comparison.runs]
    [('stable', 14), ('greedy', 11)]
    """
    sources = sources_of(source)
    if by_hand is not None and len(sources) > 1:
        raise ValueError("pairs made by hand are those of one cohort; compare it alone")
    checked_clock(time_limit, cancel)
    plan = Plan(
        contestants=contestants_of(strategies, by_hand=by_hand is not None),
        seeds=_seeds(seeds),
        metrics=_metrics(metrics),
        time_limit=time_limit,
        by_hand=_at_hand(by_hand),
        keep=len(sources) == 1,
    )
    clock = Clock(None, cancel)
    done = _done(sources, plan, clock, executor, partial(_tell, progress, clock))
    return _together(tuple(sources), plan, done)


def _done(
    sources: Mapping[str, Source],
    plan: Plan,
    clock: Clock,
    executor: Executor | None,
    tell: Callable[[int, int], None],
) -> list[CaseRuns]:
    """The runs of every case; ``tell`` is called with how many there are, and are done."""
    names, each = tuple(sources), plan.runs_a_case
    told = partial(tell, len(names) * each)
    jobs = [partial(runs_on, name, one, plan) for name, one in sources.items()]
    if executor is None:  # elsewhere neither an event nor a function of ours would arrive
        jobs = [
            partial(job, cancel=clock.cancel, told=partial(_after, told, place * each))
            for place, job in enumerate(jobs)
        ]

    def lost(place: int, error: LostWorkerError) -> CaseRuns:
        return without_result(names[place], plan, "failed", str(error))

    found = done_jobs(jobs, clock, executor, lambda done: told(done * each), lost=lost)
    return [
        without_result(name, plan, "not run", STOPPED) if one is None else one
        for name, one in zip(names, found, strict=True)
    ]


def _together(cases: tuple[str, ...], plan: Plan, done: list[CaseRuns]) -> Comparison:
    runs = tuple(run for one in done for run in one.runs)
    return Comparison(
        runs=runs,
        metrics=plan.metrics,
        strategies=tuple(one.label for one in plan.contestants),
        cases=cases,
        seeds=_seeds_of(runs) if plan.seeds is None else plan.seeds,
        notices=_notices(runs),
        matchings=done[0].matchings if plan.keep else {},
    )


def _seeds_of(runs: Iterable[Run]) -> tuple[int, ...]:
    return tuple(sorted({run.seed for run in runs}))


def _notices(runs: tuple[Run, ...]) -> tuple[str, ...]:
    left = sum(run.ended == "not run" for run in runs)
    return (f"{left} of {len(runs)} runs were not begun: it was stopped",) if left else ()


def _tell(progress: Progress | None, clock: Clock, of: int, done: int) -> None:
    if progress is not None:
        progress(Step("runs", done, of, clock.elapsed))


def _after(told: Callable[[int], None], before: int, done: int) -> None:
    told(before + done)


def _at_hand(given: HandPairs | None) -> HandPairs | None:
    """The pairs as something that can be read more than once, and sent.

    What is no list of pairs is told where they are looked up.
    """
    if isinstance(given, str | Mapping) or not isinstance(given, Iterable):
        return given
    return list(given)


def _seeds(given: Iterable[int] | None) -> tuple[int, ...] | None:
    """The seeds, each once.

    Raises:
        TypeError: no list.
        ValueError: none, one twice, or no integer from 0.
    """
    if given is None:
        return None
    if not isinstance(given, Iterable):
        raise TypeError(f"seeds must be a list of integers, not {given!r}; write ({given!r},)")
    seeds = tuple(given)
    if any(isinstance(seed, bool) or not isinstance(seed, int) or seed < 0 for seed in seeds):
        raise ValueError(f"seeds must be integers from 0, not {seeds}")
    if not seeds or len(set(seeds)) < len(seeds):
        raise ValueError("name at least one seed, each once")
    return seeds


def _metrics(given: Iterable[str | Metric] | None) -> tuple[Metric, ...]:
    """The metrics, each once.

    Raises:
        TypeError: a bare name, or what is neither a name nor a metric.
        ValueError: an unknown name, one twice, one of another column of the frame, or none.
    """
    if given is None:
        return tuple(METRICS.values())
    if isinstance(given, str | Metric):
        raise TypeError("metrics must be a list of names or metrics")
    found = tuple(_metric(one) for one in given)
    if not found or len({one.name for one in found}) < len(found):
        raise ValueError("name at least one metric, each once")
    taken = [one.name for one in found if one.name in COLUMNS]
    if taken:
        raise ValueError(f"a metric cannot be called {', '.join(taken)}, as a column of the frame")
    return found


def _metric(given: str | Metric) -> Metric:
    if isinstance(given, Metric):
        return given
    if not isinstance(given, str):
        raise TypeError(f"a metric must be a name or a Metric, not {type(given).__name__}")
    if given not in METRICS:
        raise ValueError(f"unknown metric {given!r}; known are {', '.join(METRICS)}")
    return METRICS[given]

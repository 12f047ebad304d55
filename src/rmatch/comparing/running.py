"""All strategies on one case: solved, checked by the audit, measured."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from rmatch.comparing.by_hand import HandPairs, kept_of, pairs_by_hand
from rmatch.comparing.cases import Case, Source, opened
from rmatch.comparing.contestants import Contestant
from rmatch.comparing.records import Ended, Metric, Outcome, Run
from rmatch.errors import InfeasibleError, StrategyError, TimeLimitError
from rmatch.matching import Matching
from rmatch.posing import levels_for, solved
from rmatch.solving.clock import Clock

STOPPED = "stopped before it began"


@dataclass(frozen=True)
class Plan:
    """What is to be done with every case; can be sent to another process.

    Attributes:
        contestants: The strategies.
        seeds: Of ties and lots; ``None``: that of each case's settings.
        metrics: What to measure.
        time_limit: Seconds for each solve; ``None``: as the case's settings have it.
        by_hand: The pairs of the strategy ``by_hand``.
        keep: Whether the matchings of the first seed are wanted themselves.
    """

    contestants: tuple[Contestant, ...]
    seeds: tuple[int, ...] | None
    metrics: tuple[Metric, ...]
    time_limit: float | None
    by_hand: HandPairs | None = None
    keep: bool = False

    @property
    def runs_a_case(self) -> int:
        """How many runs there are on one case."""
        return len(self.contestants) * (1 if self.seeds is None else len(self.seeds))


@dataclass(frozen=True, slots=True)
class CaseRuns:
    """What came out on one case: every run, and the matchings where they are kept."""

    runs: tuple[Run, ...]
    matchings: Mapping[str, Matching] = field(default_factory=dict)


def runs_on(
    name: str,
    source: Source,
    plan: Plan,
    *,
    cancel: threading.Event | None = None,
    told: Callable[[int], None] | None = None,
) -> CaseRuns:
    """Every strategy with every seed on one case.

    Args:
        name: Of the case.
        source: The case, or what makes it.
        plan: What to do.
        cancel: Stops it early; what has not begun is then ``not run``.
        told: Called after each run with how many are done.

    Raises:
        InputError: the cohort, or the pairs made by hand, have problems.
        RuntimeError: the audit contradicts a result.
    """
    at_work = _AtWork(opened(name, source), plan, cancel)
    seeds = (at_work.case.settings.seed,) if plan.seeds is None else plan.seeds
    runs: list[Run] = []
    kept: dict[str, Matching] = {}
    for seed in seeds:
        for one in plan.contestants:
            run, matching = at_work.run(one, seed)
            runs.append(run)
            if plan.keep and matching is not None and seed == seeds[0]:
                kept[one.label] = matching
            if told is not None:
                told(len(runs))
    return CaseRuns(tuple(runs), kept)


def without_result(name: str, plan: Plan, ended: Ended, note: str) -> CaseRuns:
    """The runs of a case of which nothing came back.

    Args:
        name: Of the case.
        plan: What was to be done.
        ended: How they ended.
        note: Why.
    """
    seeds = plan.seeds or (0,)
    return CaseRuns(
        tuple(
            Run(name, seed, one.label, ended, {}, note=note)
            for seed in seeds
            for one in plan.contestants
        )
    )


class _AtWork:
    """A case while its strategies run: what is the same for all of them is made once."""

    def __init__(self, case: Case, plan: Plan, cancel: threading.Event | None) -> None:
        self.case, self.plan, self.cancel = case, plan, cancel
        limit = plan.time_limit
        self.limit = case.settings.time_limit if limit is None else limit
        self.by_hand = None if plan.by_hand is None else pairs_by_hand(plan.by_hand, case)

    @cached_property
    def best_score(self) -> int | None:
        """The greatest total score of any legal matching, as far as known."""
        return self.case.best_score(self.limit)

    def run(self, one: Contestant, seed: int) -> tuple[Run, Matching | None]:
        """One strategy with one seed."""
        name, points = self.case.name, self.case.scores is not None
        if self.cancel is not None and self.cancel.is_set():
            return Run(name, seed, one.label, "not run", {}, note=STOPPED, points=points), None
        started = time.perf_counter()
        try:
            matching = self._solved(one, seed)
        except (InfeasibleError, StrategyError, TimeLimitError) as error:
            ended: Ended = "infeasible" if isinstance(error, InfeasibleError) else "failed"
            return Run(name, seed, one.label, ended, {}, note=str(error), points=points), None
        run = Run(
            case=name,
            seed=seed,
            strategy=one.label,
            ended=matching.status,
            values={},
            seconds=time.perf_counter() - started,
            note="; ".join(self._notes(one, matching)),
            points=points,
        )
        _check(run, matching)
        return replace(run, values=self._values(matching)), matching

    def _solved(self, one: Contestant, seed: int) -> Matching:
        posed = self.case.posed
        try:
            order = levels_for(posed, one.order, named=one.strategy is None)
        except ValueError as error:  # a statement has a price, and nothing looks at it
            raise StrategyError(str(error)) from None
        instance, solution = solved(
            posed,
            order,
            strategy=one.strategy,
            seed=seed,
            clock=Clock(self.limit, self.cancel),
            algorithm=self.by_hand if one.is_by_hand else None,
        )
        return Matching(
            instance=instance,
            solution=solution,
            order=order,
            strategy=one.strategy,
            seed=seed,
            scores=self.case.scores,
        )

    def _values(self, matching: Matching) -> dict[str, float | None]:
        mentor_choice, mentee_choice = self.case.choices
        outcome = Outcome(
            instance=matching.instance,
            chosen=np.array(matching.solution.chosen, dtype=np.int64),
            mentor_choice=mentor_choice,
            mentee_choice=mentee_choice,
            best_score=self.best_score,
        )
        return {metric.name: plain(metric.measure(outcome)) for metric in self.plan.metrics}

    def _notes(self, one: Contestant, matching: Matching) -> Iterator[str]:
        """What should be known of a matching, apart from its values."""
        solution = matching.solution
        if matching.algorithm is not None:
            yield from solution.method.split(", ")[1:]
        elif solution.status == "feasible":
            first = next(level.name for level in solution.levels if not level.proved)
            yield (
                f"too many pairs to prove the level {first}"
                if solution.is_beyond_proof
                else f"the time was up before the level {first} was proved"
            )
        if one.is_by_hand and self.by_hand is not None:
            yield from kept_of(self.by_hand, self.case, matching.instance, solution)


def plain(value: float | None) -> float | None:
    """A number as Python has it; ``None`` for what is none."""
    if value is None or math.isnan(value):
        return None
    return value.item() if isinstance(value, np.generic) else value


def _check(run: Run, matching: Matching) -> None:
    """Hold a matching against the audit: what is wrong is no result.

    Raises:
        RuntimeError: something is.
    """
    audit = matching.verify()
    if not audit.ok:
        raise RuntimeError(
            f"the matching of {run.strategy} on {run.case} with seed {run.seed} is wrong, which is "
            f"a fault of rmatch; please report it\n{audit}"
        )

"""How far a matching hangs on the weights: all changed a little, and each on its own as far as may.

Scores are made again under other weights and the whole programme is solved again, in the same order
of levels and with the same seed. docs/robustness.md says what exactly is measured.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import partial

from rmatch.errors import LostWorkerError
from rmatch.explaining.robustness_words import robustness_text
from rmatch.explaining.weight_case import Outcome, Until, WeightCase, outcome_under
from rmatch.explaining.weight_changes import drawn
from rmatch.explaining.weight_ranges import End, find_end
from rmatch.explaining.weight_records import (
    LIMIT,
    Change,
    PairRobustness,
    Robustness,
    Step,
    WeightRange,
)
from rmatch.instance import Instance
from rmatch.scoring import Scores
from rmatch.scoring.reweighing import UNIT, weights_of
from rmatch.solution import Solution
from rmatch.solving.backbone import PairIds, before_tie_break, ids_of, weight_free
from rmatch.solving.clock import Clock
from rmatch.solving.jobs import done_jobs

Outcomes = Mapping[int, Sequence[Outcome]]
"""Per cent → what its changes came to, those that are known."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What may be spent on it: until when, where, and who is told."""

    clock: Clock
    executor: Executor | None = None
    progress: Callable[[Step], None] | None = None

    @property
    def until(self) -> Until:
        """When a job begun now must end; an event cannot be sent to another process."""
        left = self.clock.left
        return Until(
            None if left is None else time.time() + left,
            self.clock.cancel if self.executor is None else None,
        )

    def tell(self, task: str, of: int, done: int) -> None:
        """Progress with one kind of task."""
        if self.progress is not None:
            self.progress(Step(task, done, of, self.clock.elapsed))


def robustness(
    scores: Scores,
    instance: Instance,
    solution: Solution,
    order: Sequence[str],
    seed: int,
    *,
    changes: Sequence[int],
    draws: int,
    draw_seed: int,
    effort: Effort,
) -> Robustness:
    """How far a matching of scored people hangs on the weights of the criteria.

    Args:
        scores: The people and what every criterion says of them.
        instance: What was solved.
        solution: What came out.
        order: The names of the levels.
        seed: Of the tie-break.
        changes: Per cents by which all weights are moved.
        draws: How many times for each.
        draw_seed: Other seeds draw other changes.
        effort: What may be spent.

    Raises:
        ValueError: per cents that are no integers 1–100 or named twice, or no draw.
    """
    checked_changes(changes, draws)
    # What a user's own criteria said is in the scores; they themselves need not travel.
    case = WeightCase(
        replace(scores, custom=((), ())),
        order=tuple(order),
        seed=seed,
        made=frozenset(ids_of(instance, solution.chosen)),
    )
    free = _weight_free(case, instance, effort)
    outcomes = {
        percent: _outcomes(case, percent, draws, draw_seed, effort) for percent in sorted(changes)
    }
    found = Robustness(
        pairs=tuple(_pair(pair, free, outcomes) for pair in ids_of(instance, solution.chosen)),
        changes=tuple(_change(case, percent, draws, outcomes[percent]) for percent in outcomes),
        ranges=_ranges(case, outcomes, effort) if _is_optimal(solution, order) else None,
        complete=False,
    )
    found = replace(found, complete=_is_complete(found, asked_free=_can_be_free(case)))
    return replace(found, text=robustness_text(found))


def checked_changes(changes: Sequence[int], draws: int) -> None:
    """Refuse per cents and numbers of draws that make no sense.

    Raises:
        ValueError: see ``robustness``.
    """
    if any(isinstance(c, bool) or not isinstance(c, int) or not 1 <= c <= 100 for c in changes):
        raise ValueError(f"changes must be whole per cents from 1 to 100, not {tuple(changes)}")
    if len(set(changes)) < len(changes):
        raise ValueError(f"changes names a per cent twice: {tuple(changes)}")
    if isinstance(draws, bool) or not isinstance(draws, int) or draws < 1:
        raise ValueError(f"draws must be an integer from 1, not {draws!r}")


def _is_optimal(solution: Solution, order: Sequence[str]) -> bool:
    """Whether the levels before the tie-break are proved: only then is there a best to stay."""
    levels = before_tie_break(order)
    return all(level.proved for level in solution.levels if level.name in levels)


def _is_complete(found: Robustness, *, asked_free: bool) -> bool:
    return (
        found.ranges is not None
        and not any(one.low_open or one.high_open for one in found.ranges)
        and all(change.solved == change.draws for change in found.changes)
        and not (asked_free and any(pair.weight_free is None for pair in found.pairs))
    )


# Whatever the weights -----------------------------------------------------------------------------


def _can_be_free(case: WeightCase) -> bool:
    """With a minimum score, weights decide which pairs may be made at all."""
    return case.scores.programme.settings.minimum_score == 0


def _weight_free(case: WeightCase, instance: Instance, effort: Effort) -> frozenset[PairIds] | None:
    if not _can_be_free(case):
        return None
    clock = effort.clock
    found = weight_free(instance, case.order, case.seed, time_limit=clock.left, cancel=clock.cancel)
    return None if found is None else frozenset(found)


# All weights at once ------------------------------------------------------------------------------


def _outcomes(
    case: WeightCase, percent: int, draws: int, draw_seed: int, effort: Effort
) -> list[Outcome]:
    """What the changes came to that were solved in time."""
    jobs = [
        partial(outcome_under, case, drawn(case.weights, percent, draw, draw_seed), effort.until)
        for draw in range(draws)
    ]
    told = partial(effort.tell, f"changes of up to {percent} %", draws)
    outcomes = done_jobs(jobs, effort.clock, effort.executor, told, lost=_not_known)
    return [
        one for one in outcomes if one is not None and (one.pairs is not None or one.impossible)
    ]


def _not_known(at: int, error: LostWorkerError) -> None:
    """A job that ends its worker whenever it is done says nothing; the rest stands."""


def _change(case: WeightCase, percent: int, draws: int, outcomes: Sequence[Outcome]) -> Change:
    return Change(
        percent,
        draws,
        solved=len(outcomes),
        same=sum(outcome.pairs == case.made for outcome in outcomes),
        impossible=sum(outcome.impossible for outcome in outcomes),
    )


def _pair(pair: PairIds, free: frozenset[PairIds] | None, outcomes: Outcomes) -> PairRobustness:
    return PairRobustness(
        *pair,
        weight_free=None if free is None else pair in free,
        stayed={
            percent: sum(pair in (one.pairs or ()) for one in some)
            for percent, some in outcomes.items()
        },
    )


# Each weight alone --------------------------------------------------------------------------------


def _ranges(case: WeightCase, outcomes: Outcomes, effort: Effort) -> tuple[WeightRange, ...]:
    """Both ends for each criterion; what the changes led to are the first rivals."""
    others = [one.pairs for some in outcomes.values() for one in some if one.pairs is not None]
    rivals = tuple(dict.fromkeys(pairs for pairs in others if pairs != case.made))
    weights = weights_of(case.scores)
    ends = [(name, up) for name in weights for up in (False, True)]
    jobs = [partial(find_end, case, name, up, rivals, effort.until) for name, up in ends]
    told = partial(effort.tell, "ends of the ranges of weights", len(jobs))
    found = done_jobs(jobs, effort.clock, effort.executor, told, lost=_not_known)
    by_end = dict(zip(ends, found, strict=True))
    return tuple(
        _range(
            name, weight, *(by_end[name, up] or End(UNIT * weight, "open") for up in (False, True))
        )
        for name, weight in weights.items()
    )


def _range(name: str, weight: int, low: End, high: End) -> WeightRange:
    return WeightRange(
        criterion=name,
        weight=weight,
        low=low.weight / UNIT,
        high=None if high.kind == "edge" else high.weight / UNIT,
        limit=LIMIT * weight,
        low_open=low.kind == "open",
        high_open=high.kind == "open",
    )

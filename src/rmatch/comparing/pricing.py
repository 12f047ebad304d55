"""The price of stability of a programme or an instance."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable

from rmatch import api
from rmatch.comparing.frontier import Frontier, FrontierPoint
from rmatch.errors import InfeasibleError
from rmatch.explaining.why_not import levels_beside
from rmatch.instance import Instance, Stability
from rmatch.matching import Matching
from rmatch.posing import Posed, pose, with_changes
from rmatch.programme import Constraint, Programme, Settings
from rmatch.scoring import PairScores
from rmatch.solution import Level, Progress, Solution, status_of
from rmatch.solving import stability_price
from rmatch.solving.clock import Clock, checked_clock
from rmatch.solving.stability_price import StabilityPrice, Step

BEFORE = ("pairs", "people", "priority")
"""The levels that are at their best in every point."""


def price_of_stability(
    source: Programme | str | os.PathLike[str] | Instance | PairScores,
    *,
    constraints: Iterable[Constraint] = (),
    stability: Stability | None = None,
    time_limit: float | None = None,
    cancel: threading.Event | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Frontier:
    """What blocking pairs buy: for every number of them the best total score.

    Among the matchings with most pairs, most people and most priority (and, where pairs were made
    before, the fewest broken): from as few blocking pairs as there can be to those that the best
    score needs. Statements with a price are not looked at, nor are warnings. Where several
    matchings are equally good, no lot decides between them.

    Args:
        source: A programme, the path of a cohort, its scores, or an ``Instance``.
        constraints: Statements beside those of the settings; see ``rmatch.solve``.
        stability: Which pairs block: ``weak`` (default), ``strong`` or ``super``.
        time_limit: Seconds after which the rest is left open; the settings' by default.
        cancel: Set this event from another thread to stop early, as at a time limit.
        progress: Called now and then; see ``rmatch.solve``.

    Raises:
        InfeasibleError: what is stated cannot all hold; names a minimal set, and what to change.
        InputError: the cohort has problems; all of them are listed.
        TimeLimitError: the time was up before the levels in front of stability were settled.
        TypeError: a constraint that is no statement, or ``cancel`` is no event.
        ValueError: a time limit below 0, or no such stability.
    """
    scored = source if isinstance(source, Instance | PairScores) else api.score(source)
    posed = pose(scored, constraints, stability)
    settings = Settings() if posed.scores is None else posed.scores.programme.settings
    clock = checked_clock(settings.time_limit if time_limit is None else time_limit, cancel)
    before = with_changes(BEFORE) if posed.has_standing() else BEFORE
    instance, found = _solved(posed, before, clock, progress)
    top = found.steps[-1].score if found.steps[-1].bound is None else found.steps[-1].bound
    points = tuple(
        _point(step, top, _matching(step, instance, found.levels, posed.scores, settings.seed))
        for step in found.steps
    )
    return Frontier(points, found.fewest, found.seconds)


def _solved(
    posed: Posed,
    before: tuple[str, ...],
    clock: Clock,
    progress: Callable[[Progress], None] | None,
) -> tuple[Instance, StabilityPrice]:
    """The arrays and their frontier.

    Raises:
        InfeasibleError, TimeLimitError: as ``price_of_stability``.
    """
    try:
        instance = posed.instance()
        return instance, stability_price.price_of_stability(
            instance, before, clock=clock, report=progress
        )
    except InfeasibleError as error:
        found = error
    # Outside the except block, so that the solver's own list of statements is not chained to it.
    raise posed.why_infeasible(found, clock)


def _point(step: Step, top: int, matching: Matching) -> FrontierPoint:
    """A step as people see it."""
    is_scored = matching.scores is not None

    def shown(score: int) -> float:
        return score / 100 if is_scored else score

    return FrontierPoint(
        at_most=step.at_most,
        blocking=step.blocking,
        score=shown(step.score),
        loss=(top - step.score) / top if top else 0.0,
        pairs=len(step.chosen),
        is_proved=step.is_proved,
        bound=None if step.bound is None else shown(step.bound),
        matching=matching,
    )


def _matching(
    step: Step,
    instance: Instance,
    levels: tuple[Level, ...],
    scores: PairScores | None,
    seed: int,
) -> Matching:
    """The matching of a step; what it claims is that of one beside the most stable."""
    beside = levels_beside(instance, step.chosen, seed, levels)
    method = f"best score with at most {step.at_most} blocking"
    solution = Solution(step.chosen, status_of(beside), beside, 0.0, method)
    order = tuple(level.name for level in beside)
    return Matching(instance, solution, order, None, seed, scores)

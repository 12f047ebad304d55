"""The public functions: load, score, solve. Each reads as a recipe over the rooms below."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from rmatch.errors import InfeasibleError
from rmatch.instance import Instance, Stability
from rmatch.io import load
from rmatch.matching import Matching
from rmatch.posing import pose, with_prices
from rmatch.programme import Constraint, Programme, Settings
from rmatch.scoring import Criterion, Rule, Scores
from rmatch.scoring import score as score_programme
from rmatch.solution import Progress
from rmatch.solving import DEFAULT_STRATEGY
from rmatch.solving import solve as solve_instance
from rmatch.solving.clock import Clock
from rmatch.solving.solve import names_of

__all__ = ["load", "score", "solve"]

Source = Programme | str | os.PathLike[str]


def score(
    programme: Source, *, criteria: Iterable[Criterion] = (), rules: Iterable[Rule] = ()
) -> Scores:
    """Score every pair of a programme: the cost matrix, and where every point came from.

    Args:
        programme: A programme, or the path of a cohort.
        criteria: Criteria of your own (see ``rmatch.Criterion``).
        rules: Rules of your own (see ``rmatch.Rule``).

    Raises:
        InputError: the cohort has problems; all of them are listed.
        ValueError: a custom criterion or rule with a taken name or values out of range.
    """
    return score_programme(_programme(programme), criteria=criteria, rules=rules)


def solve(
    source: Source | Instance | Scores | None = None,
    *,
    mentors: Any = None,
    mentees: Any = None,
    conflicts: Any = None,
    history: Any = None,
    choices: Any = None,
    settings: Settings | Mapping[str, Any] | None = None,
    columns: Mapping[str, Any] | None = None,
    objectives: Iterable[str] | None = None,
    strategy: str | None = None,
    seed: int | None = None,
    time_limit: float | None = None,
    constraints: Iterable[Constraint] = (),
    stability: Stability | None = None,
    criteria: Iterable[Criterion] = (),
    rules: Iterable[Rule] = (),
    cancel: threading.Event | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Matching:
    """Pair a cohort: legal, as many pairs as possible, stable, best by proof.

    Args:
        source: A programme, the path of a cohort (workbook, folder, .json), its scores, or an
            ``Instance``.
        mentors: Instead of ``source``: a DataFrame, a list of dicts or a path; see ``rmatch.load``.
        mentees: Likewise.
        conflicts: Likewise.
        history: Likewise.
        choices: Likewise.
        settings: With ``mentors`` and ``mentees``: the programme's settings.
        columns: With ``mentors`` and ``mentees``: which question is which field.
        objectives: Names of levels in order, instead of those of the settings or the strategy.
        strategy: ``stable`` (default) or ``best_score``.
        seed: Of the tie-break; the settings' by default.
        time_limit: Seconds after which the best matching so far is returned.
        constraints: Statements beside those of the settings: ``MustPair``, ``MustNotPair``,
            ``Load``, ``Quota``, ``Waiver``. A load of the same person and a quota of the same name
            replace theirs.
        stability: Which pairs block: ``weak`` (default), ``strong`` or ``super``.
        criteria: Criteria of your own.
        rules: Rules of your own.
        cancel: Set this event from another thread to stop early, as at a time limit.
        progress: Called now and then with the level at work, its best value so far, its bound and
            the seconds since the start; in the thread that solves.

    Raises:
        InfeasibleError: what is stated cannot all hold; names a minimal set, and what to change.
        InputError: the cohort has problems; all of them are listed.
        TimeLimitError: the time was up before a matching was found that keeps what is stated.
        TypeError: both ``objectives`` and ``strategy``, two sources of people, or a constraint that
            is no statement.
        ValueError: an unknown objective or strategy, or objectives without the level ``prices``
            where a statement has a price.
    """
    tables = {
        "mentors": mentors,
        "mentees": mentees,
        "conflicts": conflicts,
        "history": history,
        "choices": choices,
        "settings": settings,
        "columns": columns,
    }
    posed = pose(_to_solve(source, tables, criteria, rules), constraints, stability)
    scores = posed.scores
    defaults = Settings() if scores is None else scores.programme.settings
    if objectives is None and strategy is None:
        objectives, strategy = defaults.objectives, defaults.strategy
    order = names_of(objectives, strategy)
    if posed.has_prices():
        order = with_prices(order, named=objectives is not None)
    if objectives is None:
        strategy = strategy or DEFAULT_STRATEGY
    seed = defaults.seed if seed is None else seed
    clock = Clock(defaults.time_limit if time_limit is None else time_limit, cancel)
    try:
        instance = posed.instance()
        solution = solve_instance(
            instance,
            order,
            seed=seed,
            time_limit=clock.limit,
            cancel=cancel,
            progress=progress,
        )
    except InfeasibleError as error:
        found = error
    else:
        return Matching(
            instance=instance,
            solution=solution,
            order=order,
            strategy=strategy,
            seed=seed,
            scores=scores,
        )
    # Outside the except block, so that the solver's own list of statements is not chained to it.
    raise posed.why_infeasible(found, clock)


def _to_solve(
    source: Source | Instance | Scores | None,
    tables: Mapping[str, Any],
    criteria: Iterable[Criterion],
    rules: Iterable[Rule],
) -> Scores | Instance:
    given = {name: value for name, value in tables.items() if value is not None}
    if isinstance(source, Instance | Scores):
        if given or criteria or rules:
            raise TypeError(f"{type(source).__name__} has everything in it; give it alone")
        return source
    if source is None and not given:
        raise TypeError("give a programme, a path, or mentors= and mentees=")
    if isinstance(source, Programme) and given:
        raise TypeError("give a programme or tables of people, not both")
    programme = source if isinstance(source, Programme) else load(source, **given)
    return score_programme(programme, criteria=criteria, rules=rules)


def _programme(source: Source) -> Programme:
    return source if isinstance(source, Programme) else load(source)

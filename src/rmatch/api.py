"""The public functions: load, score, solve. Each reads as a recipe over the rooms below."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

from rmatch.instance import Instance, Stability
from rmatch.io import load
from rmatch.matching import Matching
from rmatch.posing import levels_for, pose, solved
from rmatch.programme import Constraint, Programme, Settings
from rmatch.scoring import (
    Criterion,
    PairScores,
    Rule,
    Scores,
    score_programme,
    with_candidates,
)
from rmatch.solution import Progress
from rmatch.solving import DEFAULT_STRATEGY
from rmatch.solving.clock import Clock
from rmatch.solving.solve import names_of

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rmatch.rematching.joining import Joined
    from rmatch.rematching.rematch import Frozen
    from rmatch.rematching.replay import State
    from rmatch.scoring import CandidateScores

__all__ = ["load", "rematch", "score", "solve"]

Source = Programme | str | os.PathLike[str]


@overload
def score(
    programme: Source,
    *,
    candidates: int,
    criteria: Iterable[Criterion] = (),
    rules: Iterable[Rule] = (),
) -> CandidateScores: ...


@overload
def score(
    programme: Source,
    *,
    candidates: Literal["all"],
    criteria: Iterable[Criterion] = (),
    rules: Iterable[Rule] = (),
) -> Scores: ...


@overload
def score(
    programme: Source,
    *,
    candidates: None = None,
    criteria: Iterable[Criterion] = (),
    rules: Iterable[Rule] = (),
) -> Scores | CandidateScores: ...


def score(
    programme: Source,
    *,
    candidates: int | Literal["all"] | None = None,
    criteria: Iterable[Criterion] = (),
    rules: Iterable[Rule] = (),
) -> PairScores:
    """Score a programme: the cost matrix, and where every point came from.

    Args:
        programme: A programme, or the path of a cohort.
        candidates: Score the best so many partners of each person by each side's own points, and
            every stated choice, instead of every pair: ``CandidateScores`` come back. By default as
            the settings say. Where they say nothing, programmes of more than 2**25 pairs of people
            have 50 candidates each, and others every pair; ``all`` means every pair.
        criteria: Criteria of your own (see ``rmatch.Criterion``).
        rules: Rules of your own (see ``rmatch.Rule``).

    Raises:
        InputError: the cohort has problems; all of them are listed.
        ValueError: a custom criterion or rule with a taken name or values out of range, or any
            where there are candidates and more than 2**25 pairs, all of which it would see.
    """
    people = with_candidates(_programme(programme), candidates)
    return score_programme(people, criteria=criteria, rules=rules)


def solve(
    source: Source | Instance | PairScores | None = None,
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
    candidates: int | Literal["all"] | None = None,
    cancel: threading.Event | None = None,
    progress: Callable[[Progress], None] | None = None,
    executor: Executor | None = None,
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
        strategy: ``stable`` (default), ``best_score`` or ``leximin``, or an algorithm to compare
            with: ``deferred_acceptance``, ``deferred_acceptance_mentees``, ``greedy``,
            ``serial_dictatorship``, ``random``, ``boston``, or one that another package adds.
        seed: Of the tie-break; the settings' by default.
        time_limit: Seconds after which the best matching so far is returned. Without one it goes on
            until all is proved; only of 400 000 acceptable pairs or more, what flows do not prove
            stays open, and ``solution.is_beyond_proof`` says so.
        constraints: Statements beside those of the settings: ``MustPair``, ``MustNotPair``,
            ``Load``, ``Quota``, ``Waiver``. A load of the same person and a quota of the same name
            replace theirs.
        stability: Which pairs block: ``weak`` (default), ``strong`` or ``super``.
        criteria: Criteria of your own.
        rules: Rules of your own.
        candidates: How many candidates everybody has, as for ``score``: levels are then optimal
            among the candidate pairs.
        cancel: Set this event from another thread to stop early, as at a time limit.
        progress: Called now and then with the level at work, its best value so far, its bound and
            the seconds since the start; in the thread that solves.
        executor: Where to solve parts that share no acceptable pair, such as regions: a
            ``ProcessPoolExecutor`` or a Dask client's; the result is the same. Without several such
            parts nothing is sent there.

    Raises:
        InfeasibleError: what is stated cannot all hold; names a minimal set, and what to change.
        InputError: the cohort has problems; all of them are listed.
        LostWorkerError: a part ended the process that solved it, twice.
        StrategyError: the strategy of another package is broken.
        TimeLimitError: the time was up before a matching was found that keeps what is stated.
        TypeError: both ``objectives`` and ``strategy``, two sources of people, a constraint that is
            no statement, or an ``executor`` that is none.
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
    posed = pose(_to_solve(source, tables, criteria, rules, candidates), constraints, stability)
    scores = posed.scores
    defaults = Settings() if scores is None else scores.programme.settings
    if objectives is None and strategy is None:
        objectives, strategy = defaults.objectives, defaults.strategy
    order = levels_for(posed, names_of(objectives, strategy), named=objectives is not None)
    if objectives is None:
        strategy = DEFAULT_STRATEGY if strategy is None else strategy
    seed = defaults.seed if seed is None else seed
    clock = Clock(defaults.time_limit if time_limit is None else time_limit, cancel)
    instance, solution = solved(
        posed,
        order,
        strategy=strategy,
        seed=seed,
        clock=clock,
        progress=progress,
        executor=executor,
    )
    return Matching(
        instance=instance,
        solution=solution,
        order=order,
        strategy=strategy,
        seed=seed,
        scores=scores,
    )


def rematch(
    matching: Matching,
    *,
    withdrawn: Collection[str] = (),
    joined: Joined | None = None,
    keep: Sequence[Any] = (),
    forbid: Sequence[Any] = (),
    conflicts: Sequence[Any] = (),
    capacity: Mapping[str, int] | None = None,
    max_changes: int | None = None,
    frozen: Frozen = "approved",
    state: State | None = None,
    time_limit: float | None = None,
    cancel: threading.Event | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Matching:
    """Match again after something happened, and break as few pairs as that takes.

    A pair is broken when both are still there, nothing excludes it, and it is not made again. The
    levels are those of the matching, with the fewest broken pairs right after how many have a
    partner: legal, then what must stay, ``pairs``, ``people``, ``priority``, ``changes``,
    ``stability`` and the rest. ``new.diff(matching)`` says what moved and why.

    What the ledger of the run says need not be said again: who withdrew, what is kept and
    forbidden, conflicts and places; pairs that failed are never made again. A pair that was to stay
    and is not allowed any more, or for which there are too few places, cannot:
    ``new.programme.notices`` says so.

    People are named by id, e-mail or exact name; a pair is two of them, the mentor first.

    Args:
        matching: The matching so far, of a programme; it stays as it is.
        withdrawn: Who left.
        joined: Who came: ``{"mentors": […], "mentees": […]}`` of participants or their fields, a
            programme, or the path of a cohort of late forms, whose choices may name anybody.
        keep: Pairs that must stay, or be made.
        forbid: Pairs that must not be made.
        conflicts: Conflicts that came out: ``Conflict``, its fields, or pairs (``confidential``).
        capacity: Whose → another number of places.
        max_changes: How many pairs may be broken at most.
        frozen: Pairs that are not to be moved: the ``approved`` ones (approved, offered, accepted
            or active), the ``active`` ones, ``all``, ``none``, or a list of pairs.
        state: What was decided, instead of what the ledger of the matching's run folder says.
        time_limit: Seconds after which the best matching so far is returned; the settings' by
            default.
        cancel: Set this event from another thread to stop early, as at a time limit.
        progress: Called now and then; see ``solve``.

    Raises:
        DecisionError: a pair is forbidden that is agreed or kept by what was decided: end it, or
            undo that, first.
        InfeasibleError: what is stated cannot all hold, or not with so few changes; names a minimal
            set, and what to change.
        InputError: somebody unknown, twice, or on the wrong side, or late forms with problems; all
            of them are listed.
        RunFolderError: the ledger of its run folder cannot be read.
        TimeLimitError: the time was up before a matching was found that keeps what is stated.
        TypeError: an argument is no list, or nothing that anybody could join by.
        ValueError: the matching was made without people, or ``frozen`` is none of these words.
    """
    from rmatch.rematching.rematch import Events

    happened = Events(
        withdrawn=withdrawn,
        joined=joined,
        keep=keep,
        forbid=forbid,
        conflicts=conflicts,
        capacity={} if capacity is None else capacity,
        max_changes=max_changes,
    )
    if time_limit is None and matching.programme is not None:
        time_limit = matching.programme.settings.time_limit
    return matching.after(
        happened, frozen, state=state, time_limit=time_limit, cancel=cancel, progress=progress
    )


def _to_solve(
    source: Source | Instance | PairScores | None,
    tables: Mapping[str, Any],
    criteria: Iterable[Criterion],
    rules: Iterable[Rule],
    candidates: int | Literal["all"] | None,
) -> PairScores | Instance:
    given = {name: value for name, value in tables.items() if value is not None}
    if isinstance(source, Instance | PairScores):
        if given or criteria or rules or candidates is not None:
            raise TypeError(f"{type(source).__name__} has everything in it; give it alone")
        return source
    if source is None and not given:
        raise TypeError("give a programme, a path, or mentors= and mentees=")
    if isinstance(source, Programme) and given:
        raise TypeError("give a programme or tables of people, not both")
    programme = source if isinstance(source, Programme) else load(source, **given)
    programme = with_candidates(programme, candidates)
    return score_programme(programme, criteria=criteria, rules=rules)


def _programme(source: Source) -> Programme:
    return source if isinstance(source, Programme) else load(source)

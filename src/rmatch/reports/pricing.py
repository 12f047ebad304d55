"""Why a pair was not made, from prices where one pass knows them, else by solving again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from rmatch.explaining.forced import CellState, settled_together
from rmatch.explaining.forcing import Table
from rmatch.explaining.seconds import WHY_NOT_SECONDS
from rmatch.explaining.why_not import (
    Full,
    Limits,
    Made,
    PairIds,
    Reason,
    WhyNot,
    compared,
    held_ends,
    why_not,
)
from rmatch.properties.feasibility import undecided
from rmatch.properties.welfare import value_of
from rmatch.scoring.ranks import stated_choice
from rmatch.solving import OBJECTIVES
from rmatch.solving.clock import Clock

MOST_NAMED = 500
"""For so many at most the new blocking pairs are named, which takes room; others are counted."""


PATIENCE = (1.0, WHY_NOT_SECONDS)
"""Seconds for one pair: all get a little before any gets more, or one would eat up all the time."""


def priced(made: Made, table: Table, pair: int, ends: PairIds) -> WhyNot | None:
    """Why not, from what one pass knows; ``None`` where that does not decide it.

    Args:
        made: The matching.
        table: What one pass of shortest paths found.
        pair: The pair's index.
        ends: What its two people are called.
    """
    state = CellState(int(table.state[pair]))
    if state is CellState.IMPOSSIBLE:
        return _impossible(made, pair, ends)
    if state is not CellState.COMPUTED:
        return None
    is_exact = table.question.proved
    worse = np.flatnonzero(table.cost[pair]).tolist()
    if not worse:
        # Nothing after the priced levels is left but the draw, where there is one.
        return WhyNot(*ends, Reason.TIE_BREAK, is_exact=is_exact)
    level = table.question.levels[worse[0]]
    cost = int(table.cost[pair, worse[0]])
    before = value_of(level, made.instance, np.asarray(made.solution.chosen, np.int64), made.seed)
    if not isinstance(before, int):
        return None
    forced = before - cost if OBJECTIVES[level].sense == "max" else before + cost
    reason = Reason(level) if cost > 0 else Reason.UNPROVED
    return WhyNot(
        *ends, reason, level=level, made=before, forced=forced, bound=forced, is_exact=is_exact
    )


def _impossible(made: Made, pair: int, ends: PairIds) -> WhyNot | None:
    """No place for the pair, whatever is wanted; ``None`` where that is for another reason."""
    instance = made.instance
    if undecided(instance)[pair]:
        return None
    people = (
        (ends[0], instance.mentor_capacity[instance.mentor[pair]]),
        (ends[1], instance.mentee_capacity[instance.mentee[pair]]),
    )
    closed = tuple(
        Full(person, (), (), (), 0, rank_stated=False) for person, places in people if not places
    )
    held = tuple(ends[end] for end in held_ends(instance, pair))
    return WhyNot(*ends, Reason.NO_PLACE, full=closed, held=held)


def solved_together(
    made: Made, table: Table, pairs: Sequence[int], clock: Clock, ends: PairIds
) -> Iterator[tuple[int, WhyNot | None]]:
    """Those of some pairs that stability decides, all at once; in small cohorts, so all are named.

    Args:
        made: The matching.
        table: What one pass of shortest paths found.
        pairs: Which pairs are in question.
        clock: Looked at now and then.
        ends: What the two people of a pair are called.
    """
    asked = [pair for pair in pairs if table.state[pair] == CellState.OPEN]
    for pair, found in settled_together(table.question, table.passed, asked, clock):
        yield pair, _told(compared(made, pair, found), ends, named=True)


def solved_again(
    made: Made, pairs: Sequence[int], clock: Clock, ends: PairIds
) -> Iterator[tuple[int, WhyNot | None]]:
    """Pairs by solving again, what people chose first, while there is time."""
    left = sorted(pairs, key=lambda one: _usefulness(made, one))
    named = 0
    for seconds in PATIENCE:
        again = []
        for pair in left:
            if clock.is_over:
                return
            facts = _told(_asked(made, pair, clock, seconds), ends, named=named < MOST_NAMED)
            if facts is None:
                again.append(pair)
            else:
                named += 1
                yield pair, facts
        left = again


def _asked(made: Made, pair: int, clock: Clock, seconds: float) -> WhyNot:
    limit = seconds if clock.left is None else min(seconds, clock.left)
    mentor, mentee = int(made.instance.mentor[pair]), int(made.instance.mentee[pair])
    return why_not(made, mentor, mentee, Limits(limit, 0.0, clock.cancel))[0]


def _told(facts: WhyNot, ends: PairIds, *, named: bool) -> WhyNot | None:
    """The facts with the two called as wanted; ``None`` where nothing was settled.

    Who would be left out depends on how the best such matching goes on, which nobody looked for.
    """
    if facts.reason is Reason.UNPROVED and not _is_settled(facts):
        return None
    return replace(
        facts,
        mentor=ends[0],
        mentee=ends[1],
        left_out=(),
        carried_over=(),
        blocking=facts.blocking if named else (),
    )


def _is_settled(facts: WhyNot) -> bool:
    """Whether a better matching is known with the pair, rather than that the time was up."""
    return facts.level is not None and facts.bound == facts.forced


def _usefulness(made: Made, pair: int) -> tuple[int, int, int]:
    """Chosen by either first, the better choice before the worse; then the higher score."""
    instance = made.instance
    ranks = int(instance.mentor_rank[pair]), int(instance.mentee_rank[pair])
    chosen = [rank for rank, own in zip(ranks, _stated(made, pair), strict=True) if own]
    return (-len(chosen), min(chosen, default=0), -int(instance.score[pair]))


def _stated(made: Made, pair: int) -> tuple[bool, bool]:
    instance = made.instance
    if made.scores is None:
        return instance.stated, instance.stated
    programme = made.scores.programme
    mentor = instance.mentor_ids[instance.mentor[pair]]
    mentee = instance.mentee_ids[instance.mentee[pair]]
    return (
        stated_choice(programme, mentor, mentee) is not None,
        stated_choice(programme, mentee, mentor) is not None,
    )

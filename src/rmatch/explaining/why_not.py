"""Why two people are not matched with each other: solve again with the pair, and compare.

The first level that gets worse is the reason, by how much, and what changes is the evidence. Direct
facts stand beside it: who is full, and with whom.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from rmatch.errors import TimeLimitError
from rmatch.explaining.infeasible import explained
from rmatch.explaining.rule_words import MUST_NOT_PAIR, NO_CANDIDATE
from rmatch.instance import Instance
from rmatch.programme import MustPair
from rmatch.properties.feasibility import loads, undecided
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.welfare import value_of
from rmatch.scoring import PairScores
from rmatch.scoring.ranks import stated_choice
from rmatch.scoring.statements import parts_of
from rmatch.solution import Level, Proof, Solution, Value
from rmatch.solving import OBJECTIVES, feasible
from rmatch.solving.clock import Clock, checked_clock
from rmatch.solving.counterfactual import Counterfactual, counterfactual, pair_required

if TYPE_CHECKING:
    from rmatch.matching import Matching

PairIds: TypeAlias = tuple[str, str]


class Reason(StrEnum):
    """Why two people are not matched with each other.

    Those after ``STATED`` and before ``UNPROVED`` bear the names of the levels: the first level
    that gets worse when the pair must be made.
    """

    NOT_SHOWN = "not_shown"
    """This audience does not learn why."""
    MATCHED = "matched"
    """They are matched with each other."""
    EXCLUDED = "excluded"
    """A hard rule, a veto, too low a score or the coordinator's own word excludes the pair."""
    NO_PLACE = "no_place"
    """One of them offers no place, or pairs that must be made hold all there are."""
    STATED = "stated"
    """With this pair made, what the coordinator states cannot hold."""
    PAIRS = "pairs"
    PEOPLE = "people"
    PRIORITY = "priority"
    CHANGES = "changes"
    STABILITY = "stability"
    PRICES = "prices"
    WARNINGS = "warnings"
    SCORE = "score"
    LEXIMIN = "leximin"
    RANK_MAXIMAL = "rank_maximal"
    GENEROUS = "generous"
    EGALITARIAN = "egalitarian"
    MIN_REGRET = "min_regret"
    BALANCED = "balanced"
    SIDE_EQUAL = "side_equal"
    TIE_BREAK = "tie_break"
    """Just as good at every level; the draw, or chance where there is none, decided."""
    UNPROVED = "unproved"
    """The matching was not proved, and with this pair a better one is known; or time was up."""


@dataclass(frozen=True, slots=True)
class Full:
    """Somebody who has no free place, and with whom their places are filled.

    Attributes:
        person: Who.
        partners: Whom they have.
        ranks: The rank of each partner in the person's eyes.
        stated: Whether each of these ranks was stated.
        rank: The rank of the other person of the pair in question; 0 where that is excluded.
        rank_stated: Whether that was stated.
    """

    person: str
    partners: tuple[str, ...]
    ranks: tuple[int, ...]
    stated: tuple[bool, ...]
    rank: int
    rank_stated: bool

    @property
    def is_content(self) -> bool:
        """Whether they rank everybody they have at least as high as the other of the pair."""
        return self.rank > 0 and all(rank <= self.rank for rank in self.ranks)


@dataclass(frozen=True, slots=True)
class WhyNot:
    """Why a mentor and a mentee are not matched with each other; ``str()`` says it in words.

    Attributes:
        mentor: Id.
        mentee: Id.
        reason: Why.
        level: The level that decided; ``None`` where it never came to levels.
        made: What that level comes to in the matching that was made.
        forced: What it would come to with this pair, as far as was found.
        bound: What it could at best come to with this pair; the same, but where the time was up.
        is_exact: Whether that is so and all levels of the matching up to this one are proved.
            Otherwise the price is that against the matching made or, where the reason is
            ``UNPROVED``, not settled.
        excluded_by: Codes of what excludes the pair; vetoes and confidential rules read
            ``confidential`` unless revealed.
        score: What the pair scores or, where it is excluded, would have scored (0–100; the given
            integer for an instance made without people, ``None`` where that has none).
        full: Those of the two who have no free place.
        held: Those of the two whose every place is held by pairs that must be made, where that is
            the reason.
        clashing: Statements that cannot hold together with this pair; empty where there was no time
            to find which.
        gained: Pairs of the alternative that were not made.
        lost: Pairs that were made and are not in the alternative.
        left_out: People with a partner who would have none.
        carried_over: Those of them with priority.
        blocking: Pairs that would block the alternative and do not block the matching.
        alternative: The best matching that has the pair, as far as it was looked for; ``None``
            where there is none.
    """

    mentor: str
    mentee: str
    reason: Reason
    level: str | None = None
    made: Value | None = None
    forced: Value | None = None
    bound: Value | None = None
    is_exact: bool = True
    excluded_by: tuple[str, ...] = ()
    score: float | None = None
    full: tuple[Full, ...] = ()
    clashing: tuple[str, ...] = ()
    held: tuple[str, ...] = ()
    gained: tuple[PairIds, ...] = ()
    lost: tuple[PairIds, ...] = ()
    left_out: tuple[str, ...] = ()
    carried_over: tuple[str, ...] = ()
    blocking: tuple[PairIds, ...] = ()
    alternative: Matching | None = field(default=None, repr=False)
    text: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        from rmatch.explaining.why_not_html import why_not_html

        return why_not_html(self)

    @property
    def amount(self) -> int | None:
        """By how much the deciding level gets worse, as far as was found; ``None``: no number."""
        return self._worse(self.forced)

    @property
    def at_least(self) -> int | None:
        """By how much it gets worse at least; ``None`` where that is no number, or not known."""
        return self._worse(self.bound)

    def _worse(self, value: Value | None) -> int | None:
        if not isinstance(self.made, int) or not isinstance(value, int):
            return None
        return abs(self.made - value)


@dataclass(frozen=True, slots=True)
class Made:
    """The matching that was made, and how it came about.

    Attributes:
        instance: What was solved.
        solution: What came out.
        order: Names of the levels.
        seed: Of the tie-break.
        scores: Where the points came from; ``None`` for an instance made without people.
    """

    instance: Instance
    solution: Solution
    order: tuple[str, ...]
    seed: int
    scores: PairScores | None


@dataclass(frozen=True, slots=True)
class Limits:
    """How long it may take: see :func:`rmatch.solving.counterfactual.counterfactual`."""

    time_limit: float | None
    finish: float | None
    cancel: threading.Event | None


def why_not(
    made: Made, mentor: int, mentee: int, limits: Limits, *, reveal: bool = False
) -> tuple[WhyNot, tuple[int, ...]]:
    """The facts, and the pairs of the alternative (empty where there is none).

    Args:
        made: The matching.
        mentor: Index of the mentor.
        mentee: Index of the mentee.
        limits: How long it may take.
        reveal: Whether vetoes and confidential rules go by their own codes.
    """
    instance = made.instance
    clock = checked_clock(limits.time_limit, limits.cancel)
    ids = instance.mentor_ids[mentor], instance.mentee_ids[mentee]
    pair = instance.index_of(mentor, mentee)
    score = _score(made, ids, pair)
    if pair is not None and pair in made.solution.chosen:
        return WhyNot(*ids, Reason.MATCHED, score=score), ()
    full = tuple(full_people(made, ids, mentor, mentee))
    if pair is None:
        codes = excluded_by(made.scores, ids, reveal=reveal)
        return WhyNot(*ids, Reason.EXCLUDED, excluded_by=codes, score=score, full=full), ()
    if not undecided(instance)[pair]:
        held = tuple(ids[end] for end in held_ends(instance, pair))
        return WhyNot(*ids, Reason.NO_PLACE, score=score, full=full, held=held), ()
    found = counterfactual(
        instance,
        made.order,
        made.solution.chosen,
        pair_required(pair),
        seed=made.seed,
        time_limit=limits.time_limit,
        finish=limits.finish,
        cancel=limits.cancel,
    )
    if found.possible is None:
        return WhyNot(*ids, Reason.UNPROVED, is_exact=False, score=score, full=full), ()
    if not found.possible:
        clashing = _clashing(made, ids, clock)
        return WhyNot(*ids, Reason.STATED, score=score, full=full, clashing=clashing), ()
    return _compared(made, ids, found, score, full), found.chosen


def held_ends(instance: Instance, pair: int) -> tuple[int, ...]:
    """Which of a pair (0 mentor, 1 mentee) have places, all held by pairs that must be made."""
    mentor, mentee = int(instance.mentor[pair]), int(instance.mentee[pair])
    ends = (
        (instance.mentor == mentor, instance.mentor_capacity[mentor]),
        (instance.mentee == mentee, instance.mentee_capacity[mentee]),
    )
    return tuple(
        end
        for end, (own, places) in enumerate(ends)
        if 0 < places <= np.count_nonzero(instance.forced & own)
    )


def compared(made: Made, pair: int, found: Counterfactual) -> WhyNot:
    """The facts from the best matching that has a pair; ``why_not`` of what was found elsewhere."""
    mentor, mentee = int(made.instance.mentor[pair]), int(made.instance.mentee[pair])
    ids = pair_ids(made.instance, pair)
    full = tuple(full_people(made, ids, mentor, mentee))
    return _compared(made, ids, found, _score(made, ids, pair), full)


def _compared(
    made: Made,
    ids: PairIds,
    found: Counterfactual,
    score: float | None,
    full: tuple[Full, ...],
) -> WhyNot:
    instance, chosen = made.instance, made.solution.chosen
    reason, at = _reason(made, found)
    level = made.order[at] if at is not None else None
    unmatched = _left_out(instance, chosen, found.chosen)
    before, after = (
        {pair_ids(instance, pair) for pair in pairs} for pairs in (chosen, found.chosen)
    )
    return WhyNot(
        *ids,
        reason,
        level=level,
        made=None if level is None else _value(made, level),
        forced=None if at is None else found.levels[at].value,
        bound=None if at is None else found.levels[at].bound,
        is_exact=_is_exact(made, found, at),
        score=score,
        full=full,
        gained=tuple(sorted(after - before)),
        lost=tuple(sorted(before - after)),
        left_out=unmatched,
        carried_over=tuple(p for p in unmatched if p in _with_priority(instance)),
        blocking=tuple(
            pair_ids(instance, pair)
            for pair in sorted(
                set(blocking_pairs(instance, found.chosen).tolist())
                - set(blocking_pairs(instance, chosen).tolist())
            )
        ),
    )


def _is_exact(made: Made, found: Counterfactual, at: int | None) -> bool:
    """Whether both matchings are proved as far as they are compared."""
    if at is None:
        return all(level.proved for level in found.levels)
    return found.levels[at].proved and all(one.proved for one in made.solution.levels[: at + 1])


def _reason(made: Made, found: Counterfactual) -> tuple[Reason, int | None]:
    """Why, and the position of the level that decided."""
    at = found.decides
    if at is None:
        proved = all(level.proved for level in found.levels)
        return (Reason.TIE_BREAK if proved else Reason.UNPROVED), None
    name = made.order[at]
    level, before = found.levels[at], _value(made, name)
    if level.proved:
        return (Reason.UNPROVED if _is_better(name, level.value, before) else Reason(name)), at
    # A number that cannot be as good any more is a price, though the whole of it is not known.
    is_worse = isinstance(level.bound, int) and _is_better(name, before, level.bound)
    return (Reason(name) if is_worse else Reason.UNPROVED), at


def _is_better(name: str, value: Value, than: Value) -> bool:
    if OBJECTIVES[name].sense == "min":
        value, than = than, value
    return value > than  # type: ignore[operator]  # values of one level are of one kind


def _value(made: Made, level: str) -> Value:
    return value_of(level, made.instance, np.asarray(made.solution.chosen, np.int64), made.seed)


def _score(made: Made, ids: PairIds, pair: int | None) -> float | None:
    """What the pair scores, also where it is excluded."""
    if made.scores is not None:
        return made.scores.points_of(*ids) / 100
    return None if pair is None else int(made.instance.score[pair])


def excluded_by(scores: PairScores | None, ids: PairIds, *, reveal: bool) -> tuple[str, ...]:
    """Codes of the rules, and of the coordinator's own word, that exclude a pair of people."""
    if scores is None:
        return ()
    stated = MUST_NOT_PAIR if ids in scores.programme.settings.must_not_pair else None
    codes = scores.why_excluded(*ids, reveal=reveal)
    if not codes and not stated and not scores.is_candidate(*ids):
        codes = (NO_CANDIDATE,)
    return (*codes, stated) if stated else codes


def _clashing(made: Made, ids: PairIds, clock: Clock) -> tuple[str, ...]:
    """A minimal set of statements that cannot all hold once the pair is made.

    Empty where there was no time to find it: that they cannot is known all the same.
    """
    bare, statements = (
        (made.scores.instance, made.scores.programme.settings.statements)
        if made.scores is not None
        else parts_of(made.instance)
    )
    pair = MustPair(*ids)
    try:
        error = explained(bare, (*statements, pair), lambda one: feasible(one, clock), made.scores)
    except TimeLimitError:
        return ()
    return () if error is None else tuple(one for one in error.statements if one != pair.id)


def full_people(made: Made, ids: PairIds, mentor: int, mentee: int) -> list[Full]:
    """Those of the two who have no free place; indices of a mentor and a mentee."""
    instance, chosen = made.instance, np.asarray(made.solution.chosen, dtype=np.int64)
    load = loads(instance, chosen)
    pair = instance.index_of(mentor, mentee)
    ends = (
        (mentor, instance.mentor, instance.mentor_rank, instance.mentor_capacity, 0),
        (mentee, instance.mentee, instance.mentee_rank, instance.mentee_capacity, 1),
    )
    found = []
    for person, owner, rank, places, side in ends:
        if load[side][person] < places[person]:
            continue
        own = chosen[owner[chosen] == person].tolist()
        partners = tuple(pair_ids(instance, k)[1 - side] for k in own)
        found.append(
            Full(
                person=ids[side],
                partners=partners,
                ranks=tuple(int(rank[k]) for k in own),
                stated=tuple(_is_stated(made, ids[side], partner) for partner in partners),
                rank=0 if pair is None else int(rank[pair]),
                rank_stated=_is_stated(made, ids[side], ids[1 - side]),
            )
        )
    return found


def _is_stated(made: Made, person: str, other: str) -> bool:
    if made.scores is None:
        return made.instance.stated
    return stated_choice(made.scores.programme, person, other) is not None


def _left_out(instance: Instance, before: Sequence[int], after: Sequence[int]) -> tuple[str, ...]:
    """People with a partner before and none after, mentors first."""
    old, new = loads(instance, before), loads(instance, after)
    return tuple(
        ids[k]
        for side, ids in enumerate((instance.mentor_ids, instance.mentee_ids))
        for k in np.flatnonzero((old[side] > 0) & (new[side] == 0)).tolist()
    )


def _with_priority(instance: Instance) -> set[str]:
    return {
        ids[k]
        for ids, priority in (
            (instance.mentor_ids, instance.mentor_priority),
            (instance.mentee_ids, instance.mentee_priority),
        )
        for k in np.flatnonzero(priority).tolist()
    }


def pair_ids(instance: Instance, pair: int) -> PairIds:
    """The ids of an acceptable pair, the mentor first."""
    mentor, mentee = int(instance.mentor[pair]), int(instance.mentee[pair])
    return instance.mentor_ids[mentor], instance.mentee_ids[mentee]


def levels_beside(
    instance: Instance, chosen: Sequence[int], seed: int, best: Sequence[Level]
) -> tuple[Level, ...]:
    """The levels of a matching that is shown beside another one.

    What no matching can beat, given the same values before, this one cannot either. From the first
    level on at which the two differ, nothing is known of what could be reached.
    """
    levels = []
    differs = False
    for level in best:
        value = value_of(level.name, instance, chosen, seed)
        bound = None if differs else level.bound
        proof: Proof = "reported" if bound is not None and value == bound else "open"
        levels.append(Level(level.name, value, bound, 0.0, proof))
        differs = differs or value != level.value
    return tuple(levels)

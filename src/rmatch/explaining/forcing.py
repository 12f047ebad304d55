"""The price of forcing each pair: by one pass where levels are linear, else by solving again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rmatch.errors import unknown_person
from rmatch.explaining.forced import (
    Answer,
    CellState,
    Question,
    answer_of,
    answers,
    settled_together,
)
from rmatch.instance import BoolArray, IntArray
from rmatch.properties.feasibility import undecided
from rmatch.solving.clock import Clock, OutOfTimeError
from rmatch.solving.forcing import forcing_costs, forcing_costs_of
from rmatch.solving.residual_graph import NegativeCycleError, linear_prefix

Report = Callable[[int, int], None]
"""Called with how many pairs are done, and how many there are to do."""


@dataclass(frozen=True, slots=True)
class ForcedPair:
    """What forcing one pair comes to.

    Attributes:
        mentor: Id.
        mentee: Id.
        state: What is known.
        price: Level → how much worse it gets, for the levels that are known, in their order.
        decides: The first level that changes; ``None`` where none does.
        entry: Of a vector that decides, the entry that changes first, from 0; else ``None``.
    """

    mentor: str
    mentee: str
    state: CellState
    price: Mapping[str, int]
    decides: str | None
    entry: int | None


@dataclass(frozen=True, eq=False, repr=False)
class ForcingCells:
    """What forcing each pair of a mentor and a mentee costs the programme.

    A cost is how much worse a level gets, in the units of ``Matching.objectives`` (scores of people
    are hundredths): above 0 is worse. It may be below 0 after the first that is above 0; the first
    is below 0 only where the matching was not proved, and a better one has the pair. The cost of a
    vector (``leximin``, ``rank_maximal``, ``generous``) is the change at its first entry that
    changes; ``entry`` tells which.

    Attributes:
        mentor_ids: n ids.
        mentee_ids: m ids.
        levels: The names of the levels, without the tie-break and whatever comes after it.
        cost: (n, m, levels) how much worse each level gets; 0 where that is not known.
        known: (n, m) how many levels are exact, from the first: all after one pass of shortest
            paths, else up to the one that decides.
        state: (n, m) see :class:`CellState`.
        decides: (n, m) position of the first level that changes; −1 where none does.
        entry: (n, m) where a vector decides, its entry that changes first, from 0; else −1.
        proved: Whether the matching is proved the best at these levels.
        for_people: Whether scores are hundredths of the 0–100 that people see.
    """

    mentor_ids: tuple[str, ...]
    mentee_ids: tuple[str, ...]
    levels: tuple[str, ...]
    cost: IntArray
    known: IntArray
    state: npt.NDArray[np.int8]
    decides: IntArray
    entry: IntArray
    proved: bool
    for_people: bool

    def of(self, mentor: str, mentee: str) -> ForcedPair:
        """One pair's price.

        Raises:
            KeyError: there is no such mentor or mentee.
        """
        i, j = _place(self.mentor_ids, mentor), _place(self.mentee_ids, mentee)
        known, decides, entry = (int(a[i, j]) for a in (self.known, self.decides, self.entry))
        return ForcedPair(
            mentor,
            mentee,
            CellState(int(self.state[i, j])),
            dict(zip(self.levels[:known], self.cost[i, j, :known].tolist(), strict=True)),
            None if decides < 0 else self.levels[decides],
            None if entry < 0 else entry,
        )


def _place(ids: tuple[str, ...], person: str) -> int:
    if person not in ids:
        raise unknown_person(person, ids)
    return ids.index(person)


def forcing_cells(
    question: Question,
    clock: Clock,
    *,
    for_people: bool = False,
    progress: Report | None = None,
    executor: Executor | None = None,
) -> ForcingCells:
    """The price of every pair there was time for; see ``Matching.forcing_cost``."""
    table = Table.of(question, clock)
    asked = int(np.count_nonzero(table.state == CellState.COMPUTED))
    rest = np.flatnonzero(table.state == CellState.OPEN).tolist()
    total, done = asked + len(rest), asked

    def told(count: int) -> None:
        nonlocal done
        done += count
        if progress is not None:
            progress(done, total)

    told(0)
    for pair, other in settled_together(question, table.passed, rest, clock):
        table.take(pair, answer_of(question, other))
        told(1)
    rest = [pair for pair in rest if table.state[pair] == CellState.OPEN]
    for pair, found in answers(question, rest, clock, executor, told):
        table.take(pair, found)
    return table.cells(for_people=for_people)


@dataclass(slots=True)
class Table:
    """What is known so far, per acceptable pair.

    Attributes:
        question: What is asked.
        state: (E,) ``OPEN`` where it is still to be solved.
        cost: (E, levels).
        known: (E,) how many levels are exact.
        entry: (E,) of a vector that decides, which entry.
        passed: For how many levels, from the first, one pass gave every pair's cost.
    """

    question: Question
    state: npt.NDArray[np.int8]
    cost: IntArray
    known: IntArray
    entry: IntArray
    passed: int = 0

    @classmethod
    def of(cls, question: Question, clock: Clock, pairs: IntArray | None = None) -> Table:
        """What is known without solving: pairs made, impossible ones, and what one pass tells.

        With ``pairs``, all those of one person, it is about these alone: the others stay open.
        """
        instance, levels = question.instance, len(question.levels)
        state = np.full(instance.n_pairs, CellState.IMPOSSIBLE, dtype=np.int8)
        state[undecided(instance)] = CellState.OPEN
        made = np.asarray(question.made, dtype=np.int64)
        state[made] = CellState.MADE
        known = np.zeros(instance.n_pairs, dtype=np.int64)
        known[made] = levels
        table = cls(
            question,
            state,
            np.zeros((instance.n_pairs, levels), dtype=np.int64),
            known,
            np.full(instance.n_pairs, -1, dtype=np.int64),
        )
        table._pass(clock, pairs)
        return table

    def _pass(self, clock: Clock, pairs: IntArray | None) -> None:
        """The linear levels at the front settle every pair at which one of them gets worse.

        Not where hard quotas bind, where the matching is not the best at these levels, nor where
        their sums are too large: then every pair is solved again.
        """
        question = self.question
        first = linear_prefix(question.instance, question.levels)
        settled = self.state == CellState.OPEN
        if pairs is not None:
            settled &= np.isin(np.arange(len(settled)), pairs)
        if first:
            about = question.instance, question.made, first
            try:
                cost = (
                    forcing_costs(*about, clock)
                    if pairs is None
                    else forcing_costs_of(*about, pairs, clock)
                )
            except (NegativeCycleError, OutOfTimeError, OverflowError):
                return
            self.cost[:, : len(first)] = cost
            self.passed = len(first)
        settled &= self._settled(len(first))
        self.state[settled] = CellState.COMPUTED
        self.known[settled] = len(first)

    def _settled(self, levels: int) -> BoolArray:
        """(E,) pairs of which no more need be known: a level got worse, or there is none after."""
        if levels == len(self.question.levels) and not self._has_hard_quotas:
            return np.ones(len(self.cost), dtype=bool)
        changed: BoolArray = (self.cost != 0).any(axis=1)
        return changed

    @property
    def _has_hard_quotas(self) -> bool:
        return any(quota.price is None for quota in self.question.instance.quotas)

    def take(self, pair: int, found: Answer) -> None:
        """Note what solving again came to."""
        count = len(found.cost)
        self.state[pair] = found.state
        self.cost[pair, :count] = found.cost
        self.known[pair] = count
        self.entry[pair] = found.entry

    def cells(self, *, for_people: bool) -> ForcingCells:
        """As arrays over mentors and mentees."""
        instance, levels = self.question.instance, self.question.levels
        cost = np.zeros((instance.n_mentors, instance.n_mentees, len(levels)), dtype=np.int64)
        cost[instance.mentor, instance.mentee] = self.cost
        state = instance.dense(self.state, CellState.EXCLUDED).astype(np.int8)
        changed = np.argmax(self.cost != 0, axis=1) if levels else self.known
        decides = np.where(self.cost.any(axis=1), changed, -1)
        return ForcingCells(
            mentor_ids=instance.mentor_ids,
            mentee_ids=instance.mentee_ids,
            levels=levels,
            cost=cost,
            known=instance.dense(self.known),
            state=state,
            decides=instance.dense(decides, -1),
            entry=instance.dense(self.entry, -1),
            proved=self.question.proved,
            for_people=for_people,
        )

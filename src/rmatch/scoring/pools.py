"""An index of partners: for each person everybody on the other side, the most plausible first.

Nobody is scored here. What somebody wants is compared with who offers which topics, and where they
work with cells of partners of one profile; a partner stands in the order by the sum of the two.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from rmatch.instance import IntArray
from rmatch.scoring.lots import Lots
from rmatch.scoring.people import People, Side
from rmatch.scoring.profiles import ProfileCells, Profiles
from rmatch.scoring.protocol import TOP
from rmatch.work import count

Levels = npt.NDArray[np.uint8]

_FIRST = 128
"""So many segments are looked at first; a pool is rarely in more."""

_STRIDE = 2**31 - 1
"""A prime: in steps of it every place of a shorter ring comes once."""


@dataclass(frozen=True, eq=False)
class _Runs:
    """Segments (level of topics × cell) in an order, those of one value together.

    Attributes:
        segments: In this order, as level · cells + cell.
        run: The number of the run that each is in.
    """

    segments: IntArray
    run: IntArray


class Pools:
    """For each person of one side, partners in an order from which pools are taken.

    The order is by what topics, specialty and place make of a partner under the weights of the
    settings. Partners whom these make equal stand in an order by lot, another one for each person,
    so that no partner is in everybody's pool.

    Args:
        people: Everyone.
        side: Whose pools.
        lots: Both sides' lots, mentors first.
    """

    def __init__(self, people: People, side: Side, lots: tuple[Lots, Lots]) -> None:
        other: Side = "mentee" if side == "mentor" else "mentor"
        mine, theirs = lots if side == "mentor" else lots[::-1]
        weights = people.programme.settings.all_weights
        self._topic_weight = weights["topics"]
        self._cell_weights = weights["specialty"], weights["place"]
        self._lots = mine
        self._profiles = Profiles.of(people, side)
        self._classes = self._profiles.classes()
        self._cells = ProfileCells.of(Profiles.of(people, other), theirs)
        self._order = np.lexsort((theirs, self._cells.cell))
        self._cell_in_order = self._cells.cell[self._order]
        partners = people.side(other)
        self._offers = _Offers.of([partners[at].offers for at in self._order.tolist()])
        self._wants = [person.wants for person in people.side(side)]
        self._runs: dict[tuple[int, int], _Runs] = {}

    @property
    def partners(self) -> int:
        """How many people there are on the other side."""
        return len(self._order)

    def by_wants(self, persons: IntArray) -> IntArray:
        """The persons in an order in which ``take`` is fastest."""
        keys = [(self._wants[person], person) for person in persons.tolist()]
        return np.array([person for _, person in sorted(keys)], dtype=np.int64)

    def take(self, persons: Sequence[int], start: int, stop: int) -> Iterator[IntArray]:
        """Of each person the partners at places ``start`` to before ``stop`` of their order."""
        wanted: tuple[str, ...] | None = None
        table = None
        for person in persons:
            if table is None or self._wants[person] != wanted:
                wanted = self._wants[person]
                table = self._table(wanted)
            yield table.slice(
                self._runs_of(person, len(wanted or ())), self._lots[person], start, stop
            )

    def _table(self, wants: tuple[str, ...]) -> _Table:
        """All partners by how much of these topics they offer, and by cell."""
        levels = self._offers.levels(wants)
        count(indexed=len(levels))
        cells = self._cells
        by_level = self._order[np.argsort(levels, kind="stable")]
        sizes = np.bincount(
            levels.astype(np.int64) * cells.count + self._cell_in_order,
            minlength=_level_count(len(wants)) * cells.count,
        )
        return _Table(by_level, sizes, np.cumsum(sizes) - sizes)

    def _runs_of(self, person: int, wants: int) -> _Runs:
        key = int(self._classes[person]), wants
        if key not in self._runs:
            cells = self._cells.values(self._profiles, person, self._cell_weights)
            topics = self._topic_weight * _level_values(wants)
            self._runs[key] = _runs((topics[:, None] + cells[None, :]).ravel())
        return self._runs[key]


@dataclass(frozen=True, eq=False)
class _Table:
    """Partners in segments.

    Attributes:
        members: (m,) partners, segment by segment.
        count: (segments,) how many are in each.
        starts: (segments,) where each begins.
    """

    members: IntArray
    count: IntArray
    starts: IntArray

    def slice(self, runs: _Runs, lot: np.uint64, start: int, stop: int) -> IntArray:
        """Places ``start`` to before ``stop`` of the order that the runs make."""
        stop = min(stop, len(self.members))
        if start >= stop:
            return np.zeros(0, dtype=np.int64)
        segments, ends, run_ends = self._first(runs, stop)
        place = np.arange(start, stop)
        run = np.searchsorted(run_ends, place, side="right")
        begin = np.where(run, run_ends[run - 1], 0)
        size = run_ends[run] - begin
        # Around the ring of whom the index cannot tell apart, from a place by lot.
        turn = (place - begin) * _STRIDE % size
        place = begin + (turn + int(lot >> np.uint64(33))) % size
        at = np.searchsorted(ends, place, side="right")
        within = place - np.where(at, ends[at - 1], 0)
        return np.asarray(self.members[self.starts[segments[at]] + within])

    def _first(self, runs: _Runs, stop: int) -> tuple[IntArray, IntArray, IntArray]:
        """The first segments, in whole runs with room for ``stop``; where they and the runs end."""
        size = _FIRST
        while True:
            ends = np.cumsum(self.count[runs.segments[:size]])
            whole = size >= len(runs.segments)
            if whole or (ends[-1] >= stop and runs.run[size - 1] != runs.run[size]):
                break
            # Of the last run all is needed: on to its end, or twice as far.
            end = int(np.searchsorted(runs.run, runs.run[size - 1], side="right"))
            size = end if ends[-1] >= stop else 2 * size
        run = runs.run[: len(ends)]
        last = np.append(run[1:] != run[:-1], [True])
        return runs.segments[: len(ends)], ends, ends[last]


@dataclass(frozen=True, eq=False)
class _Offers:
    """(m,) who offers each topic, and who offers any."""

    by_topic: dict[str, Levels]
    any: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, offers: Sequence[tuple[str, ...]]) -> _Offers:
        """The topics of a side."""
        by_topic: dict[str, Levels] = {}
        for place, held in enumerate(offers):
            for topic in held:
                if topic not in by_topic:
                    by_topic[topic] = np.zeros(len(offers), dtype=np.uint8)
                by_topic[topic][place] = 1
        return cls(by_topic, np.array([bool(held) for held in offers], dtype=bool))

    def levels(self, wants: tuple[str, ...]) -> Levels:
        """(m,) the weight of the wanted topics that each partner offers, or one more than all.

        In the order in which the offers were given.
        """
        levels = np.zeros(len(self.any), dtype=np.uint8)
        for place, topic in enumerate(wants):
            if topic in self.by_topic:
                levels += np.uint8(len(wants) - place) * self.by_topic[topic]
        if wants:
            levels[~self.any] = _level_count(len(wants)) - 1
        return levels


def _level_count(wants: int) -> int:
    """Weights of topics from none to all, and one for partners who offer nothing at all."""
    return wants * (wants + 1) // 2 + 2


def _level_values(wants: int) -> IntArray:
    """(levels,) what each is worth; who offers nothing is taken to be worth half."""
    whole = wants * (wants + 1) // 2
    met = np.arange(whole + 1, dtype=np.int64)
    known = (2 * TOP * met + whole) // (2 * whole) if whole else met
    return np.append(known, TOP // 2)


def _runs(values: IntArray) -> _Runs:
    """The segments from the best value down."""
    order = np.argsort(-values, kind="stable")
    inner = values[order]
    run = np.append(
        np.zeros(min(1, len(order)), dtype=np.int64), np.cumsum(inner[1:] != inner[:-1])
    )
    return _Runs(np.asarray(order, dtype=np.int64), run)

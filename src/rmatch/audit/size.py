"""Is there a larger matching? Augmenting paths, breadth first, capacities on both sides."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from rmatch.audit.declared import IdPair
from rmatch.audit.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Improvement:
    """The most pairs possible, and a path that gains one: mentor, mentee, mentor, …, mentee.

    Along it, the first pair is new, the second is given up, the third is new, and so on.
    """

    size: int
    path: tuple[str, ...]


def improvement_of(outcome: Outcome) -> Improvement | None:
    """How the pairs can grow that need not be made, in the places left by those that must be.

    Not looked for where one of those is missing or does not fit: that is faulted already.
    """
    left = outcome.left
    if left is None:
        return None
    made = [pair for pair in left.made if outcome.pairs[pair].acceptable]
    return larger_matching(left.pairs, left.places, _fitting(left.places, made))


def _fitting(places: Mapping[str, int], pairs: Iterable[IdPair]) -> list[IdPair]:
    """The pairs that fit one after the other."""
    room, fitting = dict(places), []
    for mentor, mentee in pairs:
        if room[mentor] > 0 and room[mentee] > 0:
            fitting.append((mentor, mentee))
            room[mentor] -= 1
            room[mentee] -= 1
    return fitting


def larger_matching(
    acceptable: Collection[IdPair], capacity: Mapping[str, int], pairs: Collection[IdPair]
) -> Improvement | None:
    """How ``pairs`` (acceptable, within capacity) can grow, or ``None`` where they are the most."""
    growing = _Growing(acceptable, capacity, pairs)
    first = growing.path()
    if first is None:
        return None
    path: tuple[str, ...] | None = first
    while path is not None:
        growing.apply(path)
        path = growing.path()
    return Improvement(growing.size, first)


class _Growing:
    """A matching that grows by one pair per path."""

    def __init__(
        self,
        acceptable: Collection[IdPair],
        capacity: Mapping[str, int],
        pairs: Collection[IdPair],
    ) -> None:
        self.open_to: dict[str, list[str]] = {}
        for mentor, mentee in acceptable:
            self.open_to.setdefault(mentor, []).append(mentee)
        self.mentors_of: dict[str, set[str]] = {mentee: set() for _, mentee in acceptable}
        self.room = dict(capacity)
        self.size = 0
        for mentor, mentee in pairs:
            self._add(mentor, mentee)

    def _add(self, mentor: str, mentee: str) -> None:
        self.mentors_of[mentee].add(mentor)
        self.room[mentor] -= 1
        self.room[mentee] -= 1
        self.size += 1

    def _drop(self, mentor: str, mentee: str) -> None:
        self.mentors_of[mentee].remove(mentor)
        self.room[mentor] += 1
        self.room[mentee] += 1
        self.size -= 1

    def path(self) -> tuple[str, ...] | None:
        """A shortest path from a mentor with room to a mentee with room."""
        came_from: dict[str, str | None] = {m: None for m in self.open_to if self.room[m] > 0}
        queue = list(came_from)
        for mentor in queue:
            for mentee in self.open_to[mentor]:
                if mentee in came_from or mentor in self.mentors_of[mentee]:
                    continue
                came_from[mentee] = mentor
                if self.room[mentee] > 0:
                    return _traced(came_from, mentee)
                for partner in sorted(self.mentors_of[mentee]):
                    if partner not in came_from:
                        came_from[partner] = mentee
                        queue.append(partner)
        return None

    def apply(self, path: tuple[str, ...]) -> None:
        """Makes every other pair along the path, and gives up those between them."""
        for number in range(1, len(path) - 1, 2):
            self._drop(path[number + 1], path[number])
        for number in range(0, len(path), 2):
            self._add(path[number], path[number + 1])


def _traced(came_from: Mapping[str, str | None], end: str) -> tuple[str, ...]:
    path: list[str] = []
    step: str | None = end
    while step is not None:
        path.append(step)
        step = came_from[step]
    return tuple(reversed(path))

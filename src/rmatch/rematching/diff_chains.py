"""How changed pairs hang together: chains of moves, each in the order in which it can be told."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rmatch.rematching.diff_records import Cause, Chain, PairIds


class ChangeGraph:
    """Changed pairs, and who has them in common.

    Args:
        lost: Old pairs that are gone.
        made: New pairs.
    """

    def __init__(self, lost: Sequence[PairIds], made: Sequence[PairIds]) -> None:
        self.edges: list[tuple[bool, PairIds]] = [
            *((False, pair) for pair in lost),
            *((True, pair) for pair in made),
        ]
        self._at: dict[str, list[int]] = {}
        for k, (_, pair) in enumerate(self.edges):
            for person in pair:
                self._at.setdefault(person, []).append(k)
        self.people = frozenset(self._at)
        self.groups = self._groups()

    def _groups(self) -> list[tuple[str, ...]]:
        """People who hang together, each group in the order of its first change."""
        seen: set[str] = set()
        groups = []
        for person in self._at:
            if person not in seen:
                group = tuple(self.distances([person]))
                seen |= set(group)
                groups.append(group)
        return groups

    def distances(self, start: Iterable[str]) -> dict[str, int]:
        """How many changes away everybody is, nearest first."""
        found = dict.fromkeys((person for person in start if person in self._at), 0)
        queue = deque(found)
        while queue:
            person = queue.popleft()
            for k in self._at[person]:
                for other in self.edges[k][1]:
                    if other not in found:
                        found[other] = found[person] + 1
                        queue.append(other)
        return found

    def ends(self, group: Sequence[str]) -> list[str]:
        """Those of a group with one change alone: where a chain can begin."""
        return [person for person in group if len(self._at[person]) == 1]

    def walk(self, starts: Sequence[Sequence[str]]) -> Iterator[int]:
        """Every change that can be reached, each followed by what it led to.

        Whoever lost somebody gets somebody, and whoever got somebody lost somebody: so kinds take
        turns wherever they can.

        Args:
            starts: Where to begin: people, or the two of a changed pair.
        """
        seen: set[int] = set()
        todo: list[tuple[int, str]] = []
        for start in reversed(starts):
            todo += [(k, person) for person in start for k in self._from(person, is_new=True)]
            todo += [(k, start[0]) for k in self._at[start[0]] if set(self.edges[k][1]) == {*start}]
        while todo:
            k, person = todo.pop()
            if k in seen:
                continue
            seen.add(k)
            yield k
            is_new, pair = self.edges[k]
            other = pair[1] if person == pair[0] else pair[0]
            todo += [(i, person) for i in self._from(person, is_new=is_new) if i not in seen]
            todo += [(i, other) for i in self._from(other, is_new=is_new) if i not in seen]

    def _from(self, person: str, *, is_new: bool) -> list[int]:
        """Changes of a person for a stack: those of the other kind than the last come off first."""
        return sorted(self._at[person], key=lambda k: (self.edges[k][0] != is_new, -k))


def chain_of(
    graph: ChangeGraph, group: tuple[str, ...], causes: Sequence[Cause], nothing: Cause
) -> Chain:
    """One chain, from what came from outside on.

    Args:
        graph: All changes.
        group: Who hangs together.
        causes: All that came from outside.
        nothing: What it is put down to where nothing did.
    """
    members = set(group)
    mine = tuple(cause for cause in causes if members & set(cause.people))
    starts = [[person for person in cause.people if person in members] for cause in mine]
    order = graph.walk(starts or [graph.ends(group)[:1] or group[:1]])
    return Chain(mine or (nothing,), tuple(graph.edges[k] for k in order))


def nearest_causes(
    graph: ChangeGraph, group: Sequence[str], causes: Sequence[Cause]
) -> Mapping[str, Cause]:
    """For everybody of a chain the nearest of its causes; of equally near ones the first."""
    away = [graph.distances(cause.people) for cause in causes]
    far = len(graph.edges) + 1
    return {
        person: causes[min(range(len(causes)), key=lambda k: away[k].get(person, far))]
        for person in group
    }

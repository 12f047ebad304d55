"""What is different between two matchings of a programme, and why: facts, before any words.

Pairs that went and pairs that came form chains: two of them hang together where they share a
person. In every chain something came from outside: somebody withdrew or joined, a pair became
excluded or was stated, a place more or fewer. Each change of the chain is put down to the nearest
of these; a chain without any came from other answers or settings.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

PairIds: TypeAlias = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Half:
    """One side of a pair: what it is worth to the person, and how high the partner stands."""

    score: float
    rank: int
    is_stated: bool


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A matching as the diff sees it.

    Attributes:
        people: Id → places, mentors first.
        mentors: Ids of the mentors.
        pairs: (mentor, mentee) → its score and both sides.
        excluded: Codes of what excludes a pair of people who are there; empty where it is allowed.
        stated: Pairs that must be made.
    """

    people: Mapping[str, int]
    mentors: frozenset[str]
    pairs: Mapping[PairIds, tuple[float, Half, Half]]
    excluded: Callable[[str, str], tuple[str, ...]]
    stated: frozenset[PairIds] = frozenset()


class ChangeKind(StrEnum):
    """What happened to somebody."""

    MOVED = "moved"
    """Another partner, or one more or fewer."""
    MATCHED = "matched"
    """A partner, and none before."""
    UNMATCHED = "unmatched"
    """No partner any more."""
    JOINED = "joined"
    """Not there before; with or without a partner now."""
    WITHDREW = "withdrew"
    """Not there any more."""


class CauseKind(StrEnum):
    """What came from outside."""

    WITHDREW = "withdrew"
    EXCLUDED = "excluded"
    STATED = "stated"
    PLACES = "places"
    JOINED = "joined"
    REBALANCED = "rebalanced"
    """Nothing of these: other answers, weights or settings."""


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a chain of changes began.

    Attributes:
        kind: What it was.
        people: Whom it concerns: one person, the two of a pair, or nobody.
        codes: Of what excludes the pair now.
    """

    kind: CauseKind
    people: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What changed for one person.

    Attributes:
        person: Who.
        kind: What happened to them.
        before: Their partners before.
        after: Their partners now.
        lost: What they gave up, partner by partner.
        gained: What they got.
        cause: What it goes back to.
    """

    person: str
    kind: ChangeKind
    before: tuple[str, ...]
    after: tuple[str, ...]
    lost: tuple[tuple[str, Half], ...]
    gained: tuple[tuple[str, Half], ...]
    cause: Cause


@dataclass(frozen=True, slots=True)
class Chain:
    """Changes that hang together, in the order in which one led to the next.

    Attributes:
        causes: What came from outside.
        steps: (is new, pair) from the first cause on.
    """

    causes: tuple[Cause, ...]
    steps: tuple[tuple[bool, PairIds], ...]


@dataclass(frozen=True, slots=True)
class Diff:
    """What is different, pair by pair and person by person; ``str()`` says it in words.

    Attributes:
        kept: Pairs of both matchings.
        broken: Old pairs of two people who are still there, still allowed, and not made now.
        ended: Old pairs of whom somebody is not there any more.
        excluded: Old pairs of two people who are still there that are not allowed any more.
        made: New pairs.
        changes: By person, mentors first.
        chains: How the changes hang together.
    """

    kept: tuple[PairIds, ...]
    broken: tuple[PairIds, ...]
    ended: tuple[PairIds, ...]
    excluded: tuple[PairIds, ...]
    made: tuple[PairIds, ...]
    changes: tuple[Change, ...]
    chains: tuple[Chain, ...]
    text: str = field(default="", repr=False)

    def __str__(self) -> str:
        return self.text


def diff(new: Snapshot, old: Snapshot) -> Diff:
    """What changed from one matching to another.

    Args:
        new: The later one.
        old: The earlier one.
    """
    lost = [pair for pair in old.pairs if pair not in new.pairs]
    made = [pair for pair in new.pairs if pair not in old.pairs]
    kinds = {pair: _fate(pair, new) for pair in lost}
    graph = _Graph(lost, made)
    causes = _causes(new, old, lost, made, graph.people)
    chains = tuple(_chain(graph, group, causes) for group in graph.groups)
    nearest = {
        person: cause
        for chain, group in zip(chains, graph.groups, strict=True)
        for person, cause in _nearest(graph, group, chain.causes, causes).items()
    }
    return Diff(
        kept=tuple(pair for pair in old.pairs if pair in new.pairs),
        broken=tuple(pair for pair in lost if kinds[pair] == "broken"),
        ended=tuple(pair for pair in lost if kinds[pair] == "ended"),
        excluded=tuple(pair for pair in lost if kinds[pair] == "excluded"),
        made=tuple(made),
        changes=tuple(_changes(new, old, nearest)),
        chains=chains,
    )


def _fate(pair: PairIds, new: Snapshot) -> str:
    if not all(person in new.people for person in pair):
        return "ended"
    return "excluded" if new.excluded(*pair) else "broken"


# ------------------------------------------------------------------------------------------ chains


class _Graph:
    """Changed pairs, and who has them in common."""

    def __init__(self, lost: Sequence[PairIds], made: Sequence[PairIds]) -> None:
        self.edges: list[tuple[bool, PairIds]] = [
            *((False, pair) for pair in lost),
            *((True, pair) for pair in made),
        ]
        self.at: dict[str, list[int]] = {}
        for k, (_, pair) in enumerate(self.edges):
            for person in pair:
                self.at.setdefault(person, []).append(k)
        self.people = frozenset(self.at)
        self.groups = self._groups()

    def _groups(self) -> list[tuple[str, ...]]:
        """People who hang together, each group in the order of its first change."""
        seen: set[str] = set()
        groups = []
        for person in self.at:
            if person not in seen:
                group = tuple(self.distances([person]))
                seen |= set(group)
                groups.append(group)
        return groups

    def distances(self, start: Iterable[str]) -> dict[str, int]:
        """How many changes away everybody is, nearest first."""
        found = dict.fromkeys(start, 0)
        queue = deque(found)
        while queue:
            person = queue.popleft()
            for k in self.at.get(person, ()):
                for other in self.edges[k][1]:
                    if other not in found:
                        found[other] = found[person] + 1
                        queue.append(other)
        return found


def _causes(
    new: Snapshot,
    old: Snapshot,
    lost: Sequence[PairIds],
    made: Sequence[PairIds],
    touched: frozenset[str],
) -> list[Cause]:
    """Everything from outside that touches a change, the most telling kind first."""
    gone = [Cause(CauseKind.WITHDREW, (p,)) for p in old.people if p not in new.people]
    out = [
        Cause(CauseKind.EXCLUDED, pair, new.excluded(*pair))
        for pair in lost
        if _fate(pair, new) == "excluded"
    ]
    stated = [Cause(CauseKind.STATED, pair) for pair in made if pair in new.stated]
    places = [
        Cause(CauseKind.PLACES, (person,))
        for person, count in new.people.items()
        if person in old.people and old.people[person] != count
    ]
    come = [Cause(CauseKind.JOINED, (p,)) for p in new.people if p not in old.people]
    return [
        cause
        for cause in (*gone, *out, *stated, *places, *come)
        if any(person in touched for person in cause.people)
    ]


_NOTHING = Cause(CauseKind.REBALANCED)


def _chain(graph: _Graph, group: tuple[str, ...], causes: Sequence[Cause]) -> Chain:
    """One chain, from what came from outside on."""
    members = set(group)
    mine = tuple(cause for cause in causes if members & set(cause.people)) or (_NOTHING,)
    start = [person for cause in mine for person in cause.people if person in members]
    order = graph.distances(start or group[:1])
    edges = {k for person in group for k in graph.at[person]}

    def place(k: int) -> tuple[int, int, bool, PairIds]:
        is_new, pair = graph.edges[k]
        away = sorted(order[person] for person in pair)
        return away[0], away[1], is_new, pair

    return Chain(mine, tuple(graph.edges[k] for k in sorted(edges, key=place)))


def _nearest(
    graph: _Graph, group: tuple[str, ...], mine: Sequence[Cause], causes: Sequence[Cause]
) -> dict[str, Cause]:
    """For everybody of a chain the nearest of its causes; of equally near ones the first."""
    if not set(mine) & set(causes):
        return dict.fromkeys(group, _NOTHING)
    away = [graph.distances(p for p in cause.people if p in graph.at) for cause in mine]
    return {
        person: mine[min(range(len(mine)), key=lambda k: away[k].get(person, len(graph.edges) + 1))]
        for person in group
    }


# ----------------------------------------------------------------------------------------- changes


def _changes(new: Snapshot, old: Snapshot, nearest: Mapping[str, Cause]) -> Iterable[Change]:
    for person in dict.fromkeys((*_in_order(new), *_in_order(old))):
        before, after = _partners(old, person), _partners(new, person)
        kind = _kind(person in old.people, person in new.people, before, after)
        if kind is None:
            continue
        own = {
            ChangeKind.JOINED: Cause(CauseKind.JOINED, (person,)),
            ChangeKind.WITHDREW: Cause(CauseKind.WITHDREW, (person,)),
        }
        yield Change(
            person=person,
            kind=kind,
            before=tuple(before),
            after=tuple(after),
            lost=tuple((p, half) for p, half in before.items() if p not in after),
            gained=tuple((p, half) for p, half in after.items() if p not in before),
            cause=own.get(kind) or nearest.get(person, _NOTHING),
        )


def _in_order(snapshot: Snapshot) -> list[str]:
    mentors = [person for person in snapshot.people if person in snapshot.mentors]
    return [*mentors, *(person for person in snapshot.people if person not in snapshot.mentors)]


def _partners(snapshot: Snapshot, person: str) -> dict[str, Half]:
    found = {}
    for (mentor, mentee), (_, own, other) in snapshot.pairs.items():
        if person == mentor:
            found[mentee] = own
        elif person == mentee:
            found[mentor] = other
    return found


def _kind(
    was_there: bool, is_there: bool, before: Mapping[str, Half], after: Mapping[str, Half]
) -> ChangeKind | None:
    if not was_there:
        return ChangeKind.JOINED
    if not is_there:
        return ChangeKind.WITHDREW
    if set(before) == set(after):
        return None
    if not before:
        return ChangeKind.MATCHED
    return ChangeKind.MOVED if after else ChangeKind.UNMATCHED

"""What is different between two matchings of a programme, and why: facts, before any words.

Pairs that went and pairs that came form chains: two of them hang together where they share a
person. In every chain something came from outside: somebody withdrew or joined, a pair became
excluded, allowed or stated, a place more or fewer. Each change of the chain is put down to the
nearest of these; a chain without any came from other answers or settings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from rmatch.rematching.diff_chains import ChangeGraph, chain_of, nearest_causes
from rmatch.rematching.diff_records import (
    Cause,
    CauseKind,
    Change,
    ChangeKind,
    Diff,
    Half,
    PairIds,
    Snapshot,
)

__all__ = ["Cause", "CauseKind", "Change", "ChangeKind", "Diff", "Half", "Snapshot", "diff"]


def diff(new: Snapshot, old: Snapshot) -> Diff:
    """What changed from one matching to another.

    Args:
        new: The later one.
        old: The earlier one.
    """
    lost = [pair for pair in old.pairs if pair not in new.pairs]
    made = [pair for pair in new.pairs if pair not in old.pairs]
    over = new.over | old.over
    fates = {pair: _fate(pair, new, over) for pair in lost}
    graph = ChangeGraph(lost, made)
    nothing = Cause(CauseKind.REBALANCED, otherwise=new.otherwise)
    causes = [
        cause
        for cause in _causes(new, old, fates, made)
        if any(person in graph.people for person in cause.people)
    ]
    chains = tuple(chain_of(graph, group, causes, nothing) for group in graph.groups)
    nearest = {
        person: cause
        for chain, group in zip(chains, graph.groups, strict=True)
        for person, cause in nearest_causes(graph, group, chain.causes).items()
    }
    every = {**old.pairs, **new.pairs}
    return Diff(
        kept=tuple(pair for pair in old.pairs if pair in new.pairs),
        broken=tuple(pair for pair in lost if fates[pair] == "broken"),
        ended=tuple(pair for pair in lost if fates[pair] == "ended"),
        excluded=tuple(pair for pair in lost if fates[pair] == "excluded"),
        made=tuple(made),
        changes=tuple(_changes(new, old, nearest, nothing)),
        chains=chains,
        scores={pair: score for pair, (score, _, _) in every.items()},
    )


def _fate(pair: PairIds, new: Snapshot, over: Collection[PairIds]) -> str:
    if not all(person in new.people for person in pair):
        return "ended"
    if new.excluded(*pair):
        return "excluded"
    return "ended" if pair in over else "broken"


# ------------------------------------------------------------------------------------------ causes


def _causes(
    new: Snapshot, old: Snapshot, fates: Mapping[PairIds, str], made: Sequence[PairIds]
) -> Iterator[Cause]:
    """Everything that came from outside, the most telling kind first."""
    yield from (Cause(CauseKind.WITHDREW, (p,)) for p in old.people if p not in new.people)
    for pair, fate in fates.items():
        if fate == "excluded":
            yield Cause(CauseKind.EXCLUDED, pair, new.excluded(*pair))
        elif fate == "ended" and all(person in new.people for person in pair):
            yield Cause(CauseKind.OVER, pair)
    for pair in made:
        if pair in new.stated and pair not in old.stated:
            yield Cause(CauseKind.STATED, pair)
    yield from _newly_allowed(old, made)
    yield from _other_places(new, old)
    yield from (Cause(CauseKind.JOINED, (p,)) for p in new.people if p not in old.people)


def _newly_allowed(old: Snapshot, made: Iterable[PairIds]) -> Iterator[Cause]:
    for pair in made:
        if all(person in old.people for person in pair) and (codes := old.excluded(*pair)):
            yield Cause(CauseKind.ALLOWED, pair, codes)


def _other_places(new: Snapshot, old: Snapshot) -> Iterator[Cause]:
    """Numbers of places that one of the two matchings could not have had."""
    for person, places in new.people.items():
        before = old.people.get(person, places)
        if len(_partners(old, person)) > places or len(_partners(new, person)) > before:
            yield Cause(CauseKind.PLACES, (person,), places=(before, places))


# ----------------------------------------------------------------------------------------- changes


def _changes(
    new: Snapshot, old: Snapshot, nearest: Mapping[str, Cause], nothing: Cause
) -> Iterable[Change]:
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
            cause=own.get(kind) or nearest.get(person, nothing),
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

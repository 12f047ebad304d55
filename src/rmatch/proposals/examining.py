"""What was moved, what each move breaks and costs, and what undoing it alone would give."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from rmatch.explaining.records import Pair
from rmatch.explaining.why_not import excluded_by
from rmatch.instance import Instance
from rmatch.proposals.decided import how_far, kept_statements, ruled_out
from rmatch.proposals.records import EditedPairs, Move, Overrun, PairIds, PutIn, TakenOut, Undone
from rmatch.proposals.weighing import Weighed, level_changes
from rmatch.rematching.diff_chains import ChangeGraph
from rmatch.rematching.replay import State
from rmatch.scoring import PairScores

NOT_ACCEPTABLE = "not_acceptable"
"""What excludes a pair of an instance that was made without people."""


@dataclass(frozen=True)
class Case:
    """A matching, and the pairs that somebody made of it.

    Attributes:
        instance: What was solved.
        scores: Where the points came from; ``None`` for an instance made without people.
        made: The matching's pairs.
        edited: The pairs to look at, by id, each once.
        levels: Names of the levels, without the tie-break.
        pair_of: A pair of the instance as it is shown, by its index.
        state: What was decided.
        reveal: Whether vetoes and confidential rules go by their own codes.
    """

    instance: Instance
    scores: PairScores | None
    made: Sequence[PairIds]
    edited: tuple[PairIds, ...]
    levels: tuple[str, ...]
    pair_of: Callable[[int], Pair]
    state: State
    reveal: bool = False

    @cached_property
    def before(self) -> Weighed:
        """The matching."""
        return Weighed(self.instance, tuple(self.made), self.levels)

    @cached_property
    def after(self) -> Weighed:
        """The pairs to look at."""
        return Weighed(self.instance, self.edited, self.levels)

    @cached_property
    def blocking(self) -> tuple[tuple[PairIds, ...], tuple[PairIds, ...]]:
        """Pairs that block now and did not, and the other way round."""
        return _blocking(self.before, self.after)

    @cached_property
    def now_blocking(self) -> Mapping[str, tuple[PairIds, ...]]:
        """Person → the pairs with them that block now and did not."""
        found: dict[str, list[PairIds]] = {}
        for pair in self.blocking[0]:
            for person in pair:
                found.setdefault(person, []).append(pair)
        return {person: tuple(pairs) for person, pairs in found.items()}

    @property
    def starts(self) -> date | None:
        """When the programme starts."""
        return None if self.scores is None else self.scores.programme.settings.starts


def examined(case: Case) -> EditedPairs:
    """Everything about the edited pairs but their words and their matching."""
    before, after = case.before, case.after
    made, edited = set(before.pairs), set(after.pairs)
    graph = ChangeGraph(
        [pair for pair in before.pairs if pair not in edited],
        [pair for pair in after.pairs if pair not in made],
    )
    overruns = _overruns(case)
    moves = tuple(_move(case, graph, group, overruns) for group in graph.groups)
    new, gone = case.blocking
    units = before.unkept, after.unkept
    names = [name for name in {**units[0], **units[1]} if units[0].get(name) != units[1].get(name)]
    return EditedPairs(
        pairs=case.edited,
        moves=moves,
        broken=(*after.broken, *_no_longer_kept(case)),
        over=tuple(
            pair
            for pair in after.pairs
            if pair in made and ruled_out(case.state, pair, case.starts)
        ),
        unkept={name: (units[0].get(name, 0), units[1].get(name, 0)) for name in names},
        levels=level_changes(before.values, after.values),
        blocking_new=new,
        blocking_gone=gone,
    )


def _overruns(case: Case) -> tuple[Overrun, ...]:
    """Who has more partners than places; of those who were moved, also than the ledger says."""
    had, has = case.before.partners, case.after.partners
    return case.after.overruns(
        {
            person: places
            for person, places in case.state.capacities.items()
            if set(had.get(person, ())) != set(has.get(person, ()))
        }
    )


def _blocking(before: Weighed, after: Weighed) -> tuple[tuple[PairIds, ...], tuple[PairIds, ...]]:
    """Pairs that block now and did not, and the other way round; none where it cannot be told."""
    if not (before.counts and after.counts):
        return (), ()
    old, new = set(before.blocking), set(after.blocking)
    return (
        tuple(pair for pair in after.blocking if pair not in old),
        tuple(pair for pair in before.blocking if pair not in new),
    )


def _no_longer_kept(case: Case) -> tuple[str, ...]:
    """Decisions to keep a pair that the matching heeds and the edited pairs do not."""
    before = set(kept_statements(case.state, case.before.pairs))
    return tuple(k for k in kept_statements(case.state, case.after.pairs) if k not in before)


def _move(
    case: Case, graph: ChangeGraph, group: Sequence[str], overruns: Iterable[Overrun]
) -> Move:
    members = set(group)
    edges = [edge for edge in graph.edges if members & set(edge[1])]
    out = [pair for is_new, pair in edges if not is_new]
    into = [pair for is_new, pair in edges if is_new]
    had, has = case.before.partners, case.after.partners
    everybody = [p for p in (*case.instance.mentor_ids, *case.instance.mentee_ids) if p in members]
    return Move(
        taken_out=tuple(_taken_out(case, pair) for pair in out),
        put_in=tuple(_put_in(case, pair) for pair in into),
        left=tuple(person for person in everybody if person in had and person not in has),
        gained=tuple(person for person in everybody if person in has and person not in had),
        overruns=tuple(one for one in overruns if one.person in members),
        undone=_undone(case, set(out), set(into)) if len(graph.groups) > 1 else None,
    )


def _taken_out(case: Case, pair: PairIds) -> TakenOut:
    index = case.before.index[pair]
    assert index is not None  # noqa: S101 - it was made, so it is allowed
    shown = case.pair_of(index)
    return TakenOut(
        *pair,
        score=shown.score,
        mentor_rank=shown.mentor_rank,
        mentee_rank=shown.mentee_rank,
        mentor_stated=shown.mentor_stated,
        mentee_stated=shown.mentee_stated,
        decided=how_far(case.state, pair),
    )


def _put_in(case: Case, pair: PairIds) -> PutIn:
    index = case.after.index[pair]
    decided = ruled_out(case.state, pair, case.starts, reveal=case.reveal)
    scores = case.scores
    blocking = [one for person in pair for one in case.now_blocking.get(person, ())]
    facts = PutIn(
        *pair,
        warned=() if scores is None else scores.warned(*pair, reveal=case.reveal),
        unchecked=() if scores is None else scores.unknown(*pair, reveal=case.reveal),
        blocking=tuple(dict.fromkeys(blocking)),
    )
    if index is None:
        codes = excluded_by(scores, pair, reveal=case.reveal) or (NOT_ACCEPTABLE,)
        score = None if scores is None else scores.points_of(*pair) / 100
        return replace(facts, broken=tuple(dict.fromkeys((*codes, *decided))), score=score)
    shown = case.pair_of(index)
    return replace(
        facts,
        broken=decided,
        score=shown.score,
        mentor_rank=shown.mentor_rank,
        mentee_rank=shown.mentee_rank,
        mentor_stated=shown.mentor_stated,
        mentee_stated=shown.mentee_stated,
    )


def _undone(case: Case, out: set[PairIds], into: set[PairIds]) -> Undone:
    """The edited pairs without one move: its people have again whom they had."""
    rest = tuple(pair for pair in case.edited if pair not in into)
    without = replace(case, edited=(*rest, *(p for p in case.before.pairs if p in out)))
    _, gone = _blocking(case.after, without.after)
    return Undone(
        legal=_is_legal(without),
        levels=level_changes(case.after.values, without.after.values),
        blocking=gone,
    )


def _is_legal(case: Case) -> bool:
    """Whether nothing at all is broken; the same as ``EditedPairs.legal``."""
    made = set(case.before.pairs)
    after = case.after
    return (
        None not in after.index.values()
        and not _overruns(case)
        and not after.broken
        and not _no_longer_kept(case)
        and not any(ruled_out(case.state, p, case.starts) for p in after.pairs if p not in made)
    )

"""What a matching claims, handed to the audit as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import repeat

from rmatch.audit import (
    Claim,
    ClaimedPair,
    ClaimedPrices,
    Given,
    ListedPair,
    Place,
    QuotaRow,
    Roster,
    Stated,
)
from rmatch.certificate import Cut, Prices
from rmatch.instance import Instance, IntArray, Quota
from rmatch.scoring import PairScores
from rmatch.scoring.facts import Bits
from rmatch.scoring.people import Side
from rmatch.scoring.protocol import Values
from rmatch.solution import Solution


def claim_of(
    instance: Instance,
    solution: Solution,
    scores: PairScores | None,
    *,
    seed: int,
    unmatched: tuple[str, ...],
    blocking_pairs: tuple[tuple[str, str], ...],
) -> Claim:
    """Everything a matching claims about itself, in integer units."""
    pairs = _claimed_pairs(instance, solution.chosen, scores)
    return Claim(
        pairs=tuple(pairs),
        unmatched=unmatched,
        blocking_pairs=blocking_pairs,
        objectives=solution.objectives,
        optimal=solution.status == "optimal",
        order=tuple(level.name for level in solution.levels),
        tie_break_seed=seed,
        questions=None if scores is None else _marked(pairs, scores.unknown),
        warnings=None if scores is None else _marked(pairs, scores.warned),
        waived=None if scores is None else _waived(pairs, scores),
        cut=_claimed_cut(instance, solution.certificate.cut),
        prices=_claimed_prices(instance, solution.certificate.prices),
    )


def _claimed_cut(instance: Instance, cut: Cut | None) -> tuple[str, ...] | None:
    if cut is None:
        return None
    return (
        *(instance.mentor_ids[i] for i in cut.mentors),
        *(instance.mentee_ids[j] for j in cut.mentees),
    )


def _claimed_prices(instance: Instance, prices: Prices | None) -> ClaimedPrices | None:
    if prices is None:
        return None
    of = dict(zip(instance.mentor_ids, prices.mentors, strict=True))
    return ClaimedPrices(
        prices.levels, of | dict(zip(instance.mentee_ids, prices.mentees, strict=True))
    )


def _claimed_pairs(
    instance: Instance, chosen: Sequence[int], scores: PairScores | None
) -> list[ClaimedPair]:
    ids = [_ids_of(instance, index) for index in chosen]
    breakdowns = repeat(None, len(ids)) if scores is None else scores.breakdowns(ids)
    return [_claimed_pair(instance, *one) for one in zip(chosen, ids, breakdowns, strict=True)]


def _claimed_pair(
    instance: Instance,
    index: int,
    ids: tuple[str, str],
    breakdown: Mapping[str, tuple[int | None, int | None]] | None,
) -> ClaimedPair:
    mentor, mentee = ids
    return ClaimedPair(
        mentor=mentor,
        mentee=mentee,
        score=int(instance.score[index]),
        mentor_score=int(instance.mentor_score[index]),
        mentee_score=int(instance.mentee_score[index]),
        mentor_rank=int(instance.mentor_rank[index]),
        mentee_rank=int(instance.mentee_rank[index]),
        breakdown=breakdown,
    )


def _marked(
    pairs: Sequence[ClaimedPair], codes: Callable[..., tuple[str, ...]]
) -> tuple[tuple[str, str, str], ...]:
    """(code, mentor, mentee) for every code of a made pair, under its own name."""
    return tuple(
        (code, pair.mentor, pair.mentee)
        for pair in pairs
        for code in codes(pair.mentor, pair.mentee, reveal=True)
    )


def _waived(pairs: Sequence[ClaimedPair], scores: PairScores) -> tuple[tuple[str, str, str], ...]:
    """(code, mentor, mentee) for every rule that a waiver kept from counting for a made pair."""
    return tuple(
        (code, pair.mentor, pair.mentee)
        for pair in pairs
        for code in scores.waived(pair.mentor, pair.mentee)
    )


def given_by(scores: PairScores) -> Given | None:
    """Values of custom criteria and rules, which the audit cannot recompute."""
    criteria, rules = scores.custom
    if not criteria and not rules:
        return None
    names = {criterion.name for criterion in criteria}
    marks = scores.rules
    return Given(
        criteria={
            values.name: (values.weight, _side(values.values), _values_at(scores, values.name))
            for values in scores.criteria
            if values.name in names
        },
        rules={
            rule.code: (
                rule.severity,
                _marked_pairs(scores, rule.code, marks.hard | marks.warn, marks.waived),
            )
            for rule in rules
        },
        unknown={
            rule.code: _marked_pairs(scores, rule.code, marks.unknown, marks.unasked)
            for rule in rules
        },
    )


def _side(values: Mapping[Side, Values]) -> str:
    return "both" if len(values) == 2 else next(iter(values))


def _values_at(
    scores: PairScores, name: str
) -> Callable[[str, str], tuple[int | None, int | None]]:
    def values(mentor: str, mentee: str) -> tuple[int | None, int | None]:
        own, other = scores.breakdown(mentor, mentee)[name]
        return (
            own if own is not None and scores.is_stated(name, "mentor", mentor, mentee) else None,
            other
            if other is not None and scores.is_stated(name, "mentee", mentor, mentee)
            else None,
        )

    return values


def _marked_pairs(
    scores: PairScores, code: str, marks: Bits, set_aside: Mapping[tuple[int, int], int]
) -> frozenset[tuple[str, str]]:
    """The pairs with this rule's mark, those of a waiver too: the audit waives by itself."""
    bit = 1 << scores.rules.codes.index(code) if code in scores.rules.codes else 0
    mentors, mentees = scores.programme.mentors, scores.programme.mentees
    pairs = [*scores.pairs_at((marks & bit).nonzero())]
    pairs += [pair for pair, bits in set_aside.items() if bits & bit]
    return frozenset((mentors[i].id, mentees[j].id) for i, j in pairs)


def id_pairs(instance: Instance) -> Iterator[tuple[str, str]]:
    """The pairs of an instance by id, for its audit."""
    mentors, mentees = instance.mentor_ids, instance.mentee_ids
    ends = zip(instance.mentor.tolist(), instance.mentee.tolist(), strict=True)
    return ((mentors[i], mentees[j]) for i, j in ends)


def roster_of(instance: Instance) -> Roster:
    """The two sides of an instance, for its audit."""
    return Roster(
        _places(instance.mentor_ids, instance.mentor_capacity, instance.mentor_priority),
        _places(instance.mentee_ids, instance.mentee_capacity, instance.mentee_priority),
    )


def _places(ids: Sequence[str], capacity: IntArray, priority: IntArray) -> tuple[Place, ...]:
    return tuple(Place(*row) for row in zip(ids, capacity.tolist(), priority.tolist(), strict=True))


def stated_of(instance: Instance) -> Stated:
    """What must, or had better, hold of an instance, for its audit.

    Its capacities are after any maximum load and its pairs without those forbidden.
    """
    forced = instance.forced.nonzero()[0]
    return Stated(
        forced=frozenset(_ids_of(instance, index) for index in forced.tolist()),
        standing=frozenset(
            _ids_of(instance, index) for index in instance.standing.nonzero()[0].tolist()
        ),
        quotas=tuple(_quota_row(instance, quota) for quota in instance.quotas),
        stability=instance.stability,
    )


def _quota_row(instance: Instance, quota: Quota) -> QuotaRow:
    pairs = {_ids_of(instance, k): int(quota.pair[k]) for k in quota.pair.nonzero()[0].tolist()}
    return QuotaRow(
        statement=quota.statement,
        pairs=pairs,
        mentors=dict(zip(instance.mentor_ids, quota.mentor.tolist(), strict=True)),
        mentees=dict(zip(instance.mentee_ids, quota.mentee.tolist(), strict=True)),
        minimum=quota.minimum,
        maximum=quota.maximum,
        price=quota.price,
    )


def _ids_of(instance: Instance, index: int) -> tuple[str, str]:
    mentor, mentee = int(instance.mentor[index]), int(instance.mentee[index])
    return instance.mentor_ids[mentor], instance.mentee_ids[mentee]


def listed_pairs(instance: Instance) -> Iterator[ListedPair]:
    """The acceptable pairs of an instance, for its audit."""
    columns = (
        instance.mentor_rank,
        instance.mentee_rank,
        instance.score,
        instance.mentor_score,
        instance.mentee_score,
        instance.warned,
    )
    for i, j, *values in zip(
        instance.mentor.tolist(),
        instance.mentee.tolist(),
        *(column.tolist() for column in columns),
        strict=True,
    ):
        yield ListedPair(instance.mentor_ids[i], instance.mentee_ids[j], *values)

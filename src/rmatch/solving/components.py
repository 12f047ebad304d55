"""Parts of an instance that share nobody are solved apart, and put together again.

Where every level is a sum over the parts (or, for vectors, a sum of counts), the best of the whole
is the best of every part: orders of objectives compare integer vectors from the left, and adding
vectors keeps such an order. Quotas tie parts together, and so do the larger of two sums, their
difference, and a worst rank.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.certificate import Certificate, Cut, Prices
from rmatch.instance import PAIR_ARRAYS, PERSON_ARRAYS, Instance, IntArray
from rmatch.solution import Level, Solution, Value
from rmatch.solving.objectives import REGISTRY

NOT_A_SUM = frozenset({"prices", "min_regret", "balanced", "side_equal"})
"""Levels of a whole that are not the sum of those of its parts."""

WORTH_IT = 1_000
"""Pairs below which parts are solved together: a search of their own would cost more."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part: its instance, and which of the whole's pairs, mentors and mentees its are."""

    instance: Instance
    pairs: IntArray
    mentors: IntArray
    mentees: IntArray


def parts_of(instance: Instance, levels: Sequence[str]) -> list[Part]:
    """The parts to solve apart, the instance alone where that would not do.

    Smallest first: where time runs out, it does so in as few of them as can be.
    """
    sizes = instance.n_pairs, instance.n_mentors, instance.n_mentees
    whole = [Part(instance, *map(np.arange, sizes))]
    if instance.quotas or NOT_A_SUM & set(levels) or instance.n_pairs < 2 * WORTH_IT:
        return whole
    groups = sorted(_groups(labels(instance)), key=len)
    return whole if len(groups) <= 1 else [_part(instance, pairs) for pairs in groups]


def labels(instance: Instance) -> IntArray:
    """(E,) the part that each pair belongs to: the least of its people's numbers."""
    label = np.arange(instance.n_mentors + instance.n_mentees)
    ends = instance.mentor, instance.n_mentors + instance.mentee
    while True:
        least = np.minimum(label[ends[0]], label[ends[1]])
        before = label.copy()
        for end in ends:
            np.minimum.at(label, end, least)
        label = label[label]
        if np.array_equal(before, label):
            return label[instance.mentor]


def _groups(label: IntArray) -> Iterator[IntArray]:
    """The pairs of every large part, and those of the small ones a good number at a time."""
    order = np.argsort(label, kind="stable")
    starts = np.flatnonzero(np.diff(label[order], prepend=-1))
    parts = np.split(order, starts[1:]) if len(order) else []
    together: list[IntArray] = []
    for part in sorted(parts, key=len, reverse=True):
        together.append(part)
        if sum(map(len, together)) >= WORTH_IT:
            yield np.sort(np.concatenate(together))
            together = []
    if together:
        yield np.sort(np.concatenate(together))


def _part(instance: Instance, pairs: IntArray) -> Part:
    """The instance of some pairs and their people; ranks stay dense, nobody's list is cut."""
    mentors, mentor = np.unique(instance.mentor[pairs], return_inverse=True)
    mentees, mentee = np.unique(instance.mentee[pairs], return_inverse=True)
    columns = {name: getattr(instance, name)[pairs] for name in PAIR_ARRAYS}
    people = {
        name: getattr(instance, name)[mentors if name.startswith("mentor") else mentees]
        for name in PERSON_ARRAYS
    }
    part = Instance.from_pairs(
        **{**columns, "mentor": mentor, "mentee": mentee},
        **people,
        mentor_ids=[instance.mentor_ids[i] for i in mentors.tolist()],
        mentee_ids=[instance.mentee_ids[j] for j in mentees.tolist()],
        stated=instance.stated,
        stability=instance.stability,
    )
    return Part(part, pairs, mentors, mentees)


# Together again -----------------------------------------------------------------------------------


def chosen_of(parts: Sequence[Part], solutions: Sequence[Solution]) -> IntArray:
    """Indices of the whole's pairs that the parts' solutions match, sorted."""
    chosen = [
        part.pairs[np.array(solution.chosen, dtype=np.int64)]
        for part, solution in zip(parts, solutions, strict=True)
    ]
    return np.sort(np.concatenate(chosen))


def level_of(levels: Sequence[Level], value: Value) -> Level:
    """One level of the whole, from that of every part and its value on the whole."""
    proved = all(level.proved for level in levels)
    return Level(
        levels[0].name,
        value,
        value if proved else _bound(levels, value),
        sum(level.seconds for level in levels),
        levels[0].proof if len({level.proof for level in levels}) == 1 else "reported",
    )


def _bound(levels: Sequence[Level], value: Value) -> Value | None:
    """The value, and what every part may still be short of; ``None`` where that is not known."""
    short = 0
    for level in levels:
        if not isinstance(level.bound, int) or not isinstance(level.value, int):
            return None
        short += level.bound - level.value
    return value + short if isinstance(value, int) else None


def certificate_of(
    instance: Instance, parts: Sequence[Part], solutions: Sequence[Solution], seed: int
) -> Certificate:
    """The parts' evidence side by side: there are no pairs between them to say anything of."""
    certificates = [solution.certificate for solution in solutions]
    cuts = [certificate.cut for certificate in certificates]
    prices = [certificate.prices for certificate in certificates]
    return Certificate(
        cut=_cut(parts, [cut for cut in cuts if cut]) if all(cuts) else None,
        prices=_prices(instance, parts, [one for one in prices if one], seed)
        if all(prices)
        else None,
    )


def _cut(parts: Sequence[Part], cuts: Sequence[Cut]) -> Cut:
    return Cut(
        mentors=_merged([p.mentors[list(c.mentors)] for p, c in zip(parts, cuts, strict=True)]),
        mentees=_merged([p.mentees[list(c.mentees)] for p, c in zip(parts, cuts, strict=True)]),
    )


def _merged(indices: Sequence[IntArray]) -> tuple[int, ...]:
    return tuple(sorted(int(index) for part in indices for index in part))


def _prices(
    instance: Instance, parts: Sequence[Part], prices: Sequence[Prices], seed: int
) -> Prices | None:
    """The levels that every part has prices for.

    Who is in no part has nobody to be matched with: that they would be gained costs as much.
    """
    levels = min((one.levels for one in prices), key=len)
    if not levels or any(one.levels[: len(levels)] != levels for one in prices):
        return None
    nobody = np.zeros(0, dtype=np.int64)
    terms = [made(instance, nobody, seed) for name in levels if (made := REGISTRY[name].make)]
    mentors = [tuple(row) for row in np.stack([-one.mentor for one in terms], axis=1).tolist()]
    mentees = [tuple(row) for row in np.stack([-one.mentee for one in terms], axis=1).tolist()]
    for part, one in zip(parts, prices, strict=True):
        for place, vector in zip(part.mentors.tolist(), one.mentors, strict=True):
            mentors[place] = vector[: len(levels)]
        for place, vector in zip(part.mentees.tolist(), one.mentees, strict=True):
            mentees[place] = vector[: len(levels)]
    return Prices(levels, tuple(mentors), tuple(mentees))

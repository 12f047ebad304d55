"""A solution held against its instance, by columns: legal, counted right, and best by its evidence.

For instances of millions of pairs, where the audit's plain loops would take minutes. Nothing here
is shared with what solves: arrays in, and the rule of docs/certificates.md over all pairs at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from rmatch.certificate import Cut, Prices
from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.solution import Level, Solution

MAX_PRICE = 2**60
"""Prices beyond it are not looked at: their sums would not fit into 64 bits."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of looking.

    Attributes:
        faults: What is not as it is said to be; ids, no names.
        counted: The levels whose values were counted again.
        best: The levels that are best by evidence that holds, given those before them.
    """

    faults: tuple[str, ...]
    counted: tuple[str, ...]
    best: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class _Worth:
    """What a level adds up: (E,) of pairs, and of people who have a partner, by their sides."""

    pair: IntArray | None = None
    mentor: IntArray | None = None
    mentee: IntArray | None = None


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left to decide once the pairs that must be made are made, and what of it is made.

    ``places``, ``new``: per side, places left and who has no pair that must be made. ``open``: the
    pairs that can still be made; ``made``: those that are.
    """

    places: tuple[IntArray, IntArray]
    new: tuple[BoolArray, BoolArray]
    open: IntArray
    made: IntArray


def check(instance: Instance, solution: Solution) -> Checked:
    """Look at a solution: a matching, its values, and what its certificate proves.

    Quotas are not looked at, and levels that are no plain sum (stability, ranks, the tie-break) are
    neither counted nor proved here, nor are prices of a level after such a one held against it:
    ``rmatch.audit`` does that.
    """
    chosen = np.asarray(solution.chosen, dtype=np.int64)
    faults = list(_illegal(instance, chosen))
    if faults:
        return Checked(tuple(faults), (), ())
    worths = {
        level.name: _WORTH[level.name](instance)
        for level in solution.levels
        if level.name in _WORTH
    }
    faults += _miscounted(instance, solution, chosen, worths)
    left = _left(instance, chosen)
    best: list[str] = []
    cut, prices = solution.certificate.cut, solution.certificate.prices
    if cut is not None:
        _note("the cut", "pairs", _false_cut(instance, left, cut), faults, best)
    if prices is not None:
        known = _known(prices, worths)
        wrong = _out_of_order(solution, prices) or _false_prices(
            instance, left, prices, [worths[name] for name in known]
        )
        _note("the prices", known, wrong, faults, best)
    faults += [
        f"{level.name} is said to be proved by {level.proof}, which is not there"
        for level in solution.levels
        if level.name in worths and level.name not in best and _is_missing(level, prices)
    ]
    return Checked(tuple(faults), tuple(worths), tuple(dict.fromkeys(best)))


def _note(
    what: str, levels: str | Iterable[str], wrong: str, faults: list[str], best: list[str]
) -> None:
    if wrong:
        faults.append(f"{what} {'prove' if what.endswith('s') else 'proves'} nothing: {wrong}")
    else:
        best += [levels] if isinstance(levels, str) else levels


def _is_missing(level: Level, prices: Prices | None) -> bool:
    """Whether what is said to prove a level is not there, looked at or not.

    Prices of a level that comes after one that is not looked at are there, and not looked at.
    """
    priced = () if prices is None else prices.levels
    return level.proof == "cut" or (level.proof == "prices" and level.name not in priced)


# A matching, and its values -----------------------------------------------------------------------


def _illegal(instance: Instance, chosen: IntArray) -> Iterable[str]:
    if len(chosen) and (chosen.min() < 0 or chosen.max() >= instance.n_pairs):
        yield "an index that is no acceptable pair"
        return
    if len(np.unique(chosen)) < len(chosen):
        yield "a pair is made twice"
    for ids, owner, capacity in _sides(instance):
        load = np.bincount(owner[chosen], minlength=len(ids))
        yield from (f"{ids[at]} has too many partners" for at in np.flatnonzero(load > capacity))
    made = np.zeros(instance.n_pairs, dtype=bool)
    made[chosen] = True
    for pair in np.flatnonzero(instance.forced & ~made).tolist():
        mentor, mentee = instance.mentor[pair], instance.mentee[pair]
        names = f"{instance.mentor_ids[mentor]} and {instance.mentee_ids[mentee]}"
        yield f"{names} must be paired and are not"


def _sides(
    instance: Instance,
) -> tuple[tuple[tuple[str, ...], IntArray, IntArray], tuple[tuple[str, ...], IntArray, IntArray]]:
    return (
        (instance.mentor_ids, instance.mentor, instance.mentor_capacity),
        (instance.mentee_ids, instance.mentee, instance.mentee_capacity),
    )


def _miscounted(
    instance: Instance, solution: Solution, chosen: IntArray, worths: Mapping[str, _Worth]
) -> Iterable[str]:
    for level in solution.levels:
        if level.name in worths:
            value = _value(instance, level.name, worths[level.name], chosen)
            if value != level.value:
                yield f"{level.name} comes to {value}, not {level.value}"


def _value(instance: Instance, name: str, worth: _Worth, chosen: IntArray) -> int:
    total = _total(worth.pair, chosen)
    for one, owner in ((worth.mentor, instance.mentor), (worth.mentee, instance.mentee)):
        total += _total(one, np.unique(owner[chosen]))
    if name == "changes":
        return int(np.count_nonzero(instance.standing)) - total
    return -total if name == "warnings" else total


def _total(values: IntArray | None, at: IntArray) -> int:
    return 0 if values is None else int(values[at].sum())


def _ones(count: int) -> IntArray:
    return np.ones(count, dtype=np.int64)


_WORTH: Mapping[str, Callable[[Instance], _Worth]] = {
    "pairs": lambda one: _Worth(_ones(one.n_pairs)),
    "people": lambda one: _Worth(None, _ones(one.n_mentors), _ones(one.n_mentees)),
    "priority": lambda one: _Worth(None, one.mentor_priority, one.mentee_priority),
    "changes": lambda one: _Worth(one.standing.astype(np.int64)),
    "warnings": lambda one: _Worth(-one.warned.astype(np.int64)),
    "score": lambda one: _Worth(one.score),
}
"""Levels that are plain sums, always to be made most."""


# What is best -------------------------------------------------------------------------------------


def _left(instance: Instance, chosen: IntArray) -> _Left:
    must = np.flatnonzero(instance.forced)
    places, new = [], []
    for ids, owner, capacity in _sides(instance):
        taken = np.bincount(owner[must], minlength=len(ids))
        places.append(np.maximum(0, capacity - taken))
        new.append(taken == 0)
    is_open = (places[0][instance.mentor] > 0) & (places[1][instance.mentee] > 0)
    is_open &= ~instance.forced
    made = chosen[is_open[chosen]]
    return _Left((places[0], places[1]), (new[0], new[1]), np.flatnonzero(is_open), made)


def _false_cut(instance: Instance, left: _Left, cut: Cut) -> str:
    """Why a cut does not show that no more pairs are possible; nothing where it does."""
    covered = []
    for people, places in zip((cut.mentors, cut.mentees), left.places, strict=True):
        index = np.asarray(people, dtype=np.int64)
        if len(index) and (index.min() < 0 or index.max() >= len(places)):
            return "it covers nobody that there is"
        mask = np.zeros(len(places), dtype=bool)
        mask[index] = True
        covered.append(mask)
    allowed = sum(int(one[mask].sum()) for one, mask in zip(left.places, covered, strict=True))
    pairs = left.open
    beside = ~covered[0][instance.mentor[pairs]] & ~covered[1][instance.mentee[pairs]]
    allowed += int(np.count_nonzero(beside))
    return (
        "" if allowed == len(left.made) else f"it allows {allowed}, and {len(left.made)} are made"
    )


def _out_of_order(solution: Solution, prices: Prices) -> str:
    order = iter(level.name for level in solution.levels)
    in_order = all(level in order for level in prices.levels)
    return "" if in_order else "the levels are not those of the solution, in their order"


def _known(prices: Prices, worths: Mapping[str, _Worth]) -> list[str]:
    """The priced levels up to the first that is not looked at: a proof of those alone as well."""
    known: list[str] = []
    for name in prices.levels:
        if name not in worths:
            break
        known.append(name)
    return known


def _false_prices(instance: Instance, left: _Left, prices: Prices, worths: list[_Worth]) -> str:
    """Why prices do not show that these levels are best; nothing where they do, or there are none.

    All prices must be of a kind that can be added up, those of levels not looked at as well.
    """
    sides = []
    for vectors, ids in (
        (prices.mentors, instance.mentor_ids),
        (prices.mentees, instance.mentee_ids),
    ):
        try:
            side = np.array(vectors, dtype=np.int64).reshape(len(ids), len(prices.levels))
        except (OverflowError, ValueError):
            return "not everybody has one for every level"
        if side.size and (side.min() <= -MAX_PRICE or side.max() >= MAX_PRICE):
            return "they are too large to be added up"
        sides.append(side)
    if not worths:
        return ""
    allowed = [0] * len(worths)
    for at in range(2):
        _add(allowed, _of_places(left, at, sides[at], worths))
    _add(allowed, _beyond_places(instance, left, sides, worths))
    reached = _reached(instance, left, worths)
    return "" if allowed == reached else f"they allow {allowed}, and {reached} is reached"


def _of_places(left: _Left, at: int, price: IntArray, worths: list[_Worth]) -> list[int]:
    """What the places of one side come to: the first with what a partner is worth there."""
    places = left.places[at]
    rows = [price[:, level] for level in range(len(worths))]
    firsts = [
        row + np.where(left.new[at], 0 if worth is None else worth, 0)
        for row, worth in zip(rows, (_person(one, at) for one in worths), strict=True)
    ]
    first = _above_zero(firsts) & (places > 0)
    further = _above_zero(rows) & (places > 1)
    return [
        sum(one[first].tolist())
        + sum(
            a * b
            for a, b in zip(row[further].tolist(), (places[further] - 1).tolist(), strict=True)
        )
        for one, row in zip(firsts, rows, strict=True)
    ]


def _person(worth: _Worth, at: int) -> IntArray | None:
    return worth.mentee if at else worth.mentor


def _above_zero(columns: list[IntArray]) -> BoolArray:
    """(rows,) whether the first entry that is not 0 is above it."""
    above = np.zeros(len(columns[0]), dtype=bool)
    tied = ~above
    for column in columns:
        above |= tied & (column > 0)
        tied &= column == 0
    return above


def _beyond_places(
    instance: Instance, left: _Left, price: list[IntArray], worths: list[_Worth]
) -> list[int]:
    """What pairs are worth beyond both their places, where that is more than nothing.

    Level by level over the pairs that are still tied: most are settled by the score.
    """

    def beyond(level: int, pairs: IntArray) -> IntArray:
        cost = (
            price[0][:, level][instance.mentor[pairs]] + price[1][:, level][instance.mentee[pairs]]
        )
        worth = worths[level].pair
        return -cost if worth is None else worth[pairs] - cost

    tied, more = left.open, []
    for level in range(len(worths)):
        value = beyond(level, tied)
        more.append(tied[value > 0])
        tied = tied[value == 0]
    worth_more = np.concatenate([*more, tied[:0]])
    return [sum(beyond(level, worth_more).tolist()) for level in range(len(worths))]


def _reached(instance: Instance, left: _Left, worths: list[_Worth]) -> list[int]:
    """What the pairs made come to, with the first partners that people get by them."""
    total = []
    for worth in worths:
        value = _total(worth.pair, left.made)
        for at, owner in enumerate((instance.mentor, instance.mentee)):
            people = np.unique(owner[left.made])
            value += _total(_person(worth, at), people[left.new[at][people]])
        total.append(value)
    return total


def _add(total: list[int], values: Iterable[int]) -> None:
    for at, value in enumerate(values):
        total[at] += value

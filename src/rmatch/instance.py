"""The instance: a two-sided matching problem as integer arrays, with no people in it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]
Rankings = Sequence[Sequence[Iterable[int]]]

MAX_SCORE = 2**40
"""No score may reach this: solvers multiply scores by the number of people, in 64 bits."""

MAX_TOTAL = 2**62
"""Nor may all scores together reach this."""

MAX_COUNT = 2**40
"""No quota may count, or have limits, as far as this."""

MAX_PRICES = 2**60
"""Nor may all that quotas could cost come to as much as this."""


PAIR_ARRAYS = (
    "mentor",
    "mentee",
    "mentor_rank",
    "mentee_rank",
    "score",
    "mentor_score",
    "mentee_score",
    "warned",
    "forced",
    "standing",
)
"""The arrays with an entry per acceptable pair."""

PERSON_ARRAYS = ("mentor_capacity", "mentee_capacity", "mentor_priority", "mentee_priority")
"""The arrays with an entry per person of a side."""

Stability = Literal["weak", "strong", "super"]
"""Which pairs block: both strictly prefer; one may be indifferent; both may be."""

STABILITIES: tuple[Stability, ...] = get_args(Stability)

_FLAGS = ("warned", "forced", "standing")
_UNLESS_GIVEN = ("forced", "standing")


@dataclass(frozen=True, eq=False)
class Quota:
    """A count of matched pairs and people that must lie, or better lies, between two limits.

    ``minimum ≤ Σ pair · (matched) + Σ mentor · (has a partner) + Σ mentee · (likewise) ≤ maximum``

    A count may be below 0 where some count against others: "as many of these as of those".

    Attributes:
        statement: Names it where it cannot hold.
        pair: (E,) what each acceptable pair counts when it is matched.
        mentor: (n,) what each mentor counts who has a partner.
        mentee: (m,) likewise.
        minimum: The least count.
        maximum: The largest count; ``None`` is no limit.
        price: What every unit below or above costs in the objective ``prices``; ``None``: hard.

    Raises:
        ValueError: counts, limits or a price that are no integers or too large, or a price below 0.
    """

    statement: str
    pair: IntArray
    mentor: IntArray
    mentee: IntArray
    minimum: int = 0
    maximum: int | None = None
    price: int | None = None

    def __post_init__(self) -> None:
        for name in ("pair", "mentor", "mentee"):
            counts = _ints(getattr(self, name)).view()
            counts.setflags(write=False)
            object.__setattr__(self, name, counts)
        for name in ("minimum", "maximum", "price"):
            number = getattr(self, name)
            if number is not None:
                object.__setattr__(self, name, self._whole(name, number))
        if self.maximum is not None and self.maximum >= MAX_COUNT:
            object.__setattr__(self, "maximum", None)  # nothing counts as far
        if self.price is not None and self.price < 0:
            raise ValueError(f"the price of quota {self.statement} is negative")
        if self.reach >= MAX_COUNT:
            raise ValueError(
                f"quota {self.statement} counts, or has limits, to {MAX_COUNT} or more"
            )

    def _whole(self, name: str, number: object) -> int:
        if isinstance(number, int | np.integer):
            return int(number)
        raise ValueError(f"the {name} of quota {self.statement} must be an integer, not {number!r}")

    @property
    def reach(self) -> int:
        """By no more than this can any count be off the limits."""
        counts = (self.pair, self.mentor, self.mentee)
        limits = abs(self.minimum) + abs(self.maximum or 0)
        # Floats: sums of what is refused, because it is too large, must not wrap round.
        return limits + sum(int(np.abs(count.astype(np.float64)).sum()) for count in counts)

    def only(self, keep: npt.NDArray[Any]) -> Quota:
        """The same quota over some of the pairs, by mask or by index in another order."""
        return dataclasses.replace(self, pair=self.pair[keep])


@dataclass(frozen=True, eq=False, repr=False)
class Instance:
    """Acceptable pairs as parallel arrays, sorted by mentor and mentee, with both sides' ranks.

    A pair that is not listed is unacceptable and can never be matched. Ranks are dense from 1
    (best) over each person's acceptable partners; equal ranks are ties.

    Attributes:
        mentor: (E,) mentor index of each acceptable pair.
        mentee: (E,) mentee index of each acceptable pair.
        mentor_rank: (E,) rank of the mentee in the mentor's eyes.
        mentee_rank: (E,) rank of the mentor in the mentee's eyes.
        score: (E,) integers from 0 to 2**40 − 1; what the objective ``score`` adds up.
        mentor_score: (E,) the pair's score on the mentor's side.
        mentee_score: (E,) the pair's score on the mentee's side.
        warned: (E,) whether the pair breaks a warn rule.
        mentor_capacity: (n,) how many partners each mentor can take.
        mentee_capacity: (m,) how many partners each mentee can take.
        mentor_priority: (n,) weight of each mentor in the objective ``priority``.
        mentee_priority: (m,) weight of each mentee in the objective ``priority``.
        mentor_ids: n ids, unique across both sides.
        mentee_ids: m ids.
        stated: Whether the ranks are what people said, rather than inferred from scores.
        forced: (E,) pairs that must be made; they hold their places and nobody blocks with those.
        standing: (E,) pairs that were made before; the objective ``changes`` counts those that are
            broken.
        quotas: Counts that must lie, or better lie, between limits. They excuse no blocking pair.
        stability: Which pairs block.

    Raises:
        ValueError: arrays that do not fit together, or values out of range.
    """

    mentor: IntArray
    mentee: IntArray
    mentor_rank: IntArray
    mentee_rank: IntArray
    score: IntArray
    mentor_score: IntArray
    mentee_score: IntArray
    warned: BoolArray
    mentor_capacity: IntArray
    mentee_capacity: IntArray
    mentor_priority: IntArray
    mentee_priority: IntArray
    mentor_ids: tuple[str, ...]
    mentee_ids: tuple[str, ...]
    stated: bool = False
    forced: BoolArray = dataclasses.field(default_factory=lambda: np.zeros(0, dtype=bool))
    standing: BoolArray = dataclasses.field(default_factory=lambda: np.zeros(0, dtype=bool))
    quotas: tuple[Quota, ...] = ()
    stability: Stability = "weak"

    def __post_init__(self) -> None:
        for name in _UNLESS_GIVEN:
            if len(getattr(self, name)) == 0:
                object.__setattr__(self, name, np.zeros(len(self.mentor), dtype=bool))
        for name in (*PAIR_ARRAYS, *PERSON_ARRAYS):
            given = np.asarray(getattr(self, name))
            value = given.astype(bool) if name in _FLAGS else _ints(given)
            value = value.view()
            value.setflags(write=False)
            object.__setattr__(self, name, value)
        _check(self)

    def __repr__(self) -> str:
        return (
            f"Instance({self.n_mentors} mentors, {self.n_mentees} mentees, "
            f"{self.n_pairs} acceptable pairs)"
        )

    @property
    def n_mentors(self) -> int:
        """How many mentors there are."""
        return len(self.mentor_ids)

    @property
    def n_mentees(self) -> int:
        """How many mentees there are."""
        return len(self.mentee_ids)

    @property
    def n_pairs(self) -> int:
        """How many pairs are acceptable."""
        return len(self.mentor)

    @cached_property
    def mentor_start(self) -> IntArray:
        """(n + 1,) offsets: the pairs of mentor i are ``mentor_start[i]:mentor_start[i + 1]``."""
        return _offsets(self.mentor, self.n_mentors)

    @cached_property
    def by_mentee(self) -> IntArray:
        """(E,) indices of the pairs, sorted by mentee and then mentor."""
        return np.argsort(self.mentee, kind="stable")

    @cached_property
    def mentee_start(self) -> IntArray:
        """(m + 1,) offsets into ``by_mentee``."""
        return _offsets(self.mentee, self.n_mentees)

    def index_of(self, mentor: int, mentee: int) -> int | None:
        """Which pair (mentor, mentee) is, or ``None`` where it is unacceptable."""
        low, high = int(self.mentor_start[mentor]), int(self.mentor_start[mentor + 1])
        at = low + int(np.searchsorted(self.mentee[low:high], mentee))
        return at if at < high and self.mentee[at] == mentee else None

    def dense(self, values: npt.NDArray[Any], fill: int = 0) -> IntArray:
        """(n, m) array of one value per acceptable pair, ``fill`` elsewhere."""
        array = np.full((self.n_mentors, self.n_mentees), fill, dtype=np.int64)
        array[self.mentor, self.mentee] = values
        return array

    def replace(self, **changes: Any) -> Instance:
        """This instance with some arrays changed, checked again."""
        return dataclasses.replace(self, **changes)

    def only(self, keep: BoolArray) -> Instance:
        """This instance with only some pairs acceptable; ranks close up and stay dense.

        Args:
            keep: (E,) whether each pair stays acceptable.

        Raises:
            ValueError: a pair that must be made would go.
        """
        if np.any(self.forced & ~keep):
            raise ValueError("a pair that must be made cannot be left out")
        return Instance.from_pairs(
            **{name: getattr(self, name)[keep] for name in PAIR_ARRAYS},
            **{name: getattr(self, name) for name in PERSON_ARRAYS},
            mentor_ids=self.mentor_ids,
            mentee_ids=self.mentee_ids,
            stated=self.stated,
            quotas=[quota.only(keep) for quota in self.quotas],
            stability=self.stability,
        )

    @classmethod
    def from_pairs(
        cls,
        mentor: npt.ArrayLike,
        mentee: npt.ArrayLike,
        mentor_rank: npt.ArrayLike,
        mentee_rank: npt.ArrayLike,
        *,
        score: npt.ArrayLike | None = None,
        mentor_score: npt.ArrayLike | None = None,
        mentee_score: npt.ArrayLike | None = None,
        warned: npt.ArrayLike | None = None,
        mentor_capacity: npt.ArrayLike,
        mentee_capacity: npt.ArrayLike,
        mentor_priority: npt.ArrayLike | None = None,
        mentee_priority: npt.ArrayLike | None = None,
        mentor_ids: Sequence[str] | None = None,
        mentee_ids: Sequence[str] | None = None,
        stated: bool = False,
        forced: npt.ArrayLike | None = None,
        standing: npt.ArrayLike | None = None,
        quotas: Iterable[Quota] = (),
        stability: Stability = "weak",
    ) -> Instance:
        """An instance from its acceptable pairs in any order.

        Ranks may be any integers, lower is better; they are made dense. ``score`` is 0 where it is
        not given; the two sides' scores default to it.

        Raises:
            ValueError: see the class.
        """
        count = np.size(mentor)
        rows = _of_pairs("mentor", mentor, count)
        columns = _of_pairs("mentee", mentee, count)
        order = _by_pair(rows, columns)
        capacities = _ints(mentor_capacity), _ints(mentee_capacity)

        def column(name: str, values: npt.ArrayLike) -> IntArray:
            return _sorted(_of_pairs(name, values, count), order)

        def flags(name: str, values: npt.ArrayLike | None) -> BoolArray:
            return _sorted(_flags(name, values, count), order)

        def ranks(name: str, values: npt.ArrayLike, owner: IntArray) -> IntArray:
            return _sorted(dense_ranks(owner, _of_pairs(name, values, count)), order)

        total = column("score", np.zeros(count, np.int64) if score is None else score)
        return cls(
            mentor=_sorted(rows, order),
            mentee=_sorted(columns, order),
            mentor_rank=ranks("mentor_rank", mentor_rank, rows),
            mentee_rank=ranks("mentee_rank", mentee_rank, columns),
            score=total,
            mentor_score=total if mentor_score is None else column("mentor_score", mentor_score),
            mentee_score=total if mentee_score is None else column("mentee_score", mentee_score),
            warned=flags("warned", warned),
            forced=flags("forced", forced),
            standing=flags("standing", standing),
            quotas=tuple(quotas if order is None else (quota.only(order) for quota in quotas)),
            stability=stability,
            mentor_capacity=capacities[0],
            mentee_capacity=capacities[1],
            mentor_priority=_priorities(mentor_priority, len(capacities[0])),
            mentee_priority=_priorities(mentee_priority, len(capacities[1])),
            mentor_ids=_ids(mentor_ids, "M", len(capacities[0])),
            mentee_ids=_ids(mentee_ids, "S", len(capacities[1])),
            stated=stated,
        )

    @classmethod
    def from_rankings(
        cls,
        mentors: Rankings,
        mentees: Rankings,
        *,
        mentor_capacity: npt.ArrayLike | None = None,
        mentee_capacity: npt.ArrayLike | None = None,
        score: npt.ArrayLike | None = None,
        mentor_priority: npt.ArrayLike | None = None,
        mentee_priority: npt.ArrayLike | None = None,
        mentor_ids: Sequence[str] | None = None,
        mentee_ids: Sequence[str] | None = None,
    ) -> Instance:
        """An instance from both sides' preference lists (SMTI; HRT where capacities exceed 1).

        Args:
            mentors: per mentor, tie groups of mentee indices, best first.
            mentees: per mentee, tie groups of mentor indices, best first.
            mentor_capacity: (n,) places of each mentor, 1 by default.
            mentee_capacity: (m,) places of each mentee, 1 by default.
            score: (n, m) array of non-negative integers, 0 by default.
            mentor_priority: (n,) weights for the objective ``priority``, 0 by default.
            mentee_priority: (m,) likewise.
            mentor_ids: names for the mentors, ``M0``, ``M1``, … by default.
            mentee_ids: names for the mentees, ``S0``, ``S1``, … by default.

        A pair is acceptable when each lists the other; ranks are dense over acceptable partners.

        Raises:
            ValueError: an index out of range or listed twice, or arrays that do not fit.
        """
        n, m = len(mentors), len(mentees)
        mentor_ranks = _ranks_of_lists(mentors, m, "mentor")
        mentee_ranks = _ranks_of_lists(mentees, n, "mentee")
        both = [pair for pair in mentor_ranks if (pair[1], pair[0]) in mentee_ranks]
        rows = _ints([i for i, _ in both])
        columns = _ints([j for _, j in both])
        return cls.from_pairs(
            rows,
            columns,
            _ints([mentor_ranks[pair] for pair in both]),
            _ints([mentee_ranks[j, i] for i, j in both]),
            score=None if score is None else _matrix(score, n, m)[rows, columns],
            mentor_capacity=_ones(mentor_capacity, n),
            mentee_capacity=_ones(mentee_capacity, m),
            mentor_priority=mentor_priority,
            mentee_priority=mentee_priority,
            mentor_ids=mentor_ids,
            mentee_ids=mentee_ids,
            stated=True,
        )

    @classmethod
    def from_scores(
        cls,
        score: npt.ArrayLike,
        acceptable: npt.ArrayLike | None = None,
        *,
        mentor_capacity: npt.ArrayLike | None = None,
        mentee_capacity: npt.ArrayLike | None = None,
        mentor_ids: Sequence[str] | None = None,
        mentee_ids: Sequence[str] | None = None,
    ) -> Instance:
        """An instance without preferences: everyone ranks by the score itself, highest first.

        Args:
            score: (n, m) array of non-negative integers.
            acceptable: (n, m) array of bools, all true by default.
            mentor_capacity: (n,) places of each mentor, 1 by default.
            mentee_capacity: (m,) places of each mentee, 1 by default.
            mentor_ids: names for the mentors.
            mentee_ids: names for the mentees.

        Raises:
            ValueError: arrays that do not fit together, or a negative or fractional score.
        """
        table = np.asarray(score)
        if table.ndim != 2:
            raise ValueError(f"score must be a two-dimensional array, not {table.ndim}-dimensional")
        n, m = table.shape
        table = _matrix(table, n, m)
        allowed = np.ones((n, m), bool) if acceptable is None else np.asarray(acceptable, bool)
        if allowed.shape != (n, m):
            raise ValueError(f"acceptable has shape {allowed.shape}, score has {(n, m)}")
        rows, columns = np.nonzero(allowed)
        values = table[rows, columns]
        return cls.from_pairs(
            rows,
            columns,
            -values,
            -values,
            score=values,
            mentor_capacity=_ones(mentor_capacity, n),
            mentee_capacity=_ones(mentee_capacity, m),
            mentor_ids=mentor_ids,
            mentee_ids=mentee_ids,
        )


def dense_ranks(owner: IntArray, key: IntArray) -> IntArray:
    """Dense ranks from 1 of ``key`` (lower is better) within each owner.

    Args:
        owner: (E,) whose list each entry is on.
        key: (E,) integers to rank by.
    """
    if len(owner) == 0:
        return np.zeros(0, dtype=np.int64)
    order = _order(owner, key)
    owners, keys = owner[order], key[order]
    new_owner = np.empty(len(order), bool)
    new_owner[0] = True
    np.not_equal(owners[1:], owners[:-1], out=new_owner[1:])
    step = np.empty(len(order), bool)
    step[0] = True
    np.not_equal(keys[1:], keys[:-1], out=step[1:])
    running: IntArray = np.cumsum(step | new_owner)
    first = np.flatnonzero(new_owner)
    running -= np.repeat(running[first] - 1, np.diff(first, append=len(order)))
    ranks = np.empty(len(order), dtype=np.int64)
    ranks[order] = running
    return ranks


def _by_pair(rows: IntArray, columns: IntArray) -> IntArray | None:
    """The order by mentor and mentee; ``None`` where they come so, as they do from a table."""
    if len(rows) < 2:
        return None
    ahead = rows[1:] > rows[:-1]
    ahead |= (rows[1:] == rows[:-1]) & (columns[1:] > columns[:-1])
    return None if ahead.all() else _order(rows, columns)


def _sorted(values: npt.NDArray[Any], order: IntArray | None) -> npt.NDArray[Any]:
    """The values in that order: an array of its own, that nobody else may change."""
    return values.copy() if order is None else values[order]


def _order(owner: IntArray, key: IntArray) -> IntArray:
    """The order by owner, then key, then place.

    Where the three fit into 63 bits together, those are sorted: ten times as fast as ``lexsort``.
    """
    spans = [int(part.max()) - int(part.min()) for part in (owner, key)]
    key_bits, place_bits = spans[1].bit_length(), (len(owner) - 1).bit_length()
    if spans[0].bit_length() + key_bits + place_bits > _SORTED_BITS:
        return np.lexsort((key, owner))
    packed: IntArray = owner - owner.min()
    packed <<= key_bits
    packed |= key - key.min()
    packed <<= place_bits
    packed |= np.arange(len(owner))
    packed.sort()
    packed &= (1 << place_bits) - 1
    return packed


_SORTED_BITS = 63


def _ints(values: npt.ArrayLike) -> IntArray:
    array = np.asarray(values)
    if array.size == 0:
        return np.zeros(array.shape if array.ndim > 1 else 0, dtype=np.int64)
    if array.dtype == np.int64:
        return array
    if array.dtype.kind not in "biuf":
        raise ValueError("expected integers of at most 64 bits")
    whole = array.astype(np.int64)
    if array.dtype.kind not in "biu" and not np.array_equal(whole, array):
        raise ValueError("expected integers")
    return whole


def _matrix(score: npt.ArrayLike, n: int, m: int) -> IntArray:
    array = np.asarray(score)
    if array.shape != (n, m):
        raise ValueError(f"score has shape {array.shape}, expected {(n, m)}")
    return _ints(array).reshape(n, m)


def _ones(capacity: npt.ArrayLike | None, count: int) -> IntArray:
    return np.ones(count, dtype=np.int64) if capacity is None else _ints(capacity)


def _of_pairs(name: str, values: npt.ArrayLike, count: int) -> IntArray:
    """Integers, one for every pair: of another length, sorting them would lose or repeat some."""
    return _of_length(name, _ints(values), count)


def _flags(name: str, given: npt.ArrayLike | None, count: int) -> BoolArray:
    return _of_length(name, np.asarray(np.zeros(count) if given is None else given, bool), count)


def _of_length(name: str, values: npt.NDArray[Any], count: int) -> npt.NDArray[Any]:
    if values.shape != (count,):
        raise ValueError(f"{name} has shape {values.shape}, expected ({count},)")
    return values


def _priorities(priority: npt.ArrayLike | None, count: int) -> IntArray:
    return np.zeros(count, dtype=np.int64) if priority is None else _ints(priority)


def _ids(ids: Sequence[str] | None, prefix: str, count: int) -> tuple[str, ...]:
    return tuple(f"{prefix}{i}" for i in range(count)) if ids is None else tuple(ids)


def _offsets(owner: IntArray, count: int) -> IntArray:
    return np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=count))]).astype(np.int64)


def _ranks_of_lists(lists: Rankings, others: int, side: str) -> dict[tuple[int, int], int]:
    ranks: dict[tuple[int, int], int] = {}
    for person, groups in enumerate(lists):
        for rank, group in enumerate(groups, start=1):
            for other in group:
                if not 0 <= other < others:
                    raise ValueError(f"{side} {person} lists {other}, outside 0..{others - 1}")
                if (person, other) in ranks:
                    raise ValueError(f"{side} {person} lists {other} twice")
                ranks[person, other] = rank
    return ranks


def _check(instance: Instance) -> None:
    n, m, count = instance.n_mentors, instance.n_mentees, instance.n_pairs
    lengths = dict.fromkeys(PAIR_ARRAYS, count)
    lengths |= {name: n if name.startswith("mentor") else m for name in PERSON_ARRAYS}
    for name, length in lengths.items():
        _of_length(name, getattr(instance, name), length)
    if instance.stability not in STABILITIES:
        raise ValueError(f"stability must be one of {', '.join(STABILITIES)}")
    for quota in instance.quotas:
        if (len(quota.pair), len(quota.mentor), len(quota.mentee)) != (count, n, m):
            raise ValueError(f"the arrays of quota {quota.statement} do not fit the instance")
    if sum((quota.price or 0) * quota.reach for quota in instance.quotas) >= MAX_PRICES:
        raise ValueError(f"the prices of quotas could come to {MAX_PRICES} or more")
    ids = (*instance.mentor_ids, *instance.mentee_ids)
    if not all(issubclass(kind, str) for kind in set(map(type, ids))) or not all(ids):
        raise ValueError("ids must be non-empty texts")
    if not _encodes("".join(ids)):
        raise ValueError("ids must be non-empty texts")
    if len(set(ids)) != n + m:
        raise ValueError("ids must be unique across both sides")
    _check_values(instance)


def _encodes(text: str) -> bool:
    """Whether a text can be written at all: a lone surrogate cannot."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _check_values(instance: Instance) -> None:
    _check_range("mentor", instance.mentor, 0, instance.n_mentors)
    _check_range("mentee", instance.mentee, 0, instance.n_mentees)
    place = instance.mentor * max(1, instance.n_mentees) + instance.mentee
    if np.any(np.diff(place) <= 0):
        raise ValueError("pairs must be sorted by mentor and mentee, each once")
    for name in ("mentor_capacity", "mentee_capacity", "mentor_priority", "mentee_priority"):
        _check_range(name, getattr(instance, name), 0, 2**31)
    pairs = max(1, instance.n_pairs)
    for name in ("score", "mentor_score", "mentee_score"):
        _check_range(name, getattr(instance, name), 0, min(MAX_SCORE, MAX_TOTAL // pairs))
    for name, owner in (("mentor_rank", instance.mentor), ("mentee_rank", instance.mentee)):
        if not _are_dense(owner, getattr(instance, name)):
            raise ValueError(f"{name} must be dense from 1; Instance.from_pairs makes it so")


def _are_dense(owner: IntArray, ranks: IntArray) -> bool:
    """Whether every owner's ranks are 1, 2, … to their last: each has the one before beside it."""
    if len(ranks) == 0:
        return True
    counts = np.bincount(owner)
    if ranks.min() < 1 or np.any(ranks > counts[owner]):
        return False
    place = (np.cumsum(counts) - counts)[owner] + ranks
    is_there = np.zeros(len(ranks) + 1, dtype=bool)
    is_there[place] = True
    return bool(np.all(is_there[place - 1] | (ranks == 1)))


def _check_range(name: str, values: IntArray, low: int, high: int) -> None:
    if len(values) and (values.min() < low or values.max() >= high):
        raise ValueError(f"{name} must lie in {low}..{high - 1}")

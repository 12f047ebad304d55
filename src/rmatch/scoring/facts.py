"""Facts prepared once for all people, to be looked up for any cells: pairs, sets, roles held."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray
from rmatch.programme import Participant
from rmatch.scoring.cells import Cells
from rmatch.scoring.people import Codes, People, Side
from rmatch.scoring.verdict import Verdict, either

P = ParamSpec("P")
T = TypeVar("T")

Bits = npt.NDArray[np.unsignedinteger[Any]]
Small = npt.NDArray[np.signedinteger[Any]]

NOTHING = np.int16(0)
GONE = np.int16(-1)


def fact(
    function: Callable[Concatenate[People, P], T],
) -> Callable[Concatenate[People, P], T]:
    """Let a function of the people be worked out once for each of them and its arguments."""
    name = f"{function.__module__}.{function.__qualname__}"

    def known(people: People, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key: Hashable = (name, args, *kwargs.items())
        if key not in people.facts:
            people.facts[key] = function(people, *args, **kwargs)
        found: T = people.facts[key]  # type: ignore[assignment]
        return found

    known.__name__, known.__doc__ = function.__name__, function.__doc__
    return known


# Pairs that are named ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class PairValues:
    """Values of the few pairs that are named somewhere, 0 for all others.

    Attributes:
        keys: Mentor index · m + mentee index of each, ascending.
        values: What each has.
        n_columns: m.
    """

    keys: IntArray
    values: npt.NDArray[np.integer[Any]]
    n_columns: int

    @classmethod
    def of(
        cls, people: People, values: Mapping[tuple[int, int], int], dtype: npt.DTypeLike = np.int16
    ) -> PairValues:
        """The values by (mentor, mentee) index."""
        n_columns = people.shape[1]
        if not values:
            return cls(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=dtype), n_columns)
        keys = np.array([i * n_columns + j for i, j in values], dtype=np.int64)
        given = np.array(list(values.values()), dtype=dtype)
        order = np.argsort(keys)
        return cls(keys[order], given[order], n_columns)

    def at(self, cells: Cells) -> npt.NDArray[np.integer[Any]]:
        """What broadcasts to the cells: a lone 0 where none of them is named."""
        if not self.keys.size:
            return np.zeros((1,) * cells.rows.ndim, dtype=self.values.dtype)
        if cells.start is None:
            return self._at_keys(cells)
        first = cells.start * self.n_columns
        ends = first, first + len(cells.rows) * self.n_columns
        low, high = np.searchsorted(self.keys, ends)
        if low == high:
            return np.zeros((1, 1), dtype=self.values.dtype)
        table = np.zeros(cells.shape, dtype=self.values.dtype)
        table.reshape(-1)[self.keys[low:high] - first] = self.values[low:high]
        return table

    def _at_keys(self, cells: Cells) -> npt.NDArray[np.integer[Any]]:
        wanted = cells.rows * self.n_columns + cells.columns
        if wanted.size < _SIEVED:
            return self._found(wanted)
        found = np.zeros(wanted.shape, dtype=self.values.dtype)
        maybe = np.flatnonzero(_sieve(self.keys)[wanted & _LAST_DIGITS])
        found[maybe] = self._found(wanted[maybe])
        return found

    def _found(self, wanted: IntArray) -> npt.NDArray[np.integer[Any]]:
        place = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
        return np.where(self.keys[place] == wanted, self.values[place], self.values.dtype.type(0))

    def named(self, cells: Cells) -> BoolArray:
        """Which of the cells are named; broadcasts like ``at``."""
        named: BoolArray = self.at(cells) != 0
        return named


_SIEVED = 2**14
"""Of so many pairs nearly all are named nowhere, which a table in a cache tells sooner."""

_LAST_DIGITS = 2**20 - 1


def _sieve(keys: IntArray) -> BoolArray:
    """Which last digits any key has."""
    marks = np.zeros(_LAST_DIGITS + 1, dtype=bool)
    marks[keys & _LAST_DIGITS] = True
    return marks


def named_pairs(people: People, pairs: Iterable[tuple[int, int] | None]) -> PairValues:
    """Pairs of indices, those that are none left out, as a set."""
    return PairValues.of(people, dict.fromkeys(filter(None, pairs), 1), np.int8)


# Codes -------------------------------------------------------------------------------------------


def equal(codes: Codes, cells: Cells) -> Verdict:
    """Whether codes are the same, unknown where either is missing (negative)."""
    mentor, mentee = cells.mentor(codes[0]), cells.mentee(codes[1])
    # Where both are missing they must not be alike, so that one comparison does.
    true = np.where(mentor < 0, mentor.dtype.type(-2), mentor) == mentee
    return Verdict(true, either(mentor < 0, mentee < 0))


# Values that are missing -------------------------------------------------------------------------


@fact
def gaps(people: People, side: Side, field: str) -> Small:
    """Of each person −1 where this field is blank or empty, else 0.

    All bits of −1 are set, so that ``values | gaps`` is missing where a fact is.
    """
    return np.where(people.has(side, field), NOTHING, GONE)


def missing(people: People, cells: Cells, field: str) -> tuple[Small, Small]:
    """The gaps in both sides' field."""
    return (
        cells.mentor(gaps(people, "mentor", field)),
        cells.mentee(gaps(people, "mentee", field)),
    )


# Sets --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Sets:
    """What both sides hold of one vocabulary, as bits: words of (n,) and of (m,) integers each."""

    mentor: tuple[Bits, ...]
    mentee: tuple[Bits, ...]

    def shared(self, cells: Cells) -> Small:
        """How many values each pair shares."""
        pairs = zip(self.mentor, self.mentee, strict=True)
        return count_bits(cells.mentor(own) & cells.mentee(other) for own, other in pairs)

    def any_shared(self, cells: Cells) -> BoolArray:
        """Whether each pair shares any."""
        found: BoolArray = lone(cells)
        for own, other in zip(self.mentor, self.mentee, strict=True):
            found = found | (cells.mentor(own) & cells.mentee(other) != 0)
        return found


def count_bits(words: Iterable[Bits]) -> Small:
    """How many bits are set in all words together; a lone 0 without a word."""
    total: Small = np.zeros(1, dtype=np.int16)
    for k, word in enumerate(words):
        count = np.bitwise_count(word)
        total = count.astype(np.int16) if k == 0 else total + count
    return total


def sets_of(
    people: People,
    values: Callable[[Participant], Iterable[str]],
    other: Callable[[Participant], Iterable[str]] | None = None,
) -> Sets:
    """What mentors have of ``values`` and mentees of ``other`` (the same unless given)."""
    mentors = [set(values(person)) for person in people.mentors]
    mentees = [set((other or values)(person)) for person in people.mentees]
    place = places(mentors, mentees)
    return Sets(bits_of(mentors, place), bits_of(mentees, place))


def places(one: Iterable[Iterable[str]], other: Iterable[Iterable[str]]) -> dict[str, int]:
    """A bit for each value that both sides have; no other can be shared."""
    shared = set().union(*one) & set().union(*other)
    return {value: k for k, value in enumerate(sorted(shared))}


def bits_of(held: Sequence[Iterable[str]], place: Mapping[str, int]) -> tuple[Bits, ...]:
    """Each person's values as bits, in as many words of 64 as it takes, or one small one."""
    numbers = [sum(1 << place[value] for value in own if value in place) for own in held]
    if len(place) <= 64:
        kind = next(k for k in (8, 16, 32, 64) if len(place) <= k)
        return (np.array(numbers, dtype=f"u{kind // 8}"),) if place else ()
    word = (1 << 64) - 1
    return tuple(
        np.array([number >> shift & word for number in numbers], dtype=np.uint64)
        for shift in range(0, len(place), 64)
    )


# Roles held --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """At most one role of each mentee, with what is compared.

    Attributes:
        holds: (m,) who holds one.
        facts: (m,) codes each, by the name of what they are compared with.
    """

    holds: BoolArray
    facts: Mapping[str, Small]


def layers(
    people: People, entries: Iterable[tuple[int, Mapping[str, int]]], blank: Mapping[str, int]
) -> tuple[Held, ...]:
    """Roles by mentee index, so that each mentee is once in a layer.

    Args:
        people: Everyone.
        entries: A mentee's index and the role's codes, in any order, as often as they hold one.
        blank: The code of what a role leaves out.
    """
    by_layer: list[dict[int, Mapping[str, int]]] = []
    count: dict[int, int] = {}
    for j, codes in entries:
        layer = count.get(j, 0)
        count[j] = layer + 1
        if layer == len(by_layer):
            by_layer.append({})
        by_layer[layer][j] = codes
    return tuple(_layer(people.shape[1], held, blank) for held in by_layer)


def _layer(m: int, held: Mapping[int, Mapping[str, int]], blank: Mapping[str, int]) -> Held:
    holds = np.zeros(m, dtype=bool)
    holds[list(held)] = True
    facts = {name: np.full(m, code, dtype=np.int32) for name, code in blank.items()}
    for j, codes in held.items():
        for name, code in codes.items():
            facts[name][j] = code
    return Held(holds, facts)


def any_of(
    cells: Cells, held: Iterable[Held], check: Callable[[Cells, Mapping[str, Small]], Verdict]
) -> Verdict:
    """Whether any role of a pair's mentee is one that ``check`` finds; only holders are looked at.

    Args:
        cells: The pairs.
        held: The roles in layers.
        check: Says of cells and of a layer's codes.
    """
    tables: tuple[BoolArray, BoolArray] | None = None
    for layer in held:
        keep = np.flatnonzero(cells.mentee(layer.holds))
        if keep.size:
            found = check(cells.only(keep), layer.facts)
            if tables is None:
                tables = np.zeros(cells.shape, dtype=bool), np.zeros(cells.shape, dtype=bool)
                tables[0][..., keep], tables[1][..., keep] = found.true, found.unknown
            else:
                tables[0][..., keep] |= found.true
                tables[1][..., keep] |= found.unknown
    return Verdict(*tables) if tables else Verdict.certain(lone(cells))


def lone(cells: Cells) -> BoolArray:
    """A "no" that broadcasts to the cells."""
    return np.zeros((1,) * cells.rows.ndim, dtype=bool)

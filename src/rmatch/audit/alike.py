"""Pairs alike in all that a criterion or a rule looks at: worked out once for all of them.

A thousand people a side make a million pairs, but have few employers, grades or deaneries, and of
two people's topics only those that they have in common count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from rmatch.audit.facts import Facts

T = TypeVar("T")

_FEW = 256
"""With more different things than these, such as ids, two people have hardly any in common."""


@dataclass(frozen=True, slots=True)
class Classes:
    """What is looked at of the one and of the other; equal facts give equal values."""

    one: Callable[[Facts], Hashable]
    other: Callable[[Facts], Hashable]


@dataclass(frozen=True, slots=True)
class Common:
    """Of the other only what both have counts; beside it, whatever of the one."""

    one: Callable[[Facts], Iterable[Hashable]]
    other: Callable[[Facts], Iterable[Hashable]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """One end of pairs that were drawn: whose place among ``people`` each is."""

    people: Sequence[Facts]
    places: Sequence[int]


LooksAt: TypeAlias = Classes | Common


def values_of(
    value: Callable[[Facts, Facts], T],
    ones: Sequence[Facts],
    others: Sequence[Facts],
    looks_at: LooksAt,
) -> list[list[T]]:
    """``value`` of each of ``ones`` about each of ``others``: a row each.

    Rows of people who are alike are one list.
    """
    if isinstance(looks_at, Classes):
        return _by_class(value, ones, others, looks_at)
    return _by_common(value, ones, others, looks_at)


def _by_class(
    value: Callable[[Facts, Facts], T],
    ones: Sequence[Facts],
    others: Sequence[Facts],
    looks_at: Classes,
) -> list[list[T]]:
    keys = [looks_at.other(person) for person in others]
    examples = dict(zip(keys, others, strict=True))
    known: dict[Hashable, list[T]] = {}
    rows = []
    for person in ones:
        own = looks_at.one(person)
        if own not in known:
            of = {key: value(person, example) for key, example in examples.items()}
            known[own] = [of[key] for key in keys]
        rows.append(known[own])
    return rows


def _by_common(
    value: Callable[[Facts, Facts], T],
    ones: Sequence[Facts],
    others: Sequence[Facts],
    looks_at: Common,
) -> list[list[T]]:
    bits: dict[Hashable, int] = {}
    held = [_mask(looks_at.other(person), bits) for person in others]
    rows = []
    for person in ones:
        own = _mask(looks_at.one(person), bits)
        common = [own & mask for mask in held]
        examples = dict(zip(common, others, strict=True))
        of = {shared: value(person, example) for shared, example in examples.items()}
        rows.append([of[shared] for shared in common])
    return rows


def total_of(
    value: Callable[[Facts, Facts], int | None],
    ones: Drawn,
    others: Drawn,
    looks_at: LooksAt,
) -> tuple[int, int]:
    """The sum of what is known of pairs, each of one about another, and of how many it is."""
    if isinstance(looks_at, Classes):
        worths = _worths_by_class(value, ones, others, looks_at)
    else:
        worths = _worths_by_common(value, ones, others, looks_at)
    known = [(worth, times) for worth, times in worths if worth is not None]
    return sum(worth * times for worth, times in known), sum(times for _, times in known)


def _worths_by_class(
    value: Callable[[Facts, Facts], int | None], ones: Drawn, others: Drawn, looks_at: Classes
) -> Iterator[tuple[int | None, int]]:
    own, firsts = _numbered(ones.people, looks_at.one)
    their, examples = _numbered(others.people, looks_at.other)
    width = len(examples)
    pairs = zip(ones.places, others.places, strict=True)
    for key, times in Counter([own[i] * width + their[j] for i, j in pairs]).items():
        yield value(firsts[key // width], examples[key % width]), times


def _worths_by_common(
    value: Callable[[Facts, Facts], int | None], ones: Drawn, others: Drawn, looks_at: Common
) -> Iterator[tuple[int | None, int]]:
    bits: dict[Hashable, int] = {}
    held = [_mask(looks_at.other(person), bits) for person in others.people]
    if len(bits) > _FEW:
        for i, j in zip(ones.places, others.places, strict=True):
            yield value(ones.people[i], others.people[j]), 1
        return
    shift = len(bits)  # what nobody holds is in common with nobody
    asked = [_mask(looks_at.one(person), bits) for person in ones.people]
    pairs = zip(ones.places, others.places, strict=True)
    keys = [i << shift | (asked[i] & held[j]) for i, j in pairs]
    examples = dict(zip(keys, others.places, strict=True))
    for key, times in Counter(keys).items():
        yield value(ones.people[key >> shift], others.people[examples[key]]), times


def _numbered(
    people: Sequence[Facts], of: Callable[[Facts], Hashable]
) -> tuple[list[int], list[Facts]]:
    """Each person's class by number, and somebody of each class."""
    numbers: dict[Hashable, int] = {}
    found = [numbers.setdefault(of(person), len(numbers)) for person in people]
    examples = dict(zip(found, people, strict=True))
    return found, [examples[number] for number in range(len(numbers))]


def _mask(things: Iterable[Hashable], bits: dict[Hashable, int]) -> int:
    """A bit for each thing, the same whenever it is met again."""
    mask = 0
    for thing in things:
        mask |= 1 << bits.setdefault(thing, len(bits))
    return mask

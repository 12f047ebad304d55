"""Pairs alike in all that a criterion or a rule looks at: worked out once for all of them.

A thousand people a side make a million pairs, but have few employers, grades or deaneries, and of
two people's topics only those that they have in common count.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from rmatch.audit.facts import Facts

T = TypeVar("T")


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


def _mask(things: Iterable[Hashable], bits: dict[Hashable, int]) -> int:
    """A bit for each thing, the same whenever it is met again."""
    mask = 0
    for thing in things:
        mask |= 1 << bits.setdefault(thing, len(bits))
    return mask

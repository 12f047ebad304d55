"""Vectors that are compared from the left, packed into as few 64-bit words as provably hold them.

An entry that never leaves −reach … reach is a digit of base 2·reach + 1. Packed so, vectors add and
compare like numbers. What does not fit into one word goes on in the next, and words are compared
from the left: nothing is ever rounded, scaled or wrapped round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, IntArray

ROOM = 2**61
"""No packed word reaches this on either side, so that two of them can be added."""

FAR = 2**62
"""Stands for "no way at all" in a word; more than any packed one."""


@dataclass(frozen=True, slots=True)
class Packing:
    """How entries share words.

    Attributes:
        reaches: How far each entry may get from 0.
        words: The entries in each word, from the left.
    """

    reaches: tuple[int, ...]
    words: tuple[tuple[int, ...], ...]

    def pack(self, entries: IntArray) -> IntArray:
        """(words, …) from (entries, …)."""
        packed = np.zeros((len(self.words), *entries.shape[1:]), dtype=np.int64)
        for at, members in enumerate(self.words):
            for entry in members:
                packed[at] = packed[at] * self._base(entry) + entries[entry]
        return packed

    def unpack(self, packed: IntArray) -> IntArray:
        """(entries, …) from (words, …)."""
        entries = np.zeros((len(self.reaches), *packed.shape[1:]), dtype=np.int64)
        for word, members in zip(packed, self.words, strict=True):
            rest = word.copy()
            for entry in reversed(members):
                reach, base = self.reaches[entry], self._base(entry)
                entries[entry] = (rest + reach) % base - reach
                rest = (rest - entries[entry]) // base
        return entries

    def _base(self, entry: int) -> int:
        return 2 * self.reaches[entry] + 1


def packing(reaches: Sequence[int], room: int = ROOM) -> Packing:
    """As many entries to a word as fit.

    Raises:
        OverflowError: one entry alone is too large for a word.
    """
    words: list[list[int]] = [[]]
    size = 1
    for entry, reach in enumerate(reaches):
        base = 2 * reach + 1
        if base > ROOM:
            raise OverflowError("the sums of a level could be too large for 64 bits")
        if size * base > room and words[-1]:
            words.append([])
            size = 1
        words[-1].append(entry)
        size *= base
    return Packing(tuple(reaches), tuple(map(tuple, words)))


def less(left: IntArray, right: IntArray | int) -> BoolArray:
    """Whether vectors of words (first axis) are less than others, or than a number in each word."""
    others = np.broadcast_to(right, left.shape)
    smaller: BoolArray = left[-1] < others[-1]
    for mine, other in zip(left[-2::-1], others[-2::-1], strict=True):
        smaller = (mine < other) | ((mine == other) & smaller)
    return smaller


def lower(best: IntArray, other: IntArray, where: BoolArray | bool = True) -> None:
    """Take the lesser of two vectors of words, in place, at the places of a mask."""
    if len(best) == 1:
        np.minimum(best[0], other[0], out=best[0], where=where)
    else:
        np.copyto(best, other, where=less(other, best) & where)


def least(words: IntArray, where: BoolArray) -> IntArray:
    """The least vector of words along the last axis, among the places of a mask.

    ``FAR`` in every word where the mask has no place.

    Args:
        words: (words, …, count).
        where: (…, count).
    """
    found = np.full(words.shape[:-1], FAR, dtype=np.int64)
    among = np.broadcast_to(where, words.shape[1:])
    for word, best in zip(words, found, strict=True):
        np.min(np.where(among, word, FAR), axis=-1, initial=FAR, out=best)
        among = among & (word == best[..., None])
    return found


def least_of_runs(words: IntArray, first: IntArray) -> IntArray:
    """(words, runs) the least vector of words of every run of places.

    Args:
        words: (words, places).
        first: (runs,) where each run begins: the first at 0, in order.
    """
    found = np.empty((len(words), len(first)), dtype=np.int64)
    lengths = np.diff(first, append=words.shape[1])
    among = np.ones(words.shape[1], dtype=bool)
    for word, best in zip(words, found, strict=True):
        best[:] = np.minimum.reduceat(np.where(among, word, FAR), first)
        among &= word == np.repeat(best, lengths)
    return found

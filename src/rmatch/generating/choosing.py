"""Who is wanted, and by whom: choices by popularity and by likeness, without replacement."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from rmatch.generating.drawing import FloatArray, Stream
from rmatch.instance import IntArray

_WHOLE = 2.0**32
_FEW = 256
"""Up to so many others everybody's weights are written out in full."""

_CELLS = 2_000_000
"""Weights held in memory at once."""

_ROUNDS = 500
_STRENGTH = 40.0
"""How fast a full correlation lets a weight fall: to a quarter within a fortieth of the circle."""

NOBODY = -1


def popularity(stream: Stream, count: int, exponent: float) -> FloatArray:
    """(count,) Zipf weights in a random order: the r-th most wanted weighs ``r ** -exponent``.

    They are whole numbers, in which a last digit of a machine's power function is rounded away.
    """
    place = np.arange(1, count + 1, dtype=np.float64)
    weights = np.maximum(1.0, np.rint(_WHOLE * place**-exponent))
    return np.asarray(weights[stream.order(count)], dtype=np.float64)


def likeness(here: FloatArray, there: FloatArray, correlation: float) -> FloatArray:
    """What two latent values make of a weight: 1 where they are equal, less the further apart.

    Latent values lie on a circle of circumference 1. The function is the same from either end:
    that is what correlates the two sides' choices. Without correlation it is 1 throughout.
    """
    apart = np.abs(here - there)
    apart = np.minimum(apart, 1.0 - apart)
    fall = 1.0 + _STRENGTH * correlation * apart
    return np.asarray(1.0 / (fall * fall))


@dataclass(frozen=True, eq=False)
class Market:
    """Who chooses, who is chosen, and what makes the one likely to choose the other.

    Attributes:
        weights: (m,) popularity of those who are chosen, positive.
        here: (n,) latent values of those who choose, from 0 to below 1.
        there: (m,) latent values of those who are chosen.
        correlation: from 0 (none) to 1.
    """

    weights: FloatArray
    here: FloatArray
    there: FloatArray
    correlation: float

    def table(self, people: IntArray) -> FloatArray:
        """(people, m) weight of everybody in each one's eyes."""
        near = likeness(self.here[people, None], self.there[None, :], self.correlation)
        return np.asarray(self.weights * near)

    def likeness(self, people: IntArray, others: IntArray) -> FloatArray:
        """(k,) likeness of each of the people to the other beside them."""
        return likeness(self.here[people], self.there[others], self.correlation)


def choose(stream: Stream, counts: IntArray, market: Market) -> IntArray:
    """Ordered choices of each person by the Plackett–Luce model, exactly, for any size.

    The first choice is drawn in proportion to weight times likeness, the next likewise among the
    others, and so on: the distribution that adding Gumbel noise to log-weights and sorting gives,
    here without a logarithm and without a table of everybody by everybody. Proposals drawn by
    popularity alone are accepted with the likeness as probability, and repeated ones dropped; who
    still lacks choices after that, or has few to choose from, draws from weights written out.

    Args:
        stream: Where draws come from.
        counts: (n,) how many choices each person makes; at most everybody is chosen.
        market: The people.

    Returns:
        (n, largest count) indices, best first, ``NOBODY`` after the last.
    """
    wanted = np.minimum(counts, len(market.weights))
    chosen = np.full((len(counts), int(wanted.max(initial=0))), NOBODY, dtype=np.int64)
    if len(market.weights) > _FEW:
        _propose(stream, chosen, wanted, market)
    _complete(stream, chosen, wanted, market)
    return chosen


def _have(chosen: IntArray) -> IntArray:
    """How many choices each person has."""
    return np.asarray((chosen != NOBODY).sum(axis=1), dtype=np.int64)


def _propose(stream: Stream, chosen: IntArray, wanted: IntArray, market: Market) -> None:
    """Give most people their choices; ``chosen`` is changed.

    It may stop at any time: what is left to draw depends on nothing but what was accepted.
    """
    have = _have(chosen)
    for _ in range(_ROUNDS):
        lacking = np.flatnonzero(have < wanted)
        if len(lacking) * len(market.weights) <= _CELLS:
            return
        other = stream.pick(market.weights, len(lacking))
        accepted = stream.uniform(len(lacking)) < market.likeness(lacking, other)
        new = accepted & ~(chosen[lacking] == other[:, None]).any(axis=1)
        who = lacking[new]
        chosen[who, have[who]] = other[new]
        have[who] += 1


def _complete(stream: Stream, chosen: IntArray, wanted: IntArray, market: Market) -> None:
    """Give everybody the choices still lacking, some people at a time; ``chosen`` is changed."""
    lacking = np.flatnonzero(_have(chosen) < wanted)
    size = max(1, _CELLS // max(1, len(market.weights)))
    for at in range(0, len(lacking), size):
        people = lacking[at : at + size]
        _complete_some(stream, chosen, wanted, market, people=people)


def _complete_some(
    stream: Stream, chosen: IntArray, wanted: IntArray, market: Market, *, people: IntArray
) -> None:
    have = _have(chosen[people])
    table = market.table(people)
    row, place = np.nonzero(chosen[people] != NOBODY)
    table[row, chosen[people[row], place]] = 0.0
    while True:
        rows = np.flatnonzero(have < wanted[people])
        if len(rows) == 0:
            return
        picked = _one_each(stream, table[rows])
        table[rows, picked] = 0.0
        chosen[people[rows], have[rows]] = picked
        have[rows] += 1


def _one_each(stream: Stream, table: FloatArray) -> IntArray:
    """(rows,) one column a row, in proportion to the row's weights."""
    running = np.cumsum(table, axis=1)
    total = running[:, -1]
    target = np.minimum(stream.uniform(len(table)) * total, np.nextafter(total, 0.0))
    return np.asarray((running <= target[:, None]).sum(axis=1), dtype=np.int64)

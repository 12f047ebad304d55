"""Whether prices prove that a matching of a table has most pairs and, of those, the best score.

Apart from all that solves, and by the rule of docs/certificates.md: every pair that may be made
costs at least what it is worth, and what everybody together costs is what was made. Vectors of two
(pairs, score) are compared from the left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from rmatch.instance import BoolArray, IntArray

SignedArray = npt.NDArray[np.signedinteger[Any]]

BLOCK = 2**16
"""About so many cells are looked at together."""

LARGEST = 2**61
"""Sums of two prices below this fit 64 bits."""


def faults(
    score: SignedArray,
    acceptable: BoolArray | None,
    partner: IntArray,
    row_price: IntArray,
    column_price: IntArray,
) -> Iterator[str]:
    """What is wrong with a matching and its prices; nothing, if they prove that it is the best.

    Args:
        score: (n, m) integers.
        acceptable: (n, m) which pairs may be made; ``None``: all.
        partner: (n,) the column of each row, −1 for none.
        row_price: (n, 2) what each row costs: pairs, score.
        column_price: (m, 2) what each column costs.
    """
    n, m = score.shape
    if partner.shape != (n,) or row_price.shape != (n, 2) or column_price.shape != (m, 2):
        yield "partners or prices are not of the shape of the table"
        return
    if np.any((partner < -1) | (partner >= m)):
        yield "a partner is no column"
        return
    rows = np.flatnonzero(partner >= 0)
    columns = partner[rows]
    if len(np.unique(columns)) < len(columns):
        yield "a column has two rows"
    if acceptable is not None and not acceptable[rows, columns].all():
        yield "a pair that may not be made is made"
    prices = np.concatenate([row_price, column_price])
    if np.any((prices >= LARGEST) | (prices <= -LARGEST)):
        yield "prices are too large to add up"
        return
    worth = (len(rows), sum(score[rows, columns].tolist()))
    cost = _cost(prices)
    if cost != worth:
        told = f"everybody costs {cost[0]} pairs and {cost[1]}"
        yield f"{told}, and {worth[0]} and {worth[1]} is made"
    if cheap := sum(_cheap(score, acceptable, row_price, column_price)):
        yield f"{cheap} pairs are worth more than both their prices"


def _cost(prices: IntArray) -> tuple[int, int]:
    """The sum of all vectors above nothing: nobody needs to be paid for."""
    above = prices[(prices[:, 0] > 0) | ((prices[:, 0] == 0) & (prices[:, 1] > 0))]
    return sum(above[:, 0].tolist()), sum(above[:, 1].tolist())


def _cheap(
    score: SignedArray, acceptable: BoolArray | None, row_price: IntArray, column_price: IntArray
) -> Iterator[int]:
    """How many pairs cost less than one pair and their score, block by block."""
    n, m = score.shape
    height = max(1, BLOCK // max(1, m))
    for first in range(0, n, height):
        block = slice(first, first + height)
        count = row_price[block, 0, None] + column_price[:, 0]
        points = row_price[block, 1, None] + column_price[:, 1]
        less = (count < 1) | ((count == 1) & (points < score[block]))
        if acceptable is not None:
            less &= acceptable[block]
        yield int(less.sum())

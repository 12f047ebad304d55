"""An order of mentors and mentees in which a table of scores shows its structure.

Both sides are points in one space, by the leading singular vectors of the scaled scores, so that
people who score high with the same others are near each other (Dhillon, *Co-clustering documents
and words using bipartite spectral graph partitioning*, 2001). People who are matched with each
other stand together, so that the pairs lie along the diagonal; nearest neighbours are put beside
each other by average linkage.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

DIMENSIONS = 8
"""So many singular vectors tell people apart; what comes after them is mostly noise."""
_DIGITS = 9
"""Distances are compared to so many digits: the last ones differ from machine to machine."""


def diagonal_order(values: Floats, pairs: Sequence[tuple[int, int]]) -> tuple[list[int], list[int]]:
    """Rows and columns in an order of their own, the matched ones along the diagonal.

    Args:
        values: (n, m) how good each pair is; 0 where it is not allowed, and nothing below.
        pairs: (row, column) of every matched pair.
    """
    n, m = values.shape
    points = _points(values)
    units = _units(n + m, [(row, n + column) for row, column in pairs])
    if not units:
        return [], []
    everyone = [one for k in _chain(_means(points, units)) for one in units[k]]
    return [one for one in everyone if one < n], [one - n for one in everyone if one >= n]


def _points(values: Floats) -> Floats:
    """(n + m, d) where everybody stands; the later a singular vector, the less it counts."""
    totals = values.sum(axis=1), values.sum(axis=0)
    rows, columns = (1 / np.sqrt(np.where(total > 0, total, np.inf)) for total in totals)
    if not values.size:
        return np.zeros((sum(values.shape), 1))
    left, weights, right = np.linalg.svd(rows[:, None] * values * columns, full_matrices=False)
    # The first vector is the same for everybody; an empty dimension stands for no other.
    used = slice(1, 1 + DIMENSIONS)
    scale = np.append(weights[used] ** 2, 0.0)
    both = (left[:, used] * rows[:, None], right[used].T * columns[:, None])
    places: Floats = np.concatenate([np.pad(part, ((0, 0), (0, 1))) for part in both]) * scale
    return places


def _means(points: Floats, units: Sequence[Sequence[int]]) -> Floats:
    return np.array([points[list(unit)].mean(axis=0) for unit in units])


def _units(number: int, links: Sequence[tuple[int, int]]) -> list[list[int]]:
    """People who hang together by their pairs, the rest one by one; each ascending."""
    unit = {one: [one] for one in range(number)}
    for one, other in links:
        if unit[one] is not unit[other]:
            joint = sorted([*unit[one], *unit[other]])
            unit.update(dict.fromkeys(joint, joint))
    return list({id(some): some for some in unit.values()}.values())


def _chain(points: Floats) -> list[int]:
    """Points in a row: the two nearest groups are joined, at the ends that are nearest."""
    apart = np.sqrt(((points[:, None] - points[None]) ** 2).sum(axis=2)).round(_DIGITS)
    linkage = apart + np.where(np.eye(len(points), dtype=bool), np.inf, 0.0)
    groups = {k: [k] for k in range(len(points))}
    while len(groups) > 1:
        one, other = sorted(divmod(int(linkage.argmin()), len(points)))
        sizes = len(groups[one]), len(groups[other])
        merged = (sizes[0] * linkage[one] + sizes[1] * linkage[other]) / sum(sizes)
        merged[[one, other]] = np.inf
        linkage[one], linkage[:, one] = merged, merged
        linkage[other], linkage[:, other] = np.inf, np.inf
        groups[one] = _joined(groups[one], groups.pop(other), apart)
    (order,) = groups.values()
    return order


def _joined(one: list[int], other: list[int], apart: Floats) -> list[int]:
    """Two rows as one, either turned round where that brings nearer what meets."""
    ways = [(a, b) for a in (one, one[::-1]) for b in (other, other[::-1])]
    first, second = min(ways, key=lambda way: apart[way[0][-1], way[1][0]])
    return [*first, *second]

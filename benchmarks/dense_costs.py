"""Tables of scores for ``dense.py``, seeded: a kind and a number of rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

VALUES = 11
"""Of a table with many ties."""

KEPT = 0.7
"""The share of pairs that a mask leaves."""


@dataclass(frozen=True)
class Costs:
    """Scores, and which pairs may be made (``None``: all)."""

    score: Scores
    acceptable: Mask | None = None


def uniform(n: int, draw: np.random.Generator) -> Costs:
    """Whole numbers below 30 000."""
    return Costs(draw.integers(0, 30_000, (n, n), dtype=np.int32))


def ties(n: int, draw: np.random.Generator) -> Costs:
    """Few values, each of them often."""
    return Costs(draw.integers(0, VALUES, (n, n), dtype=np.int32))


def cohort(n: int, draw: np.random.Generator) -> Costs:
    """As a mentoring scheme scores people, as many a side."""
    return Costs(_scored(n, n, draw))


def rectangle(n: int, draw: np.random.Generator) -> Costs:
    """The same with a sixth of the mentees left out."""
    return Costs(_scored(n, n + n // 5, draw))


def mask(n: int, draw: np.random.Generator) -> Costs:
    """The same with rules that exclude some of the pairs."""
    return Costs(_scored(n, n, draw), draw.random((n, n)) < KEPT)


KINDS: Mapping[str, Callable[[int, np.random.Generator], Costs]] = {
    "cohort": cohort,
    "random": uniform,
    "ties": ties,
    "rectangle": rectangle,
    "mask": mask,
}


def costs(label: str, seed: int) -> Costs:
    """The table of a label such as ``cohort:2000``."""
    kind, n = label.split(":")
    return KINDS[kind](int(n), np.random.default_rng(seed))


def _scored(n: int, m: int, draw: np.random.Generator) -> Scores:
    """Points for the same specialty, region and topics, and for three choices of everybody."""
    score = np.zeros((n, m), dtype=np.int32)
    for values, points in ((10, 40), (5, 20)):
        score += points * (draw.integers(0, values, n)[:, None] == draw.integers(0, values, m))
    for _ in range(2):  # what one wants and the other offers, both ways
        score += 10 * (_topics(draw, n) @ _topics(draw, m).T)
    points = np.array([90, 60, 30], dtype=np.int32)
    for row in range(n):
        score[row, draw.integers(0, m, 3)] += points
    for column in range(m):
        score[draw.integers(0, n, 3), column] += points
    return score


def _topics(draw: np.random.Generator, people: int) -> Scores:
    """(people, 8) three topics of everybody."""
    return (draw.random((people, 8)).argsort(axis=1) < 3).astype(np.int32)

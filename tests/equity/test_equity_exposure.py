"""Several characteristics together give away no small set of people."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product

import numpy as np
import pytest  # noqa: TC002 - as every other test does
from hypothesis import given, settings
from hypothesis import strategies as st

from rmatch.equity import exposure
from rmatch.equity.blocks import People
from rmatch.equity.exposure import exposes

Columns = list[list[int]]


def partition(column: list[int]) -> list[People]:
    """The blocks of one characteristic, given as the block of each person."""
    return [frozenset(k for k, block in enumerate(column) if block == one) for one in set(column)]


def rank(rows: list[list[int]]) -> int:
    """By elimination in fractions."""
    left = [[Fraction(x) for x in row] for row in rows]
    found = 0
    for k in range(len(left[0]) if left else 0):
        pivot = next((r for r in range(found, len(left)) if left[r][k]), None)
        if pivot is None:
            continue
        left[found], left[pivot] = left[pivot], left[found]
        for r in range(found + 1, len(left)):
            factor = left[r][k] / left[found][k]
            left[r] = [a - factor * b for a, b in zip(left[r], left[found], strict=True)]
        found += 1
    return found


def exposed_by_trying(columns: Columns, minimum: int) -> bool:
    """Whether any set of fewer people is a combination of blocks: every set tried."""
    people = range(len(columns[0]))
    blocks = [[int(k in block) for k in people] for c in columns for block in partition(c)]
    known = rank(blocks)
    return any(
        rank([*blocks, [int(k in some) for k in people]]) == known
        for size in range(1, minimum)
        for some in combinations(people, size)
    )


@st.composite
def some_columns(draw: st.DrawFn) -> Columns:
    """One to four characteristics of up to eight people; often few combinations occur."""
    count = draw(st.integers(1, 8))
    kinds = draw(st.integers(1, 4))
    combos = draw(
        st.lists(
            st.lists(st.integers(0, 2), min_size=kinds, max_size=kinds), min_size=1, max_size=5
        )
    )
    rows = [draw(st.sampled_from(combos)) for _ in range(count)]
    return [list(column) for column in zip(*rows, strict=True)]


@settings(max_examples=100)
@given(columns=some_columns(), minimum=st.integers(2, 5))
def test_exposure_is_what_trying_every_set_finds(columns: Columns, minimum: int) -> None:
    """Neither more nor less, where the search may take the steps it needs."""
    everybody = frozenset(range(len(columns[0])))
    partitions = [partition(column) for column in columns]
    assert exposes(everybody, partitions, minimum) == exposed_by_trying(columns, minimum)


def test_a_characteristic_that_splits_another_is_found() -> None:
    """40 white, 31 of them of code A: the 9 of other codes follow by subtraction."""
    race = [0] * 40 + [1] * 30
    code = [0] * 31 + [1] * 39
    assert exposes(frozenset(range(70)), [partition(race), partition(code)], 10)
    assert not exposes(frozenset(range(70)), [partition(race), partition(code)], 9)


def test_a_column_for_each_answer_ticked_is_found() -> None:
    """Three columns of yes and no that add up to everybody but a few."""
    ticked = [[int(low <= k < low + 20) for k in range(63)] for low in (0, 20, 40)]
    partitions = [partition(column) for column in ticked]
    assert not exposes(frozenset(range(63)), partitions[:2], 10)
    assert exposes(frozenset(range(63)), partitions, 10)


def test_independent_characteristics_expose_nobody() -> None:
    """Every combination of three answers occurs once or twice."""
    people = list(product(range(3), range(3), range(2))) * 2
    columns = [list(column) for column in zip(*people, strict=True)]
    everybody = frozenset(range(len(people)))
    assert not exposes(everybody, [partition(column) for column in columns], 10)


def test_what_cannot_be_ruled_out_counts_as_exposed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search that is out of steps says yes."""
    people = np.random.default_rng(1).integers(0, 3, size=(40, 5)).tolist()
    columns = [list(column) for column in zip(*people, strict=True)]
    partitions = [partition(column) for column in columns]
    assert not exposes(frozenset(range(40)), partitions, 8)
    monkeypatch.setattr(exposure, "_MOST_STEPS", 1)
    assert exposes(frozenset(range(40)), partitions, 8)

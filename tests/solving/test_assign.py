"""`rmatch.assign`: what it takes, what it gives, and a check that solves nothing."""

from __future__ import annotations

import dataclasses
import re
from itertools import permutations
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rmatch
from rmatch.properties import table_proof

TYPES = (np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64)


@st.composite
def tables(draw: st.DrawFn) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None]:
    """Small tables of any integers and layout: no rows, no columns, ties, pairs left out."""
    n, m = draw(st.integers(0, 5)), draw(st.integers(0, 5))
    kind = np.dtype(draw(st.sampled_from(TYPES)))
    top = draw(st.sampled_from([0, 1, 5, 127, min(int(np.iinfo(kind).max), 2**50)]))
    cells = draw(st.lists(st.integers(0, top), min_size=n * m, max_size=n * m))
    score = np.array(cells, dtype=kind).reshape(n, m)
    flags = draw(st.lists(st.booleans(), min_size=n * m, max_size=n * m))
    mask = np.array(flags, dtype=bool).reshape(n, m) if draw(st.booleans()) else None
    layout = draw(st.sampled_from(["C", "F", "reversed", "read-only"]))
    if layout == "F":
        score = np.asfortranarray(score)
    elif layout == "reversed":
        score = score[::-1, ::-1]
    else:
        score.setflags(write=layout == "C")
    return score, mask


def brute_force(score: np.ndarray[Any, Any], mask: np.ndarray[Any, Any] | None) -> tuple[int, int]:
    """Most pairs, then the best total, over every order of the longer side."""
    if score.shape[0] > score.shape[1]:
        score, mask = score.T, None if mask is None else mask.T
    best = (0, 0)
    for columns in permutations(range(score.shape[1]), score.shape[0]):
        made = [(i, j) for i, j in enumerate(columns) if mask is None or mask[i, j]]
        best = max(best, (len(made), sum(int(score[pair]) for pair in made)))
    return best


@given(tables())
def test_no_matching_is_better(
    table: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None],
) -> None:
    """Whatever the numbers' type and the table's layout, and the check agrees."""
    found = rmatch.assign(*table)
    assert (len(found.pairs), found.total) == brute_force(*table)
    assert found.check().faults == ()


@given(tables())
def test_it_is_what_solving_gives(
    table: tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None],
) -> None:
    """Pairs and score are those of the instance with the same table."""
    score, mask = table
    found = rmatch.assign(score, mask)
    if score.size and int(score.max()) < 10**6:
        acceptable = None if mask is None else mask.tolist()
        instance = rmatch.Instance.from_scores(score.tolist(), acceptable=acceptable)
        levels = rmatch.solve(instance, objectives=("pairs", "score")).objectives
        assert levels == {"pairs": len(found.pairs), "score": found.total}


def test_a_table_is_kept_and_not_copied() -> None:
    """Signed numbers stay where they are, and a check reads them again."""
    score = np.array([[1, 2], [3, 5]], dtype=np.int32)
    found = rmatch.assign(score)
    assert found.score is score
    assert repr(found) == "Assignment(2 pairs, total 6)"
    assert found.pairs.tolist() == [[0, 0], [1, 1]]
    score[0, 1] = 9
    assert not found.check().ok


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"partner": np.array([0, 0, -1])}, "a column has two rows"),
        ({"partner": np.array([0, 7, -1])}, "a partner is no column"),
        ({"partner": np.array([0])}, "not of the shape"),
        ({"partner": np.array([1, 0, -1])}, "a pair that may not be made is made"),
        ({"partner": np.array([0, -1, -1])}, "everybody costs 2 pairs and 9, and 1 and 4 is made"),
        ({"row_price": np.zeros((3, 2), dtype=np.int64)}, "worth more than both their prices"),
        ({"row_price": np.full((3, 2), 2**62)}, "too large to add up"),
    ],
)
def test_a_check_finds_what_is_wrong(change: dict[str, Any], said: str) -> None:
    """A matching that is none, and prices that prove nothing, are told."""
    score = [[4, 9, 0], [7, 5, 0], [3, 0, 0]]
    acceptable = [[1, 0, 0], [1, 1, 0], [1, 0, 0]]
    found = rmatch.assign(score, acceptable)
    assert found.check().ok
    assert any(said in fault for fault in dataclasses.replace(found, **change).check().faults)


def test_a_check_reads_every_block(monkeypatch: pytest.MonkeyPatch) -> None:
    """One pair that is worth more than its prices is found wherever it stands."""
    monkeypatch.setattr(table_proof, "BLOCK", 8)
    score = np.random.default_rng(3).integers(0, 9, (9, 4))
    found = rmatch.assign(score)
    for pair in np.ndindex(*score.shape):
        before, score[pair] = int(score[pair]), 100
        assert any("worth more" in fault for fault in found.check().faults)
        score[pair] = before
    assert found.check().ok


@pytest.mark.parametrize(
    ("score", "acceptable", "said"),
    [
        ([[1, -1], [-2, 0]], None, "scores must be 0 or more: 2 are not"),
        ([[0.5]], None, "scores must be integers, not float64: scale and round them"),
        ([1, 2], None, "a table of rows and columns, not of shape (2,)"),
        ([[2**63]], None, "scores must fit 63 bits"),
        ([[1, 2]], [[2, 0]], "acceptable must hold True and False, or 1 and 0"),
        ([[1], [1, 2]], None, "the rows of the score are not equally long"),
        ([[1, 2]], [[1], [1, 0]], "the rows of acceptable are not equally long"),
        (np.ma.masked_equal([[1, 2]], 2), None, "the score is a masked array: say with acceptable"),
    ],
)
def test_a_table_it_cannot_read_is_refused(score: Any, acceptable: Any, said: str) -> None:
    """The error says what is wrong with the table."""
    with pytest.raises(ValueError, match=re.escape(said)):
        rmatch.assign(score, acceptable)


@pytest.mark.parametrize("seed", [-1, "1", 1.0, True])
def test_a_seed_that_is_no_whole_number_is_refused(seed: Any) -> None:
    """Every seed gives one matching, so nothing is taken for one that is none."""
    with pytest.raises(ValueError, match="seed must be a whole number from 0"):
        rmatch.assign([[1]], seed=seed)


def test_every_problem_is_listed() -> None:
    """One error has them all."""
    with pytest.raises(
        ValueError, match=r"integers, not float64.*; acceptable is of shape \(1, 1\)"
    ):
        rmatch.assign([[0.5, 1.5]], [[True]])

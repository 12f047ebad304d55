"""Dense assignment against scipy, and its prices against the audit's own rule."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

import rmatch
from rmatch.certificate import Certificate, Prices
from rmatch.solving.dense import assignment
from rmatch.solving.dense.assignment import Optimum, optimum
from rmatch.solving.dense.table import BoolArray, Numbers, Table

PAIR = 10**7
"""More than all scores together, and exact in scipy's floats."""

SEEDS = range(40)


def drawn(seed: int) -> tuple[Numbers, BoolArray | None]:
    """A small table: square or not, of few or many values, with or without pairs left out."""
    draw = np.random.default_rng(seed)
    n, m = draw.integers(0, 12, 2)
    if seed % 3 == 0:
        m = n
    top = int(draw.choice([0, 1, 3, 20, 1000, 30000]))
    score = draw.integers(0, top + 1, (n, m)).astype(draw.choice([np.int16, np.int32, np.int64]))
    return score, None if seed % 2 else draw.random((n, m)) < draw.random()


def assign(score: Numbers, acceptable: BoolArray | None = None, **settings: int) -> Optimum:
    """The engine on a table, with settings that the public function does not have."""
    return optimum(Table(score, acceptable, int(score.max(initial=0))), **settings)


def best(score: Numbers, acceptable: BoolArray | None) -> int:
    """What scipy finds, a pair worth more than all scores."""
    worth = score.astype(np.int64) + PAIR
    if acceptable is not None:
        worth = np.where(acceptable, worth, 0)
    return int(worth[linear_sum_assignment(worth, maximize=True)].sum())


def made(found: Optimum) -> tuple[tuple[int, int], ...]:
    """The pairs, as indices of row and column."""
    rows = np.flatnonzero(found.partner >= 0)
    return tuple(zip(rows.tolist(), found.partner[rows].tolist(), strict=True))


def value(score: Numbers, found: Optimum) -> int:
    """What its pairs are worth, a pair worth more than all scores."""
    return sum(PAIR + int(score[pair]) for pair in made(found))


@pytest.mark.parametrize("seed", SEEDS)
def test_it_is_as_good_as_scipy(seed: int) -> None:
    """A matching has the most acceptable pairs and the best score, and nobody twice."""
    score, acceptable = drawn(seed)
    found = assign(score, acceptable, seed=seed, each=1 + seed % 4)
    pairs = made(found)
    assert value(score, found) == best(score, acceptable)
    assert len({column for _, column in pairs}) == len(pairs)
    assert acceptable is None or all(acceptable[pair] for pair in pairs)


@pytest.mark.parametrize("seed", SEEDS)
def test_its_prices_prove_it(seed: int) -> None:
    """By the rule of docs/certificates.md, no matching is worth more than the one found."""
    score, acceptable = drawn(seed)
    found = assign(score, acceptable, seed=seed, each=1 + seed % 4)
    rows, columns = found.row_price.tolist(), found.column_price.tolist()
    most = [0, 0]
    for vector in (*rows, *columns):
        if vector > [0, 0]:
            most = [most[0] + vector[0], most[1] + vector[1]]
    for (i, j), points in np.ndenumerate(score):
        if acceptable is None or acceptable[i, j]:
            assert [rows[i][0] + columns[j][0], rows[i][1] + columns[j][1]] >= [1, points]
    pairs = made(found)
    assert most == [len(pairs), sum(int(score[pair]) for pair in pairs)]


@pytest.mark.parametrize(("n", "m", "top"), [(150, 150, 30000), (150, 150, 3), (90, 160, 200)])
def test_it_repairs_until_nothing_is_missing(n: int, m: int, top: int) -> None:
    """Where the first pairs are few, those that are missing are found and added."""
    score = np.random.default_rng(n).integers(0, top + 1, (n, m)).astype(np.int32)
    assert value(score, assign(score, each=2)) == best(score, None)


@pytest.mark.parametrize("seed", [2, 4, 17, 24, 27])
def test_what_chance_did_not_pick_is_not_left_out(seed: int) -> None:
    """Where rows and columns are popular, the pairs near their prices hide the few better ones."""
    draw = np.random.default_rng(seed)
    score = draw.integers(0, 30, (22, 1)) + draw.integers(0, 30, (1, 100))
    score += 2 * (draw.random((22, 100)) < 0.01)
    assert value(score, assign(score)) == best(score, None)


def test_it_ends_where_few_pairs_are_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the rounds that add few pairs, all that are missing are added."""
    monkeypatch.setattr(assignment, "ROUNDS", 1)
    monkeypatch.setattr(assignment, "MOST", 1)
    score = np.random.default_rng(5).integers(0, 1000, (60, 70)).astype(np.int32)
    assert value(score, assign(score, each=1)) == best(score, None)


def test_the_same_seed_gives_the_same_matching() -> None:
    """Chance among equals is drawn from the seed alone."""
    score = np.random.default_rng(1).integers(0, 4, (80, 80)).astype(np.int16)
    one, other = assign(score, seed=3), assign(score, seed=3)
    assert one.partner.tolist() == other.partner.tolist()


def test_the_audit_accepts_its_prices() -> None:
    """Put in place of the flow's, its matching and prices pass the audit's own checks."""
    score = np.random.default_rng(8).integers(0, 50, (9, 12)).astype(np.int32)
    acceptable = np.random.default_rng(9).random((9, 12)) < 0.4
    found = assign(score, acceptable)
    assert audited(score, acceptable, found) == []


def test_the_audit_refuses_prices_that_are_off() -> None:
    """A price too high by one proves nothing, and the audit says so."""
    score = np.random.default_rng(8).integers(0, 50, (9, 12)).astype(np.int32)
    acceptable = np.random.default_rng(9).random((9, 12)) < 0.4
    found = assign(score, acceptable)
    found.row_price[0] += [1, 0]
    assert audited(score, acceptable, found) == ["false prices"]


def audited(score: Numbers, acceptable: BoolArray, found: Optimum) -> list[str]:
    """What the audit finds wrong with a matching that claims these prices."""
    instance = rmatch.Instance.from_scores(score.tolist(), acceptable=acceptable.tolist())
    matching = rmatch.solve(instance, objectives=("pairs", "score"))
    prices = Prices(
        levels=("pairs", "score"),
        mentors=tuple(map(tuple, found.row_price.tolist())),
        mentees=tuple(map(tuple, found.column_price.tolist())),
    )
    wanted = set(made(found))
    both = zip(instance.mentor.tolist(), instance.mentee.tolist(), strict=True)
    solution = dataclasses.replace(
        matching.solution,
        chosen=tuple(e for e, pair in enumerate(both) if pair in wanted),
        certificate=Certificate(prices=prices),
    )
    report = dataclasses.replace(matching, solution=solution).verify()
    return [str(finding.kind.value) for finding in report.findings]


def test_scores_too_large_for_the_arithmetic_are_refused() -> None:
    """Sums that would not fit 64 bits are an error, never a wrong matching."""
    score = np.full((2000, 3), 2**50, dtype=np.int64)
    with pytest.raises(OverflowError, match="too large"):
        assign(score)

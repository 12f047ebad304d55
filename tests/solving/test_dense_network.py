"""Levels of dense networks: the same values, prices and free arcs as by the flow over all pairs."""

from __future__ import annotations

import numpy as np
import pytest

import rmatch
from rmatch import Instance
from rmatch.solving import flow
from rmatch.solving.dense import network as dense_network
from rmatch.solving.objectives import REGISTRY

SEEDS = range(30)


@pytest.fixture(autouse=True)
def every_table_is_dense(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that small instances go the way of large ones, with few pairs to start with."""
    monkeypatch.setattr(dense_network, "ENOUGH", 0)
    monkeypatch.setattr(dense_network, "THIN", 10**9)
    monkeypatch.setattr(dense_network, "EACH", 1)
    monkeypatch.setattr(dense_network, "MOST", 2)


def drawn(seed: int) -> Instance:
    """An instance of unequal sides, some without a place, and pairs left out; ties are many."""
    draw = np.random.default_rng(seed)
    n, m = draw.integers(1, 25, 2)
    top = int(draw.choice([0, 2, 50, 2**29]))
    acceptable = draw.random((n, m)) < draw.choice([0.2, 0.6, 1.0])
    mentors, mentees = (draw.random(k) < 0.9 for k in (n, m))
    return Instance.from_scores(
        draw.integers(0, top + 1, (n, m)).tolist(),
        acceptable=acceptable.tolist(),
        mentor_capacity=mentors.astype(int).tolist(),
        mentee_capacity=mentees.astype(int).tolist(),
    )


@pytest.mark.parametrize("names", [("pairs", "people", "score", "tie_break"), ("score", "pairs")])
@pytest.mark.parametrize("seed", SEEDS)
def test_levels_are_those_of_the_flow(seed: int, names: tuple[str, ...]) -> None:
    """Level after level: what comes next starts from the same network, flow apart."""
    instance = drawn(seed)
    one, other = flow.network_of(instance), flow.network_of(instance)
    for name in names:
        make = REGISTRY[name].make
        assert make is not None
        terms = make(instance, np.arange(instance.n_pairs), seed)
        assert dense_network.optimise(one, terms) == flow.optimise(other, terms)
        assert one.price.tolist() == other.price.tolist()
        assert one.free.tolist() == other.free.tolist()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_solution_passes_its_audit(seed: int) -> None:
    """Every level is proved, and by evidence that the audit checks."""
    matching = rmatch.solve(drawn(seed), strategy="best_score")
    assert matching.status == "optimal"
    assert matching.verify().ok
    assert {level.proof for level in matching.solution.levels} <= {"cut", "prices", "floor"}


def test_it_ends_where_few_pairs_are_added(monkeypatch: pytest.MonkeyPatch) -> None:
    """After the rounds that add few pairs, all that are too cheap are added."""
    monkeypatch.setattr(dense_network, "ROUNDS", 1)
    test_levels_are_those_of_the_flow(3, ("pairs", "score"))


def test_several_places_go_by_the_flow_over_all_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a mentor may have two mentees nothing is left out."""
    monkeypatch.delattr(dense_network, "_repaired")
    instance = Instance.from_scores([[3, 1], [2, 2]], mentor_capacity=[2, 1])
    assert rmatch.solve(instance, objectives=("pairs", "score")).objectives["score"] == 5

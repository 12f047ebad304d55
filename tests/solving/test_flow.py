"""Levels over largest matchings by assignment: the same as by the general flow, prices and all."""

from __future__ import annotations

from unittest import mock

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fuzzing import fuzzed
from rmatch.instance import Instance
from rmatch.solving import assigning, flow, potentials
from rmatch.solving.objectives import REGISTRY
from rmatch.testing import instances
from shown import in_full

ORDERS = st.permutations(["pairs", "people", "priority", "warnings", "score", "changes"]).flatmap(
    lambda names: st.integers(1, len(names)).map(lambda count: (*names[:count], "tie_break"))
)
INSTANCES = in_full(
    st.one_of(instances(max_side=7, max_capacity=1), instances(max_side=5, max_capacity=3))
)


def settled(instance: Instance, order: tuple[str, ...]) -> tuple[list[int], flow.Network]:
    """The levels' values, and the network that they leave."""
    network = flow.network_of(instance)
    among = np.arange(instance.n_pairs)
    values = []
    for name in order:
        make = REGISTRY[name].make
        assert make is not None
        values.append(flow.optimise(network, make(instance, among, 0)))
    return values, network


def unbalanced(network: flow.Network) -> bool:
    """Whether more flows into some node than out of it, or more through an arc than may."""
    through = np.zeros(network.n_nodes, dtype=np.int64)
    np.add.at(through, network.head, network.flow)
    np.subtract.at(through, network.tail, network.flow)
    outside = (network.flow < 0) | (network.flow > network.capacity)
    return bool(through.any() or outside.any())


@fuzzed
@given(instance=INSTANCES, order=ORDERS)
def test_the_plainest_solver_gives_what_the_general_one_does(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """The same values, pairs, prices and free arcs, level by level; and a circulation."""
    values, network = settled(instance, order)
    with mock.patch.object(flow, "_solve", flow._by_cheapest_flow):
        others, general = settled(instance, order)
    assert values == others
    assert network.chosen.tolist() == general.chosen.tolist()
    assert np.array_equal(network.price, general.price)
    assert np.array_equal(network.free, general.free)
    assert not unbalanced(network)


@fuzzed
@given(instance=INSTANCES, order=ORDERS)
def test_prices_are_the_same_whichever_arcs_are_looked_at_first(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """Over the arcs that are violated most, and over all arcs at once."""
    with mock.patch.object(potentials, "FEW", -1):
        _, lazily = settled(instance, order)
    _, at_once = settled(instance, order)
    assert np.array_equal(lazily.price, at_once.price)


def square(score: list[list[int]], acceptable: list[list[int]] | None = None) -> Instance:
    return Instance.from_scores(score, acceptable)


@pytest.mark.parametrize(
    ("instance", "expected"),
    [
        pytest.param(square([[5, 1], [4, 3]]), (2, 2), id="everybody is matched"),
        pytest.param(square([[5, 1, 9], [4, 3, 7]]), (3, 3), id="one is left: one dummy"),
        pytest.param(
            square([[5, 0], [4, 0]], [[1, 0], [1, 0]]), (2, 2), id="and one nobody may have"
        ),
    ],
)
def test_who_is_left_gets_a_dummy(instance: Instance, expected: tuple[int, int]) -> None:
    """As many rows as columns, nobody in it who can have no partner."""
    _, network = settled(instance, ("pairs",))
    cost = np.zeros(len(network.tail), dtype=np.int64)
    cost[: instance.n_pairs] = -instance.score
    problem = assigning.assignment_of(network, cost)
    assert problem is not None
    assert (problem.size, len(set(problem.column.tolist()))) == expected


def test_several_places_large_costs_and_many_dummies_are_left_to_the_flow() -> None:
    """None of them is an assignment that is worth it."""
    several = Instance.from_scores([[5, 1], [4, 3]], mentor_capacity=[2, 1])
    large = square([[2**39, 1], [4, 3]])
    many = square([[number % 7 for number in range(60)], [1] * 60])
    for instance, factor in ((several, 1), (large, 2**22), (many, 1)):
        _, network = settled(instance, ("pairs",))
        cost = np.zeros(len(network.tail), dtype=np.int64)
        cost[: instance.n_pairs] = -instance.score * factor
        assert assigning.assignment_of(network, cost) is None

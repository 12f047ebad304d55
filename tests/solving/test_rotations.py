"""Strict preferences, one to one: rotations and cuts equal looking at every stable matching."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from test_published import EXAMPLE_1, EXAMPLE_2, ranked

from brute_force import Matching, stable_matchings
from fuzzing import fuzzed
from rmatch.instance import MAX_TOTAL, BoolArray, Instance, IntArray
from rmatch.properties.stability import blocking_pairs
from rmatch.solving import solve
from rmatch.solving.closures import Closures
from rmatch.solving.deferred_acceptance import deferred_acceptance
from rmatch.solving.lattice import Lattice
from rmatch.solving.rotations import Rotations, find_rotations, is_strict
from shown import in_full


def instance_of(mentor: IntArray, mentee: IntArray, *keys: IntArray, n: int, m: int) -> Instance:
    """Places of 1; both sides rank by their key, lowest first, and then by the other's index."""
    return Instance.from_pairs(
        mentor,
        mentee,
        keys[0] * 10_000 + mentee,
        keys[1] * 10_000 + mentor,
        mentor_capacity=np.ones(n, dtype=np.int64),
        mentee_capacity=np.ones(m, dtype=np.int64),
    )


def cyclic(i: IntArray, j: IntArray, size: int) -> IntArray:
    """The Latin square of addition modulo the size."""
    return (j - i) % size


def dyadic(i: IntArray, j: IntArray, size: int) -> IntArray:
    """The Latin square of addition without carry; the size is a power of 2."""
    del size
    return i ^ j


def latin(square: Callable[[IntArray, IntArray, int], IntArray], size: int) -> Instance:
    """Everybody is acceptable; mentors rank by the square, mentees the other way round."""
    i, j = np.divmod(np.arange(size * size), size)
    rank = square(i, j, size)
    return instance_of(i, j, rank, -rank, n=size, m=size)


@st.composite
def strict_instances(draw: st.DrawFn, *, max_side: int = 5) -> Instance:
    """Short lists, unequal sides, no ties; from Latin squares, rich in rotations, to chance."""
    # Small or unequal sides and chance alone leave next to no rotations, so they are rarer here.
    n = draw(st.sampled_from([*range(max_side + 1), *range(max_side // 2, max_side + 1)]))
    m = draw(st.one_of(st.just(n), st.just(n), st.integers(0, max_side)))
    square = draw(st.sampled_from((cyclic, dyadic)))
    pull = draw(st.sampled_from((20, 10, 6, 3, 0)))
    dropped = draw(st.sampled_from((0, 0, 1, 4)))
    cell = st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
    drawn = [(i, j, *draw(cell)) for i in range(n) for j in range(m)]
    i, j, ours, theirs, fate = np.array(drawn, dtype=np.int64).reshape(-1, 5).T
    rank = pull * square(i, j, max(1, n, m))
    keep = fate >= dropped
    return instance_of(i[keep], j[keep], (rank + ours)[keep], (theirs - rank)[keep], n=n, m=m)


SMALL = in_full(strict_instances())
WEIGHTS = st.one_of(
    st.integers(-2, 2), st.just(0), st.sampled_from((-(2**57), 2**57, 2**57 + 1, 2**57 - 1))
)


def closed_sets(rotations: Rotations) -> Iterator[BoolArray]:
    """Every closed set of rotations; none comes before what must come before it."""
    needs = [0] * rotations.count
    for before, after in zip(rotations.before.tolist(), rotations.after.tolist(), strict=True):
        needs[after] |= 1 << before
    sets = [0]
    for rotation, need in enumerate(needs):
        sets += [one | 1 << rotation for one in sets if one & need == need]
    for one in sets:
        yield np.array([one >> rotation & 1 for rotation in range(rotations.count)], dtype=bool)


def made(instance: Instance, chosen: IntArray) -> Matching:
    """Pairs in the oracle's order."""
    return tuple(
        zip(instance.mentor[chosen].tolist(), instance.mentee[chosen].tolist(), strict=True)
    )


def generated(instance: Instance) -> list[Matching]:
    """The matchings of all closed sets."""
    rotations = find_rotations(instance)
    return sorted(
        made(instance, rotations.matching_of(member)) for member in closed_sets(rotations)
    )


# -------------------------------------------------------------------------------------- the lattice


@fuzzed
@given(instance=SMALL)
def test_the_closed_sets_are_the_stable_matchings(instance: Instance) -> None:
    """Each stable matching is made by one closed set, and nothing else is made."""
    assert generated(instance) == sorted(stable_matchings(instance))


@fuzzed
@given(instance=SMALL)
def test_rotations_keep_what_they_promise(instance: Instance) -> None:
    """Each comes after what it needs, and moves mentors down and mentees round in a cycle."""
    rotations = find_rotations(instance)
    assert np.all(rotations.before < rotations.after)
    taken, put = rotations.taken, rotations.put
    assert np.array_equal(instance.mentor[taken], instance.mentor[put])
    assert np.all(instance.mentor_rank[taken] < instance.mentor_rank[put])
    for first, end in zip(rotations.start[:-1], rotations.start[1:], strict=True):
        assert end - first >= 2
        mentees = instance.mentee[taken[first:end]]
        assert np.array_equal(np.roll(mentees, -1), instance.mentee[put[first:end]])


@fuzzed
@given(instance=in_full(strict_instances(max_side=12)))
def test_the_ends_are_what_each_side_gets_by_proposing(instance: Instance) -> None:
    """No rotation at all is the mentors' best, all rotations the mentees' best."""
    rotations = find_rotations(instance)
    order = np.arange(instance.n_pairs)
    for everything, mentors_propose in ((False, True), (True, False)):
        member = np.full(rotations.count, everything)
        wanted = deferred_acceptance(instance, order, mentors_propose=mentors_propose)
        assert np.array_equal(rotations.matching_of(member), wanted)


@pytest.mark.parametrize(
    ("size", "count"), [(1, 1), (2, 2), (4, 10), (8, 268), (16, 195_472)], ids=str
)
def test_irving_and_leather_1986(size: int, count: int) -> None:
    """Their instances have 1, 2, 10, 268, 195 472, … stable matchings (OEIS A005154)."""
    rotations = find_rotations(latin(dyadic, size))
    assert sum(1 for _ in closed_sets(rotations)) == count


@pytest.mark.parametrize("size", [1, 2, 3, 5, 30])
def test_a_cyclic_latin_square_is_a_chain(size: int) -> None:
    """Everybody moves on at once, so there are as many stable matchings as people on a side."""
    matchings = generated(latin(cyclic, size))
    everybody = range(size)
    assert matchings == sorted(
        tuple((i, (i + shift) % size) for i in everybody) for shift in everybody
    )


@pytest.mark.parametrize(
    ("table", "count", "wanted"),
    [
        (EXAMPLE_1, 3, ((0, 0), (1, 1), (2, 2))),
        (EXAMPLE_2, 1, ((0, 2), (1, 3), (2, 0), (3, 1))),
    ],
    ids=["1", "2"],
)
def test_gale_and_shapley_1962(table: str, count: int, wanted: Matching) -> None:
    """Both examples: three stable sets of marriages with the men's choice, and the only one."""
    men, women = ranked(table)
    instance = Instance.from_rankings(men, women)
    assert len(generated(instance)) == count
    assert made(instance, find_rotations(instance).mentor_optimal) == wanted


# ------------------------------------------------------------------------------------------- levels


def kept(left: Sequence[Matching], instance: Instance, weights: IntArray) -> list[Matching]:
    """The matchings of greatest weight."""
    values = [worth(instance, matching, weights) for matching in left]
    return [matching for matching, value in zip(left, values, strict=True) if value == max(values)]


def worth(instance: Instance, matching: Matching, weights: IntArray) -> int:
    """The sum of the weights of the pairs made."""
    index = {pair: e for e, pair in enumerate(made(instance, np.arange(instance.n_pairs)))}
    return sum(int(weights[index[pair]]) for pair in matching)


@fuzzed
@given(instance=SMALL, data=st.data())
def test_every_level_is_the_best_of_all_stable_matchings(
    instance: Instance, data: st.DataObject
) -> None:
    """Three levels of any weights: each as large as can be while the earlier ones keep theirs."""
    left = stable_matchings(instance)
    lattice = Lattice(instance)
    for _ in range(3):
        size = instance.n_pairs
        drawn = data.draw(st.lists(WEIGHTS, min_size=size, max_size=size))
        weights = np.array(drawn, dtype=np.int64)
        left = kept(left, instance, weights)
        assert lattice.optimise(weights) == worth(instance, left[0], weights)
        assert made(instance, lattice.chosen) in left


@pytest.mark.parametrize("seed", range(20))
def test_many_levels_over_many_stable_matchings(seed: int) -> None:
    """With weights of −1, 0 and 1 many of the 268 stable matchings are still left late."""
    chance = np.random.default_rng(seed)
    instance = latin(dyadic, 8)
    lattice = Lattice(instance)
    left = [lattice.rotations.matching_of(member) for member in closed_sets(lattice.rotations)]
    for most in (1, 1, 2, 10):
        weights = chance.integers(-most, most + 1, instance.n_pairs)
        weights[chance.random(instance.n_pairs) < 0.7] = 0
        values = [int(weights[chosen].sum()) for chosen in left]
        left = [one for one, value in zip(left, values, strict=True) if value == max(values)]
        assert lattice.optimise(weights) == max(values)
        assert any(np.array_equal(lattice.chosen, chosen) for chosen in left)


@pytest.mark.parametrize("seed", range(3))
def test_levels_equal_those_of_the_general_solver(seed: int) -> None:
    """Thirty a side with many rotations: warned pairs, then the score, as CP-SAT proves them."""
    chance = np.random.default_rng(seed)
    size = 30
    i, j = np.divmod(np.arange(size * size), size)
    rank = 2 * cyclic(i, j, size)
    noise = chance.integers(0, 12, (2, size * size))
    instance = instance_of(i, j, rank + noise[0], noise[1] - rank, n=size, m=size).replace(
        warned=chance.random(size * size) < 0.5, score=chance.integers(0, 5, size * size)
    )
    lattice = Lattice(instance)
    assert lattice.rotations.count >= 20
    values = (
        -lattice.optimise(-instance.warned.astype(np.int64)),
        lattice.optimise(instance.score),
    )
    proved = solve(instance, ("stability", "warnings", "score"))
    assert values == (proved.objectives["warnings"], proved.objectives["score"])
    assert values[0] == np.count_nonzero(instance.warned[lattice.chosen])
    assert values[1] == instance.score[lattice.chosen].sum()
    assert len(blocking_pairs(instance, lattice.chosen)) == 0


def test_scores_as_large_as_an_instance_allows() -> None:
    """Sums come to almost 2**62 and stay exact."""
    instance = latin(cyclic, 2)
    lattice = Lattice(instance)
    weights = np.array([0, MAX_TOTAL // 2, MAX_TOTAL // 2 - 1, 0])
    assert lattice.optimise(weights) == MAX_TOTAL - 1
    assert lattice.optimise(-weights) == 1 - MAX_TOTAL
    assert made(instance, lattice.chosen) == ((0, 1), (1, 0))


def test_larger_weights_are_refused() -> None:
    """Above 2**62 nothing is computed, so nothing overflows, and no level is lost."""
    instance = latin(cyclic, 2)
    lattice = Lattice(instance)
    with pytest.raises(OverflowError, match="more than"):
        lattice.optimise(np.full(4, MAX_TOTAL // 2 + 1))
    one = np.zeros(1, dtype=np.int64)
    for weight in (MAX_TOTAL + 1, -(2**63)):
        with pytest.raises(OverflowError, match="more than"):
            Closures(1, one[:0], one[:0]).optimise(one + weight)
    assert lattice.optimise(np.array([0, 1, 1, 0])) == 2


# ----------------------------------------------------------------------------------- what is strict


@pytest.mark.parametrize(
    "instance",
    [
        Instance.from_rankings([[[0, 1]]], [[[0]], [[0]]]),
        Instance.from_rankings([[[0]], [[0]]], [[[0, 1]]]),
        Instance.from_rankings([[[0]]], [[[0]]], mentor_capacity=[2]),
        Instance.from_rankings([[[0]]], [[[0]]], mentee_capacity=[0]),
    ],
    ids=["mentor's tie", "mentee's tie", "two places", "no place"],
)
def test_ties_and_other_capacities_are_refused(instance: Instance) -> None:
    """Rotations are of strict preferences, one to one."""
    assert not is_strict(instance)
    with pytest.raises(ValueError, match="strict preferences"):
        find_rotations(instance)


def test_people_without_a_pair_may_have_any_capacity() -> None:
    """They are in no matching anyway."""
    instance = Instance.from_rankings([[[0]], []], [[[0]], []], mentor_capacity=[1, 3])
    assert is_strict(instance)
    assert generated(instance) == [((0, 0),)]


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 3), (3, 0), (2, 2)])
def test_nobody_to_match_is_ordinary(n: int, m: int) -> None:
    """Without an acceptable pair the empty matching is the only one, at every level."""
    instance = Instance.from_rankings([[] for _ in range(n)], [[] for _ in range(m)])
    lattice = Lattice(instance)
    assert is_strict(instance)
    assert lattice.optimise(np.zeros(0, dtype=np.int64)) == 0
    assert len(lattice.chosen) == 0

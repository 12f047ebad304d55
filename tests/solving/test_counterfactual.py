"""Solving again with something required equals looking at every matching that has it."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from unittest import mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_against_brute_force import DEFAULT, SEEDS, SMALL, STABLE_FIRST

from brute_force import WANTED, Matching, Problem, matchings
from brute_force import blocking as oracle_blocking
from fuzzing import fuzzed
from rmatch.errors import InfeasibleError
from rmatch.instance import STABILITIES, BoolArray, Instance, Quota, Stability
from rmatch.properties.feasibility import is_matching, undecided
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.statements import broken_statements
from rmatch.properties.welfare import value_of
from rmatch.solution import Value
from rmatch.solving import blocking, raising, relaxation, slack_relaxation, solve, with_each
from rmatch.solving.clock import Clock, OutOfTimeError
from rmatch.solving.counterfactual import (
    Counterfactual,
    counterfactual,
    decided_by_stability,
    mentee_required,
    mentor_required,
    pair_required,
)
from rmatch.solving.deletion import deletable
from rmatch.solving.exchanges import Exchanges
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.search import Search
from rmatch.solving.steps import Make
from rmatch.testing import instances
from shown import in_full

STATED = in_full(
    st.one_of(
        instances(max_side=3, max_capacity=3, constrained=True),
        instances(max_side=4, max_capacity=1, constrained=True),
        instances(max_side=4, max_capacity=1),
    )
)
ORDERS = st.one_of(
    st.sampled_from((DEFAULT, STABLE_FIRST)),
    st.permutations(sorted(WANTED)).flatmap(
        lambda names: st.integers(1, len(names)).map(lambda count: tuple(names[:count]))
    ),
)

Required = tuple[Make, frozenset[tuple[int, int]]]
"""What is required, and the pairs of which one at least must then be made."""


def requirements(instance: Instance) -> Iterator[Required]:
    """Every acceptable pair, then every person."""
    mentor, mentee = instance.mentor.tolist(), instance.mentee.tolist()
    pairs = list(zip(mentor, mentee, strict=True))
    for index, pair in enumerate(pairs):
        yield pair_required(index), frozenset([pair])
    for person in range(instance.n_mentors):
        yield mentor_required(person), frozenset(pair for pair in pairs if pair[0] == person)
    for person in range(instance.n_mentees):
        yield mentee_required(person), frozenset(pair for pair in pairs if pair[1] == person)


class Oracle:
    """Every matching of an instance that keeps what is stated, and what each is worth."""

    def __init__(self, instance: Instance, order: Sequence[str], seed: int) -> None:
        problem = Problem(instance, seed)
        self.instance, self.order, self.seed = instance, order, seed
        self._choose = [WANTED[name][1] for name in order]
        self._values: dict[Matching, list[Value]] = {
            matching: [WANTED[name][0](problem, matching) for name in order]
            for matching in matchings(problem)
        }

    def values(self, matching: Matching) -> list[Value]:
        """What a matching comes to at each level; ``KeyError`` where it is not legal."""
        return self._values[matching]

    def best_with(self, one_of: frozenset[tuple[int, int]]) -> list[Value] | None:
        """The best levels over the matchings that have one of some pairs; ``None``: there is none.

        A pair so required excuses no blocking pair: the values are those of the plain instance.
        """
        left = [values for matching, values in self._values.items() if one_of & {*matching}]
        if not left:
            return None
        for at, choose in enumerate(self._choose):
            most = choose([values[at] for values in left])
            left = [values for values in left if values[at] == most]
        return left[0]


def assert_alternative(
    oracle: Oracle, made: Sequence[int], required: Required, finish: float | None
) -> None:
    """The alternative is legal, has what is required, and no matching that has it is better."""
    instance, order, seed = oracle.instance, oracle.order, oracle.seed
    make, one_of = required
    found = counterfactual(instance, order, made, make, seed=seed, finish=finish)
    wanted = oracle.best_with(one_of)
    assert found.possible is (wanted is not None)
    if wanted is None:
        assert found == Counterfactual((), (), None, possible=False)
        return
    there = [value_of(name, instance, np.asarray(made, dtype=np.int64), seed) for name in order]
    differ = [at for at, value in enumerate(wanted) if value != there[at]]
    assert found.decides == (differ[0] if differ else None)
    assert is_matching(instance, found.chosen)
    assert not broken_statements(instance, found.chosen)
    chosen = tuple(
        (int(instance.mentor[pair]), int(instance.mentee[pair])) for pair in found.chosen
    )
    assert one_of & {*chosen}
    assert [level.name for level in found.levels] == list(order)
    proved = len(order) if finish is None or not differ else differ[0] + 1
    assert [level.value for level in found.levels[:proved]] == wanted[:proved]
    assert all(level.proved for level in found.levels[:proved])
    assert oracle.values(chosen)[:proved] == wanted[:proved]


def assert_alternatives(
    instance: Instance,
    order: Sequence[str],
    seed: int,
    finish: float | None,
    made_by: Sequence[str] | None = None,
) -> None:
    """For every pair and every person, next to a matching that was made by the order or another."""
    try:
        made = solve(instance, made_by or order, seed=seed).chosen
    except InfeasibleError:
        for required, _ in requirements(instance):
            with pytest.raises(InfeasibleError):
                counterfactual(instance, order, (), required, seed=seed)
        return
    oracle = Oracle(instance, order, seed)
    for required in requirements(instance):
        assert_alternative(oracle, made, required, finish)


@pytest.mark.fuzz
@settings(max_examples=settings().max_examples // 3)
@given(instance=STATED, order=ORDERS, seed=SEEDS, finish=st.sampled_from((0.0, None)))
def test_the_alternative_is_the_best_that_has_what_is_required(
    instance: Instance, order: tuple[str, ...], seed: int, finish: float | None
) -> None:
    """Any order of objectives, with everything that can be stated."""
    assert_alternatives(instance, order, seed, finish)


@pytest.mark.fuzz
@settings(max_examples=settings().max_examples // 6)
@given(instance=STATED, order=ORDERS, made_by=ORDERS, seed=SEEDS)
def test_it_may_be_better_than_what_was_made(
    instance: Instance, order: tuple[str, ...], made_by: tuple[str, ...], seed: int
) -> None:
    """The first level that differs is found also next to a matching made by another order."""
    assert_alternatives(instance, order, seed, 0.0, made_by)


@pytest.mark.fuzz
@settings(max_examples=settings().max_examples // 3)
@given(
    instance=STATED,
    order=ORDERS,
    seed=SEEDS,
    core=st.sampled_from(((), (1,), (1, 2), (3,))),
    columns=st.sampled_from(((20_000, 2), (20_000, 0), (0, 0), (0, 1))),
)
def test_by_prices_it_is_the_best_all_the_same(
    instance: Instance,
    order: tuple[str, ...],
    seed: int,
    core: tuple[int, ...],
    columns: tuple[int, int],
) -> None:
    """The routes of large cohorts on small ones: prices, few columns, cores."""
    many, best = columns
    with (
        mock.patch.multiple(raising, SMALL=0, CORE_PAIRS=core or (1,)),
        mock.patch.multiple(blocking, CORE_PAIRS=core, COUNTED_PAIRS=core, NEAR=1 + best),
        mock.patch.multiple(relaxation, MANY=many, FIRST=best, MORE=1),
        mock.patch.multiple(slack_relaxation, BEST=best),
    ):
        assert_alternatives(instance, order, seed, None)


def test_what_is_required_stays_where_the_time_ends_as_it_is_found() -> None:
    """No level after that may lose it again: here the stable matching is without the pair."""
    lists = [[[0], [1]], [[0], [1]]]
    quota = Quota("some", [1, 1, 1, 1], [0, 0], [0, 0], minimum=1)
    instance = Instance.from_rankings(lists, lists).replace(quotas=(quota,))
    search = Search(instance, 0, Clock())
    search.suggest(np.array([1, 2]))
    with mock.patch.object(Search, "_most", side_effect=OutOfTimeError):
        assert search.require(pair_required(1)) == 0
    level = search.optimise(REGISTRY["stability"])
    assert (level.value, level.proved) == (1, True)
    assert search.matching.tolist() == [1, 2]


@fuzzed
@given(instance=SMALL, stability=st.sampled_from(STABILITIES), draw=st.data())
def test_deletion_leaves_the_same_matchings_that_only_some_pairs_block(
    instance: Instance, stability: Stability, draw: st.DataObject
) -> None:
    """Of some pairs, with others that may block: none is lost, and none is blocked by more."""
    instance = instance.replace(stability=stability)
    size = instance.n_pairs
    bits = st.integers(0, 2**size - 1).map(
        lambda code: np.array([code >> k & 1 for k in range(size)], dtype=bool)
    )
    among = draw.draw(bits) | draw.draw(bits)
    slack = draw.draw(bits) & draw.draw(bits)
    gone = deletable(instance, Clock(), among=among, slack=slack)
    before = _blocked_by_few(instance, among, slack)
    after = _blocked_by_few(instance.only(~gone), among[~gone], slack[~gone])
    assert before.items() <= after.items()
    if stability == "weak":
        assert before == after


def _blocked_by_few(
    instance: Instance, among: BoolArray, slack: BoolArray
) -> dict[Matching, list[tuple[int, int]]]:
    """Matchings of some pairs that only certain pairs block, and which of those do."""
    problem = Problem(instance)
    pairs = list(problem.pairs)
    may_be_matched = {pair for pair, may in zip(pairs, among, strict=True) if may}
    may_block = {pair for pair, may in zip(pairs, slack, strict=True) if may}
    blocks = {
        matching: oracle_blocking(problem, matching)
        for matching in matchings(problem)
        if may_be_matched >= {*matching}
    }
    return {matching: by for matching, by in blocks.items() if may_block >= {*by}}


# All at once --------------------------------------------------------------------------------------

ONE_PLACE = st.one_of(
    instances(max_side=4, max_capacity=1),
    instances(max_side=3, max_capacity=1, constrained=True),
)


def without_effect_before(oracle: Oracle, made: Sequence[int], at: int) -> dict[int, list[Value]]:
    """Pairs that leave the first levels as they are, and the best levels with each."""
    instance = oracle.instance
    chosen = np.asarray(made, dtype=np.int64)
    before = [value_of(name, instance, chosen, oracle.seed) for name in oracle.order[:at]]
    found = {}
    for pair in set(np.flatnonzero(undecided(instance)).tolist()) - {*made}:
        ends = int(instance.mentor[pair]), int(instance.mentee[pair])
        wanted = oracle.best_with(frozenset([ends]))
        if wanted is not None and wanted[:at] == before:
            found[pair] = wanted[: at + 1]
    return found


@pytest.mark.fuzz
@given(
    instance=ONE_PLACE,
    order=st.sampled_from((DEFAULT, STABLE_FIRST)),
    idle=st.sampled_from((0, 1, 8)),
)
def test_what_stability_decides_is_told_of_every_pair_at_once(
    instance: Instance, order: tuple[str, ...], idle: int
) -> None:
    """The fewest blocking pairs with each, whether exchanges find the matching or CP-SAT does."""
    try:
        made = solve(instance, order).chosen
    except InfeasibleError:
        return
    at = order.index("stability")
    oracle = Oracle(instance, order, 0)
    wanted = without_effect_before(oracle, made, at)
    least = value_of("stability", instance, np.asarray(made, dtype=np.int64), 0)
    with mock.patch.object(with_each, "IDLE", idle):
        found = dict(decided_by_stability(instance, order, made, list(wanted), clock=Clock()))
    if all(quota.price is not None for quota in instance.quotas):
        assert set(found) == {pair for pair, values in wanted.items() if values[at] != least}
    for pair, other in found.items():
        assert other.decides == at
        assert pair in other.chosen
        assert [level.value for level in other.levels] == wanted[pair]
        assert all(level.proved for level in other.levels)
        chosen = tuple((int(instance.mentor[k]), int(instance.mentee[k])) for k in other.chosen)
        assert oracle.values(chosen)[: at + 1] == wanted[pair]


def test_what_takes_too_long_for_all_pairs_is_left_to_be_asked_one_by_one() -> None:
    """No time, no effort, or somebody with two places: fewer answers, none of them wrong."""
    draw = np.random.default_rng(5)
    ranks = [[[int(j)] for j in draw.permutation(5)] for _ in range(10)]
    instance = Instance.from_rankings(ranks[:5], ranks[5:])
    made = solve(instance, DEFAULT).chosen
    pairs = [pair for pair in range(instance.n_pairs) if pair not in made]

    def told(one: Instance, clock: Clock) -> set[int]:
        return set(dict(decided_by_stability(one, DEFAULT, made, pairs, clock=clock)))

    everything = told(instance, Clock())
    assert everything
    assert told(instance, Clock(0.0)) == set()
    with mock.patch.object(with_each, "EFFORT", 0.0):
        assert told(instance, Clock()) < everything
    places = np.full(instance.n_mentors, 2)
    assert told(dataclasses.replace(instance, mentor_capacity=places), Clock()) == set()


@pytest.mark.fuzz
@given(instance=ONE_PLACE)
def test_exchanges_are_matchings_and_their_blocking_pairs_are_counted(
    instance: Instance,
) -> None:
    """None has more pairs, or one that is not acceptable; the count is that of the definition."""
    instance = dataclasses.replace(
        instance,
        forced=np.zeros(instance.n_pairs, dtype=bool),
        mentor_capacity=np.ones(instance.n_mentors, dtype=np.int64),
        mentee_capacity=np.ones(instance.n_mentees, dtype=np.int64),
        quotas=(),
    )
    made = np.asarray(solve(instance, ("pairs",)).chosen, dtype=np.int64)
    alive = np.ones(instance.n_pairs, dtype=bool)
    exchanges = Exchanges.of(instance, len(made), alive, ())
    around = exchanges.around(exchanges.permutation(made)[np.newaxis])
    counts = exchanges.blocking(around).tolist()
    for pairs, count in zip(exchanges.pairs_of(around), counts, strict=True):
        chosen = np.sort(pairs[pairs >= 0])
        assert is_matching(instance, chosen)
        assert len(chosen) <= len(made)
        assert len(blocking_pairs(instance, chosen)) == count

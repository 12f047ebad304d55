"""The instance and the judge: arrays that fit, ranks that are dense, plain words kept."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import brute_force
from fuzzing import fuzzed
from rmatch.instance import MAX_COUNT, MAX_SCORE, Instance, Quota, dense_ranks
from rmatch.properties.feasibility import is_matching, loads, mask_of
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.welfare import (
    MEASURES,
    TIE_BREAK_BITS,
    tie_break_weight,
    tie_break_weights,
    value_of,
)
from rmatch.testing import instances
from shown import in_full

INSTANCES = in_full(instances(max_side=6, max_capacity=3))
SMALL = in_full(instances(max_side=3, max_capacity=3))


def arrays_of(instance: Instance) -> dict[str, Any]:
    """Every field, as ``from_pairs`` and ``Instance`` take them."""
    return {name: getattr(instance, name) for name in instance.__dataclass_fields__}


def assert_same(one: Instance, other: Instance) -> None:
    """Field by field the same."""
    for name, value in arrays_of(one).items():
        assert np.array_equal(value, getattr(other, name)), name


def two_by_two(**changes: Any) -> Instance:
    """A complete instance of two and two."""
    fields: dict[str, Any] = {
        "mentor": [0, 0, 1, 1],
        "mentee": [0, 1, 0, 1],
        "mentor_rank": [1, 2, 1, 1],
        "mentee_rank": [2, 1, 1, 1],
        "score": [4, 3, 2, 1],
        "mentor_capacity": [1, 1],
        "mentee_capacity": [1, 1],
    }
    return Instance.from_pairs(**{**fields, **changes})


# -------------------------------------------------------------------------------------------- ranks


@given(rows=st.lists(st.tuples(st.integers(0, 4), st.integers(-5, 5)), max_size=20))
def test_dense_ranks_count_the_distinct_better_ones(rows: list[tuple[int, int]]) -> None:
    """A rank is one more than the number of different lower values on the same person's list."""
    owner, key = np.array(rows, dtype=np.int64).reshape(-1, 2).T
    expected = [len({k for o, k in rows if o == mine and k < value}) + 1 for mine, value in rows]
    assert dense_ranks(owner, key).tolist() == expected


# ------------------------------------------------------------------------------------- the instance


@given(instance=INSTANCES, data=st.data())
def test_pairs_may_come_in_any_order(instance: Instance, data: st.DataObject) -> None:
    """``from_pairs`` sorts: the order in which pairs are listed makes no difference."""
    order = data.draw(st.permutations(range(instance.n_pairs)))
    fields = arrays_of(instance)
    for name in [
        "mentor",
        "mentee",
        "mentor_rank",
        "mentee_rank",
        "score",
        "mentor_score",
        "mentee_score",
        "warned",
    ]:
        fields[name] = fields[name][list(order)]
    assert_same(Instance.from_pairs(**fields), instance)


@given(instance=INSTANCES)
def test_the_offsets_cut_both_sides_into_lists(instance: Instance) -> None:
    """Each person's slice holds exactly that person's pairs, partners in order."""
    every = np.arange(instance.n_pairs)
    for i, (start, end) in enumerate(itertools.pairwise(instance.mentor_start)):
        assert every[start:end].tolist() == np.flatnonzero(instance.mentor == i).tolist()
        assert (np.diff(instance.mentee[start:end]) > 0).all()
    for j, (start, end) in enumerate(itertools.pairwise(instance.mentee_start)):
        assert (
            instance.by_mentee[start:end].tolist() == np.flatnonzero(instance.mentee == j).tolist()
        )


@given(instance=INSTANCES)
def test_index_of_finds_every_acceptable_pair_and_no_other(instance: Instance) -> None:
    """The index of a pair, or nothing where it is unacceptable."""
    pairs = list(zip(instance.mentor.tolist(), instance.mentee.tolist(), strict=True))
    for i, j in itertools.product(range(instance.n_mentors), range(instance.n_mentees)):
        expected = pairs.index((i, j)) if (i, j) in pairs else None
        assert instance.index_of(i, j) == expected


@given(instance=INSTANCES)
def test_dense_puts_values_in_their_cells(instance: Instance) -> None:
    """One cell per acceptable pair, the filling elsewhere."""
    table = instance.dense(instance.score, fill=-1)
    assert table.shape == (instance.n_mentors, instance.n_mentees)
    assert table[instance.mentor, instance.mentee].tolist() == instance.score.tolist()
    assert np.count_nonzero(table == -1) == table.size - instance.n_pairs


@given(instance=INSTANCES, data=st.data())
def test_only_keeps_pairs_and_closes_ranks_up(instance: Instance, data: st.DataObject) -> None:
    """Fewer acceptable pairs, everybody's order among those left, ranks dense again."""
    keep = np.array(
        data.draw(st.lists(st.booleans(), min_size=instance.n_pairs, max_size=instance.n_pairs)),
        dtype=bool,
    )
    fewer = instance.only(keep)
    assert fewer.n_pairs == np.count_nonzero(keep)
    assert fewer.mentor_ids == instance.mentor_ids
    assert fewer.score.tolist() == instance.score[keep].tolist()
    assert fewer.warned.tolist() == instance.warned[keep].tolist()
    for owner, rank in (("mentor", "mentor_rank"), ("mentee", "mentee_rank")):
        expected = dense_ranks(getattr(fewer, owner), getattr(instance, rank)[keep])
        assert getattr(fewer, rank).tolist() == expected.tolist()


def test_replace_changes_what_it_is_told_and_checks_again() -> None:
    """A changed copy; the original stays; a change that does not fit is refused."""
    instance = two_by_two()
    changed = instance.replace(score=np.array([9, 9, 9, 9]))
    assert changed.score.tolist() == [9, 9, 9, 9]
    assert instance.score.tolist() == [4, 3, 2, 1]
    with pytest.raises(ValueError, match=r"score has shape \(3,\), expected \(4,\)"):
        instance.replace(score=np.array([1, 2, 3]))


def test_an_instance_cannot_be_changed_in_place() -> None:
    """Its arrays are read-only, and the caller's own arrays stay writable."""
    mine = np.array([1, 1])
    instance = two_by_two(mentor_capacity=mine)
    with pytest.raises(ValueError, match="read-only"):
        instance.mentor_capacity[0] = 5
    mine[1] = 1


def test_the_repr_counts_and_names_nobody() -> None:
    """Sizes only: ids may be people's."""
    assert repr(two_by_two(mentor_ids=["Ann", "Bob"])) == (
        "Instance(2 mentors, 2 mentees, 4 acceptable pairs)"
    )


def test_a_pair_is_acceptable_when_each_lists_the_other() -> None:
    """Ranks are dense over acceptable partners: who does not list back leaves no gap."""
    instance = Instance.from_rankings(mentors=[[[1], [0, 2]], [[0]]], mentees=[[[0, 1]], [], [[0]]])
    pairs = list(zip(instance.mentor.tolist(), instance.mentee.tolist(), strict=True))
    assert pairs == [(0, 0), (0, 2), (1, 0)]
    assert instance.mentor_rank.tolist() == [1, 1, 1]
    assert instance.mentee_rank.tolist() == [1, 1, 1]
    assert instance.mentor_ids == ("M0", "M1")
    assert instance.mentee_ids == ("S0", "S1", "S2")


def test_everybody_ranks_by_the_score_where_nobody_has_preferences() -> None:
    """``from_scores``: the highest score is first for both; equal scores tie."""
    instance = Instance.from_scores(
        [[5, 5, 1], [7, 5, 2]], [[True, True, True], [True, True, False]]
    )
    assert instance.mentor_rank.tolist() == [1, 1, 2, 1, 2]
    assert instance.mentee_rank.tolist() == [2, 1, 1, 1, 1]
    assert instance.score.tolist() == [5, 5, 1, 7, 5]


def test_side_scores_default_to_the_score() -> None:
    """Whoever gives one score means it for both sides."""
    instance = two_by_two()
    assert instance.mentor_score.tolist() == instance.mentee_score.tolist() == [4, 3, 2, 1]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mentor": [0, 0, 1, 2]}, r"mentor must lie in 0\.\.1"),
        ({"mentee": [0, -1, 0, 1]}, r"mentee must lie in 0\.\.1"),
        ({"mentee": [0, 0, 0, 1]}, "each once"),
        ({"mentor_rank": [1, 1, 1, 1.5]}, "expected integers"),
        ({"score": [0.5, 0, 0, 0]}, "expected integers"),
        ({"score": [-1, 0, 0, 0]}, r"score must lie in 0\.\."),
        ({"score": [MAX_SCORE, 0, 0, 0]}, r"score must lie in 0\.\."),
        ({"mentor_score": [-1, 0, 0, 0]}, r"mentor_score must lie in 0\.\."),
        ({"mentee_score": [-1, 0, 0, 0]}, r"mentee_score must lie in 0\.\."),
        ({"mentor_capacity": [1, -1]}, r"mentor_capacity must lie in 0\.\."),
        ({"mentee_capacity": [1, 2**31]}, r"mentee_capacity must lie in 0\.\."),
        ({"mentor_priority": [-1, 0]}, r"mentor_priority must lie in 0\.\."),
        ({"mentee_priority": [0, -1]}, r"mentee_priority must lie in 0\.\."),
        ({"mentee_priority": [0]}, r"mentee_priority has shape \(1,\), expected \(2,\)"),
        ({"mentor_ids": ["A", "A"]}, "ids must be unique"),
        ({"mentor_ids": ["S0", "B"]}, "ids must be unique"),
        ({"mentor_ids": ["A"]}, r"mentor_capacity has shape \(2,\), expected \(1,\)"),
    ],
    ids=str,
)
def test_arrays_that_make_no_sense_are_refused(changes: dict[str, Any], message: str) -> None:
    """The error names the array and what it should have been."""
    with pytest.raises(ValueError, match=message):
        two_by_two(**changes)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"mentor": np.array([1, 0, 0, 1])}, "sorted"),
        ({"mentor_rank": np.array([1, 3, 1, 1])}, "mentor_rank must be dense from 1"),
        ({"mentee_rank": np.array([0, 1, 1, 1])}, "mentee_rank must be dense from 1"),
        ({"mentee": np.array([0, 1, 0])}, r"mentee has shape \(3,\), expected \(4,\)"),
        ({"warned": np.zeros(5, bool)}, r"warned has shape \(5,\), expected \(4,\)"),
    ],
    ids=str,
)
def test_the_constructor_takes_no_shortcuts(changes: dict[str, Any], message: str) -> None:
    """Built directly or through ``replace``, arrays must be sorted and ranks dense."""
    with pytest.raises(ValueError, match=message):
        two_by_two().replace(**changes)


@pytest.mark.parametrize(
    ("mentors", "mentees", "message"),
    [
        ([[[0], [1]]], [[[0]]], r"mentor 0 lists 1, outside 0\.\.0"),
        ([[[0]]], [[[-1]]], r"mentee 0 lists -1, outside 0\.\.0"),
        ([[[0], [0]]], [[[0]]], "mentor 0 lists 0 twice"),
        ([[[0]]], [[[0, 0]]], "mentee 0 lists 0 twice"),
    ],
)
def test_lists_that_make_no_sense_are_refused(
    mentors: list[list[list[int]]], mentees: list[list[list[int]]], message: str
) -> None:
    """The error names the side, the person and the entry."""
    with pytest.raises(ValueError, match=message):
        Instance.from_rankings(mentors, mentees)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"pair": [0.5]}, "expected integers"),
        ({"minimum": 0.5}, "the minimum of quota few must be an integer, not 0.5"),
        ({"price": 1.5}, "the price of quota few must be an integer, not 1.5"),
        ({"price": -1}, "the price of quota few is negative"),
        ({"pair": [MAX_COUNT]}, "quota few counts, or has limits, to"),
        ({"pair": [2**62, 2**62, 2**62, 2**62]}, "quota few counts, or has limits, to"),
        ({"minimum": -(10**30)}, "quota few counts, or has limits, to"),
    ],
)
def test_quotas_that_make_no_sense_are_refused(changes: dict[str, Any], message: str) -> None:
    """Fractions, and counts that no solver could add up, before one tries."""
    fields = {"statement": "few", "pair": [1], "mentor": [0], "mentee": [0]}
    with pytest.raises(ValueError, match=message):
        Quota(**{**fields, **changes})


def test_a_quota_that_does_not_fit_its_instance_is_refused() -> None:
    """Arrays of another size, and prices that together no solver could add up."""
    instance = Instance.from_scores([[1]])
    with pytest.raises(ValueError, match="the arrays of quota few do not fit the instance"):
        instance.replace(quotas=(Quota("few", [1, 1], [0], [0]),))  # type: ignore[arg-type]
    dear = Quota("dear", np.array([2**30]), np.array([0]), np.array([0]), price=2**29)
    instance.replace(quotas=(dear,))
    with pytest.raises(ValueError, match="the prices of quotas could come to"):
        instance.replace(quotas=(dear, dear))


def test_a_quota_holds_integers_whatever_it_was_given() -> None:
    """Booleans and small integers do not wrap round; a maximum that nothing reaches is none."""
    small = np.full(3, 100, dtype=np.int8)
    quota = Quota("q", small, np.array([True]), np.array([False]), np.int64(1), 10**30)  # type: ignore[arg-type]
    assert {array.dtype.name for array in (quota.pair, quota.mentor, quota.mentee)} == {"int64"}
    assert (type(quota.minimum), quota.maximum, quota.reach) == (int, None, 302)
    with pytest.raises(ValueError, match="read-only"):
        quota.pair[0] = 1


@pytest.mark.parametrize("mentor", [[0, 0, 1], [1, 0, 0]], ids=["sorted", "unsorted"])
@pytest.mark.parametrize(
    "name", ["mentee", "mentor_rank", "mentee_rank", "score", "mentor_score", "warned", "forced"]
)
@pytest.mark.parametrize("length", [1, 2, 4])
def test_columns_of_pairs_of_another_length_are_refused(
    mentor: list[int], name: str, length: int
) -> None:
    """Also one entry, which arithmetic would repeat, and too many, which sorting would drop."""
    columns: dict[str, Any] = {"mentee": [1, 0, 0], "mentor_rank": [2, 1, 1]}
    columns |= {"mentee_rank": [1, 1, 2], name: [0] * length}
    with pytest.raises(ValueError, match=rf"{name} has shape \({length},\), expected \(3,\)"):
        Instance.from_pairs(mentor, **columns, mentor_capacity=[1, 1], mentee_capacity=[1, 1])


def test_tables_of_the_wrong_shape_are_refused() -> None:
    """Scores and acceptabilities are mentors × mentees."""
    with pytest.raises(ValueError, match=r"score has shape \(1, 2\), expected \(1, 1\)"):
        Instance.from_rankings([[[0]]], [[[0]]], score=[[1, 2]])
    with pytest.raises(ValueError, match="must be a two-dimensional array, not 1-dimensional"):
        Instance.from_scores([1, 2])
    with pytest.raises(ValueError, match=r"acceptable has shape \(1, 1\), score has \(1, 2\)"):
        Instance.from_scores([[1, 2]], [[True]])


@pytest.mark.parametrize(("n", "m"), [(0, 0), (0, 2), (2, 0)])
def test_empty_sides_are_ordinary(n: int, m: int) -> None:
    """Nobody on a side: no pair, and every view has its shape."""
    instance = Instance.from_scores(np.zeros((n, m)))
    assert (instance.n_mentors, instance.n_mentees, instance.n_pairs) == (n, m, 0)
    assert instance.dense(instance.score).shape == (n, m)
    assert len(instance.mentor_start) == n + 1
    assert len(instance.mentee_start) == m + 1


# ---------------------------------------------------------------------------------------- the judge


@fuzzed
@given(instance=SMALL, seed=st.integers(0, 2**70))
def test_the_judge_agrees_with_the_plainest_words(instance: Instance, seed: int) -> None:
    """Every measure of every set of pairs of a small instance, matchings and others."""
    problem = brute_force.Problem(instance, seed)
    pairs = list(problem.pairs)
    possible = set(brute_force.matchings(problem))
    for bits in range(2 ** min(len(pairs), 9)):
        chosen = [e for e in range(len(pairs)) if bits >> e & 1]
        matching = tuple(pairs[e] for e in chosen)
        assert is_matching(instance, chosen) == (matching in possible)
        if matching not in possible:
            continue
        for name, (measure, _) in brute_force.WANTED.items():
            assert value_of(name, instance, chosen, seed) == measure(problem, matching)
        blocking = [pairs[e] for e in blocking_pairs(instance, chosen)]
        assert blocking == brute_force.blocking(problem, matching)


def test_every_objective_has_an_oracle() -> None:
    """A new objective is tested by being registered."""
    assert {*MEASURES, "tie_break"} == set(brute_force.WANTED)


def test_a_pair_chosen_twice_is_no_matching() -> None:
    """Not even where there are places enough."""
    instance = two_by_two(mentor_capacity=[2, 2], mentee_capacity=[2, 2])
    assert is_matching(instance, [0, 1])
    assert not is_matching(instance, [0, 0])


def test_loads_and_mask_count_the_chosen_pairs() -> None:
    """Who has how many partners, and which pairs are made."""
    instance = two_by_two(mentor_capacity=[2, 1])
    mentors, mentees = loads(instance, [0, 1])
    assert mentors.tolist() == [2, 0]
    assert mentees.tolist() == [1, 1]
    assert mask_of(instance, [0, 1]).tolist() == [True, True, False, False]
    assert mask_of(instance, []).tolist() == [False] * 4


def test_a_free_place_counts_as_strict_preference_and_a_tie_does_not() -> None:
    """Weak stability: both must gain; someone indifferent to their partner does not move."""
    tied = Instance.from_rankings([[[0, 1]], [[0, 1]]], [[[0], [1]], [[0], [1]]])
    straight = [tied.index_of(0, 0), tied.index_of(1, 1)]
    assert blocking_pairs(tied, straight).tolist() == []
    assert blocking_pairs(tied, []).tolist() == [0, 1, 2, 3]
    roomy = tied.replace(mentor_capacity=np.array([2, 1]))
    # Mentor 0 has a place left, and mentee 1 likes mentor 0 better than the partner it got.
    assert blocking_pairs(roomy, straight).tolist() == [roomy.index_of(0, 1)]


def test_nobody_without_places_blocks() -> None:
    """A capacity of nought is no free place."""
    instance = two_by_two(mentor_capacity=[0, 0])
    assert blocking_pairs(instance, []).tolist() == []


def test_the_tie_break_weight_is_36_bits_of_the_hash_of_seed_and_ids() -> None:
    """Known values, so that no version of anything can change who wins a tie."""
    assert tie_break_weight(0, "M0", "S0") == 0x0CE09B64E
    assert TIE_BREAK_BITS == 36
    assert 0 <= tie_break_weight(7, "Zoë", "x") < 2**36
    instance = two_by_two()
    expected = [tie_break_weight(3, f"M{i}", f"S{j}") for i in (0, 1) for j in (0, 1)]
    assert tie_break_weights(instance, 3, [0, 1, 2, 3]).tolist() == expected

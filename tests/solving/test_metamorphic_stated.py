"""What must not change an answer under statements, what may, and which way."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from test_metamorphic import id_pairs, rebuilt

from rmatch.errors import InfeasibleError
from rmatch.instance import Instance, Quota
from rmatch.properties.statements import count_of
from rmatch.solution import Solution, Value
from rmatch.solving import feasible, solve
from rmatch.solving.objectives import REGISTRY
from rmatch.testing import instances
from shown import in_full

Order = tuple[str, ...]

WITHOUT_STABILITY: tuple[Order, ...] = (
    ("pairs", "people", "priority", "prices", "score", "tie_break"),
    ("prices", "leximin", "tie_break"),
    ("rank_maximal", "prices", "tie_break"),
    ("generous", "balanced", "tie_break"),
    ("min_regret", "side_equal", "pairs", "tie_break"),
)
ORDERS: tuple[Order, ...] = (
    *WITHOUT_STABILITY,
    ("pairs", "stability", "prices", "warnings", "score", "tie_break"),
    ("stability", "prices", "leximin", "tie_break"),
    ("prices", "stability", "egalitarian", "tie_break"),
)
INSTANCES = in_full(instances(max_side=6, max_capacity=2, constrained=True))
ANY_ORDER = st.sampled_from(ORDERS)
ANY_WITHOUT = st.sampled_from(WITHOUT_STABILITY)
FEWER = settings(max_examples=settings().max_examples // 4)


def solved(instance: Instance, order: Order) -> Solution | None:
    """The proved best, or ``None`` where what is stated cannot hold."""
    try:
        solution = solve(instance, order)
    except InfeasibleError:
        return None
    assert solution.status == "optimal"
    return solution


def values(solution: Solution | None) -> dict[str, Value] | None:
    """Every level that does not depend on names."""
    if solution is None:
        return None
    return {name: value for name, value in solution.objectives.items() if name != "tie_break"}


def no_worse(name: str, value: Value, than: Value) -> bool:
    """Whether a value is at least as good as another of the same objective."""
    better, worse = (value, than) if REGISTRY[name].sense == "max" else (than, value)
    return better >= worse  # type: ignore[operator]  # both are values of one objective


def with_quota(instance: Instance, quota: Quota) -> Instance:
    """The instance with one quota more."""
    return instance.replace(quotas=(*instance.quotas, quota))


def some_count(instance: Instance, data: st.DataObject) -> Quota:
    """A quota without limits that counts some pairs and people once."""

    def some(size: int) -> list[int]:
        return data.draw(st.lists(st.integers(0, 1), min_size=size, max_size=size))

    pair, mentor, mentee = (
        np.array(some(size), dtype=np.int64)
        for size in (instance.n_pairs, instance.n_mentors, instance.n_mentees)
    )
    return Quota("one more", pair, mentor, mentee)


@FEWER
@pytest.mark.fuzz
@given(instance=INSTANCES, order=ANY_ORDER)
def test_neither_side_is_favoured(instance: Instance, order: Order) -> None:
    """With mentors and mentees exchanged, in what is stated too, every level is the same."""
    exchanged = rebuilt(
        instance,
        mentor=instance.mentee,
        mentee=instance.mentor,
        mentor_rank=instance.mentee_rank,
        mentee_rank=instance.mentor_rank,
        mentor_score=instance.mentee_score,
        mentee_score=instance.mentor_score,
        mentor_capacity=instance.mentee_capacity,
        mentee_capacity=instance.mentor_capacity,
        mentor_priority=instance.mentee_priority,
        mentee_priority=instance.mentor_priority,
        mentor_ids=instance.mentee_ids,
        mentee_ids=instance.mentor_ids,
        quotas=[
            dataclasses.replace(quota, mentor=quota.mentee, mentee=quota.mentor)
            for quota in instance.quotas
        ],
    )
    assert values(solved(instance, order)) == values(solved(exchanged, order))


@FEWER
@pytest.mark.fuzz
@given(
    instance=INSTANCES,
    order=ANY_ORDER,
    rows=st.permutations(range(6)),
    columns=st.permutations(range(6)),
)
def test_the_order_of_rows_changes_nothing(
    instance: Instance, order: Order, rows: Sequence[int], columns: Sequence[int]
) -> None:
    """The same people are paired at the same levels, whatever is stated and in which order."""
    mentors = [i for i in rows if i < instance.n_mentors]
    mentees = [j for j in columns if j < instance.n_mentees]
    other = rebuilt(
        instance,
        mentor=np.argsort(mentors)[instance.mentor],
        mentee=np.argsort(mentees)[instance.mentee],
        mentor_capacity=instance.mentor_capacity[mentors],
        mentee_capacity=instance.mentee_capacity[mentees],
        mentor_priority=instance.mentor_priority[mentors],
        mentee_priority=instance.mentee_priority[mentees],
        mentor_ids=[instance.mentor_ids[i] for i in mentors],
        mentee_ids=[instance.mentee_ids[j] for j in mentees],
        quotas=[
            dataclasses.replace(quota, mentor=quota.mentor[mentors], mentee=quota.mentee[mentees])
            for quota in reversed(instance.quotas)
        ],
    )
    first, second = solved(instance, order), solved(other, order)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert first.objectives == second.objectives
        assert id_pairs(instance, first) == id_pairs(other, second)


@FEWER
@pytest.mark.fuzz
@given(instance=INSTANCES, order=ANY_WITHOUT, data=st.data())
def test_forcing_what_was_made_anyway_changes_nothing(
    instance: Instance, order: Order, data: st.DataObject
) -> None:
    """Where stability does not count: there, who is held by a forced pair blocks with nobody."""
    first = solved(instance, order)
    assume(first is not None and first.chosen)
    assert first is not None
    forced = instance.forced.copy()
    forced[list(data.draw(st.sets(st.sampled_from(first.chosen), min_size=1)))] = True
    second = solved(instance.replace(forced=forced), order)
    assert second is not None
    assert (second.objectives, second.chosen) == (first.objectives, first.chosen)


@FEWER
@pytest.mark.fuzz
@given(instance=INSTANCES, data=st.data())
def test_forcing_a_pair_that_was_made_makes_no_more_pairs_block(
    instance: Instance, data: st.DataObject
) -> None:
    """Those two block with nobody from then on, and the others as before."""
    order = ("stability", "score", "tie_break")
    first = solved(instance, order)
    assume(first is not None and first.chosen)
    assert first is not None
    forced = instance.forced.copy()
    forced[data.draw(st.sampled_from(first.chosen))] = True
    second = solved(instance.replace(forced=forced), order)
    assert second is not None
    assert no_worse("stability", second.levels[0].value, first.levels[0].value)


@FEWER
@pytest.mark.fuzz
@given(instance=INSTANCES, order=ANY_ORDER, data=st.data())
def test_a_quota_that_held_already_changes_nothing(
    instance: Instance, order: Order, data: st.DataObject
) -> None:
    """Hard or at a price, as long as the best matching was within its limits."""
    first = solved(instance, order)
    assume(first is not None)
    assert first is not None
    counted = some_count(instance, data)
    count = count_of(instance, counted, first.chosen)
    quota = dataclasses.replace(
        counted,
        minimum=count - data.draw(st.integers(0, 1)),
        maximum=count + data.draw(st.integers(0, 1)),
        price=data.draw(st.sampled_from((None, 2))),
    )
    second = solved(with_quota(instance, quota), order)
    assert second is not None
    assert (second.objectives, second.chosen) == (first.objectives, first.chosen)


@FEWER
@pytest.mark.fuzz
@given(instance=INSTANCES, order=ANY_ORDER, data=st.data())
def test_what_costs_nothing_counts_for_nothing(
    instance: Instance, order: Order, data: st.DataObject
) -> None:
    """A quota at price 0, however far it is off."""
    quota = dataclasses.replace(
        some_count(instance, data), minimum=data.draw(st.integers(0, 9)), price=0
    )
    first, second = solved(instance, order), solved(with_quota(instance, quota), order)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert (second.objectives, second.chosen) == (first.objectives, first.chosen)


@FEWER
@pytest.mark.fuzz
@given(instance=INSTANCES, order=ANY_ORDER, more=st.integers(0, 2))
def test_wider_limits_never_make_the_first_level_worse(
    instance: Instance, order: Order, more: int
) -> None:
    """Nor what could be kept impossible; and without any hard quota even less."""
    first = solved(instance, order)
    assume(first is not None and instance.quotas)
    assert first is not None
    wider = [
        dataclasses.replace(
            quota,
            minimum=quota.minimum - more,
            maximum=None if quota.maximum is None else quota.maximum + more,
        )
        for quota in instance.quotas
    ]
    priced = [quota for quota in wider if quota.price is not None]
    for quotas in (wider, priced):
        second = solved(instance.replace(quotas=tuple(quotas)), order)
        assert second is not None
        assert no_worse(order[0], second.levels[0].value, first.levels[0].value)


@FEWER
@pytest.mark.fuzz
@given(instance=INSTANCES, order=st.sampled_from((("pairs", "score"), ("stability", "pairs"))))
def test_a_hard_quota_is_a_price_that_nobody_pays(instance: Instance, order: Order) -> None:
    """With prices first, 0 is paid exactly where it can hold, and all else is the same."""
    hard = instance.replace(quotas=tuple(q for q in instance.quotas if q.price is None))
    priced = hard.replace(quotas=tuple(dataclasses.replace(q, price=3) for q in hard.quotas))
    as_hard, as_priced = solved(hard, order), solved(priced, ("prices", *order))
    if as_priced is None:
        assert as_hard is None
        return
    paid = as_priced.objectives["prices"]
    assert feasible(hard) == (paid == 0)
    if as_hard is not None:
        assert {"prices": 0} | dict(as_hard.objectives) == dict(as_priced.objectives)


@FEWER
@pytest.mark.fuzz
@given(instance=INSTANCES, order=ANY_ORDER, times=st.integers(2, 1_000_000))
def test_dearer_by_the_same_factor_is_the_same(
    instance: Instance, order: Order, times: int
) -> None:
    """All prices multiplied: what is paid is, and nobody else is paired."""
    dearer = instance.replace(
        quotas=tuple(
            q if q.price is None else dataclasses.replace(q, price=times * q.price)
            for q in instance.quotas
        )
    )
    first, second = solved(instance, order), solved(dearer, order)
    assert (first is None) == (second is None)
    if first is not None and second is not None:
        assert second.chosen == first.chosen
        if "prices" in order:
            paid = first.objectives["prices"]
            assert isinstance(paid, int)
            assert second.objectives["prices"] == times * paid


@FEWER
@pytest.mark.fuzz
@given(instance=INSTANCES, data=st.data())
def test_forbidding_what_was_not_made_changes_nothing(
    instance: Instance, data: st.DataObject
) -> None:
    """Where neither ranks nor stability count, since both look at pairs that are not made."""
    order = ("pairs", "people", "prices", "leximin", "score", "tie_break")
    first = solved(instance, order)
    assume(first is not None)
    assert first is not None
    gone = data.draw(st.sets(st.integers(0, max(0, instance.n_pairs - 1))))
    keep = np.array([e in first.chosen or e not in gone for e in range(instance.n_pairs)], bool)
    fewer = instance.only(keep)
    second = solved(fewer, order)
    assert second is not None
    assert second.objectives == first.objectives
    assert id_pairs(fewer, second) == id_pairs(instance, first)

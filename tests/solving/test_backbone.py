"""The backbone equals what all optimal matchings, listed one by one, have in common."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_constrained import ORDERS, STATED

from brute_force import Matching, best
from rmatch.instance import Instance, Quota
from rmatch.solving import STRATEGIES
from rmatch.solving.backbone import WITHOUT_WEIGHTS, PairIds, backbone, before_tie_break
from rmatch.solving.cycles import strong_parts
from rmatch.testing import instances
from shown import in_full


def _named(instance: Instance, matchings: Sequence[Matching]) -> list[set[PairIds]]:
    ids = instance.mentor_ids, instance.mentee_ids
    return [{(ids[0][i], ids[1][j]) for i, j in matching} for matching in matchings]


def assert_backbone(instance: Instance, order: Sequence[str]) -> None:
    """Both lists, and the one that no weight can touch, against every optimal matching."""
    levels = before_tie_break(order)
    answer = best(instance, levels)
    if answer is None:
        return
    optimal = _named(instance, answer.matchings)
    every = set.intersection(*optimal)
    found = backbone(instance, order)
    assert found.proved
    assert found.undecided == ()
    assert found.levels == levels
    assert set(found.every) == every
    assert set(found.some) == set.union(*optimal) - every
    looks = [at for at, name in enumerate(levels) if name not in WITHOUT_WEIGHTS]
    before = best(instance, levels[: looks[0]] if looks else levels)
    assert before is not None
    assert found.weight_free is not None
    assert set(found.weight_free) == set.intersection(*_named(instance, before.matchings))
    assert set(found.weight_free) <= every


@pytest.mark.fuzz
@settings(max_examples=200)
@given(instance=STATED, order=ORDERS)
def test_any_order_with_anything_stated(instance: Instance, order: tuple[str, ...]) -> None:
    """Stability of all kinds, quotas, forced pairs, capacities, numbers that are no sums."""
    assert_backbone(instance, order)


@pytest.mark.fuzz
@settings(max_examples=150)
@given(
    instance=STATED,
    order=st.sampled_from((*STRATEGIES.values(), ("stability",), ("pairs", "stability"))),
)
def test_the_orders_that_are_used(instance: Instance, order: tuple[str, ...]) -> None:
    """The strategies, and orders that leave much to the tie-break."""
    assert_backbone(instance, order)


@pytest.mark.fuzz
@settings(max_examples=100)
@given(
    instance=in_full(instances(max_side=5, max_capacity=1, max_score=3)),
    order=st.sampled_from((("pairs",), ("people", "score"), ("tie_break",))),
)
def test_linear_orders_by_the_flow(instance: Instance, order: tuple[str, ...]) -> None:
    """Also where nothing at all is asked for before the tie-break."""
    assert_backbone(instance, order)


def test_large_parts_are_sorted_out_apart() -> None:
    """Two blocks of people that share nobody, one with a choice to make and one without."""
    size = 46  # 2 116 pairs a block, enough for parts of their own
    score = np.ones((2 * size, 2 * size), dtype=np.int64)
    score[np.arange(size), np.arange(size)] = 9
    block = np.zeros((2 * size, 2 * size), dtype=bool)
    block[:size, :size] = block[size:, size:] = True
    instance = Instance.from_scores(score, block)
    found = backbone(instance, ("pairs", "score", "tie_break"))
    assert found.every == tuple((f"M{i}", f"S{i}") for i in range(size))
    assert len(found.some) == size * size
    assert found.proved
    assert found.weight_free == ()


def test_without_time_nothing_is_claimed() -> None:
    """Only what must be made is known to be; every other pair is listed as undecided."""
    instance = Instance.from_scores([[5, 3], [4, 4]])
    instance = instance.replace(forced=[True, False, False, False])
    found = backbone(instance, ("stability", "score"), time_limit=0)
    assert found.every == (("M0", "S0"),)
    assert found.some == ()
    assert found.undecided == (("M1", "S1"),)
    assert not found.proved
    assert found.weight_free in (None, (("M0", "S0"),))


@pytest.mark.parametrize("order", [("pairs",), ("pairs", "score"), ("score",)])
def test_without_time_no_level_is_taken_for_settled(order: tuple[str, ...]) -> None:
    """Whichever level is open, and wherever it stands."""
    found = backbone(Instance.from_scores([[5, 3], [4, 4]]), order, time_limit=0)
    assert (found.every, found.some, found.proved) == ((), (), False)
    assert len(found.undecided) == 4


def test_a_stable_matching_had_without_time_settles_its_level_and_no_pair() -> None:
    """Deferred acceptance shows one at once; the flow knows of matchings that are not stable."""
    instance = Instance.from_rankings([[[0], [1]], [[0], [1]]], [[[0], [1]], [[0], [1]]])
    found = backbone(instance, ("stability",), time_limit=0)
    assert (found.every, found.some, found.proved) == ((), (), False)
    assert len(found.undecided) == 4


def test_without_time_for_any_matching_nothing_is_claimed_either() -> None:
    """Where a quota must hold, and there was no time to find a matching that keeps it."""
    pairs = 4
    quota = Quota("q", np.ones(pairs), np.zeros(2), np.zeros(2), minimum=1)
    instance = Instance.from_scores([[5, 3], [4, 4]]).replace(quotas=(quota,))
    found = backbone(instance, ("pairs",), time_limit=0)
    assert (found.every, found.some, found.weight_free) == ((), (), None)
    assert len(found.undecided) == pairs


def test_what_the_search_has_met_counts_though_time_ran_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A pair seen in one optimal matching and not in another is known to be in some."""
    from rmatch.solving.search import Search

    asked = []
    ask = Search.ask

    def once(self: Search, make: object) -> int | None:
        asked.append(make)
        return ask(self, make) if len(asked) == 1 else None  # type: ignore[arg-type]

    monkeypatch.setattr(Search, "ask", once)
    alike = Instance.from_rankings([[[0, 1]], [[0, 1]], [[2]]], [[[0, 1]], [[0, 1]], [[2]]])
    found = backbone(alike, ("stability",))
    assert not found.proved
    assert set(found.some) == {(f"M{i}", f"S{j}") for i in range(2) for j in range(2)}
    assert found.undecided == (("M2", "S2"),)


def test_strong_parts_need_no_recursion() -> None:
    """A cycle of ten thousand nodes with a tail, and a node alone."""
    nodes = 10_000
    tail = np.append(np.arange(nodes), 0)
    head = np.append((np.arange(nodes) + 1) % nodes, nodes)
    part = strong_parts(nodes + 2, tail, head)
    assert len(set(part[:nodes].tolist())) == 1
    assert len(set(part.tolist())) == 3

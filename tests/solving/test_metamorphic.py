"""What must not change the answer, what may, and what must: on instances too large to list."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import assume, given
from hypothesis import strategies as st

from fuzzing import fuzzed
from rmatch.instance import Instance
from rmatch.properties.feasibility import is_matching
from rmatch.solution import Solution
from rmatch.solving import solve
from rmatch.testing import instances
from shown import in_full

STABLE_FIRST = ("stability", "pairs", "people", "priority", "warnings", "score", "tie_break")
HOW: tuple[dict[str, Any], ...] = (
    {},
    {"strategy": "best_score"},
    {"objectives": STABLE_FIRST},
)

INSTANCES = in_full(instances(max_side=7, max_capacity=3))
EVERY_WAY = st.sampled_from(HOW)
ORDER = st.permutations(range(7))


def rebuilt(instance: Instance, **changes: Any) -> Instance:
    """The instance built again from its pairs, in any order, some of it changed."""
    fields = {name: getattr(instance, name) for name in instance.__dataclass_fields__}
    return Instance.from_pairs(**{**fields, **changes})


def id_pairs(instance: Instance, solution: Solution) -> set[tuple[str, str]]:
    """Who is paired with whom, by id."""
    return {
        (instance.mentor_ids[instance.mentor[e]], instance.mentee_ids[instance.mentee[e]])
        for e in solution.chosen
    }


def before_tie_break(solution: Solution) -> dict[str, int]:
    """Every level that does not depend on names."""
    return {name: value for name, value in solution.objectives.items() if name != "tie_break"}


def reordered(instance: Instance, mentors: list[int], mentees: list[int]) -> Instance:
    """The same people in other rows: person ``mentors[k]`` comes k-th."""
    place_i, place_j = np.argsort(mentors), np.argsort(mentees)
    return rebuilt(
        instance,
        mentor=place_i[instance.mentor],
        mentee=place_j[instance.mentee],
        mentor_capacity=instance.mentor_capacity[mentors],
        mentee_capacity=instance.mentee_capacity[mentees],
        mentor_priority=instance.mentor_priority[mentors],
        mentee_priority=instance.mentee_priority[mentees],
        mentor_ids=[instance.mentor_ids[i] for i in mentors],
        mentee_ids=[instance.mentee_ids[j] for j in mentees],
    )


@fuzzed
@given(instance=INSTANCES, how=EVERY_WAY, rows=ORDER, columns=ORDER)
def test_the_order_of_rows_changes_nothing(
    instance: Instance, how: dict[str, Any], rows: list[int], columns: list[int]
) -> None:
    """No place in the file helps anyone: the same people are paired, at the same levels."""
    other = reordered(
        instance,
        [i for i in rows if i < instance.n_mentors],
        [j for j in columns if j < instance.n_mentees],
    )
    first, second = solve(instance, **how), solve(other, **how)
    assert id_pairs(instance, first) == id_pairs(other, second)
    assert first.objectives == second.objectives


@fuzzed
@given(instance=INSTANCES, how=EVERY_WAY)
def test_names_change_the_tie_break_only(instance: Instance, how: dict[str, Any]) -> None:
    """Renamed people reach the same level everywhere but in the tie-break."""
    renamed = instance.replace(
        mentor_ids=tuple(f"Zoë {name}" for name in instance.mentor_ids),
        mentee_ids=tuple(f"Ann {name}" for name in instance.mentee_ids),
    )
    first, second = solve(instance, **how), solve(renamed, **how)
    assert before_tie_break(first) == before_tie_break(second)


@fuzzed
@given(instance=INSTANCES, how=EVERY_WAY)
def test_neither_side_is_favoured(instance: Instance, how: dict[str, Any]) -> None:
    """With mentors and mentees exchanged every level but the tie-break is the same."""
    exchanged = rebuilt(
        instance,
        mentor=instance.mentee,
        mentee=instance.mentor,
        mentor_rank=instance.mentee_rank,
        mentee_rank=instance.mentor_rank,
        mentor_capacity=instance.mentee_capacity,
        mentee_capacity=instance.mentor_capacity,
        mentor_priority=instance.mentee_priority,
        mentee_priority=instance.mentor_priority,
        mentor_ids=instance.mentee_ids,
        mentee_ids=instance.mentor_ids,
    )
    first, second = solve(instance, **how), solve(exchanged, **how)
    assert before_tie_break(first) == before_tie_break(second)


@fuzzed
@given(instance=INSTANCES, data=st.data())
def test_forbidding_a_pair_that_was_not_made_leaves_best_score(
    instance: Instance, data: st.DataObject
) -> None:
    """A veto of a pair that was not made changes no level of ``best_score``, nor the answer."""
    first = solve(instance, strategy="best_score")
    spare = sorted(set(range(instance.n_pairs)) - set(first.chosen))
    assume(spare)
    vetoed = data.draw(st.sampled_from(spare))
    keep = np.arange(instance.n_pairs) != vetoed
    without = instance.only(keep)
    second = solve(without, strategy="best_score")
    assert first.objectives == second.objectives
    assert id_pairs(instance, first) == id_pairs(without, second)


@fuzzed
@given(instance=INSTANCES, how=EVERY_WAY, data=st.data())
def test_forbidden_pairs_are_never_made(
    instance: Instance, how: dict[str, Any], data: st.DataObject
) -> None:
    """Pairs taken out of the problem, wanted or not, do not come back."""
    wanted = solve(instance, **how).chosen
    assume(wanted)
    forbidden = data.draw(st.sets(st.sampled_from(wanted), min_size=1))
    keep = np.array([e not in forbidden for e in range(instance.n_pairs)])
    without = instance.only(keep)
    solution = solve(without, **how)
    gone = {
        (instance.mentor_ids[instance.mentor[e]], instance.mentee_ids[instance.mentee[e]])
        for e in forbidden
    }
    assert not gone & id_pairs(without, solution)
    assert is_matching(without, solution.chosen)
    assert solution.status == "optimal"


@fuzzed
@given(instance=INSTANCES, how=EVERY_WAY, fives=st.integers(1, 4_000))
def test_points_given_to_every_pair_change_nothing(
    instance: Instance, how: dict[str, Any], fives: int
) -> None:
    """A multiple of five units more for every pair moves the total and nobody.

    The number of pairs is settled before the score, and ranks are not made of this score.
    """
    raised = instance.replace(score=instance.score + 5 * fives)
    first, second = solve(instance, **how), solve(raised, **how)
    assert first.chosen == second.chosen
    gained = second.objectives["score"] - first.objectives["score"]
    assert gained == 5 * fives * len(first.chosen)


@fuzzed
@given(instance=INSTANCES, how=EVERY_WAY, points=st.integers(1, 10_000), data=st.data())
def test_a_better_score_never_costs_a_pair_its_place(
    instance: Instance, how: dict[str, Any], points: int, data: st.DataObject
) -> None:
    """A pair that was made is made again when it scores more, and so is every other."""
    first = solve(instance, **how)
    assume(first.chosen)
    score = instance.score.copy()
    score[data.draw(st.sampled_from(first.chosen))] += points
    assert solve(instance.replace(score=score), **how).chosen == first.chosen


@fuzzed
@given(instance=INSTANCES, how=EVERY_WAY)
def test_a_place_more_never_means_a_pair_less(instance: Instance, how: dict[str, Any]) -> None:
    """Where pairs come first, capacity can only help."""
    roomier = instance.replace(mentee_capacity=instance.mentee_capacity + 1)
    if "objectives" not in how:
        assert (
            solve(roomier, **how).objectives["pairs"] >= solve(instance, **how).objectives["pairs"]
        )
    assert solve(roomier, **how).status == "optimal"


@fuzzed
@given(instance=INSTANCES, how=EVERY_WAY, seed=st.integers(0, 2**70))
def test_the_same_answer_twice(instance: Instance, how: dict[str, Any], seed: int) -> None:
    """The same instance and seed give the same pairs, levels and bounds."""
    first, second = solve(instance, **how, seed=seed), solve(instance, **how, seed=seed)
    assert first.chosen == second.chosen
    levels = [
        [(level.name, level.value, level.bound) for level in solution.levels]
        for solution in (first, second)
    ]
    assert levels[0] == levels[1]


@fuzzed
@given(instance=INSTANCES, how=EVERY_WAY, seed=st.integers(1, 2**70))
def test_the_seed_changes_the_tie_break_only(
    instance: Instance, how: dict[str, Any], seed: int
) -> None:
    """Another seed may pair others, and reaches the same levels."""
    first, second = solve(instance, **how), solve(instance, **how, seed=seed)
    assert before_tie_break(first) == before_tie_break(second)

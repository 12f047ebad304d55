"""Why somebody has no partner: every claim recomputed by looking at every matching."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rmatch
from brute_force import WANTED, Matching, Problem, blocking, matchings
from made_by_hand import matching_of
from rmatch import examples
from rmatch.errors import InfeasibleError
from rmatch.explaining.someone import Person
from rmatch.explaining.unmatched import (
    TooFewPlaces,
    UnmatchedFacts,
    UnmatchedReason,
    unmatched_facts,
)
from rmatch.explaining.unmatched_words import WOULD, why_lines
from rmatch.instance import Instance
from rmatch.programme import Load, MustPair, Quota
from rmatch.properties.hall import hall_violator, is_hall_violator
from rmatch.solution import Solution
from rmatch.solving import solve
from rmatch.solving.clock import Clock
from rmatch.solving.matched import is_so
from rmatch.solving.objectives import REGISTRY
from rmatch.testing import instances
from shown import in_full

PLAIN = in_full(instances(max_side=4))
STATED = in_full(instances(max_side=3, constrained=True))
EVERY_KIND = st.one_of(STATED, in_full(instances(max_side=4, max_capacity=1)))
SIZE_FIRST: tuple[tuple[str, ...], ...] = (
    ("pairs", "people", "priority", "stability", "warnings", "score", "tie_break"),
    ("pairs", "people", "priority", "score", "tie_break"),
    ("people", "pairs", "stability"),
)
ORDERS = (
    *SIZE_FIRST,
    ("stability", "pairs", "people", "score", "tie_break"),
    ("pairs", "stability", "prices", "score", "tie_break"),
    ("prices", "score", "pairs", "tie_break"),
    ("warnings", "tie_break"),
    ("leximin", "people"),
    ("stability", "tie_break"),
)


def alone(instance: Instance, solution: Solution) -> Iterator[str]:
    """Ids of everybody without a partner."""
    for person in (*instance.mentor_ids, *instance.mentee_ids):
        if not Person.of(instance, person).is_matched(instance, solution.chosen):
            yield person


def solved(instance: Instance, order: Sequence[str]) -> Solution:
    """The solution, where what is stated can hold."""
    try:
        return solve(instance, order)
    except InfeasibleError:
        assume(False)
        raise


def has(matching: Matching, one: Person) -> bool:
    """Whether somebody is matched."""
    return any(pair[0 if one.side == "mentor" else 1] == one.index for pair in matching)


# ---------------------------------------------------------------------------------- too few places


def check_too_few(instance: Instance, person: str, few: TooFewPlaces, *, stated: bool) -> None:
    """By plain loops: the people, the others, the places; and by every matching: it is true."""
    problem = Problem(instance)
    side = Person.of(instance, person).side == "mentee"
    own, other = problem.ids[side], problem.ids[not side]
    must = [pair for pair, facts in problem.pairs.items() if facts.forced and stated]
    places = {
        one: max(0, problem.capacity[not side][k] - sum(pair[not side] == k for pair in must))
        for k, one in enumerate(other)
    }
    people = [own.index(one) for one in few.people]
    near = {other[pair[not side]] for pair in problem.pairs if pair[side] in people}
    assert person in few.people
    assert set(few.others) == {one for one in near if places[one]}
    assert set(few.held) == {one for one in near if not places[one]}
    assert few.places == sum(places[one] for one in few.others) < len(people)
    assert few.everybody == ({one for one in other if places[one]} == set(few.others))
    for matching in matchings(problem):
        assert not {pair[side] for pair in matching} >= set(people)
    if not stated:
        free = Problem(instance.replace(forced=np.zeros(instance.n_pairs, dtype=bool), quotas=()))
        for matching in matchings(free):
            assert not {pair[side] for pair in matching} >= set(people)


@settings(max_examples=80)
@given(instance=PLAIN, order=st.sampled_from(SIZE_FIRST))
def test_where_size_comes_first_too_few_places_are_always_found(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """Whoever has a place, and somebody to be paired with, is among people who are too many."""
    solution = solved(instance, order)
    for person in alone(instance, solution):
        facts = unmatched_facts(person, instance, solution.chosen, order, time_limit=0)
        one = Person.of(instance, person)
        if not one.capacity(instance):
            assert facts == UnmatchedFacts(UnmatchedReason.NO_PLACE)
        elif not one.pairs(instance).any():
            assert facts == UnmatchedFacts(UnmatchedReason.NOBODY_ALLOWED)
        else:
            assert facts.reason is UnmatchedReason.TOO_FEW_PLACES
            assert facts.too_few is not None
            check_too_few(instance, person, facts.too_few, stated=False)


@settings(max_examples=80)
@given(instance=STATED, order=st.sampled_from(ORDERS))
def test_too_few_places_are_never_claimed_where_there_are_enough(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """In whatever order, and with pairs that must be made: the places that those hold are told."""
    solution = solved(instance, order)
    for person in alone(instance, solution):
        facts = unmatched_facts(person, instance, solution.chosen, order, time_limit=0)
        if facts.too_few is not None:
            stated = facts.reason is UnmatchedReason.QUOTA
            check_too_few(instance, person, facts.too_few, stated=stated)
            if stated:
                assert any(text.startswith("must_pair ") for text in facts.statements)


@settings(max_examples=80)
@given(instance=STATED)
def test_with_pairs_that_must_be_made_and_no_quota_the_places_explain_everybody(
    instance: Instance,
) -> None:
    """They are found with the places those leave, if not without."""
    instance = instance.replace(quotas=())
    solution = solved(instance, SIZE_FIRST[0])
    for person in alone(instance, solution):
        facts = unmatched_facts(person, instance, solution.chosen, SIZE_FIRST[0], time_limit=0)
        assert facts.reason in {
            *(
                UnmatchedReason.NO_PLACE,
                UnmatchedReason.NOBODY_ALLOWED,
                UnmatchedReason.TOO_FEW_PLACES,
                UnmatchedReason.QUOTA,
            )
        }
        assert (facts.too_few is None) == (
            facts.reason in (UnmatchedReason.NO_PLACE, UnmatchedReason.NOBODY_ALLOWED)
        )


def test_three_people_and_two_places() -> None:
    """Whoever could go elsewhere is not among them; whoever is as badly off is."""
    everyone = [[[0, 1]], [[0, 1]], [[0, 1]], [[2, 3]], [[2]]]
    instance = Instance.from_rankings(
        everyone, [[[0, 1, 2]], [[0, 1, 2]], [[3, 4]], [[3]]], mentor_ids=[*"ABCDE"]
    )
    matching = rmatch.solve(instance)
    (person,) = matching.unmatched
    facts = unmatched_facts(person, instance, matching.solution.chosen, matching.order)
    assert facts.too_few == TooFewPlaces(("A", "B", "C"), ("S0", "S1"), 2, (), everybody=False)
    text = str(matching.explain(person))
    assert (
        "Too few places: A, B and C are allowed only with S0 and S1: three people, two places."
    ) in text
    assert str(matching.explain(person, "panel")) == (
        f"{person} has no partner in this matching. There are more mentors than places with "
        "mentees."
    )


def test_a_claim_that_does_not_hold_is_no_violator() -> None:
    """The judge looks at the pairs and the places, not at who claims it."""
    instance = Instance.from_rankings([[[0]], [[0]]], [[[0, 1]]])
    found = hall_violator(instance, (0,), "mentor", 1)
    assert found is not None
    assert is_hall_violator(instance, found)
    assert not is_hall_violator(instance, replace(found, places=0))
    assert not is_hall_violator(instance, replace(found, people=(1,)))
    assert not is_hall_violator(instance, replace(found, others=(), places=0))


def test_a_free_place_or_a_second_partner_is_no_want_of_places() -> None:
    """The one could be had, the other given up."""
    free = Instance.from_rankings([[[0]]], [[[0]]])
    assert hall_violator(free, (), "mentor", 0) is None
    two = Instance.from_rankings([[[0, 1]], [[0]]], [[[0, 1]], [[0]]], mentor_capacity=[2, 1])
    assert hall_violator(two, (0, 1), "mentor", 1) is None


# ------------------------------------------------------------------------- the level that decided


def best_with(problem: Problem, order: Sequence[str], one: Person) -> list[Matching]:
    """The matchings that are best, level by level, of those in which somebody is matched."""
    left = [matching for matching in matchings(problem) if has(matching, one)]
    for name in order:
        measure, choose = WANTED[name]
        values = [measure(problem, matching) for matching in left]
        if values:
            best = choose(values)
            left = [m for m, value in zip(left, values, strict=True) if value == best]
    return left


@settings(max_examples=120)
@given(instance=EVERY_KIND, order=st.sampled_from(ORDERS))
def test_the_level_that_decided_is_the_one_that_brute_force_finds(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """Its name, its values, who would be left out instead, which pairs would block."""
    solution = solved(instance, order)
    problem = Problem(instance)
    made = tuple(list(problem.pairs)[k] for k in solution.chosen)
    for person in alone(instance, solution):
        facts = unmatched_facts(person, instance, solution.chosen, order)
        if facts.instead is None:
            continue
        one, instead = Person.of(instance, person), facts.instead
        best = best_with(problem, order, one)
        assert instead.possible == bool(best)
        if not best:
            assert instead.level is None
            continue
        values = {
            name: (WANTED[name][0](problem, made), WANTED[name][0](problem, best[0]))
            for name in order
        }
        level = next((name for name in order if values[name][0] != values[name][1]), None)
        assert instead.level == level
        assert (instead.made, instead.value) == (values[level] if level else (None, None))
        assert instead.proved
        assert instead.settled
        assert not instead.is_better
        if len(best) == 1:
            check_instead(problem, made, best[0], one, facts)


def check_instead(
    problem: Problem, made: Matching, other: Matching, one: Person, facts: UnmatchedFacts
) -> None:
    """Who is in whose place, where only one matching is the best."""
    instead = facts.instead
    assert instead is not None

    def matched(matching: Matching) -> set[str]:
        return {problem.ids[side][pair[side]] for pair in matching for side in (0, 1)}

    side = one.side == "mentee"
    person = problem.ids[side][one.index]
    assert set(instead.left_out) == matched(made) - matched(other)
    assert {*instead.gained, person} == matched(other) - matched(made)
    assert set(instead.partners) == {
        problem.ids[not side][pair[not side]] for pair in other if pair[side] == one.index
    }
    new = [pair for pair in blocking(problem, other) if pair not in blocking(problem, made)]
    assert list(instead.blocking) == [(problem.ids[0][i], problem.ids[1][j]) for i, j in new]


@settings(max_examples=120)
@given(instance=EVERY_KIND, order=st.sampled_from(ORDERS[3:]))
def test_the_reason_is_what_brute_force_says(instance: Instance, order: tuple[str, ...]) -> None:
    """Impossible is a matter of what is stated, and so is what dropping a statement would undo."""
    solution = solved(instance, order)
    for person in alone(instance, solution):
        facts = unmatched_facts(person, instance, solution.chosen, order)
        if facts.instead is None:
            continue
        instead, reason = facts.instead, facts.reason
        assert reason is not UnmatchedReason.UNPROVED
        if not instead.possible:
            check_forbidding(instance, Person.of(instance, person), facts.statements)
        if facts.too_few is not None:
            assert reason in (UnmatchedReason.TOO_FEW_PLACES, UnmatchedReason.QUOTA)
        elif not instead.possible or instead.level == "prices" or facts.statements:
            assert reason is UnmatchedReason.QUOTA
        elif instead.level == "stability":
            assert reason is UnmatchedReason.STABILITY
        else:
            before = order[: order.index(instead.level) + 1] if instead.level else ()
            sized = "pairs" in before or "people" in before
            assert reason is (UnmatchedReason.LEVEL if sized else UnmatchedReason.STRATEGY)


def check_forbidding(instance: Instance, one: Person, statements: tuple[str, ...]) -> None:
    """With these statements alone nobody can give them a partner; without any one somebody can."""
    assert statements
    assert not partner_under(instance, one, statements)
    for left_out in statements:
        assert partner_under(instance, one, [s for s in statements if s != left_out])


def partner_under(instance: Instance, one: Person, statements: Sequence[str]) -> bool:
    """Whether some matching that keeps these statements has a partner for somebody."""
    ends = zip(instance.mentor.tolist(), instance.mentee.tolist(), strict=True)
    names = [f"must_pair {instance.mentor_ids[i]} {instance.mentee_ids[j]}" for i, j in ends]
    kept = instance.replace(
        forced=[
            forced and name in statements
            for forced, name in zip(instance.forced.tolist(), names, strict=True)
        ],
        quotas=tuple(quota for quota in instance.quotas if quota.statement in statements),
    )
    return any(has(matching, one) for matching in matchings(Problem(kept)))


# ---------------------------------------------------------------------------------- by hand


def why(matching: rmatch.Matching, person: str) -> tuple[UnmatchedFacts, str]:
    """The facts about somebody, and their words."""
    facts = unmatched_facts(
        person, matching.instance, matching.solution.chosen, matching.order, seed=matching.seed
    )
    return facts, "\n".join(why_lines(person, "mentor", facts, for_people=False))


def test_stability_is_the_reason_where_it_comes_first() -> None:
    """M1 would have S0, and then M0 and S0 would rather have each other."""
    instance = Instance.from_rankings([[[0], [1]], [[0]]], [[[0], [1]], [[0]]])
    matching = rmatch.solve(instance, objectives=("stability", "pairs", "score"))
    facts, text = why(matching, "M1")
    assert facts.reason is UnmatchedReason.STABILITY
    assert text == (
        "If M1 had a partner (S0), S1 would have one too, and the number of blocking pairs would "
        "be 1 instead of 0 (new: M0 with S0)."
    )


def test_a_second_partner_for_somebody_else_is_a_level() -> None:
    """Most pairs, and nothing said of people: M0 has both, and they score more so."""
    instance = Instance.from_rankings(
        [[[0, 1]], [[0]]],
        [[[0, 1]], [[0]]],
        mentor_capacity=[2, 1],
        score=[[5, 5], [1, 0]],
    )
    facts, text = why(rmatch.solve(instance, objectives=("pairs", "score")), "M1")
    assert facts.reason is UnmatchedReason.LEVEL
    assert text == "If M1 had a partner (S0), the pairs would score 6 in total instead of 10."


def test_an_order_that_does_not_ask_for_many_is_the_reason() -> None:
    """The fewest warnings are in no pair at all."""
    instance = Instance.from_rankings([[[0]]], [[[0]]]).replace(warned=[True])
    facts, text = why(rmatch.solve(instance, objectives=("warnings",)), "M0")
    assert facts.reason is UnmatchedReason.STRATEGY
    assert "the number of pairs to be looked at would be 1 instead of 0" in text
    assert "name pairs or people first" in text


def test_a_quota_that_forbids_it_is_named() -> None:
    """No mentors but one may be matched."""
    instance = Instance.from_rankings([[[0], [1]], [[0], [1]]], [[[0], [1]], [[0], [1]]])
    matching = rmatch.solve(
        instance,
        constraints=[Quota(name="few", count="pairs", maximum=1), MustPair("M0", "S0")],
    )
    facts, text = why(matching, "M1")
    assert facts.reason is UnmatchedReason.QUOTA
    assert facts.statements == ("must_pair M0 S0", "quota few")
    assert text == (
        "No matching that keeps what is stated has a partner for M1: quota few; "
        "M0–S0 is to be made."
    )


def test_a_quota_without_which_it_would_cost_nothing_is_named() -> None:
    """One pair too few is the price of a partner for M1, because of the quota alone."""
    instance = Instance.from_rankings([[[0, 1]], [[1]]], [[[0]], [[0, 1]]], score=[[9, 0], [0, 1]])
    matching = rmatch.solve(instance, constraints=[Quota(name="few", count="pairs", maximum=1)])
    facts, text = why(matching, "M1")
    assert (facts.reason, facts.statements) == (UnmatchedReason.QUOTA, ("quota few",))
    assert "What is stated stands against it: quota few." in text


def test_a_quota_with_a_price_is_the_reason_by_its_price() -> None:
    """It is named with what would be off its limits."""
    instance = Instance.from_rankings([[[0]], [[1]]], [[[0]], [[1]]])
    matching = rmatch.solve(
        instance,
        constraints=[Load("M1", maximum=0, price=3)],
        objectives=("prices", "pairs"),
    )
    facts, text = why(matching, "M1")
    assert (facts.reason, facts.statements) == (UnmatchedReason.QUOTA, ("load M1",))
    assert "quotas off their limits would cost 3 instead of 0 (load M1)" in text


def test_places_held_by_pairs_that_must_be_made_are_named() -> None:
    """M1 is allowed only with S0, whose place M0 must have."""
    instance = Instance.from_rankings([[[0], [1]], [[0]]], [[[0, 1]], [[0]]])
    facts, text = why(rmatch.solve(instance, constraints=[MustPair("M0", "S0")]), "M1")
    assert facts.reason is UnmatchedReason.QUOTA
    assert facts.too_few == TooFewPlaces(("M1",), (), 0, ("S0",), everybody=False)
    assert facts.instead is None
    assert text == (
        "Too few places: M1 is allowed only with S0, where no place is open: M0–S0 is to be made."
    )


def test_a_matching_that_was_not_the_best_is_called_so() -> None:
    """Nobody was matched, and there is a better one."""
    instance = Instance.from_rankings([[[0]]], [[[0]]])
    matching = matching_of(instance, (), ("pairs", "score"), bounds={"pairs": 1})
    facts, text = why(matching, "M0")
    assert facts.reason is UnmatchedReason.UNPROVED
    assert text.startswith("A better matching has a partner for M0: this one is not proved")


def test_without_time_it_is_said_that_it_is_not_known() -> None:
    """And the places, which need none, are told all the same."""
    instance = Instance.from_rankings([[[0]], [[0]]], [[[0], [1]]])
    matching = rmatch.solve(instance)
    facts = unmatched_facts("M1", instance, matching.solution.chosen, matching.order, time_limit=0)
    assert facts.reason is UnmatchedReason.TOO_FEW_PLACES
    assert list(why_lines("M1", "mentor", facts, for_people=False)) == [
        "Too few places: M0 and M1 are allowed only with S0: two people, one place.",
        "Why it is M1 who has none was not settled in the time.",
    ]


def test_who_has_a_partner_is_not_unmatched() -> None:
    """And who is nobody is nobody."""
    instance = Instance.from_rankings([[[0]]], [[[0]]])
    with pytest.raises(ValueError, match="M0 has a partner"):
        unmatched_facts("M0", instance, (0,), ("pairs",))
    with pytest.raises(KeyError, match="M9"):
        unmatched_facts("M9", instance, (0,), ("pairs",))


def test_every_level_has_words() -> None:
    """A new objective must say what would be worse."""
    assert set(WOULD) == set(REGISTRY)


def test_the_example_reads_as_a_coordinator_would_say_it() -> None:
    """Forty mentors for 38 places; why these two, by level and by how much."""
    matching = rmatch.solve(examples.path("two-trusts"))
    texts = []
    for person in matching.unmatched:
        facts = unmatched_facts(person, matching.instance, matching.solution.chosen, matching.order)
        texts += why_lines(person, "mentor", facts, for_people=True)
    assert texts == [
        "Too few places: 40 mentors, M11 among them, are allowed only with the 27 mentees who "
        "have a place open: 40 people, 38 places.",
        "If M11 had a partner (S27), M09 would have none, and the pairs would score 1606.83 in "
        "total instead of 1614.55.",
        "Too few places: 40 mentors, M26 among them, are allowed only with the 27 mentees who "
        "have a place open: 40 people, 38 places.",
        "If M26 had a partner (S16), M14 would have none, and the number of pairs to be "
        "looked at would be 10 instead of 9.",
    ]


# ------------------------------------------------------------------------- solved as far as needed


@settings(max_examples=120)
@given(instance=st.one_of(STATED, PLAIN), order=st.sampled_from(ORDERS))
def test_solving_as_far_as_needed_says_what_solving_to_the_end_says(
    instance: Instance, order: tuple[str, ...]
) -> None:
    """Of everybody, whether they are matched."""
    solution = solved(instance, order)
    lonely = set(alone(instance, solution))
    for person in (*instance.mentor_ids, *instance.mentee_ids):
        wanted = Person.of(instance, person).required
        assert is_so(instance, order, wanted, clock=Clock()) == (person not in lonely)


def test_without_time_nothing_is_said_to_be_so() -> None:
    """Neither that they are matched nor that they are not."""
    instance = Instance.from_rankings([[[0]]], [[[0]]])
    wanted = Person.of(instance, "M0").required
    assert is_so(instance, ("pairs",), wanted, clock=Clock(0)) is None

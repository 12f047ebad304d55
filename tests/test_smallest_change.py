"""The smallest change that would match somebody: each works, and nothing smaller does."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import rmatch
from goldens import assert_golden
from made_by_hand import matching_of
from rmatch import examples
from rmatch.errors import InfeasibleError
from rmatch.explaining.change import (
    AddPerson,
    AddPlace,
    Change,
    WaiveRule,
    applied,
    newcomer,
)
from rmatch.explaining.unmatched_words import change_lines
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import MustNotPair, Programme, Quota, Settings
from rmatch.programme.reference import RULES
from rmatch.programme.settings import default_severities, is_confidential, is_waivable
from rmatch.solving import solve
from rmatch.testing import instances, programmes
from shown import in_full

ARRAYS = in_full(instances(max_side=3))
STATED = in_full(instances(max_side=3, constrained=True))
PEOPLE = in_full(programmes(max_side=3))
EXCLUDED = in_full(
    programmes(max_side=2, filled=("work", "meeting", "managers", "history", "level"))
)
ORDERS: tuple[dict[str, Any], ...] = (
    {},
    {"strategy": "best_score"},
    {"objectives": ("stability", "pairs", "people", "prices", "score", "tie_break")},
    {"objectives": ("pairs", "score", "prices", "tie_break")},
)


def made(source: Instance | Programme, how: dict[str, Any]) -> Matching:
    """The matching, where what is stated can hold."""
    try:
        return rmatch.solve(source, **how)
    except InfeasibleError:
        assume(False)
        raise


def placed(matching: Matching) -> Iterator[str]:
    """Everybody who offers a place and has no partner."""
    instance = matching.instance
    people = (*instance.mentor_ids, *instance.mentee_ids)
    places = (*instance.mentor_capacity.tolist(), *instance.mentee_capacity.tolist())
    for person, capacity in zip(people, places, strict=True):
        if capacity and person in matching.unmatched:
            yield person


# ----------------------------------------------------------------------------------- without people


def with_places(instance: Instance, changes: Iterable[Change]) -> Instance:
    """So many more places, by plain loops."""
    mentors, mentees = instance.mentor_capacity.tolist(), instance.mentee_capacity.tolist()
    for change in changes:
        assert isinstance(change, AddPlace)
        for ids, places in ((instance.mentor_ids, mentors), (instance.mentee_ids, mentees)):
            if change.person in ids:
                places[ids.index(change.person)] += 1
    return instance.replace(mentor_capacity=mentors, mentee_capacity=mentees)


@settings(max_examples=60)
@given(instance=st.one_of(ARRAYS, STATED), how=st.sampled_from(ORDERS))
def test_more_places_are_the_smallest_that_brute_force_finds(
    instance: Instance, how: dict[str, Any]
) -> None:
    """All single ones that work, else all pairs, by solving each to the end."""
    matching = made(instance, how)

    def works(changes: Iterable[Change]) -> bool:
        after = with_places(instance, changes)
        return person in matched_in(after, matching)

    for person in placed(matching):
        others = instance.mentee_ids if person in instance.mentor_ids else instance.mentor_ids
        places = [AddPlace(other) for other in others]
        singles = tuple((one,) for one in places if works((one,)))
        doubles = tuple(
            (one, other)
            for k, one in enumerate(places)
            for other in places[k:]
            if not singles and works((one, other))
        )
        found = matching.smallest_change(person)
        assert found.complete
        assert found.changes == (singles or doubles)
        assert found.size == (1 if singles else 2 if doubles else 0)
        assert found.tried == len(places) + (0 if singles else len(places) * (len(places) + 1) // 2)


def matched_in(instance: Instance, matching: Matching) -> set[str]:
    """Who has a partner when an instance is solved afresh in a matching's order."""
    try:
        chosen = list(solve(instance, matching.order, seed=matching.seed).chosen)
    except InfeasibleError:
        return set()
    return {
        *(instance.mentor_ids[i] for i in instance.mentor[chosen]),
        *(instance.mentee_ids[j] for j in instance.mentee[chosen]),
    }


# -------------------------------------------------------------------------------------- with people


def singles_of(programme: Programme, person: str) -> list[Change]:
    """Every single change there could be for a person, listed by other code than what is tested."""
    is_mentor = person in [mentor.id for mentor in programme.mentors]
    opposite = programme.mentees if is_mentor else programme.mentors
    scores = rmatch.score(programme)
    waivers = [
        WaiveRule(*((person, other.id) if is_mentor else (other.id, person)), code)
        for other in opposite
        for code in scores.why_excluded(person, other.id, reveal=True)
        if is_waivable(code) and not is_confidential(code) and code != "minimum_score"
    ]
    newcomers = [AddPerson("mentee" if is_mentor else "mentor", other.id) for other in opposite]
    places = [AddPlace(other.id) for other in opposite]
    return [*places, *of_each_kind(programme, newcomers), *waivers]


def of_each_kind(programme: Programme, changes: Iterable[AddPerson]) -> Iterator[AddPerson]:
    """One newcomer like each who is not like somebody before."""
    seen: list[dict[str, Any]] = []
    for change in changes:
        kind = newcomer(programme, change).model_dump(exclude={"id"})
        if kind not in seen:
            seen.append(kind)
            yield change


def works(programme: Programme, matching: Matching, person: str, changes: Iterable[Change]) -> bool:
    """Whether somebody is matched once a programme is changed, scored and solved afresh."""
    for change in changes:
        programme = applied(programme, change)
    try:
        again = rmatch.solve(programme, objectives=matching.order, seed=matching.seed)
    except InfeasibleError:
        return False
    return person not in again.unmatched


@settings(max_examples=30)
@given(programme=PEOPLE, how=st.sampled_from(ORDERS))
def test_every_single_change_that_works_is_found_and_no_other(
    programme: Programme, how: dict[str, Any]
) -> None:
    """Places, then people, then waivers, each solved afresh to the end."""
    matching = rmatch.solve(programme, **how)
    for person in placed(matching):
        working = [
            (change,)
            for change in singles_of(programme, person)
            if works(programme, matching, person, (change,))
        ]
        found = matching.smallest_change(person)
        assert found.complete
        assert (found.size == 1) == bool(working)
        if working:
            assert list(found.changes) == working
        for changes in found.changes:
            assert len(changes) == found.size
            assert works(programme, matching, person, changes)
            check_offered(changes)
        text = "\n".join(change_lines(found, "mentor", programme))
        assert not any(code in text or RULES[code].label in text for code in HIDDEN)


HIDDEN = [code for code in default_severities() if is_confidential(code) and code != "confidential"]


def check_offered(changes: Iterable[Change]) -> None:
    """No rule is offered for waiving that never may be, and none that is confidential."""
    for change in changes:
        if isinstance(change, WaiveRule):
            assert is_waivable(change.rule)
            assert not is_confidential(change.rule)


@settings(max_examples=20)
@given(programme=EXCLUDED)
def test_two_changes_are_found_where_no_single_one_works(programme: Programme) -> None:
    """Every one after every other, whatever the first made possible."""
    matching = rmatch.solve(programme)
    for person in placed(matching):
        found = matching.smallest_change(person)
        if found.size == 1:
            continue
        working = {
            frozenset((first, second)) if first != second else frozenset((first,))
            for first in singles_of(programme, person)
            for second in singles_of(applied(programme, first), person)
            if works(programme, matching, person, (first, second))
        }
        assert {frozenset(changes) for changes in found.changes} == working
        assert len(found.changes) == len(working)
        for changes in found.changes:
            check_offered(changes)


# ------------------------------------------------------------------------------------------ by hand

TOLD = {"conflicts_confirmed": True}


def cohort(**fields: Any) -> Programme:
    """M1 and M2 for one place of S1, both in the department of S2; M3 has vetoed S1."""
    return Programme(
        mentors=[
            {"id": "M1", "employer": "Fen Trust", "department": "Theatres", **TOLD},
            {"id": "M2", "employer": "Fen Trust", "department": "Theatres", **TOLD},
            {"id": "M3", "vetoes": ["S1"], **TOLD},
        ],
        mentees=[
            {"id": "S1", "employer": "Holme Trust", **TOLD},
            {
                "id": "S2",
                "employer": "Fen Trust",
                "department": "Theatres",
                "capacity": 2,
                **TOLD,
            },
        ],
        **fields,
    )


def test_what_would_match_somebody_reads_as_agreed() -> None:
    """Too few places, who would go without instead, and three kinds of changes."""
    matching = rmatch.solve(cohort())
    (person,) = matching.unmatched
    assert_golden("explain_unmatched", str(matching.explain(person, time_limit=None)))


def test_a_veto_is_never_offered_for_waiving() -> None:
    """Nor is any rule beside it, since waiving that would not do."""
    both = {"employer": "Fen Trust", "department": "Theatres"}
    programme = Programme(
        mentors=[{"id": "M1", "vetoes": ["S1"], **both}], mentees=[{"id": "S1", **both}]
    )
    matching = rmatch.solve(programme)
    found = matching.smallest_change("M1")
    assert not any(
        isinstance(change, WaiveRule) and change.mentee == "S1"
        for changes in found.changes
        for change in changes
    )
    text = str(matching.explain("M1", time_limit=None))
    assert "veto" not in text
    assert "with S1" not in text


def test_two_rules_of_one_pair_are_two_waivers() -> None:
    """And a newcomer of the same kind would need them as well."""
    both = {"employer": "Fen Trust", "department": "Theatres"}
    programme = Programme(
        mentors=[{"id": "M1", **both}],
        mentees=[{"id": "S1", **both}],
        history=[{"mentor": "M1", "mentee": "S1", "ended": "completed"}],
        settings=Settings(starts="2026-09-01"),
    )
    matching = rmatch.solve(programme)
    found = matching.smallest_change("M1")
    waivers = {
        (WaiveRule("M1", "S1", "previous_pair"), WaiveRule("M1", "S1", "same_department")),
        (AddPerson("mentee", "S1"), WaiveRule("M1", "new-S1", "same_department")),
    }
    assert found.size == 2
    assert set(found.changes) == waivers
    assert "Any of these pairs of changes would match M1" in str(
        matching.explain("M1", time_limit=None)
    )


def test_a_pair_that_the_coordinator_forbade_is_offered_no_waiver() -> None:
    """It would not help: the statement stands."""
    matching = rmatch.solve(
        cohort(), constraints=[MustNotPair("M1", "S2"), MustNotPair("M2", "S2")]
    )
    (person,) = matching.unmatched
    found = matching.smallest_change(person)
    assert (AddPlace("S1"),) in found.changes
    assert not any(isinstance(change, WaiveRule) for (change,) in found.changes)


def test_who_offers_no_place_is_helped_by_nobody_else() -> None:
    """So nothing is tried."""
    programme = Programme(mentors=[{"id": "M1", "capacity": 0}], mentees=[{"id": "S1"}])
    found = rmatch.solve(programme).smallest_change("M1")
    assert (found.changes, found.size, found.tried, found.complete) == ((), 0, 0, True)


def test_who_has_a_partner_needs_no_change() -> None:
    """And who is nobody is nobody."""
    matching = rmatch.solve(Instance.from_rankings([[[0]]], [[[0]]]))
    with pytest.raises(ValueError, match="M0 has a partner"):
        matching.smallest_change("M0")
    with pytest.raises(KeyError, match="M9"):
        matching.smallest_change("M9")


def test_where_the_matching_was_not_proved_solving_again_may_be_enough() -> None:
    """No change at all is tried first."""
    instance = Instance.from_rankings([[[0]]], [[[0]]])
    matching = matching_of(instance, (), ("pairs", "score"), bounds={"pairs": 1})
    found = matching.smallest_change("M0")
    assert (found.changes, found.size, found.complete) == (((),), 0, True)
    assert "Solving again to the end would match M0." in str(matching.explain("M0"))


def test_a_change_after_which_the_statements_cannot_hold_does_not_work() -> None:
    """As many mentees without a partner as that need a newcomer to go without as well."""
    programme = Programme(
        mentors=[{"id": "M1"}, {"id": "M2"}],
        mentees=[{"id": "S1"}],
        settings=Settings(quotas={"few": Quota(name="few", count="mentees", maximum=1)}),
    )
    matching = rmatch.solve(programme)
    (person,) = matching.unmatched
    assert matching.smallest_change(person).changes == ((AddPlace("S1"),),)


# --------------------------------------------------------------------------------------------- time


def test_when_the_time_is_up_that_is_said() -> None:
    """Nothing tried, or some."""
    matching = rmatch.solve(examples.path("two-trusts"))
    found = matching.smallest_change("M11", time_limit=0)
    assert (found.changes, found.tried, found.complete) == ((), 0, False)
    text = str(matching.explain("M11", time_limit=0))
    assert text.endswith("What would match M11 was not looked for: there was no time.")
    stop = threading.Event()
    told: list[tuple[int, int]] = []

    def progress(tried: int, working: int) -> None:
        told.append((tried, working))
        stop.set()

    found = matching.smallest_change("M11", cancel=stop, progress=progress)
    assert not found.complete
    assert found.tried == 1
    assert told == [(1, len(found.changes))]


def test_a_time_that_makes_no_sense_is_refused() -> None:
    """For the search as for the explanation."""
    matching = rmatch.solve(Instance.from_rankings([[[0]], [[0]]], [[[0], [1]]]))
    for ask in (matching.smallest_change, matching.explain):
        with pytest.raises(ValueError, match="time_limit must be a number of seconds from 0"):
            ask("M1", time_limit=-1)


def test_explaining_tells_what_was_not_tried() -> None:
    """It is stopped from elsewhere, before anything was tried."""
    matching = rmatch.solve(Instance.from_rankings([[[0]], [[0]]], [[[0], [1]]]))
    stop = threading.Event()
    stop.set()
    facts = matching.explain("M1", time_limit=None, cancel=stop).facts
    assert facts is not None
    assert facts.smallest is not None
    assert not facts.smallest.complete


def test_without_people_places_alone_can_change() -> None:
    """And that is said where they are of no use."""
    matching = rmatch.solve(
        Instance.from_rankings([[[0]], [[0]]], [[[0, 1]]], score=[[9], [0]]),
        constraints=[Quota(name="few", count="pairs", maximum=1)],
        strategy="best_score",
    )
    text = str(matching.explain("M1"))
    assert text.endswith(
        "No change would match M1, nor any two, of these kinds: one more place for a mentee."
    )

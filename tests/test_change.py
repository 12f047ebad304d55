"""Single changes to a programme: what each makes of it, and its words."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rmatch
from rmatch import examples
from rmatch.explaining.change import (
    COPIED,
    AddPerson,
    AddPlace,
    Change,
    WaiveRule,
    applied,
    change_words,
    newcomer,
)
from rmatch.programme import Participant, Programme
from rmatch.testing import programmes


@pytest.fixture(scope="module")
def east() -> Programme:
    """The shipped cohort of 14 a side."""
    return rmatch.load(examples.path("east-of-england"))


def two(mentor: dict[str, Any], mentee: dict[str, Any], **rest: Any) -> Programme:
    """A mentor M1 and a mentee S1."""
    return Programme(mentors=[{"id": "M1", **mentor}], mentees=[{"id": "S1", **mentee}], **rest)


def test_a_waived_rule_no_longer_excludes_the_pair(east: Programme) -> None:
    """The waiver stands in the settings, where a saved run and the audit find it."""
    assert rmatch.score(east).why_excluded("M03", "S05") == ("hos_own_school",)
    changed = applied(east, WaiveRule("M03", "S05", "hos_own_school"))
    assert changed.settings.waivers == (("M03", "S05", "hos_own_school"),)
    assert rmatch.score(changed).why_excluded("M03", "S05") == ()
    assert east.settings.waivers == ()


def test_a_rule_that_is_never_waived_is_refused(east: Programme) -> None:
    """No search for a change can ever propose it by accident."""
    with pytest.raises(rmatch.InputError, match="can never be waived: arcp_panel"):
        applied(east, WaiveRule("M03", "S07", "arcp_panel"))


@pytest.mark.parametrize(
    ("capacity", "limit", "price", "after"),
    [(1, None, None, None), (2, 1, None, 2), (1, 1, None, 2), (1, 2, None, 2), (1, 1, 5, 1)],
)
def test_one_more_place_raises_a_limit_that_binds(
    capacity: int, limit: int | None, price: int | None, after: int | None
) -> None:
    """A limit above the places, or one with a price, stays."""
    stated = {
        "maximum_load": {} if limit is None else {"S1": limit},
        "load_price": {} if price is None else {"S1": price},
    }
    changed = applied(two({}, {"capacity": capacity}, settings=stated), AddPlace("S1"))
    assert changed.by_id["S1"].capacity == capacity + 1
    assert changed.by_id["M1"].capacity == 1
    assert changed.settings.maximum_load.get("S1") == after


def test_a_newcomer_is_of_the_same_kind_and_nobody_else() -> None:
    """Kind is copied; what is personal, private or confirmed is not."""
    person = {
        "name": "Dr Own Name",
        "email": "own@nhs.example",
        "grade": "consultant",
        "leadership_roles": [
            {"role": "head_of_school", "scope": "EOE/surgery"},
            {"role": "educational_supervisor", "scope": "M1"},
        ],
        "specialty": "general_surgery",
        "training_programme": "general_surgery_eoe",
        "employer": "Trust A",
        "department": "Ward 1",
        "deanery": "EOE",
        "modes": ["virtual"],
        "capacity": 3,
        "choices": [["M1"]],
        "vetoes": ["M1"],
        "conflicts": ["M1"],
        "conflicts_confirmed": True,
        "supervisors": ["Dr Outside"],
        "line_manager": "Dr Outside",
        "carried_over": True,
    }
    programme = two({}, person)
    like = programme.by_id["S1"]
    made = newcomer(programme, AddPerson("mentee", "S1"))
    roles = [(held.role, held.scope) for held in made.leadership_roles]
    assert roles == [("head_of_school", "EOE/surgery"), ("educational_supervisor", "")]
    assert made.capacity == 1
    same = {*COPIED, "id", "leadership_roles"}
    assert all(getattr(made, name) == getattr(like, name) for name in COPIED)
    blank = Participant(id=made.id)
    for name in set(Participant.model_fields) - same:
        assert getattr(made, name) == getattr(blank, name), name
    changed = applied(programme, AddPerson("mentee", "S1"))
    assert changed.mentees == (*programme.mentees, made)
    assert changed.mentors == programme.mentors


def test_a_newcomer_gets_an_id_that_nobody_goes_by() -> None:
    """Nobody inside, by id, e-mail or name, and nobody outside: a reference would turn to them."""
    programme = two(
        {"name": "new-s1", "supervisors": ["NEW-S1-2"], "line_manager": "new-S1-3"},
        {"leadership_roles": [{"role": "examiner", "scope": "new-S1-6"}]},
        history=[{"mentor": "new-S1-4", "mentee": "S1"}],
        settings={"coordinators": ["new-S1-5"]},
    )
    change = AddPerson("mentee", "S1")
    once = applied(programme, change)
    again = applied(once, change)
    assert [person.id for person in again.mentees] == ["S1", "new-S1-7", "new-S1-8"]


def test_changes_say_what_is_not_there(east: Programme) -> None:
    """A wrong id or side is a mistake of the caller."""
    with pytest.raises(KeyError):
        applied(east, AddPlace("S99"))
    with pytest.raises(KeyError):
        applied(east, AddPerson("mentee", "S99"))
    with pytest.raises(ValueError, match="S05 is not a mentor"):
        applied(east, AddPerson("mentor", "S05"))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            WaiveRule("M03", "S05", "same_employer"),
            "Waive Same employer (trust) (same_employer) for M03 with S05",
        ),
        (AddPlace("S05"), "One more place for S05"),
        (
            AddPerson("mentee", "S05"),
            "One more mentee like S05: Head of School, General surgery, East of England",
        ),
    ],
)
def test_each_change_is_one_plain_sentence(east: Programme, change: Change, words: str) -> None:
    """Ids and labels of the shipped tables alone."""
    assert change_words(east, change) == words


def test_a_newcomer_like_somebody_who_said_nothing_is_still_named() -> None:
    """No colon with nothing behind it; without a role it is the grade that tells."""
    assert change_words(two({}, {}), AddPerson("mentor", "M1")) == "One more mentor like M1"
    one = two({"grade": "st4"}, {})
    assert change_words(one, AddPerson("mentor", "M1")).startswith("One more mentor like M1: Spec")


@settings(max_examples=60, deadline=None)
@given(programme=programmes(max_side=3), data=st.data())
def test_a_place_or_a_person_more_leaves_everybody_else_alone(
    programme: Programme, data: st.DataObject
) -> None:
    """No rule, choice or reference between the others changes with it."""
    people = [*programme.people]
    if not people:
        return
    like = data.draw(st.sampled_from(people))
    side = "mentor" if like in programme.mentors else "mentee"
    change = data.draw(st.sampled_from([AddPlace(like.id), AddPerson(side, like.id)]))
    before, after = rmatch.score(programme), rmatch.score(applied(programme, change))
    for mentor in programme.mentors:
        for mentee in programme.mentees:
            pair = (mentor.id, mentee.id)
            codes = [s.rules.codes_at(s.rules.hard, *s.locate(*pair)) for s in (before, after)]
            assert codes[0] == codes[1]
            assert before.warned(*pair) == after.warned(*pair)
            assert before.unknown(*pair) == after.unknown(*pair)

"""Late forms merged in, and what changed between two loads: nobody lost, nothing invented."""

from __future__ import annotations

from typing import Any

import pytest
from cohorts_of_people import bare, called, kept_apart, some_leave
from hypothesis import given, settings

import rmatch
from rmatch.programme import Conflict, Participant, PastPair, Programme, Settings
from rmatch.testing import programmes


def cohort(**changes: Any) -> Programme:
    """Two a side."""
    fields: dict[str, Any] = {
        "mentors": [
            {"id": "M1", "email": "ann@nhs.example", "carried_over": True, "vetoes": ["S1"]},
            {"id": "M2", "name": "Bo Carr", "choices": [["S1"], ["S2"]]},
        ],
        "mentees": [{"id": "S1", "employer": "North Trust"}, {"id": "S2", "conflicts": ["M2"]}],
        "conflicts": [{"mentor": "M1", "mentee": "S2", "rule": "family"}],
        "history": [{"mentor": "M2", "mentee": "S1", "ended": "early"}],
        "settings": {"seed": 5},
    }
    return Programme(**{**fields, **changes})


def test_late_people_come_last_and_may_name_those_who_are_there() -> None:
    late = {"mentors": [{"id": "M3", "choices": [["S2"]]}], "mentees": [Participant(id="S3")]}
    merged = cohort().merge(late)
    assert [one.id for one in merged.mentors] == ["M1", "M2", "M3"]
    assert [one.id for one in merged.mentees] == ["S1", "S2", "S3"]
    assert merged.by_id["M3"].choices == (("S2",),)
    assert merged.settings == cohort().settings


def test_whoever_answers_again_answers_as_in_the_late_form() -> None:
    again = {"mentors": [{"id": "m1", "email": "Ann@nhs.example", "choices": [["S2"]]}]}
    person = cohort().merge(again).by_id["M1"]
    assert person.choices == (("S2",),)
    assert person.email == "Ann@nhs.example"
    assert person.carried_over


def test_what_must_not_happen_is_added_up() -> None:
    """A form that leaves a veto out, or was never asked for it, does not take it back."""
    late = {
        "mentors": [{"id": "M1", "vetoes": ["S2"]}],
        "mentees": [{"id": "S2", "conflicts": ["Bo Carr", "M1"]}],
        "conflicts": [{"mentor": "Bo Carr", "mentee": "S1"}, Conflict(mentor="M1", mentee="S1")],
        "history": [PastPair(mentor="M1", mentee="Old Hand", ended="moved")],
    }
    merged = cohort().merge(late)
    assert merged.by_id["M1"].vetoes == ("S1", "S2")
    assert merged.by_id["S2"].conflicts == ("M2", "M1")
    assert [(one.mentor, one.mentee) for one in merged.conflicts] == [
        ("M1", "S2"),
        ("M2", "S1"),
        ("M1", "S1"),
    ]
    assert len(merged.history) == 2
    assert merged.merge(late) == merged


def test_a_late_conflict_with_nobody_is_refused() -> None:
    with pytest.raises(rmatch.InputError, match="not a mentee of this programme"):
        cohort().merge({"conflicts": [{"mentor": "M1", "mentee": "S9"}]})


def test_somebody_who_is_on_the_other_side_now_is_on_one_side_only() -> None:
    """What kept M2 from S2 sleeps while both are mentees."""
    merged = cohort().merge({"mentees": [{"id": "M2", "choices": [["M1"]]}]})
    assert [one.id for one in merged.mentors] == ["M1"]
    assert [one.id for one in merged.mentees] == ["S1", "S2", "M2"]
    assert merged.by_id["S2"].conflicts == ()
    assert merged.dormant == (Conflict(mentor="M2", mentee="S2"),)
    assert ("changed", "M2") in [(d.what, d.person) for d in merged.changes_since(cohort())]
    assert "side" in next(d for d in merged.changes_since(cohort()) if d.person == "M2").fields
    back = merged.merge({"mentors": [{"id": "M2"}]})
    assert Conflict(mentor="M2", mentee="S2") in back.conflicts


def test_whoever_changes_sides_stays_carried_over() -> None:
    assert cohort().merge({"mentees": [{"id": "M1"}]}).by_id["M1"].carried_over


def test_one_e_mail_under_two_ids_is_refused_by_both_ids() -> None:
    """It is most likely one person; the address itself stays out of the message."""
    for side in ("mentors", "mentees"):
        late = {side: [{"id": "X9", "email": "ANN@nhs.example"}]}
        with pytest.raises(rmatch.InputError) as caught:
            cohort().merge(late)
        message = str(caught.value)
        assert "M1" in message
        assert "X9" in message
        assert "ann@" not in message.lower()


def test_an_e_mail_that_its_owner_gave_up_may_be_taken() -> None:
    late = {
        "mentors": [
            {"id": "M1", "email": "new@nhs.example"},
            {"id": "M3", "email": "ann@nhs.example"},
        ]
    }
    assert cohort().merge(late).by_id["M3"].email == "ann@nhs.example"


def test_a_whole_programme_may_be_merged() -> None:
    """The same file with more rows; its settings do not replace those that are there."""
    more = cohort(
        mentors=[{"id": "M1", "email": "ann@nhs.example"}, {"id": "M2"}, {"id": "M3"}],
        settings=Settings(seed=9),
    )
    merged = cohort().merge(more)
    assert called(merged) == {"M1", "M2", "M3", "S1", "S2"}
    assert merged.settings.seed == 5


@pytest.mark.parametrize("late", [{"mentor": []}, [], "late.xlsx"])
def test_late_forms_are_a_programme_or_lists(late: Any) -> None:
    with pytest.raises(TypeError, match="late forms"):
        cohort().merge(late)


def test_what_changed_is_told_by_id_and_field_and_never_by_value() -> None:
    new = cohort(
        mentors=[{"id": "M2", "name": "Bo Karr"}, {"id": "M3"}], conflicts=[], settings={"seed": 6}
    )
    told = [str(one) for one in new.changes_since(cohort())]
    assert told == [
        "M1 left",
        "M2: name, choices",
        "M3 joined",
        "the programme: conflicts, settings.seed",
    ]
    assert cohort().changes_since(cohort()) == ()


# --- any programme


@settings(max_examples=40)
@given(some_leave())
def test_nobody_is_lost_and_nothing_invented(case: Any) -> None:
    """Some leave, and come back with a form that says nothing, with somebody new."""
    programme, gone = case
    late = bare(programme, gone)
    late["mentors"].append(Participant(id="M99"))
    merged = programme.merge(late)
    assert called(merged) == called(programme) | {"M99"}
    assert kept_apart(merged) == kept_apart(programme)
    assert set(merged.history) == set(programme.history)
    assert merged.settings == programme.settings
    assert merged.merge(late) == merged


@settings(max_examples=40)
@given(programmes(max_side=4))
def test_merging_with_itself_changes_nothing(programme: Programme) -> None:
    merged = programme.merge(programme)
    assert [one.id for one in merged.people] == [one.id for one in programme.people]
    assert merged.changes_since(programme) == ()


@settings(max_examples=40)
@given(some_leave())
def test_changes_name_exactly_who_is_different(case: Any) -> None:
    programme, again = case
    merged = programme.merge(bare(programme, again))
    told = {one.person for one in merged.changes_since(programme) if one.person}
    different = {one.id for one in merged.people if one != programme.by_id[one.id]}
    assert told == different

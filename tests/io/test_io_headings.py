"""Headings: in any order and case, mapped, dropped, opted in, refused."""

from __future__ import annotations

import pytest
from io_cohort import problems_of, where

import rmatch.io
from rmatch.programme import Participant, Programme
from rmatch.programme.reference import CHARACTERISTICS, form_fields

FIELDS = [name for name in Participant.model_fields if name != "extra"]


def load_one(person: dict[str, object], **more: object) -> Programme:
    return rmatch.io.load(mentors=[{"id": "M01", **person}], mentees=[{"id": "S01"}], **more)


def notices(programme: Programme) -> list[str]:
    return [str(notice) for notice in programme.notices]


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("spell", [str.upper, str.title, lambda n: f" {n.replace('_', ' ')} "])
def test_every_field_is_a_heading_in_any_case_and_spacing(name: str, spell: object) -> None:
    heading = spell(name)  # type: ignore[operator]
    mentors = [{"id": "M01", heading: None}] if name != "id" else [{heading: "M01"}]
    assert rmatch.io.load(mentors=mentors, mentees=[{"id": "S01"}]).notices == ()


def test_every_field_of_the_form_is_understood_by_its_label() -> None:
    known = {row["label"] for row in form_fields() if row["id"] in FIELDS and row["id"] != "id"}
    assert load_one(dict.fromkeys(known)).notices == ()


def test_an_unknown_column_is_dropped_with_a_notice_and_a_suggestion() -> None:
    programme = load_one({"Shoe size": 7, "specialities": "ENT"})
    assert notices(programme) == [
        "sheet Mentors, column Shoe size: is not a known column and is left out",
        "sheet Mentors, column specialities: is not a known column and is left out "
        "(did you mean specialty?)",
    ]
    assert all(notice.severity == "warning" for notice in programme.notices)


def test_a_column_opted_in_is_kept_as_text() -> None:
    programme = load_one({"Shift  Pattern": 7.0, "Bike": True}, extra=["shift_pattern", "bike"])
    assert programme.mentors[0].extra == {"shift_pattern": "7", "bike": "yes"}
    assert programme.notices == ()


def test_an_extra_that_no_table_has_is_a_notice() -> None:
    assert notices(load_one({}, extra=["bike"])) == [
        "column bike: is named in extra=, but no table has it"
    ]


def test_a_spreadsheet_error_in_an_extra_column_is_a_problem() -> None:
    (problem,) = problems_of(load_one, {"bike": "#N/A"}, extra=["bike"])
    assert where(problem) == ("Mentors", 1, "bike")


@pytest.mark.parametrize(
    "heading",
    [
        *("Ethnicity", "ethnic group", "Gender", "RACE", "Religion", "nationality", "Sexuality"),
        *("Age", "Date of birth", "DOB", "disability", "BAME", "IMG", "Pregnancy", "Sex"),
        *("Marital status", "neurodivergent", "LTFT", "Do you have a disability?", "Age group"),
        *("What is your sexual orientation?", "Country of qualification", "less-than-full-time"),
        *(entry.id for entry in CHARACTERISTICS),
        *(entry.label for entry in CHARACTERISTICS),
    ],
)
@pytest.mark.parametrize("opted_in", [False, True])
def test_a_protected_characteristic_is_refused_opted_in_or_not(
    heading: str, opted_in: bool
) -> None:
    extra = [heading] if opted_in else []
    (problem,) = problems_of(load_one, {heading: "x"}, extra=extra)
    assert where(problem) == ("Mentors", None, heading)
    assert "protected characteristic" in problem.message
    assert problem.value is None


@pytest.mark.parametrize(
    "heading", ["Stage of training", "Language", "Message", "Gracefulness", "Village", "Brace"]
)
def test_a_heading_that_only_contains_the_letters_is_not_refused(heading: str) -> None:
    load_one({heading: "x"})


def test_monitoring_answers_are_refused() -> None:
    (problem,) = problems_of(load_one, {"monitoring": "x"})
    assert "a file of their own" in problem.message


@pytest.mark.parametrize(
    "heading",
    [
        *("gmc_gdc_no", "GMC number", "motivation", "access_needs"),
        *("Why take part / what you bring", "GMC/GDC number", "Access needs"),
    ],
)
def test_what_is_never_kept_is_dropped_with_a_notice_even_if_opted_in(heading: str) -> None:
    programme = load_one({heading: "x"}, extra=[heading])
    assert programme.mentors[0].extra == {}
    assert any("is never kept" in text for text in notices(programme))


def test_a_mapping_renames_questions_after_folding() -> None:
    columns = {"your  GRADE, please?": "grade", "How do you travel?": "bike", "Why?": "motivation"}
    programme = load_one(
        {"Your grade, please?\xa0": "ST4", "How do you travel?": "by bike", "why?": "x"},
        columns=columns,
        extra=["bike"],
    )
    assert programme.mentors[0].grade == "st4"
    assert programme.mentors[0].extra == {"bike": "by bike"}
    assert notices(programme) == ["sheet Mentors, column why?: is never kept (motivation)"]


def test_a_mapped_question_may_name_a_characteristic_if_its_field_is_known() -> None:
    question = "Which would you talk about: race, age, disability?"
    programme = load_one({question: "race"}, columns={question: "experience_offered"})
    assert programme.mentors[0].experience_offered == ("race",)


def test_a_mapped_question_that_names_a_characteristic_is_no_extra() -> None:
    question = "What is your religion?"
    (problem,) = problems_of(load_one, {question: "x"}, columns={question: "r"}, extra=["r"])
    assert where(problem) == ("Mentors", None, question)


@pytest.mark.parametrize("columns", [{"Grade?": "grde"}, {"mentors": {"Grade?": "grde"}}])
def test_a_mapping_to_an_unknown_field_is_one_problem(columns: dict[str, object]) -> None:
    (problem,) = problems_of(load_one, {"Grade?": "ST4"}, columns=columns)
    assert problem.place.column == "Grade?"
    assert problem.suggestions == ("grade",)


@pytest.mark.parametrize("columns", [{"Grade?": "grade"}, {"mentors": {"Grade?": "grade"}}])
def test_a_mapped_question_that_is_nowhere_is_one_problem(columns: dict[str, object]) -> None:
    (problem,) = problems_of(load_one, {"Grad?": "ST4"}, columns=columns)
    assert problem.place.column == "Grade?"
    assert problem.place.sheet == (None if "Grade?" in columns else "Mentors")


def test_a_flat_mapping_may_be_for_one_table_only() -> None:
    programme = rmatch.io.load(
        mentors=[{"id": "M01"}],
        mentees=[{"id": "S01", "Roles?": "Dean"}],
        columns={"Roles?": "leadership_roles"},
    )
    assert programme.mentees[0].leadership_roles[0].role == "pgd"


@pytest.mark.parametrize(
    "columns", [{"Grade?": 3}, {"mentor": {"Grade?": "grade"}}, {"mentors": {}, "x": "grade"}]
)
def test_a_mapping_of_another_shape_is_a_type_error(columns: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        load_one({}, columns=columns)


def test_extra_as_one_text_is_a_type_error() -> None:
    with pytest.raises(TypeError):
        load_one({}, extra="bike")


def test_two_columns_for_one_extra_are_refused() -> None:
    (problem,) = problems_of(load_one, {"Bike": 1, "bike ": 2}, extra=["bike"])
    assert "second column" in problem.message


def test_choices_may_come_in_columns_of_their_own() -> None:
    people = [{"id": "S01"}, {"id": "S02"}, {"id": "S03"}]
    mentor = {"id": "M01", "1st choice": "S02", "Choice 2": "S01 = S03", "third choice": None}
    programme = rmatch.io.load(mentors=[mentor], mentees=people)
    assert programme.mentors[0].choices == (("S02",), ("S01", "S03"))


def test_choices_in_one_column_and_in_several_are_refused() -> None:
    (problem,) = problems_of(load_one, {"choices": "S01", "1st choice": "S01"})
    assert where(problem) == ("Mentors", None, "1st choice")


def test_a_column_without_a_heading_is_a_notice_if_it_holds_something() -> None:
    programme = load_one({"": "x", " ": None})
    assert notices(programme) == ["sheet Mentors, column B: has no heading and is left out"]


def test_unknown_columns_of_conflicts_are_dropped_with_a_notice() -> None:
    programme = load_one(
        {}, conflicts=[{"Mentor": "M01", "Mentee": "S01", "Rule": "", "Reason": "age"}]
    )
    assert notices(programme) == [
        "sheet Conflicts, column Reason: is not a known column and is left out"
    ]


def test_conflicts_without_an_end_are_one_problem() -> None:
    (problem,) = problems_of(load_one, {}, conflicts=[{"mentor": "M01"}, {"mentor": "M01"}])
    assert problem.message == "has no column mentee"


def test_a_one_sided_conflict_is_a_notice_and_a_mutual_or_recorded_one_is_not() -> None:
    people = {"mentors": [{"id": "M01", "conflicts": "S01; S02; S03"}]}
    mentees = [{"id": "S01"}, {"id": "S02", "conflicts": "M01"}, {"id": "S03"}]
    programme = rmatch.io.load(
        **people, mentees=mentees, conflicts=[{"mentor": "M01", "mentee": "S03"}]
    )
    (notice,) = programme.notices
    assert where(notice) == ("Mentors", 1, "conflicts")
    assert notice.value == "S01"
    assert "S01" not in str(notice)


def test_an_address_shared_by_two_people_of_a_side_is_a_notice() -> None:
    people = [{"id": "M01", "email": "a@x.example"}, {"id": "M02", "email": "A@x.example"}]
    programme = rmatch.io.load(mentors=people, mentees=[{"id": "S01"}])
    assert [where(notice) for notice in programme.notices] == [("Mentors", 2, "email")]

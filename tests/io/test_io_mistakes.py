"""Each kind of mistake, in every kind of cell, gives one problem, at that cell."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from io_cohort import (
    Sheets,
    good_sheets,
    load_in_memory,
    problems_of,
    put,
    save_workbook,
    where,
)

import rmatch.io

JUNK = st.text("bcdfghjkmpqvwxz", min_size=3, max_size=12).map(lambda text: f"qz{text}")
BROKEN = st.sampled_from(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", " #name? "])
STRANGER = JUNK | JUNK.map(lambda text: f"{text}@nhs.example") | st.just("Prof Nobody")

_words = ("grade", "specialty", "deanery", "modes", "offers", "availability", "wants")
_words = (*_words, "leadership roles", "experience offered", "experience wanted", "consent share")
_dates = ("next post start", "training done", "unavailable periods")
_yes_no = ("conflicts confirmed", "carried over")
_people = ("choices", "vetoes", "conflicts")
WRONG: dict[str, st.SearchStrategy[object]] = {
    **dict.fromkeys(_words, JUNK),
    **dict.fromkeys(_dates, JUNK | st.sampled_from(["31/02/2026", "2026-13-01", "1 Brumaire 9"])),
    **dict.fromkeys(_yes_no, JUNK | st.sampled_from([2, "yes and no", date(2026, 1, 1)])),
    **dict.fromkeys(_people, STRANGER | st.sampled_from([True, 7.5, date(2026, 1, 1)])),
    "capacity": JUNK | st.sampled_from([-1, 1.5, True, "1.5", 2_000_000, date(2026, 1, 1)]),
    "e mail": JUNK | st.sampled_from(["a@b@c", "two words@nhs.example", 7]),
    "email": JUNK | st.sampled_from(["a@b@c", "two words@nhs.example", 7]),
    "name": st.sampled_from([7, 7.5, True, date(2026, 1, 1)]),
    "id": st.sampled_from([None, "", "n/a", 7.5, True, date(2026, 1, 1)]),
    "side": JUNK,
    "pref attrs": JUNK | st.sampled_from(["specialty=perhaps", "ethnicity=same", "level"]),
    "prior experience": st.sampled_from(["no; S01", True]).filter(lambda value: value is not True),
    "line manager": st.sampled_from([7.5, date(2026, 1, 1)]),
    "supervisors": st.sampled_from([7.5, date(2026, 1, 1)]),
    "wants more": st.just("Wellbeing; Study leave; Neurodiversity; Speaking up safely; Faith; x"),
    "mentor": STRANGER | st.none(),
    "mentee": STRANGER | st.none(),
    "rule": JUNK,
    "until": JUNK,
    "ended": JUNK,
}


def _key(heading: object) -> str:
    return str(heading).casefold().replace("_", " ").replace("-", " ")


def cells(sheets: Sheets) -> Iterator[tuple[str, int, str]]:
    """Every cell of a person, a conflict or an earlier pair."""
    for sheet in ("Mentors", "Mentees", "Conflicts", "History"):
        for row in range(2, len(sheets[sheet]) + 1):
            for heading in sheets[sheet][0]:
                yield sheet, row, str(heading)


CELLS = list(cells(good_sheets()))


def mistakes_for(cell: tuple[str, int, str]) -> st.SearchStrategy[object]:
    """What may be written wrongly in a cell."""
    sheet, _, heading = cell
    if sheet == "History" and heading in ("mentor", "mentee"):
        return BROKEN | st.none()  # an earlier partner may be anybody
    wrong = WRONG.get(_key(heading))
    return BROKEN if wrong is None else BROKEN | wrong


def assert_one_problem(problems: object, sheet: str, row: int, heading: str) -> None:
    assert isinstance(problems, tuple)
    assert [where(problem) for problem in problems] == [(sheet, row, heading)], problems


@given(st.data())
def test_a_mistake_in_any_cell_is_one_problem_at_that_cell(data: st.DataObject) -> None:
    cell = data.draw(st.sampled_from(CELLS))
    sheet, row, heading = cell
    sheets = good_sheets()
    put(sheets, sheet, row, heading, data.draw(mistakes_for(cell)))
    problems = problems_of(load_in_memory, sheets)
    assert_one_problem(problems, sheet, row - 1, heading)


@pytest.mark.parametrize("cell", CELLS, ids=lambda cell: "-".join(map(str, cell)))
def test_a_spreadsheet_error_in_every_cell_is_one_problem(cell: tuple[str, int, str]) -> None:
    sheet, row, heading = cell
    sheets = good_sheets()
    put(sheets, sheet, row, heading, "#N/A")
    problems = problems_of(load_in_memory, sheets)
    assert_one_problem(problems, sheet, row - 1, heading)
    assert isinstance(problems, tuple)
    assert problems[0].shown


@given(st.data())
def test_two_mistakes_in_different_rows_are_two_problems(data: st.DataObject) -> None:
    simple = [c for c in CELLS if _key(c[2]) in (*_words, *_dates, *_yes_no, "capacity", "rule")]
    first = data.draw(st.sampled_from(simple))
    second = data.draw(st.sampled_from([c for c in simple if c[:2] != first[:2]]))
    sheets = good_sheets()
    for cell in (first, second):
        put(sheets, *cell, data.draw(mistakes_for(cell)))
    found = {where(problem) for problem in problems_of(load_in_memory, sheets)}
    assert found == {(sheet, row - 1, heading) for sheet, row, heading in (first, second)}


def test_a_mistake_in_any_cell_of_a_workbook_is_one_problem() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "cohort.xlsx"
        for sheet, row, heading in CELLS[::7]:
            sheets = good_sheets()
            put(sheets, sheet, row, heading, "#REF!")
            problems = problems_of(rmatch.io.load, save_workbook(sheets, path))
            assert_one_problem(problems, sheet, row, heading)
            assert problems[0].place.file == "cohort.xlsx"


def _duplicate_id(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Mentors", 4, "id", "M02")
    return "Mentors", 3, "id"


def _id_on_both_sides(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Mentees", 3, "ID", "m02")
    return "Mentees", 2, "ID"


def _wrong_side(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Mentees", 2, "Side", "Mentor")
    return "Mentees", 1, "Side"


def _same_side_choice(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Mentors", 2, "choices", "S01; M02")
    return "Mentors", 1, "choices"


def _chosen_twice(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Mentors", 2, "choices", "S01; S02 = s01")
    return "Mentors", 1, "choices"


def _chosen_twice_by_other_names(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Mentors", 2, "choices", "S01; Dean Dee")
    return "Mentors", 1, "choices"


def _six_topics(sheets: Sheets) -> tuple[str, int, str]:
    topics = ("Wellbeing", "Study leave", "Neurodiversity", "Speaking up safely", "discrimination")
    put(sheets, "Mentors", 2, "wants", "; ".join([*topics, "Career progression"]))
    return "Mentors", 1, "wants"


def _ambiguous_specialty(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Mentors", 2, "specialty", "psychiatry")
    return "Mentors", 1, "specialty"


def _ambiguous_name(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Mentees", 3, "Name", "Dean Dee")
    put(sheets, "Mentors", 3, "choices", "Dean Dee; S04")
    return "Mentors", 2, "choices"


def _reversed_period(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Mentors", 2, "unavailable_periods", "2026-08-14 to 2026-08-01")
    return "Mentors", 1, "unavailable_periods"


def _conflict_the_wrong_way_round(sheets: Sheets) -> tuple[str, int, str]:
    put(sheets, "Conflicts", 2, "mentor", "S01")
    return "Conflicts", 1, "mentor"


def _two_columns(sheets: Sheets) -> tuple[str, None, str]:
    for number, line in enumerate(sheets["Mentors"]):
        line.append("Grade" if number == 0 else None)
    return "Mentors", None, "Grade"


def _two_id_columns(sheets: Sheets) -> tuple[str, None, str]:
    for number, line in enumerate(sheets["Mentors"]):
        line.append("ID" if number == 0 else None)
    return "Mentors", None, "ID"


def _protected(sheets: Sheets) -> tuple[str, None, str]:
    for number, line in enumerate(sheets["Mentees"]):
        line.append("What is your ethnic group?" if number == 0 else "x")
    return "Mentees", None, "What is your ethnic group?"


BETWEEN_CELLS = [
    *(_duplicate_id, _id_on_both_sides, _wrong_side, _same_side_choice, _chosen_twice),
    *(_chosen_twice_by_other_names, _six_topics, _ambiguous_specialty, _ambiguous_name),
    *(_reversed_period, _conflict_the_wrong_way_round, _two_columns, _two_id_columns, _protected),
]


@pytest.mark.parametrize("mistake", BETWEEN_CELLS)
def test_a_mistake_between_cells_is_one_problem(
    mistake: Callable[[Sheets], tuple[str, int | None, str]],
) -> None:
    sheets = good_sheets()
    expected = mistake(sheets)
    problems = problems_of(load_in_memory, sheets)
    assert [where(problem) for problem in problems] == [expected], problems


def test_two_columns_of_one_field_are_both_named() -> None:
    sheets = good_sheets()
    _two_columns(sheets)
    (problem,) = problems_of(load_in_memory, sheets)
    assert "column grade" in problem.message


@given(st.sampled_from(["M01", "M02", "M03", "M04"]), st.sampled_from(["S01", "S02", "S03", "S04"]))
def test_a_broken_id_does_not_make_references_to_it_wrong(mentor: str, mentee: str) -> None:
    sheets = good_sheets()
    put(sheets, "Mentors", int(mentor[1:]) + 1, "id", None)
    put(sheets, "Mentees", int(mentee[1:]) + 1, "ID", "#N/A")
    problems = problems_of(load_in_memory, sheets)
    assert [(p.place.sheet, p.place.row) for p in problems] == [
        ("Mentors", int(mentor[1:])),
        ("Mentees", int(mentee[1:])),
    ]


def test_a_broken_id_does_not_excuse_a_choice_out_of_range() -> None:
    sheets = good_sheets()
    put(sheets, "Mentees", 3, "ID", None)
    put(sheets, "Mentors", 3, "choices", "S99")
    found = [where(problem) for problem in problems_of(load_in_memory, sheets)]
    assert found == [("Mentors", 2, "choices"), ("Mentees", 2, "ID")]

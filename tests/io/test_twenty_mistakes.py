"""A workbook with twenty different mistakes gives twenty located problems, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from io_cohort import good_sheets, put, save_workbook, where

import rmatch.io
from rmatch.errors import InputError

MISTAKES = [
    # sheet, row, heading, what is written, where it is reported if elsewhere, shown, suggestion
    ("Mentors", 2, "grade", "Claufel fellow", None, True, "Clinical fellow"),
    ("Mentors", 2, "specialty", "Psychiatry", None, True, "Forensic psychiatry"),
    ("Mentors", 2, "capacity", "two", None, True, None),
    ("Mentors", 2, "next_post_start", "31/02/2026", None, True, None),
    ("Mentors", 2, "email", "asha.bell", None, False, None),
    ("Mentors", 3, "conflicts_confirmed", "perhaps", None, True, None),
    ("Mentors", 3, "choices", "Dean De; S02", None, False, "S01"),
    ("Mentors", 3, "vetoes", "M04", None, False, None),
    ("Mentors", 3, "wants", "Career progresion", None, True, "Career progression"),
    ("Mentors", 4, "availability", "Mon noon", None, False, None),
    ("Mentors", 4, "modes", "by owl", None, True, None),
    ("Mentors", 5, "id", "M03", None, True, None),
    ("Mentees", 2, "Leadership roles", "#N/A", None, True, None),
    ("Mentees", 2, "Side", "mentor", None, True, None),
    ("Mentees", 3, "Experience wanted", "telepathy", None, False, None),
    ("Mentees", 4, "ID", None, None, False, None),
    ("Conflicts", 2, "rule", "line_manger", None, True, "One is the other's line manager"),
    ("Conflicts", 3, "mentee", "S99", None, False, None),
    ("History", 2, "ended", "shrug", None, True, None),
    ("Settings", 3, "value", "lots", None, True, None),
]


@pytest.fixture
def error(tmp_path: Path) -> InputError:
    sheets = good_sheets()
    for sheet, row, heading, written, *_ in MISTAKES:
        put(sheets, sheet, row, heading, written)
    with pytest.raises(InputError) as caught:
        rmatch.io.load(save_workbook(sheets, tmp_path / "cohort.xlsx"))
    return caught.value


def test_twenty_mistakes_are_twenty_problems_at_their_cells(error: InputError) -> None:
    expected = {(sheet, row, heading) for sheet, row, heading, *_ in MISTAKES}
    assert len(MISTAKES) == len(expected) == 20
    assert {where(problem) for problem in error.problems} == expected
    assert len(error.problems) == 20
    assert {problem.place.file for problem in error.problems} == {"cohort.xlsx"}


def test_each_problem_keeps_what_was_written_and_shows_only_what_may_be_shown(
    error: InputError,
) -> None:
    by_place = {where(problem): problem for problem in error.problems}
    for sheet, row, heading, written, _, shown, _ in MISTAKES:
        problem = by_place[sheet, row, heading]
        assert problem.shown is shown, problem
        if written is not None:
            assert problem.value
            assert problem.value in str(written)
        assert (problem.value is not None and repr(problem.value) in str(error)) is shown


def test_suggestions_come_from_the_vocabulary(error: InputError) -> None:
    by_place = {where(problem): problem for problem in error.problems}
    for sheet, row, heading, _, _, shown, suggestion in MISTAKES:
        problem = by_place[sheet, row, heading]
        if suggestion is not None:
            assert any(suggestion in found for found in problem.suggestions), problem
            assert problem.hidden_suggestions is not shown


def test_no_name_address_or_choice_stands_in_the_text(error: InputError) -> None:
    for text in (str(error), repr(error), repr(error.problems)):
        for secret in ("Dean De", "asha", "Bell", "telepathy", "Mon noon", "nhs.example"):
            assert secret not in text
    assert "Dean De" in error.text(show_values=True)


def test_the_problems_come_in_the_order_of_the_sheets(error: InputError) -> None:
    order = ["Mentors", "Mentees", "Conflicts", "History", "Settings"]
    places = [(order.index(p.place.sheet or ""), p.place.row or 0) for p in error.problems]
    assert places == sorted(places)


def test_nothing_that_holds_a_row_is_chained(error: InputError) -> None:
    assert error.__cause__ is None
    assert error.__context__ is None

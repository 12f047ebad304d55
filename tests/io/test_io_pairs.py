"""Pairs read back from a table that somebody edited."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from io_cohort import where

import rmatch
from rmatch.errors import InputError, Problem
from rmatch.io.telling_apart import kind_of_file
from rmatch.programme import Programme

PEOPLE = Programme(
    mentors=[{"id": "M01", "name": "Asha Bell"}, {"id": "M02"}, {"id": "007"}],
    mentees=[{"id": "S01"}, {"id": "S02", "email": "eli@nhs.example"}, {"id": "12"}],
)


def workbook(path: Path, rows: Sequence[Sequence[object]], sheet: str = "Pairs") -> Path:
    """A workbook with these cells, and a sheet that is none of ours."""
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    made = book.create_sheet(sheet)
    for row in rows:
        made.append(list(row))
    book.save(path)
    return path


def table(path: Path, *lines: str) -> Path:
    """A file of delimited text."""
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def problems(path: Path, programme: Programme | None = PEOPLE) -> tuple[Problem, ...]:
    """What is wrong with a table."""
    with pytest.raises(InputError) as caught:
        rmatch.load_pairs(path, programme)
    return caught.value.problems


def test_columns_are_found_by_their_headings_wherever_they_stand(tmp_path: Path) -> None:
    """Moved columns, columns of one's own, a title above, trailing spaces, a lower-case id."""
    path = workbook(
        tmp_path / "pairs.xlsx",
        [
            ["Our pairs for the autumn"],
            [],
            ["Score", " mentee ", "Why I moved them", "MENTOR"],
            [61.2, "S02 ", "they asked", " M01"],
            [40, "s01", None, "m02\u00a0"],
        ],
    )
    assert rmatch.load_pairs(path, PEOPLE) == (("M01", "S02"), ("M02", "S01"))
    assert rmatch.load_pairs(path) == (("M01", "S02"), ("m02", "s01"))


def test_ids_that_became_numbers_are_ids_again(tmp_path: Path) -> None:
    """A spreadsheet makes 12 of "12" and 7 of "007"."""
    path = workbook(tmp_path / "p.xlsx", [["Mentor", "Mentee"], [7, 12.0]])
    assert rmatch.load_pairs(path, PEOPLE) == (("007", "12"),)
    assert rmatch.load_pairs(path) == (("7", "12"),)


def test_people_go_by_name_or_e_mail_as_well(tmp_path: Path) -> None:
    """Where a programme is there to look them up in."""
    path = table(tmp_path / "p.csv", "mentor,mentee", "asha bell,ELI@nhs.example")
    assert rmatch.load_pairs(path, PEOPLE) == (("M01", "S02"),)


def test_a_name_that_two_people_have_is_no_answer(tmp_path: Path) -> None:
    """Their ids are."""
    twins = Programme(
        mentors=[{"id": "M1", "name": "Jo Roe"}, {"id": "M2", "name": "Jo Roe"}],
        mentees=[{"id": "S1"}],
    )
    (problem,) = problems(table(tmp_path / "p.csv", "mentor,mentee", "Jo Roe,S1"), twins)
    assert str(problem) == (
        "p.csv, row 2, column mentor: could be more than one mentor; write the id "
        "(did you mean M1, M2?)"
    )


def test_a_workbook_of_one_sheet_needs_no_name_for_it(tmp_path: Path) -> None:
    """As when a sheet was copied out."""
    book = openpyxl.Workbook()
    for row in (["mentor", "mentee"], ["M01", "S01"], ["#REF!", None]):
        book.active.append(row)
    book.active["A3"].data_type = "s"
    book.save(tmp_path / "p.xlsx")
    (problem,) = problems(tmp_path / "p.xlsx")
    assert "is a spreadsheet error" in str(problem)
    book.active["A3"].value = None
    book.save(tmp_path / "p.xlsx")
    assert rmatch.load_pairs(tmp_path / "p.xlsx", PEOPLE) == (("M01", "S01"),)


@pytest.mark.parametrize("nobody", [None, "", "  ", "unmatched", "None", "–"])
def test_a_row_with_one_side_blank_makes_no_pair(tmp_path: Path, nobody: str | None) -> None:
    """Somebody whose partner was cleared has none, on either side."""
    rows = [["Mentor", "Mentee"], ["M01", nobody], [nobody, "S01"], ["M02", "S02"]]
    path = workbook(tmp_path / "p.xlsx", rows)
    assert rmatch.load_pairs(path, PEOPLE) == (("M02", "S02"),)
    assert rmatch.load_pairs(path) == (("M02", "S02"),)


def test_rows_of_notes_are_left_alone(tmp_path: Path) -> None:
    """A remark under the table, a comment beside it, the headings once more."""
    path = table(
        tmp_path / "p.csv",
        "mentor,mentee,note",
        "M01,S01",
        "Mentor,Mentee,Note",
        "NOTES: the Dean has seen these,,",
        "Agreed with Jo on Tuesday,,",
        ",,M02 to be asked",
    )
    assert rmatch.load_pairs(path, PEOPLE) == (("M01", "S01"),)
    assert rmatch.load_pairs(path) == (("M01", "S01"),)


def test_pairs_csv_reads_back_with_those_who_have_nobody(tmp_path: Path) -> None:
    """``save`` lists the unmatched of both sides in the first column."""
    matching = rmatch.solve(rmatch.examples.path("two-trusts"))
    path = matching.save(tmp_path / "run") / "pairs.csv"
    made = tuple((pair.mentor, pair.mentee) for pair in matching.pairs)
    assert matching.unmatched
    assert rmatch.load_pairs(path, matching.programme) == made
    assert rmatch.load_pairs(path) == made


def test_every_problem_is_told_at_once_with_its_place_and_the_nearest_id(tmp_path: Path) -> None:
    """Nobody's id, the other side's, an error value, several people, the same pair twice."""
    path = workbook(
        tmp_path / "p.xlsx",
        [
            ["Mentor", "Mentee"],
            ["M01", "S0l"],
            ["S01", "S02"],
            ["M02", "#REF!"],
            ["MO2", "S01; S02"],
            ["M01", "S01"],
            ["M01", "S01"],
            ["M22", None],
        ],
    )
    found = problems(path)
    assert [where(problem) for problem in found] == [
        ("Pairs", 2, "Mentee"),
        ("Pairs", 3, "Mentor"),
        ("Pairs", 4, "Mentee"),
        ("Pairs", 5, "Mentor"),
        ("Pairs", 5, "Mentee"),
        ("Pairs", 7, "Mentee"),
        ("Pairs", 8, "Mentor"),
    ]
    texts = [str(problem) for problem in found]
    assert texts[0] == (
        "p.xlsx, sheet Pairs, row 2, column Mentee: 'S0l' is no mentee of this programme "
        "(did you mean S02, S01?)"
    )
    assert "'S01' is a mentee; this column holds the mentors" in texts[1]
    assert "is a spreadsheet error" in texts[2]
    assert "did you mean M02" in texts[3]
    assert "names several people; give each of them a row" in texts[4]
    assert "'S01' stands with M01 in row 6 already" in texts[5]


def test_a_name_in_the_wrong_cell_is_not_repeated(tmp_path: Path) -> None:
    """Errors end up in logs."""
    path = table(tmp_path / "p.csv", "mentor,mentee", "M01,Zelda Quill", "M02,zelda@nhs.example")
    found = problems(path)
    assert len(found) == 2
    assert "elda" not in " ".join(map(str, found))


def test_without_a_programme_the_table_itself_says_who_is_a_mentor(tmp_path: Path) -> None:
    """Nobody is on both sides."""
    path = table(tmp_path / "p.csv", "mentor,mentee", "M01,S01", "S01,M02")
    (problem,) = problems(path, None)
    assert where(problem) == (None, 3, "mentor")
    assert "stands in the column Mentee as well, in row 2" in str(problem)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([["Mentor", "Score"], ["M01", 3]], ["has no column Mentee"]),
        ([["Menter", "Mentee"], ["M01", "S01"]], ["has no column Mentor"]),
        ([], ["has no column Mentor", "has no column Mentee"]),
        ([["Mentor", "Mentee", "Mentee"], ["M01", "S01", "S02"]], ["is a second column"]),
    ],
)
def test_a_table_without_its_columns_is_refused(
    tmp_path: Path, rows: list[Any], words: list[str]
) -> None:
    """Each missing column is named; two of a kind are one too many."""
    found = problems(workbook(tmp_path / "p.xlsx", rows))
    assert len(found) == len(words)
    for problem, said in zip(found, words, strict=True):
        assert said in str(problem)


def test_a_file_that_holds_no_pairs_is_refused(tmp_path: Path) -> None:
    """A workbook without the sheet, a file of another kind, none at all."""
    cohort = rmatch.examples.path("east-of-england", workbook=True)
    assert "has no sheet Pairs" in str(problems(cohort)[0])
    other = table(tmp_path / "p.json", "{}")
    assert "is no .xlsx workbook and no .csv file of pairs" in str(problems(other)[0])
    assert "does not exist" in str(problems(tmp_path / "gone.xlsx")[0])


def test_pairs_and_cohorts_are_told_apart(tmp_path: Path) -> None:
    """By sheets and headings; conflicts name two people as well and are neither."""
    cohort = rmatch.examples.path("east-of-england")
    heads = [["Mentor", "Mentee"]]
    told = {
        workbook(tmp_path / "a.xlsx", heads): "pairs",
        table(tmp_path / "b.csv", "score;mentee;mentor"): "pairs",
        rmatch.examples.path("east-of-england", workbook=True): "cohort",
        cohort: "cohort",
        cohort / "mentors.csv": "cohort",
        cohort / "conflicts.csv": None,
        workbook(tmp_path / "c.xlsx", heads, "Other"): None,
        tmp_path / "gone.csv": None,
    }
    assert {path: kind_of_file(path) for path in told} == told

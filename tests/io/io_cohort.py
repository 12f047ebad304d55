"""A small good cohort as sheets of cells, and ways to put it in files."""

from __future__ import annotations

import copy
import csv
import io
from datetime import date
from pathlib import Path

import openpyxl

import rmatch.io
from rmatch.errors import InputError, Problem
from rmatch.programme import Programme

MENTORS = [
    [
        *("id", "Name", "email", "grade", "specialty", "training_programme", "employer"),
        *("deanery", "modes", "availability", "capacity", "line_manager", "supervisors"),
        *("conflicts", "wants", "offers", "experience_offered", "choices", "pref_attrs"),
        *("prior_experience", "carried_over", "conflicts_confirmed", "vetoes"),
        *("next_post_start", "unavailable_periods", "consent_share", "training_done", "interests"),
    ],
    [
        *("M01", "Asha Bell", "asha.bell@nhs.example", "ST4", "General surgery", "gs_eoe"),
        *("North Trust", "EOE", "either", "mon_am; Tue pm", 1, "Dr Outside", "S02"),
        *(None, "Career progression; wellbeing", "study_leave", "img", "S01; S02 = S03"),
        *("specialty=different; employer=same", "no", "no", "yes", None),
        *(date(2026, 9, 1), "2026-08-01 to 2026-08-14", "wants; offers", "2026-03-01", "chess"),
    ],
    [
        *("M02", "Bo Carr", "bo.carr@nhs.example", "F2", "Foundation", None, "South Trust"),
        *("SW", "virtual", "Wed evening", 2, "none", "none", "S04", "Study leave", None, None),
        *("Dean Dee; s04", None, "yes; S03", "yes", "Y", "S03", None, None, None, None, None),
    ],
    [
        *("M03", "Cy Dunn", "cy.dunn@nhs.example", "Clinical fellow", "ENT", None, "East Trust"),
        *("Wessex", "in person", "Monday", 1, None, None, None, "Wellbeing", "Neurodiversity"),
        *(None, "eli.ford@nhs.example", None, None, None, "1", None, None, None, None, None, None),
    ],
    [
        *("M04", "Di Eames", "di.eames@nhs.example", "ST6", "Urology", "uro_eoe", "North Trust"),
        *("EOE", "online; face to face", "any", 1, None, "Fi Gray", None, None, None, None, "S03"),
        *(None, None, None, "x", None, None, None, None, None, None),
    ],
]
MENTEES = [
    [
        *("ID", "Name", "E-mail", "Grade", "Leadership roles", "Specialty", "Employer"),
        *("Deanery", "Modes", "Availability", "Capacity", "Choices", "Conflicts", "Offers"),
        *("Experience wanted", "Conflicts confirmed", "Side"),
    ],
    [
        *("S01", "Dean Dee", "dean.dee@nhs.example", "Consultant", "Dean", "General surgery"),
        *("West Trust", "East of England", "either", "Mon AM; Tue PM", 1, "M01; M02", None),
        *("Career progression", "race", "yes", "mentee"),
    ],
    [
        *("S02", "Eli Ford", "eli.ford@nhs.example", "Consultant", "tpd:gs_eoe; DME", "ENT"),
        *("North Trust", "Wessex", "virtual", "Wednesday evening", 1.0, "M03 = M01", None),
        *("Study leave; Wellbeing", None, "yes", "mentee"),
    ],
    [
        *("S03", "Fi Gray", "fi.gray@nhs.example", "GP", "Head of School: EOE/surgery", None),
        *(None, "SW", None, "mon_am", 2, "Di Eames", None, None, None, "Yes", None),
    ],
    [
        *("S04", "Gus Hill", "gus.hill@nhs.example", "Consultant", None, "Cardiology"),
        *("South Trust", "EOE", "either", "any", None, None, "M02", None, None, "yes", "both"),
    ],
]
CONFLICTS = [
    ["mentor", "mentee", "rule", "until"],
    ["M01", "S04", "line_manager", date(2027, 1, 31)],
    ["cy.dunn@nhs.example", "Fi Gray", None, None],
]
HISTORY = [["mentor", "mentee", "ended"], ["M02", "S01", "completed"], ["Old Hand", "S03", "early"]]
SETTINGS = [
    ["setting", "value"],
    ["starts", date(2026, 10, 1)],
    ["weights.topics", 30],
    ["rules.same_employer", "off"],
    ["objectives", "pairs; people; score"],
    ["coordinators", "S04"],
    ["side_weights", "5; 5"],
]
Sheets = dict[str, list[list[object]]]


def good_sheets() -> Sheets:
    """A fresh copy of the good cohort."""
    return copy.deepcopy(
        {
            "Mentors": MENTORS,
            "Mentees": MENTEES,
            "Conflicts": CONFLICTS,
            "History": HISTORY,
            "Settings": SETTINGS,
        }
    )


def cell_of(sheets: Sheets, sheet: str, row: int, heading: str) -> object:
    """A cell by its sheet, its spreadsheet row and its heading."""
    return sheets[sheet][row - 1][sheets[sheet][0].index(heading)]


def put(sheets: Sheets, sheet: str, row: int, heading: str, value: object) -> None:
    """Write a cell by its sheet, its spreadsheet row and its heading."""
    sheets[sheet][row - 1][sheets[sheet][0].index(heading)] = value


def save_workbook(sheets: Sheets, path: Path) -> Path:
    """The sheets as a workbook."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for number, line in enumerate(lines, start=1):
            for column, value in enumerate(line, start=1):
                sheet.cell(number, column).value = value
    book.save(path)
    return path


def csv_text(lines: list[list[object]], delimiter: str = ",") -> str:
    """Lines as delimited text."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(
        [["" if cell is None else cell for cell in line] for line in lines]
    )
    return buffer.getvalue()


def records(lines: list[list[object]]) -> list[dict[str, object]]:
    """Lines as dicts."""
    return [dict(zip(map(str, lines[0]), line, strict=False)) for line in lines[1:]]


def load_in_memory(sheets: Sheets, **more: object) -> Programme:
    """Load the sheets as lists of dicts: row 1 is the first person."""
    return rmatch.io.load(
        mentors=records(sheets["Mentors"]),
        mentees=records(sheets["Mentees"]),
        conflicts=records(sheets["Conflicts"]),
        history=records(sheets["History"]),
        settings=dict(sheets["Settings"][1:]),
        **more,
    )


def problems_of(call: object, *args: object, **more: object) -> tuple[Problem, ...]:
    """The problems that loading raises, none if it succeeds."""
    try:
        call(*args, **more)  # type: ignore[operator]
    except InputError as error:
        return error.problems
    return ()


def where(problem: Problem) -> tuple[str | None, int | None, str | None]:
    """A problem's sheet, row and column."""
    return (problem.place.sheet, problem.place.row, problem.place.column)

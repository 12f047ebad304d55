"""Two Microsoft Forms exports and a later form with the choices become one programme."""

from __future__ import annotations

import csv
import shutil
import stat
import sys
from pathlib import Path

import openpyxl
import pytest
from io_cohort import problems_of, where

import rmatch.io
from rmatch.errors import InputError, RunFolderError
from rmatch.programme import Programme

FIXTURES = Path(__file__).parent / "fixtures"
SHARED = {
    "What is your full name?": "name",
    "Your work e-mail address": "email",
    "Which specialty do you work in?": "specialty",
    "Who employs you?": "employer",
    "Which deanery are you in?": "deanery",
    "How would you like to meet?": "modes",
    "When could you meet? (tick all that apply)": "availability",
    "Which experiences would you be willing to talk about?": "offers",
    "I have declared everyone I must not be paired with": "conflicts_confirmed",
}
MENTORS = {
    **SHARED,
    "What is your current grade?": "grade",
    "Which training programme are you on (if any)?": "training_programme",
    "Who is your line manager?": "line_manager",
    "Who are, or were in the last 24 months, your supervisors?": "supervisors",
    "What would you like from the programme? (up to five)": "wants",
}
MENTEES = {
    **SHARED,
    "What is your grade?": "grade",
    "Which education or leadership roles do you hold?": "leadership_roles",
    "How many mentors could you take?": "capacity",
}
CHOICES = {
    "Your work e-mail address": "email",
    "Your first choice": "choice_1",
    "Your second choice": "choice_2",
    "Your third choice": "choice_3",
    "Anybody you would rather not meet?": "vetoes",
}
COLUMNS = {"mentors": MENTORS, "mentees": MENTEES, "choices": CHOICES}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("mentors_form.xlsx", "mentees_form.xlsx", "choices_form.xlsx"):
        shutil.copy(FIXTURES / name, tmp_path)
    return tmp_path


def load(folder: Path, **more: object) -> Programme:
    arguments: dict[str, object] = {
        "mentors": folder / "mentors_form.xlsx",
        "mentees": folder / "mentees_form.xlsx",
        "choices": folder / "choices_form.xlsx",
        "columns": COLUMNS,
    }
    return rmatch.io.load(**{**arguments, **more})


def edit(path: Path, cell: str, value: object) -> None:
    book = openpyxl.load_workbook(path)
    book.active[cell].value = value
    book.save(path)


def key_rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_fixtures_are_what_their_script_builds(tmp_path: Path) -> None:
    sys.path.insert(0, str(FIXTURES))
    try:
        import build_forms
    finally:
        sys.path.remove(str(FIXTURES))
    build_forms.build(tmp_path)
    for name in build_forms.BOOKS:
        built, kept = (
            list(openpyxl.load_workbook(where / name).active.values)
            for where in (tmp_path, FIXTURES)
        )
        assert built == kept


def test_everybody_gets_an_id_in_the_order_of_their_first_answer(folder: Path) -> None:
    programme = load(folder)
    assert [(p.id, p.name) for p in programme.people] == [
        ("M01", "Asha Bell"),
        ("M02", "Bo Carr"),
        ("M03", "Cy Dunn"),
        ("S01", "Dean Dee"),
        ("S02", "Eli Ford"),
        ("S03", "Fi Gray"),
    ]


def test_the_latest_of_two_answers_counts(folder: Path) -> None:
    asha = load(folder).mentors[0]
    assert asha.grade == "st5"
    assert asha.availability == ("mon_am", "tue_pm", "wed_pm")


def test_answers_read_as_meant(folder: Path) -> None:
    programme = load(folder)
    assert programme.mentors[0].specialty == "general_surgery"
    assert programme.mentors[0].supervisors == ("S01",)
    assert programme.mentors[0].line_manager == "Dr Una Price"
    assert programme.mentors[1].line_manager == ""
    assert programme.mentors[1].supervisors == ()
    assert programme.mentors[2].line_manager is None
    assert programme.mentees[1].capacity == 2
    assert [role.role for role in programme.mentees[1].leadership_roles] == ["tpd", "dme"]


def test_choices_are_joined_by_email_and_the_latest_count(folder: Path) -> None:
    programme = load(folder)
    assert programme.mentors[0].choices == (("S02",), ("S01",), ("S03",))
    assert programme.mentees[0].choices == (("M02", "M03"), ("M01",))
    assert programme.mentors[1].vetoes == ("S03",)
    assert programme.mentors[2].vetoes == ()
    assert programme.mentees[2].choices == ()


def test_notices_tell_who_answered_twice_and_what_was_dropped(folder: Path) -> None:
    notices = [(n.place.file, n.place.row, n.place.column) for n in load(folder).notices]
    assert notices == [
        ("mentors_form.xlsx", 1, "What is your GMC number?"),
        ("mentors_form.xlsx", 1, "Why would you like to take part?"),
        ("mentors_form.xlsx", 1, "How did you hear about us?"),
        ("mentors_form.xlsx", 2, "Your work e-mail address"),
        ("choices_form.xlsx", 2, "Your work e-mail address"),
    ]
    assert all(notice.severity == "warning" for notice in load(folder).notices)


def test_the_key_file_is_written_beside_the_mentors_for_its_owner_alone(folder: Path) -> None:
    load(folder)
    key = folder / "key.csv"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert key_rows(key)[:3] == [
        ["id", "name", "email"],
        ["M01", "Asha Bell", "Asha.Bell@nhs.example"],
        ["M02", "Bo Carr", "Bo.Carr@NHS.example"],
    ]
    assert len(key_rows(key)) == 7


def test_loading_again_gives_the_same_and_leaves_the_key(folder: Path) -> None:
    first = load(folder)
    written = (folder / "key.csv").stat()
    assert load(folder) == first
    assert (folder / "key.csv").stat().st_mtime_ns == written.st_mtime_ns
    assert (folder / "key.csv").stat().st_ino == written.st_ino


def test_people_in_the_key_keep_their_ids_and_new_ones_follow(folder: Path) -> None:
    key = folder / "keys" / "k.csv"
    key.parent.mkdir()
    key.write_text("email,id,name\nCY.DUNN@nhs.example,M07,Cy\ngone@nhs.example,S40,Gone Away\n")
    programme = load(folder, key_file=key)
    assert [p.id for p in programme.mentors] == ["M08", "M09", "M07"]
    assert [p.id for p in programme.mentees] == ["S41", "S42", "S43"]
    rows = key_rows(key)
    assert rows[1:3] == [
        ["M07", "Cy", "CY.DUNN@nhs.example"],
        ["S40", "Gone Away", "gone@nhs.example"],
    ]
    assert len(rows) == 8
    assert not (folder / "key.csv").exists()


def test_a_file_in_the_place_of_the_key_is_not_overwritten(folder: Path) -> None:
    (folder / "key.csv").write_text("lock,number\nfront door,12\n")
    problems = problems_of(load, folder)
    assert [problem.place.file for problem in problems] == ["key.csv"]
    assert (folder / "key.csv").read_text() == "lock,number\nfront door,12\n"


def test_a_key_that_gives_an_id_twice_is_refused(folder: Path) -> None:
    (folder / "key.csv").write_text("id,name,email\nM01,a,a@x.example\nm01,b,b@x.example\n,c,c@x\n")
    problems = problems_of(load, folder)
    assert [problem.place.row for problem in problems] == [3, 4]


def test_no_key_is_written_when_there_are_problems(folder: Path) -> None:
    edit(folder / "mentees_form.xlsx", "I2", "Consltant")
    assert [where(p) for p in problems_of(load, folder)] == [("Sheet1", 2, "What is your grade?")]
    assert not (folder / "key.csv").exists()


def test_a_key_that_cannot_be_written_is_an_error(folder: Path) -> None:
    with pytest.raises(RunFolderError, match="cannot be written"):
        load(folder, key_file=folder / "missing" / "key.csv")


def test_a_stranger_in_the_choices_is_one_problem_at_their_email(folder: Path) -> None:
    edit(folder / "choices_form.xlsx", "G3", "stranger@nhs.example")
    (problem,) = problems_of(load, folder)
    assert (problem.place.file, problem.place.row) == ("choices_form.xlsx", 3)
    assert problem.value == "stranger@nhs.example"
    assert not problem.shown


def test_a_choice_of_nobody_is_one_problem_at_its_own_column(folder: Path) -> None:
    edit(folder / "choices_form.xlsx", "J5", "Nobody Known")
    (problem,) = problems_of(load, folder)
    assert where(problem) == ("Sheet1", 5, "Your third choice")
    assert problem.place.file == "choices_form.xlsx"
    assert problem.place.person == "M03"


@pytest.mark.parametrize(
    ("cell", "value", "column"),
    [
        ("G4", None, "Your work e-mail address"),
        ("G4", "not an address", "Your work e-mail address"),
        ("H4", "Eli Ford; Fi Gray", "Your first choice"),
        ("H5", "#N/A", "Your first choice"),
        ("I5", "Fi Gray", "Your second choice"),
        ("I5", "fi.gray@nhs.example", "Your second choice"),
        ("H5", 7.5, "Your first choice"),
    ],
)
def test_a_mistake_in_the_choices_form_is_one_problem_at_its_cell(
    folder: Path, cell: str, value: object, column: str
) -> None:
    edit(folder / "choices_form.xlsx", cell, value)
    found = [where(p) for p in problems_of(load, folder)]
    assert found == [("Sheet1", int(cell[1]), column)]


def test_a_missing_email_is_one_problem_and_their_choices_none(folder: Path) -> None:
    edit(folder / "mentors_form.xlsx", "H3", None)
    (problem,) = problems_of(load, folder)
    assert where(problem) == ("Sheet1", 3, "Your work e-mail address")


def test_a_form_without_a_mapped_email_uses_the_email_it_recorded(tmp_path: Path) -> None:
    path = tmp_path / "mentors.csv"
    path.write_text(
        "ID,Start time,Completion time,Email,Name,Your grade\n"
        "1,5/4/26 9:00:00,5/4/26 9:06:00,b@x.example,Bo,ST4\n"
        "2,2026-05-03 09:00,2026-05-03T09:06:00,a@x.example,Al,ST5\n"
        "3,1/4/26 9:00:00,01/04/2026 9:06 pm,b@x.example,Bo,ST3\n"
    )
    programme = rmatch.io.load(
        mentors=path, mentees=[{"id": "S01"}], columns={"Your grade": "grade"}
    )
    assert [(p.id, p.email, p.grade) for p in programme.mentors] == [
        ("M01", "b@x.example", "st4"),
        ("M02", "a@x.example", "st5"),
    ]


def test_times_that_cannot_be_read_leave_the_order_of_the_rows(tmp_path: Path) -> None:
    path = tmp_path / "mentors.csv"
    path.write_text(
        "Id,Start time,Completion time,Email,Name,grade\n"
        "1,x,late,b@x.example,Bo,ST4\n2,x,2026-01-01 25:99,b@x.example,Bo,ST5\n"
    )
    programme = rmatch.io.load(mentors=path, mentees=[{"id": "S01"}])
    assert programme.mentors[0].grade == "st5"


def test_frames_without_ids_get_them_and_no_key_unless_asked(tmp_path: Path) -> None:
    tables = {
        "mentors": [{"email": "a@x.example"}, {"email": "b@x.example"}],
        "mentees": [{"email": "c@x.example"}],
    }
    programme = rmatch.io.load(**tables)
    assert [p.id for p in programme.people] == ["M01", "M02", "S01"]
    assert "no key file" in str(programme.notices[0])
    key = tmp_path / "key.csv"
    assert rmatch.io.load(**tables, key_file=key).notices == ()
    assert len(key_rows(key)) == 4


def test_a_table_with_neither_id_nor_email_is_refused() -> None:
    (problem,) = problems_of(
        rmatch.io.load, mentors=[{"name": "Asha Bell"}], mentees=[{"id": "S01"}]
    )
    assert "neither a column id nor a column email" in problem.message


def test_choices_need_a_column_that_tells_whose_they_are(folder: Path) -> None:
    columns = {**COLUMNS, "choices": {"Your first choice": "choice_1"}}
    path = folder / "c.csv"
    path.write_text("Your first choice\nDean Dee\n")
    (problem,) = problems_of(load, folder, choices=path, columns=columns)
    assert "tell whose choices they are" in problem.message


def test_a_hundred_and_more_people_get_ids_of_one_width() -> None:
    people = [{"email": f"p{number}@x.example"} for number in range(101)]
    programme = rmatch.io.load(mentors=people, mentees=[{"id": "S01"}])
    assert (programme.mentors[0].id, programme.mentors[100].id) == ("M001", "M101")


def test_the_error_names_nobody(folder: Path) -> None:
    edit(folder / "choices_form.xlsx", "H5", "Nobody Known")
    with pytest.raises(InputError) as caught:
        load(folder)
    assert "Nobody" not in str(caught.value)


def test_ids_chosen_by_the_coordinator_in_the_key_are_kept(folder: Path) -> None:
    (folder / "key.csv").write_text("id,name,email\nDoc-Bo,Bo,bo.carr@nhs.example\n")
    assert [p.id for p in load(folder).mentors] == ["M01", "Doc-Bo", "M02"]


def test_somebody_on_both_sides_has_an_id_on_each() -> None:
    both = [{"email": "a@x.example"}]
    programme = rmatch.io.load(mentors=both, mentees=both)
    assert [p.id for p in programme.people] == ["M01", "S01"]

"""Files as they are found: encodings, delimiters, odd workbooks, damage."""

from __future__ import annotations

import re
import sys
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from io_cohort import good_sheets, problems_of, save_workbook, where

import rmatch.io
from rmatch.errors import MissingExtraError
from rmatch.programme import Programme

PEOPLE = [{"id": "S01"}]


def mentors(path: Path, **more: object) -> Programme:
    return rmatch.io.load(mentors=path, mentees=PEOPLE, **more)


def write(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


# --- delimited text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_every_usual_encoding_reads(tmp_path: Path, encoding: str) -> None:
    path = write(tmp_path / "m.csv", "id,name,base\nM01,Zoë O’Neil,Café\n".encode(encoding))
    (person,) = mentors(path).mentors
    assert (person.name, person.base) == ("Zoë O’Neil", "Café")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter_reads(tmp_path: Path, delimiter: str) -> None:
    text = delimiter.join(["id", "name", "wants"]) + "\n"
    text += delimiter.join(["M01", "Al", '"Wellbeing; Study leave"']) + "\n"
    (person,) = mentors(write(tmp_path / "m.csv", text)).mentors
    assert person.wants == ("wellbeing", "study_leave")


def test_excels_hint_of_a_delimiter_is_followed_and_not_counted(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", "sep=|\r\nid|name, in full|grade\r\nM01|Al|ST99\r\n")
    (problem,) = problems_of(mentors, path, columns={"name, in full": "name"})
    assert where(problem) == (None, 2, "grade")


def test_blank_rows_and_columns_are_passed_over_and_rows_keep_their_numbers(tmp_path: Path) -> None:
    text = "\n,,\n,id,name,,grade\n\n,M01,Al,,ST4\n,,,,\n,M02,Bo,,ST99\n\n"
    (problem,) = problems_of(mentors, write(tmp_path / "m.csv", text))
    assert where(problem) == (None, 7, "grade")


def test_a_text_over_two_lines_is_one_row(tmp_path: Path) -> None:
    text = 'id,base,grade\nM01,"North\nWing",ST4\nM02,x,ST99\n'
    (problem,) = problems_of(mentors, write(tmp_path / "m.csv", text))
    assert problem.place.row == 3


def test_a_quote_never_closed_is_a_problem_at_its_row(tmp_path: Path) -> None:
    text = 'id,name\nM01,Al\nM02,"Bo\nM03,Cy\n'
    (problem,) = problems_of(mentors, write(tmp_path / "m.csv", text))
    assert (problem.place.file, problem.place.row) == ("m.csv", 3)


def test_a_quote_within_a_text_is_no_problem(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", 'id,name\nM01,"Al" Bell\n')
    assert mentors(path).mentors[0].name == "Al Bell"


def test_a_row_with_a_cell_too_many_is_one_problem(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", "id,name,grade\nM01,Bell, Al,ST4\nM02,Bo,ST4,,\n")
    (problem,) = problems_of(mentors, path)
    assert problem.place.row == 2
    assert "more cells" in problem.message


@pytest.mark.parametrize(
    "content", [b"\x00\x01\x02id", b"\xff\xfeid\x00\x00\xd8", b"id,name\nM01,\x81\x8d\n"]
)
def test_bytes_that_are_no_text_are_one_problem_of_the_file(tmp_path: Path, content: bytes) -> None:
    (problem,) = problems_of(mentors, write(tmp_path / "m.csv", content))
    assert problem.place.file == "m.csv"
    assert "not a text file" in problem.message


def test_a_field_beyond_all_bounds_is_a_problem_of_the_file(tmp_path: Path) -> None:
    path = write(tmp_path / "m.csv", "id,name\nM01," + "x" * 200_000 + "\n")
    (problem,) = problems_of(mentors, path)
    assert "cannot be read as CSV" in problem.message


def test_an_empty_file_is_a_notice(tmp_path: Path) -> None:
    programme = mentors(write(tmp_path / "m.csv", ""))
    assert programme.mentors == ()
    assert [str(notice) for notice in programme.notices] == ["m.csv: is empty"]


# --- workbooks


def test_blank_rows_odd_spaces_and_lost_formats_read(tmp_path: Path) -> None:
    sheets = {
        "Mentors": [
            [],
            [None, "\xa0ID ", "Next\xa0post\nstart", "TRAINING_DONE", "Name", "choices"],
            [],
            [None, 7.0, 46235, date(2026, 8, 1), "\u200bAl\u202fBell ", 1.0],
        ],
        "mentee": [["id"], [1]],
    }
    (person,) = rmatch.io.load(save_workbook(sheets, tmp_path / "c.xlsx")).mentors
    assert (person.id, person.name, person.choices) == ("7", "Al Bell", (("1",),))
    assert person.next_post_start == person.training_done == date(2026, 8, 1)


def test_rows_above_the_headings_are_left_out_with_a_notice(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["Mentors"] = [["Mentors of the spring cohort"], [], *sheets["Mentors"]]
    programme = rmatch.io.load(save_workbook(sheets, tmp_path / "c.xlsx"))
    assert len(programme.mentors) == 4
    (notice,) = programme.notices
    assert (notice.place.sheet, notice.place.row) == ("Mentors", 3)


def test_headings_repeated_among_the_rows_are_left_out_with_a_notice(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["Mentors"].insert(3, [str(heading).upper() for heading in sheets["Mentors"][0]])
    programme = rmatch.io.load(save_workbook(sheets, tmp_path / "c.xlsx"))
    assert len(programme.mentors) == 4
    assert [(n.place.row, n.severity) for n in programme.notices] == [(4, "warning")]


def test_unknown_and_empty_sheets_are_notices(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets |= {"History": [], "Conflits": [["a"]], "Lists": [["grade"], ["Consultant"]]}
    programme = rmatch.io.load(save_workbook(sheets, tmp_path / "c.xlsx"))
    texts = [str(notice) for notice in programme.notices]
    assert len(texts) == 2
    assert any("Conflits" in text and "did you mean Conflicts?" in text for text in texts)
    assert any("History: is empty" in text for text in texts)


def test_two_sheets_of_one_kind_are_refused(tmp_path: Path) -> None:
    sheets = {**good_sheets(), "Mentor": [["id"], ["M09"]]}
    (problem,) = problems_of(rmatch.io.load, save_workbook(sheets, tmp_path / "c.xlsx"))
    assert problem.place.sheet == "Mentor"
    assert "Mentors" in problem.message


def test_a_sheet_missing_is_one_problem(tmp_path: Path) -> None:
    sheets = good_sheets()
    del sheets["Mentees"]
    (problem,) = problems_of(rmatch.io.load, save_workbook(sheets, tmp_path / "c.xlsx"))
    assert str(problem) == "c.xlsx: has no sheet Mentees"


def test_a_sheet_without_ids_is_one_problem(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["Mentors"] = [line[1:] for line in sheets["Mentors"]]
    (problem,) = problems_of(rmatch.io.load, save_workbook(sheets, tmp_path / "c.xlsx"))
    assert str(problem) == "c.xlsx, sheet Mentors, row 1: has no column id"


def test_a_broken_heading_is_one_problem(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["Mentors"][0][0] = "#REF!"
    (problem,) = problems_of(rmatch.io.load, save_workbook(sheets, tmp_path / "c.xlsx"))
    assert where(problem) == ("Mentors", 1, "A")


def test_hidden_sheets_and_cells_merged_downwards_are_read(tmp_path: Path) -> None:
    path = save_workbook(good_sheets(), tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(path)
    book["Conflicts"].sheet_state = "hidden"
    sheet = book["Mentors"]
    column = [cell.value for cell in sheet[1]].index("employer") + 1
    sheet.merge_cells(start_row=2, end_row=4, start_column=column, end_column=column)
    book.save(path)
    programme = rmatch.io.load(path)
    assert len(programme.conflicts) == 2
    assert [person.employer for person in programme.mentors] == ["North Trust"] * 4


def test_formats_far_below_the_last_row_cost_nothing(tmp_path: Path) -> None:
    path = save_workbook(good_sheets(), tmp_path / "c.xlsx")
    book = openpyxl.load_workbook(path)
    book["Mentors"].cell(1_048_576, 3).number_format = "0.00"
    book.save(path)
    assert len(rmatch.io.load(path).mentors) == 4


def test_a_formula_never_calculated_is_a_problem_at_its_cell(tmp_path: Path) -> None:
    sheets = good_sheets()
    sheets["Mentors"][2][3] = '="S"&"T4"'
    (problem,) = problems_of(rmatch.io.load, save_workbook(sheets, tmp_path / "c.xlsx"))
    assert where(problem) == ("Mentors", 3, "grade")
    assert "never calculated" in problem.message


@pytest.mark.parametrize("content", [b"", b"id,name", b"PK\x03\x04 and then nothing"])
def test_what_is_no_workbook_is_a_problem_of_the_file(tmp_path: Path, content: bytes) -> None:
    (problem,) = problems_of(rmatch.io.load, write(tmp_path / "c.xlsx", content))
    assert str(problem) == "c.xlsx: is not an .xlsx workbook, or is damaged"


def test_an_old_or_locked_workbook_is_told_apart(tmp_path: Path) -> None:
    path = write(tmp_path / "c.xlsx", b"\xd0\xcf\x11\xe0" + b"\x00" * 100)
    (problem,) = problems_of(rmatch.io.load, path)
    assert "password" in problem.message


def test_a_missing_openpyxl_names_the_pip_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save_workbook(good_sheets(), tmp_path / "c.xlsx")
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'rmatch\[coordinator\]'"):
        rmatch.io.load(path)


# --- paths, folders and JSON


@pytest.mark.parametrize("name", ["missing.xlsx", "missing", "missing.json", "missing.csv"])
def test_a_path_to_nothing_is_a_problem_of_the_file(tmp_path: Path, name: str) -> None:
    (problem,) = problems_of(rmatch.io.load, tmp_path / name)
    assert str(problem) == f"{name}: does not exist"


@pytest.mark.parametrize("name", ["cohort.csv", "cohort.pdf", "cohort"])
def test_a_file_of_another_kind_is_refused_with_advice(tmp_path: Path, name: str) -> None:
    (problem,) = problems_of(rmatch.io.load, write(tmp_path / name, "id\nM01\n"))
    assert problem.place.file == name


def test_a_table_that_is_a_folder_or_of_another_kind_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.csv").mkdir()
    (problem,) = problems_of(mentors, tmp_path / "m.csv")
    assert str(problem) == "m.csv: is a folder, not a file"
    (problem,) = problems_of(mentors, write(tmp_path / "m.pdf", "x"))
    assert "neither a .csv file nor an .xlsx workbook" in problem.message


def test_a_file_that_may_not_be_read_is_a_problem(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "m.csv", "id\nM01\n")

    def refuse(self: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "read_bytes", refuse)
    (problem,) = problems_of(mentors, path)
    assert str(problem) == "m.csv: cannot be read: Permission denied"


def test_every_file_of_a_folder_is_reported_at_once(tmp_path: Path) -> None:
    write(tmp_path / "mentors.csv", "id,grade\nM01,ST99\n")
    write(tmp_path / "mentees.csv", b"\x00")
    write(tmp_path / "conflicts.csv", "mentor,rule\nM01,veto\n")
    write(tmp_path / "history.csv", "mentor,mentee,ended\n,S01,early\n")
    write(tmp_path / "settings.toml", "seed = \n")
    found = [
        (p.place.file, p.place.row, p.place.column) for p in problems_of(rmatch.io.load, tmp_path)
    ]
    assert sorted(found, key=str) == sorted(
        [
            ("mentors.csv", 2, "grade"),
            ("mentees.csv", None, None),
            ("conflicts.csv", 1, None),
            ("history.csv", 2, "mentor"),
            ("settings.toml", None, None),
        ],
        key=str,
    )


def test_a_folder_without_its_files_is_refused_and_unknown_ones_are_noticed(tmp_path: Path) -> None:
    problems = problems_of(rmatch.io.load, tmp_path)
    assert [problem.message for problem in problems] == [
        "has no file mentors.csv",
        "has no file mentees.csv",
    ]
    write(tmp_path / "mentors.csv", "id\nM01\n")
    write(tmp_path / "mentees.csv", "id\nS01\n")
    write(tmp_path / "conflict.csv", "mentor,mentee\nM01,S01\n")
    write(tmp_path / "notes.md", "nothing of ours")
    (notice,) = rmatch.io.load(tmp_path).notices
    assert notice.place.file == "conflict.csv"
    assert notice.suggestions == ("conflicts.csv",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "does not hold a JSON object"),
        ("[" * 100_000, "nested too deeply"),
        ('{"mentors": [], "mentees": {}}', "is not a list of objects"),
        ('{"mentors": [], "mentees": [1]}', "is not a list of objects"),
        ('{"mentors": [], "mentees": [], "settings": 3}', "is not an object of settings"),
        ('{"mentors": []}', "has no list mentees"),
    ],
)
def test_json_that_is_no_cohort_is_one_problem(tmp_path: Path, text: str, message: str) -> None:
    (problem,) = problems_of(rmatch.io.load, write(tmp_path / "c.json", text))
    assert problem.place.file == "c.json"
    assert message in problem.message


def test_json_that_is_not_utf8_is_one_problem(tmp_path: Path) -> None:
    (problem,) = problems_of(rmatch.io.load, write(tmp_path / "c.json", b'{"a": "\xe9"}'))
    assert "not UTF-8" in problem.message


def test_json_reports_the_entry_and_the_field(tmp_path: Path) -> None:
    text = """{"mentors": [{"id": "M01"}, {"id": "M02", "grade": "ST99", "wants": ["x"],
        "leadership_roles": [{"role": "Pope", "scope": ""}], "pref_attrs": {"level": "up"},
        "prior_experience": {"before": "perhaps", "partners": []}, "name": ["Al"],
        "unavailable_periods": [{"start": "2026-08-01", "end": "2026-07-01"}],
        "extra": {"religion": "x"}, "choices": [["S01"], [["S02"]]]}],
        "mentees": [{"id": "S01", "extra": 3}], "more": []}"""
    problems = problems_of(rmatch.io.load, write(tmp_path / "c.json", text))
    assert {where(problem) for problem in problems} == {
        *(("mentors", 2, name) for name in ("grade", "wants", "leadership_roles", "pref_attrs")),
        *(("mentors", 2, name) for name in ("prior_experience", "name", "unavailable_periods")),
        *(("mentors", 2, name) for name in ("extra", "choices")),
        ("mentees", 1, "extra"),
    }
    assert len(problems) == 10


# --- settings in files


def with_settings(lines: list[list[object]], path: Path) -> Path:
    sheets = good_sheets()
    sheets["Settings"] = lines
    return save_workbook(sheets, path)


def test_every_mistake_of_a_settings_sheet_is_found_at_its_row(tmp_path: Path) -> None:
    lines: list[list[object]] = [
        ["Setting", "Value", "Notes", "Why"],
        ["seed", "many", "a note", "x"],
        [None, 3],
        ["#REF!", 3],
        ["minimum score", 101],
        ["indifference", None],
        [],
        ["rules.sme_employer", "off"],
        ["starts", "2026-31-01"],
    ]
    problems = problems_of(rmatch.io.load, with_settings(lines, tmp_path / "c.xlsx"))
    found = [where(problem) for problem in problems]
    assert found == [("Settings", row, "Value") for row in (2, 3, 4, 5, 8, 9)]


def test_an_unknown_column_of_the_settings_is_a_notice(tmp_path: Path) -> None:
    lines: list[list[object]] = [["Setting", "Value", "Why"], ["seed", 4, "luck"]]
    programme = rmatch.io.load(with_settings(lines, tmp_path / "c.xlsx"))
    assert programme.settings.seed == 4
    assert [where(notice) for notice in programme.notices] == [("Settings", 1, "Why")]


def test_settings_without_their_columns_are_one_problem(tmp_path: Path) -> None:
    lines: list[list[object]] = [["Setting", "Worth"], ["seed", 4]]
    (problem,) = problems_of(rmatch.io.load, with_settings(lines, tmp_path / "c.xlsx"))
    assert where(problem) == ("Settings", 1, None)
    assert rmatch.io.load(with_settings([], tmp_path / "d.xlsx")).settings.seed == 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("s.toml", "seed = 4\n[weights]\ntopics = 9\n"),
        ("s.json", '{"seed": 4, "weights": {"topics": 9}}'),
        ("s.csv", "setting,value\nseed,4\nweights.topics,9\n"),
    ],
)
def test_settings_come_from_files_of_their_own(tmp_path: Path, name: str, content: str) -> None:
    path = write(tmp_path / name, content)
    settings = rmatch.io.load(mentors=[], mentees=[], settings=path).settings
    assert (settings.seed, settings.weights) == (4, {"topics": 9})


@pytest.mark.parametrize(
    ("name", "content"),
    [("s.toml", b"seed = \xe9"), ("s.toml", b"seed"), ("s.json", b"{"), ("s.pdf", b"x")],
)
def test_a_settings_file_that_cannot_be_read_is_one_problem(
    tmp_path: Path, name: str, content: bytes
) -> None:
    path = write(tmp_path / name, content)
    (problem,) = problems_of(rmatch.io.load, mentors=[], mentees=[], settings=path)
    assert problem.place.file == name


def test_a_formula_that_gives_an_empty_text_is_blank(tmp_path: Path) -> None:
    """Excel stores ``=""`` as a text of no letters, calculated."""
    sheets = good_sheets()
    sheets["Mentors"][2][6] = '=IF(1=1,"","x")'
    path = save_workbook(sheets, tmp_path / "c.xlsx")
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = "xl/worksheets/sheet1.xml"
    pattern = rb'<c r="G3"[^>]*><f>(.*?)</f><v ?/?>(</v>)?</c>'
    parts[name], count = re.subn(pattern, rb'<c r="G3" t="str"><f>\1</f><v></v></c>', parts[name])
    assert count == 1
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            archive.writestr(part, content)
    assert rmatch.io.load(path).mentors[1].employer is None

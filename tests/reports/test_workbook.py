"""The workbook of a matching: what each audience gets, what a spreadsheet makes of it, and back."""

from __future__ import annotations

import dataclasses
import shutil
import stat
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import assume, given, settings

import rmatch
from other_answers import same_pairs
from rmatch.errors import RmatchError, RunFolderError
from rmatch.instance import Instance
from rmatch.matching import Matching
from rmatch.programme import Programme
from rmatch.reports.heights import row_height
from rmatch.reports.sheet_views import sheets_of
from rmatch.reports.sheets import Column
from rmatch.reports.viewing import report_view
from rmatch.reports.workbook import workbook_of
from rmatch.testing import programmes
from shown import in_full

EAST, TWO = "east-of-england", "two-trusts"
FOR_ALL = ["Pairs", "Unmatched", "Warnings", "Questions", "Settings"]
SHEETS = {"panel": FOR_ALL, "coordinator": [*FOR_ALL, "Why", "Score array"], "auditor": FOR_ALL}
EVIL = '=HYPERLINK("http://evil.example","Click")'


def written(matching: Matching, path: Path, audience: str = "panel", **more: Any) -> Any:
    """The workbook, read back."""
    return openpyxl.load_workbook(matching.to_excel(path, audience, time_limit=0, **more))


def cells_of(book: Any) -> dict[str, list[list[object]]]:
    """Every value of every sheet, empty rows and columns at the end left out."""
    found = {}
    for sheet in book.worksheets:
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        for row in rows:
            while row and row[-1] is None:
                row.pop()
        while rows and not rows[-1]:
            rows.pop()
        found[sheet.title] = rows
    return found


def column(book: Any, sheet: str, heading: str) -> list[object]:
    """The cells below a heading."""
    rows = cells_of(book)[sheet]
    at = rows[0].index(heading)
    return [row[at] if at < len(row) else None for row in rows[1:]]


def bytes_of(path: Path) -> str:
    """Everything in the file, unpacked."""
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode() for name in archive.namelist())


def pairs_of(matching: Matching) -> tuple[tuple[str, str], ...]:
    """The pairs by id."""
    return tuple((pair.mentor, pair.mentee) for pair in matching.pairs)


# ---------------------------------------------------------------------------------- who gets what


@pytest.mark.parametrize("audience", SHEETS)
@pytest.mark.parametrize("example", [EAST, TWO])
def test_each_audience_gets_its_sheets_and_no_other(
    example: str, audience: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """What they may not see is absent, not hidden; heads stay, tables filter, pages are A4."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    book = written(matching, tmp_path / "w.xlsx", audience)
    assert book.sheetnames == SHEETS[audience]
    for sheet in book.worksheets:
        assert sheet.sheet_state == "visible"
        assert sheet.freeze_panes is not None
        assert sheet.freeze_panes.endswith("2")
        assert (sheet.page_setup.orientation, str(sheet.page_setup.paperSize)) == ("landscape", "9")
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$1"
        assert "&P" in sheet.oddFooter.right.text
        assert bool(sheet.auto_filter.ref) == (sheet.title != "Score array")


def test_a_panels_file_holds_nothing_of_scores_ranks_or_names(
    two: Matching, tmp_path: Path
) -> None:
    """Nowhere in its bytes."""
    path = two.to_excel(tmp_path / "panel.xlsx", time_limit=0)
    told = bytes_of(path)
    assert two.programme is not None
    for person in two.programme.people:
        assert str(person.name) not in told
        assert str(person.email) not in told
    for word in ("Score<", "'s rank", "colorScale", "dataValidation", "veto", "chose "):
        assert word not in told
    for pair in two.pairs:
        assert f"<v>{pair.score}</v>" not in told


def test_names_are_there_where_they_were_asked_for(two: Matching, tmp_path: Path) -> None:
    """Beside the ids, in columns of their own."""
    book = written(two, tmp_path / "w.xlsx", names=True)
    assert two.programme is not None
    names = {person.id: person.name for person in two.programme.people}
    ids = column(book, "Pairs", "Mentor")
    assert column(book, "Pairs", "Mentor's name") == [names[str(one)] for one in ids]


def test_an_auditor_reads_pseudonyms_alone(two: Matching, tmp_path: Path) -> None:
    """In every sheet."""
    book = written(two, tmp_path / "w.xlsx", "auditor", names=True)
    known = set(two.pseudonyms.names.values())
    for sheet, heading in (("Pairs", "Mentor"), ("Pairs", "Mentee"), ("Unmatched", "Person")):
        assert {one for one in column(book, sheet, heading) if one} <= {*known, _STARS}
    told = {str(cell) for rows in cells_of(book).values() for row in rows for cell in row}
    assert not told & set(two.pseudonyms.names)


_STARS = "Ranks: 1 is best; * is a choice they stated, the others follow from scores."


def test_the_coordinator_sees_every_score_and_where_the_points_came_from(
    two: Matching, tmp_path: Path
) -> None:
    """A proposed pair is marked by more than colour; what is not allowed is hatched."""
    book = written(two, tmp_path / "w.xlsx", "coordinator")
    array, instance = book["Score array"], two.instance
    dense = instance.dense(instance.score, fill=-1)
    made = set(pairs_of(two))
    for i, mentor in enumerate(instance.mentor_ids):
        for j, mentee in enumerate(instance.mentee_ids):
            cell = array.cell(i + 2, j + 2)
            assert cell.value == (None if dense[i, j] < 0 else dense[i, j] / 100)
            assert cell.font.bold == ((mentor, mentee) in made)
            edge = cell.border.left
            assert (edge is not None and edge.style == "medium") == ((mentor, mentee) in made)
            assert (cell.fill.patternType == "lightUp") == (dense[i, j] < 0)
    assert array.conditional_formatting
    why = cells_of(book)["Why"]
    first, last = why[0].index("Score") + 1, why[0].index("Mentor's side")
    for row, pair in zip(why[1:], two.pairs, strict=False):
        assert sum(float(str(points)) for points in row[first:last]) == pytest.approx(
            pair.score, abs=0.05
        )


def test_a_panel_reads_how_many_pairs_block_and_the_coordinator_which(
    east: Matching, tmp_path: Path
) -> None:
    """A pair that blocks tells whom two people prefer."""
    partners = dict(pairs_of(east))
    partners["M01"], partners["M02"] = partners["M02"], partners["M01"]
    edited = east.check_pairs(partners.items()).matching
    assert edited is not None
    assert edited.blocking_pairs == (("M01", "S04"),)
    told = cells_of(written(edited, tmp_path / "panel.xlsx"))["Warnings"]
    assert told[-1] == ["Besides, there is 1 blocking pair."]
    assert not any("Blocking pair" in map(str, row[:1]) for row in told)
    told = cells_of(written(edited, tmp_path / "all.xlsx", "coordinator"))["Warnings"]
    assert (told[-1][0], told[-1][-2:]) == ("Blocking pair", ["M01", "S04"])


def test_ranks_are_numbers_and_a_star_says_that_they_were_stated(
    two: Matching, tmp_path: Path
) -> None:
    """So that they can be sorted."""
    book = written(two, tmp_path / "w.xlsx", "coordinator")
    sheet = book["Pairs"]
    at = [cell.value for cell in sheet[1]].index("Mentor's rank") + 1
    for number, pair in enumerate(two.pairs, start=2):
        cell = sheet.cell(number, at)
        assert cell.value == pair.mentor_rank
        assert ("*" in cell.number_format) == pair.mentor_stated


def test_an_instance_made_without_people_has_a_workbook_too(tmp_path: Path) -> None:
    """Ids alone, scores as they were given."""
    matching = rmatch.solve(Instance.from_scores(np.array([[7, 3], [6, 5], [9, 8]])))
    for audience in SHEETS:
        path = tmp_path / f"{audience}.xlsx"
        book = written(matching, path, audience)
        assert len(column(book, "Unmatched", "Person")) == 1
        if audience != "auditor":
            assert rmatch.load_pairs(path) == pairs_of(matching)


# --------------------------------------------------------------------------------- non-interference


def _without_what_is_kept(programme: Programme) -> Programme:
    """The programme without what people kept to themselves, and without hard conflicts."""
    kept = {"choices": (), "vetoes": (), "wants": (), "offers": (), "interests": ()}
    severities = programme.settings.severities
    waived = {rule for *_, rule in programme.settings.waivers}
    return programme.replace(
        mentors=[p.model_copy(update=kept) for p in programme.mentors],
        mentees=[p.model_copy(update=kept) for p in programme.mentees],
        conflicts=[
            one
            for one in programme.conflicts
            if severities[one.rule] != "hard" or one.rule in waived
        ],
    )


def _panels_bytes(matching: Matching, audit: Any) -> bytes:
    """A panel's workbook but for how many pairs block, and what the audit says of it."""
    view = report_view(matching, "panel", time_limit=0)
    view = dataclasses.replace(view, blocking_count=0, summary=(), audit=audit)
    return workbook_of(sheets_of(view), view.title, "panel")


def with_other_secrets(matching: Matching) -> Matching | None:
    """The same pairs where nobody kept anything to themselves, if they are allowed then."""
    assert matching.programme is not None
    return same_pairs(matching, _without_what_is_kept(matching.programme))


def check_nothing_shows(matching: Matching, after: Matching) -> None:
    """Not a byte of a panel's workbook changes with what others kept to themselves."""
    audit = report_view(matching, "panel", time_limit=0).audit
    assert _panels_bytes(after, audit) == _panels_bytes(matching, audit)


@pytest.mark.parametrize("example", [EAST, TWO])
def test_a_panels_workbook_is_the_same_whatever_people_kept_to_themselves(
    example: str, request: pytest.FixtureRequest
) -> None:
    """Choices, vetoes, conflicts and goals gone; the pairs as they were."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    after = with_other_secrets(matching)
    assert after is not None
    check_nothing_shows(matching, after)


@settings(max_examples=15)
@given(programme=in_full(programmes(max_side=3)))
def test_a_panels_workbook_of_any_programme_depends_on_nothing_that_is_kept(
    programme: Programme,
) -> None:
    """Whole programmes."""
    try:
        matching = rmatch.solve(programme)
    except RmatchError:
        assume(False)
    after = with_other_secrets(matching)
    assume(after is not None)
    assert after is not None
    check_nothing_shows(matching, after)


# ------------------------------------------------------------------------------------ there and bac


@pytest.mark.parametrize("audience", ["panel", "coordinator"])
@pytest.mark.parametrize("example", [EAST, TWO])
def test_the_pairs_load_back(
    example: str, audience: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """With names and notes beside them, and mentors for whom nobody was picked."""
    matching = request.getfixturevalue("east" if example == EAST else "two")
    path = matching.to_excel(tmp_path / "w.xlsx", audience, names=True, time_limit=0)
    assert rmatch.load_pairs(path, matching.programme) == pairs_of(matching)
    assert rmatch.load_pairs(path) == pairs_of(matching)


def test_a_move_is_picked_from_a_list_and_checked(east: Matching, tmp_path: Path) -> None:
    """The list holds every mentee, and reaches below the table."""
    path = tmp_path / "w.xlsx"
    book = written(east, path, "coordinator")
    (menu,) = book["Pairs"].data_validations.dataValidation
    assert menu.formula1 == "'Score array'!$B$1:$O$1"
    heads = [cell.value for cell in book["Score array"][1]]
    assert tuple(heads[1:]) == east.instance.mentee_ids
    assert str(menu.sqref) == "B2:B68"
    move(book, "M01", "M02")
    book.save(path)
    told = east.check_pairs(rmatch.load_pairs(path, east.programme))
    assert {(p.mentor, p.mentee) for p in told.put_in} == {("M01", "S07"), ("M02", "S04")}


def move(book: Any, one: str, other: str) -> None:
    """Exchange the mentees of two mentors in the sheet Pairs."""
    sheet = book["Pairs"]
    heads = [cell.value for cell in sheet[1]]
    rows = {row[heads.index("Mentor")].value: row[heads.index("Mentee")] for row in sheet}
    rows[one].value, rows[other].value = rows[other].value, rows[one].value


# -------------------------------------------------------------------------------------- as a file


def evil() -> Matching:
    """People whose words a spreadsheet could run, or take for an error or a number."""
    names = [EVIL, "+1+cmd|'/C calc'!A0", "@SUM(1)", "-2", "#N/A", "\tTab", "1e5", "Bell\x07"]
    mentors = [
        {"id": f"M{k}", "name": name, "employer": EVIL, "specialty": "Anaesthetics"}
        for k, name in enumerate(names)
    ]
    mentees = [{"id": f"S{k}", "name": name} for k, name in enumerate(names)]
    return rmatch.solve(Programme(mentors=[*mentors, {"id": "=1+1"}], mentees=mentees))


def test_no_text_runs_as_a_formula(tmp_path: Path) -> None:
    """Names, employers and ids stay texts, and the ids load back as they were."""
    matching = evil()
    path = tmp_path / "w.xlsx"
    book = written(matching, path, "coordinator", names=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type in ("s", "n"), (sheet.title, cell.coordinate)
                assert not str(cell.value).startswith(("=", "+", "-", "@", "\t"))
    assert "<f>" not in bytes_of(path).replace("<formula1>", "")
    assert f"'{EVIL}" in column(book, "Pairs", "Mentor's name")
    assert rmatch.load_pairs(path, matching.programme) == pairs_of(matching)


@pytest.mark.parametrize("audience", SHEETS)
def test_the_same_matching_gives_the_same_bytes_and_no_date(
    two: Matching, audience: str, tmp_path: Path
) -> None:
    """Nor anybody's name in the properties."""
    paths = [two.to_excel(tmp_path / f"{k}.xlsx", audience, time_limit=0) for k in (1, 2)]
    assert paths[0].read_bytes() == paths[1].read_bytes()
    book = openpyxl.load_workbook(paths[0])
    assert (book.properties.creator, book.properties.lastModifiedBy) == ("rmatch", None)
    with zipfile.ZipFile(paths[0]) as archive:
        assert b"dcterms:" not in archive.read("docProps/core.xml").replace(b"xmlns:dcterms", b"")
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_what_is_there_may_have_been_edited_and_is_not_replaced_unasked(
    east: Matching, tmp_path: Path
) -> None:
    """Said before anything is solved; forced, it is replaced."""
    path = tmp_path / "w.xlsx"
    path.write_text("mine")
    with pytest.raises(RunFolderError, match="may have been edited"):
        east.to_excel(path, time_limit=0)
    assert path.read_text() == "mine"
    assert written(east, path, force=True).sheetnames == FOR_ALL
    assert [one.name for one in tmp_path.iterdir()] == ["w.xlsx"]


@pytest.mark.parametrize(
    ("audience", "names", "is_private"),
    [("coordinator", False, True), ("panel", True, True), ("panel", False, False)],
)
def test_personal_files_are_their_owners_alone(
    east: Matching, tmp_path: Path, audience: str, names: bool, is_private: bool
) -> None:
    """The coordinator's, and any with names."""
    path = east.to_excel(tmp_path / "w.xlsx", audience, names=names, time_limit=0)
    assert (stat.S_IMODE(path.stat().st_mode) == 0o600) == is_private


def test_what_has_no_workbook_is_refused(east: Matching, tmp_path: Path) -> None:
    """A participant, an unknown audience, another kind of file; nothing is written."""
    with pytest.raises(ValueError, match=r"matching\.letters"):
        east.to_excel(tmp_path / "w.xlsx", "participant")
    with pytest.raises(ValueError, match="known are"):
        east.to_excel(tmp_path / "w.xlsx", "public")
    with pytest.raises(ValueError, match=r"does not end in \.xlsx"):
        east.to_excel(tmp_path / "w.csv")
    with pytest.raises(RunFolderError, match="cannot be written"):
        east.to_excel(tmp_path / "nowhere" / "w.xlsx", time_limit=0)
    with pytest.raises(RunFolderError, match="cannot be written"):
        east.to_excel(tmp_path / f"{'long' * 99}.xlsx", time_limit=0)
    assert list(tmp_path.iterdir()) == []


def test_rows_are_as_high_as_their_texts() -> None:
    """By the longest of them, up to what Excel knows."""
    columns = (Column("a", 20), Column("b", 20))
    one, three = (row_height((text, 3), columns) for text in ("short", "one\ntwo\nthree"))
    assert one < three
    assert row_height(("word " * 30, None), columns) > three
    assert row_height(("line\n" * 90, None), columns) == 409.0


# ------------------------------------------------------------------------------------- LibreOffice

OFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is not installed here")


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A profile of its own, so that nobody's LibreOffice is in the way."""
    return tmp_path_factory.mktemp("office").as_uri()


def converted(path: Path, kind: str, profile: str) -> Path:
    """What LibreOffice makes of a file."""
    out = path.parent / kind
    command = [
        *(str(OFFICE), f"-env:UserInstallation={profile}", "--headless"),
        *("--convert-to", kind, "--outdir", str(out), str(path)),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return out / f"{path.stem}.{kind}"


@needs_office
@pytest.mark.slow
def test_libreoffice_reads_the_same_cells_and_prints_them(
    two: Matching, tmp_path: Path, profile: str
) -> None:
    """As a workbook, in which the drop-down is still there, and as pages."""
    path = tmp_path / "w.xlsx"
    book = written(two, path, "coordinator", names=True)
    again = openpyxl.load_workbook(converted(path, "xlsx", profile))
    assert cells_of(again) == cells_of(book)
    assert len(again["Pairs"].data_validations.dataValidation) == 1
    assert converted(path, "pdf", profile).read_bytes().startswith(b"%PDF")


@needs_office
@pytest.mark.slow
def test_an_edited_file_that_libreoffice_saved_loads_back(
    east: Matching, tmp_path: Path, profile: str
) -> None:
    """A swap, and a mentee cleared."""
    path = tmp_path / "w.xlsx"
    book = written(east, path, "coordinator")
    move(book, "M01", "M02")
    book["Pairs"]["B6"].value = None
    book.save(path)
    found = rmatch.load_pairs(converted(path, "xlsx", profile), east.programme)
    expected = dict(pairs_of(east)) | {"M01": "S07", "M02": "S04"}
    del expected["M05"]
    assert dict(found) == expected


@needs_office
@pytest.mark.slow
def test_libreoffice_runs_no_text_either(tmp_path: Path, profile: str) -> None:
    """Saved again, every cell is the text it was."""
    path = tmp_path / "w.xlsx"
    book = written(evil(), path, "coordinator", names=True)
    again = openpyxl.load_workbook(converted(path, "xlsx", profile))
    assert cells_of(again) == cells_of(book)
    assert all(cell.data_type != "f" for s in again for row in s.iter_rows() for cell in row)

"""What is written loads back equal: folders, workbooks, JSON; and the template."""

from __future__ import annotations

import csv
import json
import tempfile
from datetime import date
from pathlib import Path
from typing import get_args

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from io_cohort import good_sheets, load_in_memory, problems_of, where

import rmatch.io
from rmatch.errors import RunFolderError
from rmatch.io.tables import write_folder, write_workbook
from rmatch.io.template import write_template
from rmatch.programme import (
    Conflict,
    LeadershipRole,
    Participant,
    PastPair,
    Period,
    PreferredAttributes,
    PriorExperience,
    Programme,
    Settings,
)
from rmatch.programme.participant import SLOTS
from rmatch.programme.quota_text import FORMS
from rmatch.programme.reference import GRADES, ROLES, RULES, SPECIALTIES, TOPICS
from rmatch.programme.ties import EndReason

TEXT = st.text("aeiou=+-@;,:\"'() éß", min_size=1, max_size=12).map(lambda text: f"q{text}".strip())
START = st.text("=+-@'q", min_size=1, max_size=4).filter(lambda text: text not in ("-", "--"))
DATES = st.dates(date(2020, 1, 1), date(2030, 1, 1))
BOOL = st.none() | st.booleans()


def ids(words: object) -> st.SearchStrategy[str]:
    return st.sampled_from([entry.id for entry in words])  # type: ignore[attr-defined]


@st.composite
def participants(draw: st.DrawFn, own: str, others: list[str]) -> Participant:
    """One person with any fields at all."""
    other = st.sampled_from(others)
    some = draw(st.permutations(others))
    start = draw(DATES)
    return Participant(
        id=own,
        name=draw(st.none() | TEXT.map(lambda text: f"{text} {own}")),
        grade=draw(st.none() | ids(GRADES)),
        specialty=draw(st.none() | ids(SPECIALTIES)),
        leadership_roles=draw(
            st.lists(
                st.builds(LeadershipRole, role=ids(ROLES), scope=st.just("") | TEXT), max_size=2
            )
        ),
        employer=draw(st.none() | TEXT),
        base=draw(st.none() | START),
        modes=draw(st.sets(st.sampled_from(["virtual", "in_person"]))),
        availability=draw(st.sets(st.sampled_from(SLOTS))),
        capacity=draw(st.integers(0, 3)),
        line_manager=draw(st.none() | st.just("") | TEXT),
        supervisors=draw(st.none() | st.lists(TEXT, max_size=2, unique=True)),
        conflicts=draw(st.lists(other, max_size=1)),
        wants=draw(st.lists(ids(TOPICS), max_size=5)),
        choices=draw(st.sampled_from([(), ((some[0],),), ((some[0], some[1]), (some[2],))])),
        pref_attrs=draw(
            st.sampled_from([PreferredAttributes(), PreferredAttributes(level="same")])
        ),
        interests=draw(st.lists(TEXT, max_size=3, unique=True)),
        prior_experience=draw(
            st.sampled_from(
                [
                    None,
                    PriorExperience(before=False),
                    PriorExperience(before=True, partners=("Dr X",)),
                ]
            )
        ),
        carried_over=draw(st.booleans()),
        conflicts_confirmed=draw(BOOL),
        next_post_start=draw(st.none() | DATES),
        unavailable_periods=draw(st.sampled_from([(), (Period(start=start, end=start),)])),
        vetoes=draw(st.lists(other, max_size=2, unique=True)),
        consent_share=draw(st.sampled_from([(), ("wants", "offers")])),
    )


QUOTA_TEXT = st.sampled_from(
    [
        *FORMS,
        'at most 1 mentee with employer q; with "x", y, price 3',
        "exactly 2 pairs with mentor modes in person",
    ]
)
ANYONE = ["M01", "M02", "S01", "S03"]
PAIRS = st.lists(
    st.tuples(st.sampled_from(["M01", "M02"]), st.sampled_from(["S01", "S02", "S03"])),
    max_size=3,
    unique=True,
)
WAIVERS = st.lists(
    st.tuples(
        st.sampled_from(["M01", "M02"]),
        st.sampled_from(["S01", "S03"]),
        st.sampled_from(["same_employer", "previous_pair", "role_dme"]),
    ),
    max_size=3,
    unique=True,
)
SETTINGS = st.builds(
    Settings,
    stability=st.sampled_from(["weak", "strong", "super"]),
    must_pair=PAIRS,
    must_not_pair=PAIRS,
    standing_pairs=PAIRS,
    max_changes=st.none() | st.integers(0, 3),
    waivers=WAIVERS,
    minimum_load=st.dictionaries(st.sampled_from(ANYONE), st.integers(0, 2)),
    maximum_load=st.dictionaries(st.sampled_from(ANYONE), st.integers(2, 4), min_size=4),
    load_price=st.dictionaries(st.sampled_from(ANYONE), st.integers(1, 9)),
    quotas=st.dictionaries(TEXT, QUOTA_TEXT, max_size=3),
    starts=st.none() | DATES,
    weights=st.dictionaries(st.sampled_from(["topics", "choice"]), st.integers(0, 99)),
    rules=st.dictionaries(st.sampled_from(["same_employer", "role_dme"]), st.just("off")),
    lookback_months=st.dictionaries(st.just("line_manager"), st.integers(0, 60)),
    side_weights=st.sampled_from([(6, 4), (5, 5)]),
    objectives=st.none() | st.just(("pairs", "score")),
    seed=st.integers(0, 10**6),
    time_limit=st.none() | st.sampled_from([1.5, 30.0]),
    coordinators=st.lists(TEXT, max_size=2, unique=True),
)


@st.composite
def programmes(draw: st.DrawFn) -> Programme:
    """A programme of three a side, one of them with everything filled in."""
    mentors, mentees = ["M01", "M02", "M03"], ["S01", "S02", "S03"]
    pair = {"mentor": st.sampled_from(mentors), "mentee": st.sampled_from(mentees)}
    conflicts = st.builds(Conflict, **pair, rule=ids(RULES), until=st.none() | DATES)
    ended = st.sampled_from([None, *get_args(EndReason)])
    away = {"mentor": st.sampled_from(["M01", "M77"]), "mentee": st.sampled_from(["S77", "a@b.c"])}
    dormant = st.builds(Conflict, **away, rule=ids(RULES), until=st.none() | DATES)
    return Programme(
        mentors=[draw(participants("M01", mentees)), *(Participant(id=own) for own in mentors[1:])],
        mentees=[draw(participants("S01", mentors)), *(Participant(id=own) for own in mentees[1:])],
        conflicts=draw(st.lists(conflicts, max_size=3)),
        history=draw(st.lists(st.builds(PastPair, **pair, ended=ended), max_size=2)),
        dormant=draw(st.lists(dormant, max_size=2)),
        settings=draw(SETTINGS),
    )


@settings(max_examples=100)
@given(programmes())
def test_a_folder_loads_back_equal(programme: Programme) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert rmatch.io.load(write_folder(programme, folder)) == programme


@settings(max_examples=100)
@given(programmes())
def test_json_loads_back_equal(programme: Programme) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "programme.json"
        path.write_text(json.dumps(programme.model_dump(mode="json")))
        assert rmatch.io.load(path) == programme


@settings(max_examples=100)
@given(programmes())
def test_a_workbook_loads_back_equal(programme: Programme) -> None:
    with tempfile.TemporaryDirectory() as folder:
        assert rmatch.io.load(write_workbook(programme, Path(folder) / "c.xlsx")) == programme


def test_extras_load_back_if_they_are_opted_in_again(tmp_path: Path) -> None:
    people = [Participant(id="M01", extra={"bike": "yes"}), Participant(id="M02")]
    programme = Programme(mentors=people)
    write_folder(programme, tmp_path)
    assert rmatch.io.load(tmp_path, extra=["bike"]) == programme
    assert rmatch.io.load(tmp_path) != programme


def test_cells_that_could_run_as_formulas_are_guarded(tmp_path: Path) -> None:
    people = [Participant(id=f"M{n}", base=f"{sign}1+1") for n, sign in enumerate("=+-@'")]
    programme = Programme(mentors=people)
    write_folder(programme, tmp_path)
    with (tmp_path / "mentors.csv").open(encoding="utf-8-sig", newline="") as file:
        bases = [row["base"] for row in csv.DictReader(file)]
    assert bases == ["'=1+1", "'+1+1", "'-1+1", "'@1+1", "'1+1"]
    path = write_workbook(programme, tmp_path / "c.xlsx")
    kinds = {cell.data_type for row in openpyxl.load_workbook(path)["Mentors"] for cell in row}
    assert "f" not in kinds
    assert rmatch.io.load(path) == rmatch.io.load(tmp_path) == programme


def test_nothing_is_overwritten_unless_forced(tmp_path: Path) -> None:
    programme = load_in_memory(good_sheets())
    write_folder(programme, tmp_path / "folder")
    book = write_workbook(programme, tmp_path / "c.xlsx")
    write_template(tmp_path / "t.xlsx")
    before = book.read_bytes()
    for write in (write_folder, write_workbook):
        with pytest.raises(RunFolderError, match="exists already"):
            write(programme, tmp_path / ("folder" if write is write_folder else "c.xlsx"))
    with pytest.raises(RunFolderError, match="exists already"):
        write_template(tmp_path / "t.xlsx")
    assert book.read_bytes() == before
    write_template(tmp_path / "t.xlsx", force=True)
    write_workbook(programme, book, force=True)
    smaller = programme.replace(conflicts=(), history=(), settings=Settings())
    write_folder(smaller, tmp_path / "folder", force=True)
    assert rmatch.io.load(tmp_path / "folder") == smaller


# --- the template


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return write_template(tmp_path / "cohort.xlsx")


def test_the_template_loads_as_an_empty_programme(template: Path) -> None:
    programme = rmatch.io.load(template)
    assert programme == Programme()
    assert {str(notice) for notice in programme.notices} == {
        "cohort.xlsx, sheet Mentors: is empty",
        "cohort.xlsx, sheet Mentees: is empty",
    }


def test_a_filled_template_loads_what_was_filled_in(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    book["Mentors"].append(["M01", "Asha Bell", None, "Specialty Training Year 4"])
    book["Mentees"].append(["S01", "Dean Dee"])
    book["Conflicts"].append(["M01", "S01", "family"])
    settings = book["Settings"]
    row = next(cell.row for cell in settings["A"] if cell.value == "weights.topics")
    settings.cell(row, 2, 12)
    book.save(template)
    programme = rmatch.io.load(template)
    assert programme.mentors[0].grade == "st4"
    assert programme.conflicts[0].rule == "family"
    assert programme.settings.weights == {"topics": 12}
    assert programme.notices == ()


def test_a_mistake_in_a_filled_template_is_found_at_its_row(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    book["Mentors"].append(["M01", None, None, "Claufel"])
    book.save(template)
    (problem,) = problems_of(rmatch.io.load, template)
    assert where(problem) == ("Mentors", 4, "grade")


def test_the_template_has_its_sheets_headings_frozen_and_drop_downs(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    names = ["Mentors", "Mentees", "Conflicts", "History", "Settings", "Lists"]
    assert book.sheetnames == names
    assert all(book[name].freeze_panes for name in names)
    mentors = book["Mentors"]
    headings = {cell.value: cell.column_letter for cell in mentors[1]}
    menus = {
        str(check.sqref).rstrip("0123456789").split(":")[0].rstrip("0123456789"): check.formula1
        for check in mentors.data_validations.dataValidation
    }
    for name in ("grade", "specialty", "deanery", "wants", "offers", "leadership_roles"):
        assert headings[name] in menus
    assert all(formula.startswith("Lists!$") for formula in menus.values())


def test_every_value_of_every_drop_down_can_be_read(template: Path) -> None:
    book = openpyxl.load_workbook(template)
    for title in ("Mentors", "Mentees"):
        for name, values in drop_downs(book, title).items():
            for value in values:
                people = [{"id": "X1", name: value}]
                both = {"mentors": people, "mentees": []}
                rmatch.io.load(**both)
    for value in drop_downs(book, "Conflicts")["rule"]:
        assert value in RULES


def drop_downs(book: openpyxl.Workbook, title: str) -> dict[str, list[str]]:
    """The values each column's drop-down offers."""
    sheet, lists = book[title], book["Lists"]
    found = {}
    for check in sheet.data_validations.dataValidation:
        column = next(iter(check.sqref.ranges)).min_col
        cells = lists[check.formula1.removeprefix("Lists!").replace("$", "")]
        found[sheet.cell(1, column).value] = [cell.value for (cell,) in cells]
    return found

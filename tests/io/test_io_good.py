"""A good cohort reads the same from every kind of source."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from io_cohort import csv_text, good_sheets, load_in_memory, records, save_workbook

import rmatch.io
from rmatch.errors import Place
from rmatch.io.findings import Findings
from rmatch.io.people import Draft
from rmatch.programme import Programme


@pytest.fixture
def expected() -> Programme:
    return load_in_memory(good_sheets())


def test_every_field_reads_as_meant(expected: Programme) -> None:
    first, second, third, fourth = expected.mentors
    assert first.grade == "st4"
    assert first.availability == ("mon_am", "tue_pm")
    assert first.modes == ("virtual", "in_person")
    assert first.line_manager == "Dr Outside"
    assert first.supervisors == ("S02",)
    assert first.choices == (("S01",), ("S02", "S03"))
    assert first.experience_offered == ("img",)
    assert first.pref_attrs.specialty == "different"
    assert first.prior_experience is not None
    assert not first.prior_experience.before
    assert first.next_post_start == date(2026, 9, 1)
    assert first.unavailable_periods[0].end == date(2026, 8, 14)
    assert first.consent_share == ("wants", "offers")
    assert second.line_manager == ""
    assert second.supervisors == ()
    assert second.choices == (("S01",), ("S04",))
    assert second.prior_experience is not None
    assert second.prior_experience.partners == ("S03",)
    assert second.carried_over
    assert third.choices == (("S02",),)
    assert third.conflicts_confirmed is True
    assert third.line_manager is None
    assert len(fourth.availability) == 21
    assert fourth.supervisors == ("S03",)
    roles = expected.mentees[1].leadership_roles
    assert [(role.role, role.scope) for role in roles] == [("tpd", "gs_eoe"), ("dme", "")]
    assert expected.conflicts[1].rule == "confidential"
    assert expected.history[1].mentor == "Old Hand"
    assert expected.settings.side_weights == (5, 5)
    assert expected.settings.objectives == ("pairs", "people", "score")
    assert expected.notices == ()


def test_a_workbook_reads_the_same(expected: Programme, tmp_path: Path) -> None:
    path = save_workbook(good_sheets(), tmp_path / "cohort.xlsx")
    assert rmatch.io.load(path) == expected
    assert rmatch.io.load(str(path)) == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_folder_reads_the_same(
    expected: Programme, tmp_path: Path, delimiter: str, encoding: str
) -> None:
    sheets = good_sheets()
    for name in ("Mentors", "Mentees", "Conflicts", "History"):
        text = csv_text(sheets[name], delimiter)
        (tmp_path / f"{name.lower()}.csv").write_bytes(text.encode(encoding))
    (tmp_path / "settings.toml").write_text(
        'starts = 2026-10-01\ncoordinators = ["S04"]\nside_weights = [5, 5]\n'
        'objectives = ["pairs", "people", "score"]\n'
        '[weights]\ntopics = 30\n[rules]\nsame_employer = "off"\n'
    )
    assert rmatch.io.load(tmp_path) == expected


def test_json_of_strings_reads_the_same(expected: Programme, tmp_path: Path) -> None:
    sheets = good_sheets()
    data = {
        name.lower(): records(sheets[name])
        for name in ("Mentors", "Mentees", "Conflicts", "History")
    }
    data["settings"] = dict(sheets["Settings"][1:])  # type: ignore[assignment, arg-type]
    path = tmp_path / "cohort.json"
    path.write_text(json.dumps(data, default=str))
    assert rmatch.io.load(path) == expected


def test_what_model_dump_writes_loads_back_equal(expected: Programme, tmp_path: Path) -> None:
    path = tmp_path / "cohort.json"
    path.write_text(json.dumps(expected.model_dump(mode="json")))
    loaded = rmatch.io.load(path)
    assert loaded == expected
    assert loaded.model_dump() == expected.model_dump()


def test_settings_given_go_before_those_of_the_file(tmp_path: Path) -> None:
    path = save_workbook(good_sheets(), tmp_path / "cohort.xlsx")
    settings = rmatch.io.load(path, settings={"weights": {"topics": 12}, "seed": 4}).settings
    assert settings.weights == {"topics": 12}
    assert settings.seed == 4
    assert settings.side_weights == (5, 5)
    whole = rmatch.io.load(path, settings=type(settings)(seed=9)).settings
    assert whole == type(settings)(seed=9)


def test_conflicts_given_join_those_of_the_file(tmp_path: Path) -> None:
    path = save_workbook(good_sheets(), tmp_path / "cohort.xlsx")
    loaded = rmatch.io.load(path, conflicts=[{"mentor": "M01", "mentee": "S02"}])
    assert len(loaded.conflicts) == 3


def test_single_tables_come_from_csv_and_workbooks(expected: Programme, tmp_path: Path) -> None:
    sheets = good_sheets()
    mentors = tmp_path / "a.csv"
    mentors.write_text(csv_text(sheets["Mentors"]), encoding="utf-8")
    book = save_workbook({"Notes": [], **sheets}, tmp_path / "b.xlsx")
    loaded = rmatch.io.load(
        mentors=mentors, mentees=book, conflicts=book, history=book, settings=book
    )
    assert loaded == expected
    assert not (tmp_path / "key.csv").exists()


@pytest.mark.parametrize(
    "arguments", [{}, {"mentors": []}, {"source": "x", "mentors": []}, {"source": [{"id": "M01"}]}]
)
def test_a_call_that_makes_no_sense_is_a_type_error(arguments: dict[str, object]) -> None:
    with pytest.raises(TypeError):
        rmatch.io.load(**arguments)


def test_what_the_model_itself_refuses_is_a_problem_at_its_cell() -> None:
    """Nothing is known to reach this; no pydantic error would escape if something did."""
    findings = Findings()
    place = Place("c.xlsx", "Mentors", 4)
    draft = Draft("mentors", place, {"id": "M01", "capacity": -1}, key="M01")
    draft.places["capacity"] = Place("c.xlsx", "Mentors", 4, "Capacity")
    assert draft.participant(findings).capacity == 1
    (problem,) = findings.problems
    assert problem.place == Place("c.xlsx", "Mentors", 4, "Capacity", "M01")

"""Pairs that were made before: read, stated, told where they clash, proved and checked again."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import rmatch
from rmatch.io.tables import write_folder
from rmatch.io.template import write_template
from rmatch.programme import Programme, Settings, Standing

KNOWN: dict[str, Any] = {"line_manager": "", "supervisors": [], "conflicts_confirmed": True}
MADE = (("M1", "S1"), ("M2", "S2"))
CHANGES = ("pairs", "people", "priority", "changes", "score", "tie_break")


def cohort(**settings: Any) -> Programme:
    """Two a side; both mentors and both mentees would rather have it the other way round."""
    return Programme(
        mentors=[
            {**KNOWN, "id": "M1", "grade": "st4", "choices": [["S2"]]},
            {**KNOWN, "id": "M2", "grade": "st4", "choices": [["S1"]]},
        ],
        mentees=[
            {**KNOWN, "id": "S1", "grade": "consultant", "name": "Di Ash", "choices": [["M2"]]},
            {**KNOWN, "id": "S2", "grade": "consultant", "choices": [["M1"]]},
        ],
        settings=Settings(**settings),
    )


def pairs(matching: rmatch.Matching) -> list[tuple[str, str]]:
    return [(one.mentor, one.mentee) for one in matching.pairs]


# --- on paper


@pytest.mark.parametrize("written", ["M1 with S1; m2 with S2", 'M1 with "Di Ash"; M2 with S2'])
def test_a_settings_sheet_names_standing_pairs(tmp_path: Path, written: str) -> None:
    write_folder(cohort(), tmp_path)
    rows = [["setting", "value"], ["standing_pairs", written], ["max_changes", "1"]]
    with (tmp_path / "s.csv").open("w", newline="") as file:
        csv.writer(file).writerows(rows)
    loaded = rmatch.load(tmp_path, settings=tmp_path / "s.csv").settings
    assert (loaded.standing_pairs, loaded.max_changes) == (MADE, 1)


def test_a_toml_file_names_them_as_texts_or_as_lists(tmp_path: Path) -> None:
    write_folder(cohort(), tmp_path)
    for written in ('"M1 with S1; M2 with S2"', '[["M1", "S1"], ["M2", "S2"]]'):
        (tmp_path / "settings.toml").write_text(f"standing_pairs = {written}\nmax_changes = 0\n")
        loaded = rmatch.load(tmp_path).settings
        assert (loaded.standing_pairs, loaded.max_changes) == (MADE, 0)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ('standing_pairs = "M1 and S1"', "is not two people"),
        ('standing_pairs = "M1 with S9"', "not a mentee of this programme"),
        ('standing_pairs = "S1 with M1"', "the mentor comes first"),
        ("max_changes = -1", "greater than or equal to 0"),
        ('max_changes = "some"', "valid integer"),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_setting(
    tmp_path: Path, written: str, words: str
) -> None:
    write_folder(cohort(), tmp_path)
    (tmp_path / "settings.toml").write_text(f"{written}\n")
    with pytest.raises(rmatch.InputError, match=words) as caught:
        rmatch.load(tmp_path)
    assert caught.value.problems[0].place.column == written.split(maxsplit=1)[0]


def test_the_template_says_how_to_write_them(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(write_template(tmp_path / "t.xlsx"))
    notes = {row[0]: row[2] for row in book["Settings"].iter_rows(values_only=True)}
    assert "M01 with S02" in notes["standing_pairs"]
    assert "no limit" in notes["max_changes"]


# --- solved


def test_pairs_that_stand_stay_where_nothing_is_lost_by_it() -> None:
    """Everybody would rather swap; the level comes before the score."""
    assert pairs(rmatch.solve(cohort())) == [("M1", "S2"), ("M2", "S1")]
    matching = rmatch.solve(cohort(standing_pairs=MADE), objectives=CHANGES)
    assert pairs(matching) == list(MADE)
    assert matching.objectives["changes"] == 0


def test_max_changes_holds_whatever_the_levels_say() -> None:
    stated = cohort(standing_pairs=MADE, max_changes=0)
    matching = rmatch.solve(stated, objectives=("stability", "pairs", "score"))
    assert pairs(matching) == list(MADE)
    assert matching.verify().ok


def test_a_pair_that_is_not_allowed_any_more_counts_for_nothing() -> None:
    """The conflict comes first, and is no broken pair."""
    stated = cohort(standing_pairs=MADE, max_changes=0)
    conflict = rmatch.Conflict(mentor="M1", mentee="S1")
    matching = rmatch.solve(stated.replace(conflicts=[conflict]), objectives=CHANGES)
    assert pairs(matching) == [("M2", "S2")]
    assert matching.objectives["changes"] == 0
    assert matching.verify().ok


# --- where they clash


def test_a_limit_that_cannot_hold_is_named_with_what_would_help() -> None:
    stated = cohort(standing_pairs=MADE, max_changes=1, must_pair=[("M1", "S2")])
    with pytest.raises(rmatch.InfeasibleError) as caught:
        rmatch.solve(stated)
    error = caught.value
    assert error.statements == ("must_pair M1 S2", "max_changes")
    assert str(error.relaxation) == "drop must_pair M1 S2"
    assert "at most 1" in str(error)


def test_the_limit_itself_is_raised_where_nothing_cheaper_helps() -> None:
    """Two pairs that must be made break both; one more broken pair is the one change needed."""
    stated = cohort(standing_pairs=MADE, max_changes=1, must_pair=[("M1", "S2"), ("M2", "S1")])
    with pytest.raises(rmatch.InfeasibleError) as caught:
        rmatch.solve(stated)
    assert "max_changes" in caught.value.statements
    assert str(caught.value.relaxation) == "raise the maximum of max_changes from 1 to 2"


def test_standing_pairs_without_a_limit_never_clash() -> None:
    stated = cohort(standing_pairs=MADE, must_pair=[("M1", "S2"), ("M2", "S1")])
    assert rmatch.solve(stated, objectives=CHANGES).objectives["changes"] == 2


# --- proved, kept and checked


def test_the_level_has_a_certificate_that_anyone_can_check() -> None:
    """It is a plain sum, so prices prove it."""
    matching = rmatch.solve(cohort(standing_pairs=MADE), objectives=CHANGES)
    verdict = matching.verify()
    assert verdict.ok
    assert "changes (" in "".join(n for n in verdict.notes if n.startswith("checked to be best"))


def test_a_saved_run_keeps_them_by_pseudonym(tmp_path: Path) -> None:
    stated = cohort(standing_pairs=MADE, max_changes=1, ends=date(2027, 7, 31))
    matching = rmatch.solve(stated, objectives=CHANGES)
    run = matching.save(tmp_path / "run")
    again = rmatch.Matching.load(run)
    assert again.programme == stated
    assert again.verify().ok
    assert '"M1"' not in (run / "run.json").read_text()


def test_a_standing_given_in_code_replaces_that_of_the_settings() -> None:
    stated = cohort(standing_pairs=MADE, max_changes=0)
    other = Standing((("M1", "S2"), ("M2", "S1")), maximum=0)
    assert pairs(rmatch.solve(stated, constraints=[other])) == [("M1", "S2"), ("M2", "S1")]

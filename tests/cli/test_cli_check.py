"""``rmatch check``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cli_cohorts import bad_cohort, form_exports
from cli_golden import assert_golden

import rmatch

SECRETS = ("Asha", "Dean De;", "bo.carr", "nhs.example", "Eli Ford")


def test_a_cohort_full_of_mistakes_reads_as_agreed(call: Any, tmp_path: Path) -> None:
    called = call("check", bad_cohort(tmp_path / "bad"))
    assert (called.code, called.err) == (1, "")
    assert_golden("check_problems", called.out)


def test_names_addresses_and_choices_are_shown_only_when_asked_for(
    call: Any, tmp_path: Path
) -> None:
    folder = bad_cohort(tmp_path / "bad")
    assert not any(secret in call("check", folder).out for secret in SECRETS)
    assert not any(secret in call("check", folder, "--json").out for secret in SECRETS)
    shown = call("check", folder, "--show-values").out
    assert "Dean De" in shown
    assert "bo.carr" in shown
    assert "--show-values" not in shown


def test_problems_as_json(call: Any, tmp_path: Path) -> None:
    folder = bad_cohort(tmp_path / "bad")
    called = call("check", folder, "--json")
    assert (called.code, called.err) == (1, "")
    assert called.json["schema_version"] == 1
    error = called.json["error"]
    assert error["kind"] == "input"
    grade = next(p for p in error["problems"] if p["column"] == "grade")
    assert (grade["file"], grade["row"], grade["value"]) == ("mentors.csv", 2, "Claufel fellow")
    assert any("Clinical fellow" in text for text in grade["suggestions"])
    choices = [p for p in error["problems"] if p["column"] == "choices"]
    assert choices
    assert not any("value" in p or p["suggestions"] for p in choices)
    shown = call("check", folder, "--json", "--show-values").json["error"]["problems"]
    assert {p["value"] for p in shown if p["column"] == "choices"} == {"Dean De", "S99"}
    assert any("shoe size" in (n["column"] or "") for n in error["notices"])


def test_a_good_cohort_tells_what_its_rules_leave(call: Any) -> None:
    called = call("check", rmatch.examples.path("two-trusts"))
    scores = rmatch.score(rmatch.examples.path("two-trusts"))
    assert (called.code, called.err) == (0, "")
    assert f"{int(scores.acceptable.sum())} of 1080 possible pairs allowed" in called.out
    assert "40 mentors" in called.out
    assert max(map(len, called.out.splitlines()[1:-1])) <= 80


def test_a_good_cohort_as_json_counts_pairs_by_rule(call: Any) -> None:
    path = rmatch.examples.path("two-trusts")
    document = call("check", path, "--json").json
    scores = rmatch.score(path)
    codes: dict[str, int] = {}
    for mentor in scores.programme.mentors:
        for mentee in scores.programme.mentees:
            for code in scores.why_excluded(mentor.id, mentee.id):
                codes[code] = codes.get(code, 0) + 1
    assert document["pairs"]["excluded_by"] == codes
    assert document["counts"]["mentors"] == 40
    assert document["ok"] is True


def test_people_whom_nobody_may_meet_are_named(call: Any, tmp_path: Path) -> None:
    tables = {
        "mentors": "id\nM1\nM2\n",
        "mentees": "id\nS1\n",
        "conflicts": "mentor,mentee\nM1,S1\n",
    }
    for name, text in tables.items():
        (tmp_path / f"{name}.csv").write_text(text)
    called = call("check", tmp_path)
    assert "Nobody is allowed for: M1\n" in called.out
    assert "  1: Confidential (confidential)" in called.out


def test_a_file_that_is_not_there_is_a_problem_like_any_other(call: Any) -> None:
    called = call("check", "nowhere.xlsx")
    assert called.code == 1
    assert "does not exist" in called.out


def test_a_form_is_checked_with_its_mapping(call: Any, tmp_path: Path) -> None:
    files = form_exports(tmp_path)
    options = [part for name, path in files.items() for part in (f"--{name}", path)]
    called = call("check", *options)
    assert called.code == 0, called.out
    assert "2 mentors, 2 mentees" in called.out
    assert f"  {tmp_path / 'key.csv'}\n" in called.out


def test_a_mapping_that_is_none_is_a_problem_of_its_file(call: Any, tmp_path: Path) -> None:
    files = form_exports(tmp_path)
    broken = {
        "not TOML": b"a = ",
        "UTF-8": b"\xff\xfe",
        "no mapping": b"a = 3",
        "cannot be read": None,
    }
    for words, content in broken.items():
        files["columns"].unlink(missing_ok=True)
        if content is not None:
            files["columns"].write_bytes(content)
        options = [part for name, path in files.items() for part in (f"--{name}", path)]
        called = call("check", *options)
        assert called.code == 1
        assert words in called.out
        assert "mapping.toml" in called.out


def test_notices_of_a_good_cohort_are_results_here(call: Any, tmp_path: Path) -> None:
    for name in ("mentors", "mentees"):
        (tmp_path / f"{name}.csv").write_text("id\n")
    called = call("check", tmp_path)
    assert (called.code, called.err) == (0, "")
    assert "2 notices (nothing has to be done)" in called.out
    assert "0 of 0 possible pairs allowed" in called.out


def test_a_workbook_nobody_filled_in_is_not_sent_on_to_solving(call: Any, tmp_path: Path) -> None:
    """With nobody on a side, what comes next is filling in, not ``rmatch solve``."""
    workbook = tmp_path / "mine.xlsx"
    call("template", workbook)
    said = call("check", workbook).out
    assert said.endswith("Next: fill in the mentors and the mentees, and check again.\n")
    assert "rmatch solve" not in said

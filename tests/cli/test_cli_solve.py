"""``rmatch solve``."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path
from typing import Any

import pytest
from cli_cohorts import bad_cohort, form_exports

import rmatch
from rmatch.cli import limits, pairing

EXAMPLE = "east-of-england"


@pytest.fixture
def cohort(tmp_path: Path) -> Path:
    return Path(shutil.copytree(rmatch.examples.path(EXAMPLE), tmp_path / "cohort"))


@pytest.fixture
def _unsolvable(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("nothing should be solved")

    monkeypatch.setattr(pairing, "run_stoppable", refuse)


@pytest.mark.usefixtures("cohort")
def test_a_cohort_is_paired_and_its_run_written_beside_it(call: Any, tmp_path: Path) -> None:
    called = call("solve", "--no-documents", "cohort")
    assert (called.code, called.err) == (0, "")
    run = tmp_path / "cohort-run"
    assert {file.name for file in run.iterdir()} == {"run.json", "programme.json", "pairs.csv"}
    with (run / "pairs.csv").open(newline="") as file:
        assert len(list(csv.DictReader(file))) == 14
    assert rmatch.Matching.load(run).status == "optimal"
    for words in ("audit ok", "0 blocking pairs", "optimal", "Written to cohort-run:"):
        assert words in called.out
    assert "rmatch explain cohort-run M01" in called.out


def test_a_workbook_gives_its_run_its_own_name(call: Any, tmp_path: Path) -> None:
    shutil.copy(rmatch.examples.path(EXAMPLE, workbook=True), tmp_path / "spring 2027.xlsx")
    assert call("solve", "--no-documents", tmp_path / "spring 2027.xlsx").code == 0
    assert (tmp_path / "spring 2027-run" / "run.json").is_file()


@pytest.mark.usefixtures("_unsolvable")
def test_a_result_is_never_replaced_unasked_and_that_is_said_before_solving(
    call: Any, cohort: Path, tmp_path: Path
) -> None:
    (tmp_path / "cohort-run").mkdir()
    called = call("solve", "--no-documents", cohort)
    assert (called.code, called.out) == (1, "")
    assert "exists already" in " ".join(called.err.split())
    assert "--force" in called.err


def test_candidates_are_asked_for_and_told_of(call: Any, cohort: Path) -> None:
    """The result says among which pairs it is optimal; every pair is looked at with ``all``."""
    called = call("solve", "--no-documents", cohort, "--candidates", 3)
    assert called.code == 0, called.err
    assert "Optimal among the candidate lists: 3 for each person" in " ".join(called.out.split())
    assert rmatch.Matching.load(f"{cohort}-run").candidates == 3
    assert call("solve", "--no-documents", cohort, "--candidates", "all", "--force").code == 0
    assert rmatch.Matching.load(f"{cohort}-run").candidates is None


def test_a_large_cohort_is_given_a_minute_unless_somebody_says_otherwise(
    call: Any, cohort: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said before pairing begins, as is what gives it longer."""
    monkeypatch.setattr(limits, "MOST_UNLIMITED", 13)
    monkeypatch.setattr(limits, "SECONDS", 0.0)
    told = "14 mentors and 14 mentees can take long"
    called = call("solve", "--no-documents", cohort)
    assert called.code == 0
    assert told in " ".join(called.err.split())
    assert "--time-limit 600" in " ".join(called.err.split())
    assert "The time limit was reached" in called.out
    called = call("solve", "--no-documents", cohort, "--force", "--time-limit", 60)
    assert (called.err, "14 pairs, 0 unmatched, 0 blocking pairs, optimal" in called.out) == (
        "",
        True,
    )
    monkeypatch.setattr(limits, "MOST_UNLIMITED", 14)
    assert call("solve", "--no-documents", cohort, "--force").err == ""


def test_a_time_limit_of_the_settings_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the coordinator set is what they want, also for a large cohort."""
    monkeypatch.setattr(limits, "MOST_UNLIMITED", 0)
    programme = rmatch.Programme(mentors=[{"id": "M1"}], mentees=[{"id": "S1"}])
    assert limits.limit_of(programme, None) == limits.SECONDS
    assert limits.limit_of(programme, 5.0) == 5.0
    set_before = programme.model_copy(
        update={"settings": programme.settings.replace(time_limit=7.0)}
    )
    assert limits.limit_of(set_before, None) is None


@pytest.mark.usefixtures("_unsolvable")
def test_a_strange_number_of_candidates_is_refused(call: Any, cohort: Path) -> None:
    """Nothing is solved, and what may be given is said."""
    called = call("solve", "--no-documents", cohort, "--candidates", "0")
    assert called.code != 0
    assert "number from 1 to 10000, or all" in " ".join(called.err.split())


def test_force_replaces_a_run(call: Any, cohort: Path) -> None:
    assert call("solve", "--no-documents", cohort, "--seed", 1).code == 0
    assert call("solve", "--no-documents", cohort, "--seed", 2, "--force").code == 0
    assert rmatch.Matching.load(f"{cohort}-run").seed == 2


@pytest.mark.usefixtures("_unsolvable")
def test_force_replaces_nothing_that_rmatch_did_not_write(call: Any, cohort: Path) -> None:
    called = call("solve", "--no-documents", cohort, "--force", "--out", cohort)
    assert called.code == 1
    assert "no run folder" in " ".join(called.err.split())
    assert (cohort / "mentors.csv").is_file()


def test_the_result_as_json(call: Any, cohort: Path) -> None:
    called = call("solve", "--no-documents", cohort, "--json", "--out", "here")
    assert (called.code, called.err) == (0, "")
    document = called.json
    matching = rmatch.Matching.load("here")
    assert document["schema_version"] == 1
    assert document["status"] == "optimal"
    assert document["objectives"] == dict(matching.objectives)
    assert [(p["mentor"], p["mentee"]) for p in document["pairs"]] == [
        (pair.mentor, pair.mentee) for pair in matching.pairs
    ]
    assert document["audit"]["ok"] is True
    assert document["run"] == "here"
    assert all(level["proved"] for level in document["levels"])
    assert "names" not in document


def test_the_same_input_prints_the_same_bytes(call: Any, cohort: Path) -> None:
    first = call("solve", "--no-documents", cohort, "--json", "--force")
    assert call("solve", "--no-documents", cohort, "--json", "--force") == first


def test_names_and_addresses_are_printed_only_when_asked_for(call: Any, cohort: Path) -> None:
    people = list(rmatch.load(cohort).people)
    secrets = {text for person in people for text in (person.name, person.email) if text}
    plain = call("solve", "--no-documents", cohort)
    as_json = call("solve", "--no-documents", cohort, "--force", "--json")
    for called in (plain, as_json):
        assert not any(secret in called.out + called.err for secret in secrets)
    named = call("solve", "--no-documents", cohort, "--force", "--json", "--names").json
    assert named["names"] == {person.id: person.name for person in people}
    shown = call("solve", "--no-documents", cohort, "--force", "--names").out
    assert all(word in shown for person in people for word in str(person.name).split())
    assert max(map(len, _table(shown))) <= 80


def _table(text: str) -> list[str]:
    return text.split("\nWritten to", maxsplit=1)[0].splitlines()


def test_notices_go_to_stderr(call: Any, cohort: Path) -> None:
    (cohort / "mentores.csv").write_text("id\n")
    called = call("solve", "--no-documents", cohort)
    assert called.code == 0
    assert "mentores.csv" in called.err
    assert "mentores.csv" not in called.out


def test_problems_stop_it_and_go_to_stderr(call: Any, tmp_path: Path) -> None:
    called = call("solve", "--no-documents", bad_cohort(tmp_path / "bad"))
    assert (called.code, called.out) == (1, "")
    assert "Claufel fellow" in called.err
    assert "bo.carr" not in called.err
    assert not (tmp_path / "bad-run").exists()


@pytest.mark.usefixtures("_failing_audit")
def test_a_result_that_fails_its_audit_is_not_written(
    call: Any, cohort: Path, tmp_path: Path
) -> None:
    called = call("solve", "--no-documents", cohort)
    assert (called.code, called.out) == (1, "")
    assert "illegal pair: M01 – S04" in called.err
    error = call("solve", "--no-documents", cohort, "--json").json["error"]
    assert (error["kind"], error["findings"][0]["kind"]) == ("audit", "illegal pair")
    assert [path.name for path in tmp_path.iterdir()] == ["cohort"]


def test_objectives_strategy_and_seed_reach_the_solver(call: Any, cohort: Path) -> None:
    call(
        "solve",
        "--no-documents",
        cohort,
        "--objectives",
        "stability, pairs,score",
        "--out",
        "a",
        "--seed",
        "5",
    )
    call("solve", "--no-documents", cohort, "--strategy", "best_score", "--out", "b")
    assert rmatch.Matching.load("a").order == ("stability", "pairs", "score")
    assert rmatch.Matching.load("a").seed == 5
    assert rmatch.Matching.load("b").strategy == "best_score"


def test_an_algorithm_is_named_and_not_called_unfinished(call: Any, cohort: Path) -> None:
    """The command line says which algorithm made the pairs, and blames no time limit."""
    called = call("solve", "--no-documents", cohort, "--strategy", "greedy", "--out", "a")
    assert called.code == 0
    assert "Made by greedy, and counted afterwards at these levels" in called.out
    assert "not reached" not in called.out
    assert rmatch.Matching.load("a").strategy == "greedy"


def test_no_time_at_all_gives_a_result_that_says_it_is_not_proved(call: Any, cohort: Path) -> None:
    called = call("solve", "--no-documents", cohort, "--time-limit", "0")
    assert called.code == 0
    assert "feasible" in called.out
    assert "optimal," not in called.out
    assert "The time limit was reached" in called.out
    assert "not proved" in called.out


@pytest.mark.usefixtures("_unsolvable")
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Give COHORT"),
        (("cohort", "--mentors", "m.csv"), "not both"),
        (("--mentors", "m.csv"), "--mentees"),
        (("cohort", "--strategy", "luck"), "luck"),
        (("cohort", "--objectives", "pairs,luck"), "luck"),
        (("cohort", "--objectives", "pairs", "--strategy", "stable"), "not both"),
        (("cohort", "--strategy", "Greedy"), "Unknown strategy 'Greedy'; known are stable"),
        (("cohort", "--strategy", ""), "Unknown strategy ''"),
        (("cohort", "--time-limit", "-1"), "time-limit"),
        (("cohort", "--sead", "1"), "sead"),
    ],
)
def test_a_call_that_makes_no_sense_is_exit_2(
    call: Any, arguments: tuple[str, ...], words: str
) -> None:
    called = call("solve", "--no-documents", *arguments)
    assert (called.code, called.out) == (2, "")
    assert words in called.err


def test_forms_are_paired_by_their_mapping(call: Any, tmp_path: Path) -> None:
    files = form_exports(tmp_path)
    options = [part for name, path in files.items() for part in (f"--{name}", path)]
    called = call("solve", "--no-documents", *options)
    assert called.code == 0, called.err
    assert f"  {tmp_path / 'key.csv'}\n" in called.out
    matching = rmatch.Matching.load(tmp_path / "mentors-run")
    assert ("M01", "S02") in {(pair.mentor, pair.mentee) for pair in matching.pairs}


def test_a_cohort_of_nobody_is_paired_too(call: Any, tmp_path: Path) -> None:
    for name in ("mentors", "mentees"):
        (tmp_path / f"{name}.csv").write_text("id\n")
    called = call("solve", "--no-documents", tmp_path, "--out", tmp_path / "run")
    assert called.code == 0
    assert "0 pairs, 0 unmatched" in called.out


def test_pairs_under_a_waiver_are_shown(call: Any, tmp_path: Path) -> None:
    """Where warnings are, when pairs are made and for a panel that reads them later."""
    cohort = tmp_path / "waived"
    shutil.copytree(rmatch.examples.path("east-of-england"), cohort)
    with (cohort / "settings.toml").open("a", encoding="utf-8") as settings:
        settings.write('\nwaivers = [["M01", "S05", "hos_own_school"]]\n')
        settings.write('must_pair = ["M01 with S05"]\n')
    checked = call("check", cohort)
    assert "1 waiver stated" in checked.out
    assert call("check", cohort, "--json").json["counts"]["waivers"] == 1
    called = call("solve", "--no-documents", cohort)
    label = "Head of the mentor's own School, in the same region"
    assert "1 pair made under a waiver of the coordinator:" in called.out
    assert f"- {label} (hos_own_school)\n    M01–S05" in called.out
    run = tmp_path / "waived-run"
    assert "waived: Head" in call("explain", run, "--audience", "panel").out
    document = call("explain", run, "--json").json
    assert [(one["mentor"], one["rule"]) for one in document["waived"]] == [
        ("M01", "hos_own_school")
    ]

"""``rmatch next`` and ``rmatch check --since``."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from cli_golden import assert_golden

import rmatch
from deciding import WHEN
from rmatch.rematching.decisions import Approve, Decision, Declared, End, Forbid, Join, Withdraw


@pytest.fixture
def run(runs: dict[str, Path], tmp_path: Path) -> Path:
    """A run in which a pair ended, somebody withdrew and somebody joined."""
    folder = Path(shutil.copytree(runs["two-trusts"], tmp_path / "run"))
    matching = rmatch.Matching.load(folder)
    (m, s), (m2, s2), (m3, _) = [(p.mentor, p.mentee) for p in matching.pairs[:3]]
    decisions: list[Decision] = [
        *(Approve(m, s, acknowledged=True), End(m, s, "concern")),
        *(Approve(m2, s2, acknowledged=True), Withdraw(s2, "away")),
        *(Join("M77", "mentor", "late"), Declared(m3, s, "grievance"), Forbid(m, s2)),
    ]
    for decision in decisions:
        matching.record(folder, decision, who="AB", when=WHEN)
    return folder


@pytest.mark.parametrize("name", ["next.xlsx", "next.json", "next"])
def test_every_way_of_writing_loads_back_as_the_same_cohort(
    run: Path, call: Any, name: str
) -> None:
    called = call("next", run, "--out", name)
    assert called.code == 0, called.err
    matching = rmatch.Matching.load(run)
    assert rmatch.load(name) == matching.next_programme(run)


def test_it_says_who_is_carried_over_and_what_is_kept(run: Path, call: Any) -> None:
    called = call("next", run, "--out", "next.xlsx", "--stay", "M03", "--withdrawn", "M01")
    assert called.code == 0, called.err
    assert_golden("next_two_trusts", called.out + called.err)


def test_it_says_so_as_json(run: Path, call: Any) -> None:
    document = call("next", run, "--out", "next.json", "--json").json
    after = rmatch.load("next.json")
    assert document["carried_over"] == [one.id for one in after.people if one.carried_over]
    assert document["joined_without_form"] == ["M77"]
    assert document["dormant"] == len(after.dormant)
    assert document["written"] == "next.json"
    assert document["left"] == 67 - len(after.by_id)


def test_the_next_cohort_is_checked_and_solved_like_any_other(run: Path, call: Any) -> None:
    """Nobody meets again whom the history or a conflict keeps apart."""
    call("next", run, "--out", "next")
    checked = call("check", "next")
    assert checked.code == 0
    assert "27 conflicts with people who are not here, kept until both are" in checked.out
    assert call("check", "next", "--json").json["counts"]["dormant"] == 27
    assert call("solve", "--no-documents", "next").code == 0
    again = rmatch.Matching.load("next-run")
    assert again.programme is not None
    old = {(one.mentor, one.mentee) for one in again.programme.history}
    assert not old & {(one.mentor, one.mentee) for one in again.pairs}


def test_nothing_is_replaced_unasked(run: Path, call: Any) -> None:
    Path("next.json").write_text("mine")
    refused = call("next", run, "--out", "next.json")
    assert (refused.code, refused.out) == (1, "")
    assert "exists already" in refused.err
    assert Path("next.json").read_text() == "mine"
    assert call("next", run, "--out", "next.json", "--force").code == 0
    json.loads(Path("next.json").read_text())


@pytest.mark.parametrize(
    ("options", "code", "words"),
    [
        (("--out", "next.csv"), 2, "a .xlsx workbook, a .json file or a folder"),
        (("--out", "next.json", "--stay", "M99"), 1, "has the id M99"),
        (("--out", "next.json", "--withdrawn", "nobody"), 1, "has the id nobody"),
    ],
)
def test_what_makes_no_sense_is_refused(
    run: Path, call: Any, options: tuple[str, ...], code: int, words: str
) -> None:
    called = call("next", run, *options)
    assert (called.code, called.out) == (code, "")
    assert words in " ".join(called.err.split())
    assert not Path("next.json").exists()


def test_a_run_without_people_has_no_next_cohort(call: Any, tmp_path: Path) -> None:
    plain = rmatch.solve(rmatch.Instance.from_rankings(mentors=[[[0]]], mentees=[[[0]]]))
    plain.save(tmp_path / "plain")
    for called in (
        call("next", "plain", "--out", "next.json"),
        call("check", rmatch.examples.path("two-trusts"), "--since", "plain"),
    ):
        assert called.code == 2
        assert "without people" in called.err


def test_somebody_who_left_is_erased_on_the_command_line(run: Path, call: Any) -> None:
    """A conflict with them is all that the next cohort's run still says of them."""
    call("next", run, "--out", "next")
    call("solve", "--no-documents", "next")
    people = json.loads(Path("next-run/programme.json").read_text())
    named = {row[end] for row in people["programme"]["dormant"] for end in ("mentor", "mentee")}
    gone = min(named - people["pseudonyms"].keys())
    assert call("erase", "next-run", gone, "--yes").code == 0
    assert f'"{gone}"' not in Path("next-run/programme.json").read_text()
    assert "nobody in next-run" in call("erase", "next-run", gone, "--yes").err


# --- what changed


def test_the_same_file_loaded_again_says_what_changed(call: Any, tmp_path: Path) -> None:
    """By id and field; no name, no value."""
    for name, rows in {
        "old": "id,name,employer\nM1,Ann Bell,North Trust\nM2,Bo Carr,\n",
        "new": "id,name,employer\nM1,Ann Bell,South Trust\nM3,Cy Dunn,\n",
    }.items():
        (tmp_path / name).mkdir()
        (tmp_path / name / "mentors.csv").write_text(rows)
        (tmp_path / name / "mentees.csv").write_text("id\nS1\n")
    (tmp_path / "new" / "settings.toml").write_text("seed = 5\n")
    (tmp_path / "new" / "conflicts.csv").write_text("mentor,mentee\nM3,S1\n")
    called = call("check", "new", "--since", "old")
    assert called.code == 0, called.err
    assert_golden("check_since", called.out)
    document = call("check", "new", "--since", "old", "--json").json
    assert document["changes"] == [
        {"what": "left", "person": "M2", "fields": []},
        {"what": "changed", "person": "M1", "fields": ["employer"]},
        {"what": "joined", "person": "M3", "fields": []},
        {"what": "changed", "person": None, "fields": ["conflicts", "settings.seed"]},
    ]
    assert "Trust" not in json.dumps(document)


def test_a_cohort_is_compared_with_the_run_that_was_made_of_it(run: Path, call: Any) -> None:
    same = call("check", rmatch.examples.path("two-trusts"), "--since", run)
    assert same.code == 0, same.err
    assert "Nothing is different from" in same.out
    assert "changes" not in call("check", rmatch.examples.path("two-trusts"), "--json").json

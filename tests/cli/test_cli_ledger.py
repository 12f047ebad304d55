"""``rmatch log``, ``erase``, ``purge``: what they say, what they ask, what they leave."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import rmatch
from deciding import WHEN, decide_all
from rmatch.cli.app import app
from rmatch.rematching.decisions import (
    Accept,
    Approve,
    Capacity,
    Decision,
    Declared,
    Decline,
    End,
    Forbid,
    Join,
    Keep,
    Offer,
    Start,
    Undo,
    Withdraw,
)
from rmatch.rematching.ledger import read_ledger

Call = Callable[..., Any]


@pytest.fixture
def run(runs: dict[str, Path], tmp_path: Path) -> Path:
    """A run about which something of every kind was decided."""
    folder = Path(shutil.copytree(runs["east-of-england"], tmp_path / "east"))
    matching = rmatch.Matching.load(folder)
    (m, s), (m2, s2), (m3, s3) = [(p.mentor, p.mentee) for p in matching.pairs[:3]]
    decisions: list[Decision] = [
        *(Approve(m, s, acknowledged=True), Offer(m, s), Accept(m, s, "mentor")),
        *(Offer(m, s, "mentee"), Accept(m, s, "mentee"), Start(m, s), End(m, s, "no_fault")),
        *(Approve(m2, s2, acknowledged=True), Offer(m2, s2, "both")),
        *(Decline(m2, s2, "mentee", "no_time"), Keep(m3, s3, "already_met"), Undo(12, "mistake")),
        *(Forbid(m2, s, "judgement"), Join("M77", "mentor", "late"), Capacity("M77", 2)),
        *(
            Declared(m3, s3, "line_manager", date(2027, 1, 31), reason="found"),
            Withdraw(m2, "away"),
        ),
        Declared(m3, s2, "grievance"),
    ]
    decide_all(matching, folder, *decisions)
    return folder


def test_every_decision_is_told_in_words(run: Path, call: Call) -> None:
    """By id for the coordinator; the head of the chain is there to be noted."""
    told = call("log", run)
    assert (told.code, told.err) == (0, "")
    out = " ".join(told.out.split())
    for words in (
        "1 2026-09-01 09:30 AB had 14 pairs proposed by the matching",
        "AB approved M01 with S04",
        "offered M01 with S04 to the mentor",
        "noted that the mentee accepted M01 with S04",
        "ended M01 with S04 (no fault)",
        "to both",
        "noted that the mentee declined M02 with S07 (no time)",
        "kept M03 with S06 (already met); undone since",
        "undid entry 12 (mistake)",
        "let M77 join as a mentor (late)",
        "set the places of M77 to 2",
        "declared a conflict of M03 and S06: line_manager, until 2027-01-31 (found)",
        "declared a conflict of M03 and S07: confidential",
        "withdrew M02 (away)",
        "The chain of 19 entries holds.",
        str(read_ledger(run).head),
    ):
        assert words in out, words
    assert "grievance" not in told.out


def test_an_auditor_reads_pseudonyms(run: Path, call: Call) -> None:
    """No id, no initials; the same head."""
    told = call("log", run, "--audience", "auditor")
    people = rmatch.Matching.load(run).pseudonyms.names
    for person in (*people, "M77", " AB "):
        assert person not in told.out
    assert people["M01"] in told.out
    assert str(read_ledger(run).head) in told.out


def test_the_log_as_json(run: Path, call: Call) -> None:
    """One document, the fields as the ledger has them."""
    document = call("log", run, "--json").json
    assert [entry["number"] for entry in document["entries"]] == list(range(1, 20))
    assert document["entries"][11] == {
        "number": 12,
        "time": "2026-09-01T09:30:00+00:00",
        "who": "AB",
        "kind": "keep",
        "fields": {"mentor": "M03", "mentee": "S06", "reason": "already_met"},
        "undone": True,
    }
    assert document["entries"][18]["fields"]["rule"] == "confidential"
    assert (document["torn"], document["set_aside"]) == (False, [])


def test_nothing_decided_a_torn_line_a_broken_chain(
    run: Path, runs: dict[str, Path], call: Call
) -> None:
    """Each is said."""
    assert call("log", runs["two-trusts"]).out.startswith("Nothing has been decided")
    with (run / "ledger.jsonl").open("ab") as ledger:
        ledger.write(b'{"fiel')
    assert "Behind entry 19 stands the beginning of a line" in call("log", run).err
    rmatch.Matching.load(run).record(run, Capacity("M05", 2), who="AB", when=WHEN)
    assert "set aside: ledger.torn-0020-" in " ".join(call("log", run).err.split())
    text = (run / "ledger.jsonl").read_text()
    (run / "ledger.jsonl").write_text(text.replace('"no_time"', '"own_wish"'))
    told = call("log", run)
    assert told.code == 1
    assert "the chain breaks at line 11" in " ".join(told.err.split())
    assert call("log", run, "--json").json["error"]["kind"] == "run_folder"


def test_erasing_asks_first(run: Path, call: Call) -> None:
    """Without an answer nothing is done."""
    before = (run / "programme.json").read_bytes()
    asked = CliRunner().invoke(app, ["erase", str(run), "S04"], input="n\n")
    assert asked.exit_code == 1
    assert "Erase S04 from" in asked.stderr
    assert call("erase", run, "S04").code == 1
    assert (run / "programme.json").read_bytes() == before
    agreed = CliRunner().invoke(app, ["erase", str(run), "S04"], input="y\n")
    assert agreed.exit_code == 0
    assert "S04" not in (run / "programme.json").read_text()


def test_erasing_says_what_is_left_and_what_it_did_not_reach(run: Path, call: Call) -> None:
    """In words, and as JSON; then the log calls them by pseudonym."""
    (run / "letter.txt").write_text("Dear")
    done = call("erase", run, "S04", "--yes")
    assert done.code == 0
    assert "Left of them is the pseudonym p_" in " ".join(done.out.split())
    assert "key.csv, other runs" in " ".join(done.out.split())
    assert "not looked into: letter.txt" in " ".join(done.err.split())
    document = call("erase", run, "M02", "--yes", "--json").json
    assert document["untouched"] == ["letter.txt"]
    assert "S04" not in call("log", run).out
    assert "has lost people: 2 erased" in " ".join(call("explain", run).err.split())
    unknown = call("erase", run, "S04", "--yes")
    assert (unknown.code, "has the id S04" in " ".join(unknown.err.split())) == (1, True)


@pytest.fixture
def ended(tmp_path: Path) -> Path:
    """A folder with a run that ended, and one that says no end."""
    home = tmp_path / "home"
    home.mkdir()
    for name, ends in (("old", date(2025, 7, 31)), ("new", None)):
        programme = rmatch.Programme(
            mentors=[{"id": "M1"}], mentees=[{"id": "S1"}], settings=rmatch.Settings(ends=ends)
        )
        rmatch.solve(programme).save(home / name)
    return home


def test_purging_lists_and_asks_first(ended: Path, call: Call) -> None:
    """Then says what it did and what it left, and why."""
    asked = CliRunner().invoke(app, ["purge", str(ended), "--before", "2026-01-01"], input="n\n")
    assert asked.exit_code == 1
    assert "To be purged:" in asked.stderr
    assert "M1" in (ended / "old" / "programme.json").read_text()
    (ended / "old" / "notes.txt").write_text("x")
    done = call("purge", ended, "--before", "2026-01-01", "--yes")
    assert done.code == 0
    assert "Purged 1 run" in done.out
    assert "its settings give no last day" in " ".join(done.out.split())
    assert "old/notes.txt" in done.err
    assert "M1" not in (ended / "old" / "programme.json").read_text()
    again = call("purge", ended, "--before", "2026-01-01")
    assert "Nothing is due." in again.out
    assert "purged already" in " ".join(again.out.split())
    assert call("purge", ended, "--before", "2026-01-01", "--json").json["purged"] == []


def test_a_date_is_a_date(ended: Path, call: Call) -> None:
    """Anything else is a mistake in the call."""
    assert call("purge", ended, "--before", "last year").code == 2
    assert call("purge", ended).code == 2


def test_solving_again_keeps_the_ledger_and_says_so(call: Call, tmp_path: Path) -> None:
    """``--force`` replaces the run around it."""
    cohort = rmatch.examples.path("east-of-england")
    first = call("solve", "--no-documents", cohort, "--out", tmp_path / "run")
    assert "ledger.jsonl" not in first.out
    matching = rmatch.Matching.load(tmp_path / "run")
    matching.record(tmp_path / "run", Capacity("M01", 2), who="AB", when=WHEN)
    told = call("solve", "--no-documents", cohort, "--out", tmp_path / "run", "--force")
    assert "ledger.jsonl      the decisions of the run before it: kept" in told.out
    assert json.loads((tmp_path / "run" / "aliases.json").read_text())["schema_version"] == 1
    assert len(read_ledger(tmp_path / "run").entries) == 2

"""``rmatch equity``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from cli_cohorts import write_table
from cli_golden import assert_golden

import rmatch

Runs = dict[str, Path]


@pytest.fixture
def monitoring(tmp_path: Path) -> Path:
    """Invented answers for everybody of the two-trusts example."""
    people = rmatch.load(rmatch.examples.path("two-trusts")).people
    races = ["White", "Asian", "White", "Black", "Asian", ""]
    rows = [
        [p.id, "Female" if k % 5 < 3 else "Male", races[k % 6], "No" if k % 9 else "Yes"]
        for k, p in enumerate(people)
    ]
    path = tmp_path / "monitoring.csv"
    write_table(path, [["id", "sex", "race", "disability"], *rows])
    return path


def test_the_report_reads_as_agreed(call: Any, runs: Runs, monitoring: Path) -> None:
    called = call("equity", runs["two-trusts"], monitoring)
    assert (called.code, called.err) == (0, "")
    assert max(map(len, called.out.splitlines())) <= 80
    assert_golden("equity_two_trusts", called.out)


def test_the_report_as_json_says_the_same(call: Any, runs: Runs, monitoring: Path) -> None:
    document = call("equity", runs["two-trusts"], monitoring, "--minimum", "5", "--json").json
    report = rmatch.Matching.load(runs["two-trusts"]).equity(monitoring, minimum=5)
    assert document["minimum"] == 5
    assert [row["people"] for row in document["rows"]] == [row.people for row in report.rows]
    assert document["withheld"] == [
        {"side": one.side, "characteristic": one.characteristic, "reason": one.reason}
        for one in report.withheld
    ]
    assert document["limits"]
    assert document["rows"][0]["match_rate"] == {"value": 95.0, "low": 83.5, "high": 98.6, "of": 40}


def test_a_minimum_that_protects_nobody_is_refused(call: Any, runs: Runs, monitoring: Path) -> None:
    called = call("equity", runs["two-trusts"], monitoring, "--minimum", "2")
    assert (called.code, called.out) == (2, "")


def test_a_table_that_cannot_be_used_is_told_without_its_answers(
    call: Any, runs: Runs, tmp_path: Path
) -> None:
    path = tmp_path / "m.csv"
    write_table(path, [["id", "sex"], ["M01", "Zebra"], ["Zebra", "Zebra"]])
    called = call("equity", runs["two-trusts"], path)
    assert (called.code, called.out) == (1, "")
    assert "row 3, column id: is not the id of anybody here" in called.err
    assert "Zebra" not in called.err
    asked = call("equity", runs["two-trusts"], path, "--json")
    assert asked.json["error"]["kind"] == "input"
    assert "Zebra" not in asked.out


def test_the_run_folder_is_left_as_it_was(call: Any, runs: Runs, monitoring: Path) -> None:
    before = {path: path.read_bytes() for path in runs["two-trusts"].iterdir()}
    assert call("equity", runs["two-trusts"], monitoring).code == 0
    assert {path: path.read_bytes() for path in runs["two-trusts"].iterdir()} == before

"""``rmatch what-if``: side by side with the run, which stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rmatch

Call = Callable[..., Any]


@pytest.fixture
def run(runs: dict[str, Path]) -> Path:
    return runs["east-of-england"]


def test_both_are_shown_and_nothing_is_written(run: Path, call: Call) -> None:
    before = {path: path.read_bytes() for path in run.iterdir()}
    called = call(
        *("what-if", run, "--forbid", "M01:S04", "--weight", "topics=60"),
        *("--capacity", "S05:2", "--waive", "same_employer"),
    )
    assert called.code == 0
    assert "as it is     14" in called.out
    assert "what if      14" in called.out
    assert "  - M01 – S04 (55.2) ends: it is not allowed any more.\n" in called.out
    assert {path: path.read_bytes() for path in run.iterdir()} == before
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("columns", [80, 100])
def test_many_levels_are_told_in_lines_that_fit(
    run: Path, call: Call, monkeypatch: pytest.MonkeyPatch, columns: int
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    old = rmatch.Matching.load(run)
    rmatch.rematch(old, withdrawn=["M05"]).save("later")
    out = call("what-if", "later", "--forbid", "M01:S04").out
    assert max(map(len, out.splitlines())) <= columns
    table = [line.split() for line in out.split("pairs new")[0].splitlines()]
    assert table[0] == ["what", "if", "as", "it", "is", "what", "if"]
    assert [line[0] for line in table[2:]] == [
        *("pairs", "people", "priority", "changes", "stability", "warnings", "score", "pairs"),
    ]


def test_it_is_kept_where_asked(run: Path, call: Call) -> None:
    called = call("what-if", run, "--keep", "M01:S07", "--out", "other")
    assert called.code == 0
    assert "Written, as a run of its own, to:\n  other\n" in called.out
    pairs = rmatch.Matching.load("other").pairs
    assert ("M01", "S07") in {(pair.mentor, pair.mentee) for pair in pairs}
    again = call("what-if", run, "--keep", "M01:S07", "--out", "other")
    assert (again.code, "exists already" in again.err) == (1, True)


def test_json_for_a_program(run: Path, call: Call) -> None:
    called = call("what-if", run, "--forbid", "M01:S04", "--json")
    assert called.json["as_it_is"]["objectives"]["pairs"] == 14
    fates = {(one["mentor"], one["mentee"]): one["change"] for one in called.json["pairs"]}
    assert fates["M01", "S04"] == "excluded"
    assert {one["person"] for one in called.json["changes"]} >= {"M01", "S04"}


def test_names_only_where_asked(run: Path, call: Call) -> None:
    name = next(p.name for p in rmatch.Matching.load(run).programme.people if p.id == "M01")
    asked = ("what-if", run, "--forbid", "M01:S04")
    assert str(name) not in call(*asked).out
    assert str(name).split()[0] in call(*asked, "--names").out


@pytest.mark.parametrize("sign", [":", "="])
def test_places_are_written_with_a_colon_or_an_equals_sign(
    run: Path, call: Call, sign: str
) -> None:
    called = call("what-if", run, "--capacity", f"S05{sign}0", "--json")
    assert called.code == 0
    assert "S05" in {one["person"] for one in called.json["changes"]}


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ((), 2, "Say what would be different"),
        (("--forbid", "M01"), 2, "--forbid M01 is not two people: write --forbid M01:S06."),
        (("--weight", "topics"), 2, "write --weight topics=60."),
        (("--capacity", "S05=-1"), 2, "write --capacity S05:2."),
        (("--forbid", "M01:S04:S05"), 2, "is not two people"),
        (("--capacity", ":2"), 2, "write --capacity S05:2."),
        (("--waive", "line_manager"), 1, "can never be waived"),
        (("--keep", "M01:S04", "--keep", "M02:S04"), 1, "these cannot all hold"),
    ],
)
def test_what_makes_no_sense_is_said(
    run: Path, call: Call, options: tuple[str, ...], code: int, said: str
) -> None:
    called = call("what-if", run, *options)
    assert called.code == code
    assert said in called.err

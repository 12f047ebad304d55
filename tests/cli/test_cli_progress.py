"""The live line while pairing: what the solver tells, on a terminal and nowhere else."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import rmatch
from rmatch.cli.pairing import Wishes, pair
from rmatch.cli.progress import Latest, progress_text
from rmatch.programme.settings import OBJECTIVES
from rmatch.solution import Progress, Value

NOBODY = rmatch.Programme(mentors=[{"id": "M1"}], mentees=[{"id": "S1"}])


@pytest.mark.parametrize(
    ("level", "best", "bound", "text"),
    [
        ("pairs", None, None, "pairs"),
        ("pairs", None, 40, "pairs"),
        ("pairs", 38, None, "pairs, best 38"),
        ("pairs", 38, 40, "pairs, best 38, at most 40"),
        ("pairs", 40, 40, "pairs, proved"),
        ("stability", 3, 1, "stability, best 3, at least 1"),
        ("score", 103_250, 103_990, "score, best 1032.5, at most 1039.9"),
        ("tie_break", 7, 9, "tie_break"),
        ("leximin", (4_200, 5_000), None, "leximin"),
        ("leximin", (4_200, 5_000), (4_500,), "leximin, the worst-off at most 45.0"),
        (
            "rank_maximal",
            (5, 3, 1),
            (5, 4),
            "rank_maximal, proved to rank 1; at most 4 of rank 2",
        ),
        ("generous", (0, 3), (0, 3), "generous, proved"),
        ("a new one", 3, 4, "a new one, best 3"),
    ],
)
def test_the_line_says_the_level_and_how_far_it_is(
    level: str, best: Value | None, bound: Value | None, text: str
) -> None:
    assert progress_text(Progress(level, best, bound, 1.5)) == text


@pytest.mark.parametrize("level", OBJECTIVES)
def test_every_level_can_be_told(level: str) -> None:
    """Also one that nobody thought of here."""
    vector = level in ("leximin", "rank_maximal", "generous")
    best: Value = (0,) * 200 if vector else 3
    bound: Value = (*(0,) * 100, 99) if vector else 4
    assert progress_text(Progress(level, best, bound, 1.0)).startswith(level)


def test_what_was_told_last_is_shown_as_far_as_there_is_room() -> None:
    latest = Latest()
    assert latest.text(80) == ""
    latest(Progress("pairs", 3, 4, 0.1))
    latest(Progress("people", 6, 8, 0.2))
    assert latest.text(80) == "people, best 6, at most 8"
    assert latest.text(18) == "people, best 6, …"
    assert latest.text(0) == "…"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The calls of ``rmatch.solve``, which tells something and then solves."""
    calls: list[dict[str, Any]] = []
    solve = rmatch.solve

    def telling(
        programme: rmatch.Programme,
        *,
        progress: Callable[[Progress], None] | None = None,
        **rest: Any,
    ) -> rmatch.Matching:
        calls.append({"progress": progress, **rest})
        if progress is not None:
            progress(Progress("stability", 3, 1, 0.1))
        return solve(programme, **rest)

    monkeypatch.setattr(rmatch, "solve", telling)
    return calls


def test_the_solver_is_asked_to_tell_where_somebody_watches(
    asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    pair(NOBODY, Wishes(seed=3))
    (call,) = asked
    assert call["progress"].text(80) == "stability, best 3, at least 1"
    assert call["seed"] == 3


def test_in_a_pipe_the_solver_is_not_asked_to_tell(asked: list[dict[str, Any]]) -> None:
    pair(NOBODY)
    assert asked[0]["progress"] is None


def test_nor_where_only_the_result_is_wanted(
    asked: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    pair(NOBODY, quiet=True)
    assert asked[0]["progress"] is None
    assert capsys.readouterr() == ("", "")


def test_what_is_done_at_once_loads_no_live_line(tmp_path: Path) -> None:
    """On a terminal too: the line, and rich, are made when a second has passed."""
    code = (
        "import sys; sys.stderr.isatty = lambda: True\n"
        "from rmatch.cli.progress import progress\n"
        "with progress('Pairing'): pass\n"
        "print([name for name in sys.modules if name.split('.')[0] == 'rich'])"
    )
    finished = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path
    )
    assert finished.stdout.strip() == "[]"

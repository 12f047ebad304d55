"""What a terminal shows: its own width, tables by rich, and one line while waiting."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

import rmatch
from rmatch.cli.output import page_width, say, say_table
from rmatch.cli.progress import progress

if sys.platform == "win32":
    pytest.skip("needs pseudo-terminals", allow_module_level=True)

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]")


def on_terminal(*arguments: str, columns: int = 80) -> str:
    """What ``python …`` writes to a terminal of so many columns."""
    leader, follower = os.openpty()
    environment = {**os.environ, "COLUMNS": str(columns), "TERM": "xterm-256color"}
    with subprocess.Popen(
        [sys.executable, *arguments], stdout=follower, stderr=follower, env=environment
    ) as process:
        os.close(follower)
        text = b"".join(iter(lambda: _read(leader), b""))
        process.wait(timeout=120)
    os.close(leader)
    return text.decode().replace("\r\n", "\n")


def _read(leader: int) -> bytes:
    try:
        return os.read(leader, 65_536)
    except OSError:  # Linux's way to say that the other end is closed
        return b""


@pytest.mark.parametrize("example", rmatch.examples.names())
def test_a_terminal_of_80_columns_shows_whole_lines(example: str) -> None:
    text = on_terminal("-m", "rmatch", "demo", "--example", example)
    assert "\x1b[1m" in text
    assert max(map(len, ESCAPES.sub("", text).splitlines())) <= 80


def test_a_narrow_terminal_is_respected(tmp_path: Path) -> None:
    text = on_terminal("-m", "rmatch", "demo", columns=60)
    assert max(map(len, ESCAPES.sub("", text).splitlines())) <= 60
    assert list(tmp_path.iterdir()) == []


def test_a_line_is_shown_after_a_second_and_removed() -> None:
    code = "import time; from rmatch.cli.progress import progress\nwith progress('Pairing'): "
    assert on_terminal("-c", f"{code} time.sleep(0.1)") == ""
    shown = on_terminal("-c", f"{code} time.sleep(1.5)")
    assert "Pairing" in shown
    # The cursor is back, and the last thing done is to clear the line.
    assert "\x1b[?25h" in shown
    assert shown.endswith("\x1b[2K")


TELLING = """
import time, rmatch
from rmatch.cli.pairing import pair
from rmatch.solution import Progress
solve = rmatch.solve
def telling(programme, *, progress=None, **rest):
    if progress is not None:
        progress(Progress("stability", 3, 1, 0.1))
    time.sleep(1.5)
    return solve(programme, **rest)
rmatch.solve = telling
pair(rmatch.Programme(mentors=[{"id": "M1"}], mentees=[{"id": "S1"}]), quiet=%s)
"""


def test_the_line_shows_what_the_solver_tells() -> None:
    shown = ESCAPES.sub("", on_terminal("-c", TELLING % False))
    assert "Pairing stability, best 3, at least 1 0:00:0" in shown
    assert "(Ctrl-C keeps the best)" in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_no_line_is_shown_where_only_the_result_is_wanted() -> None:
    assert on_terminal("-c", TELLING % True) == ""


def test_a_pipe_sees_no_progress(capfd: pytest.CaptureFixture[str]) -> None:
    before = threading.active_count()
    with progress("Pairing"):
        assert threading.active_count() == before
        time.sleep(0.01)
    assert capfd.readouterr() == ("", "")


def test_a_cell_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    say("a\x1b[2Jb")
    say_table(("mentor",), [("x\x07y",)])
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out


def test_a_table_on_a_terminal_takes_names_as_they_are(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    monkeypatch.setenv("COLUMNS", "300")
    say_table(("mentor", "score"), [("M1 [bold]Ann[/bold]", "50.0")], right=frozenset({1}))
    assert "M1 [bold]Ann[/bold]" in capsys.readouterr().out
    assert page_width() == 100


def test_progress_on_a_terminal_starts_late(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with progress("Pairing"):
        time.sleep(0.01)
    assert "Pairing" not in capsys.readouterr().err

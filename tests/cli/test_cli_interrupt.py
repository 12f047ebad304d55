"""Ctrl-C: the first keeps the best so far, the second gives up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cli_cohorts import slow_cohort

import rmatch
from rmatch.cli.interrupt import run_stoppable

if sys.platform == "win32":
    pytest.skip("sends SIGINT", allow_module_level=True)

# Started from a background job, a process would ignore SIGINT.
HEED = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
MAIN = HEED + "from rmatch.cli import main; sys.exit(main())"
STUBBORN = HEED + (
    "import time; from rmatch.cli.interrupt import run_stoppable; "
    "run_stoppable(lambda cancel: time.sleep(60), 'Pairing')"
)
SIZE = 160
"""So many a side take several seconds to prove; the signal comes after one."""


class Started:
    """A Python process whose stderr is a terminal, so that it says when it is at work."""

    def __init__(self, code: str, *arguments: str) -> None:
        self.leader, follower = os.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", code, *arguments],
            stdout=subprocess.PIPE,
            stderr=follower,
            text=True,
            env={**os.environ, "TERM": "xterm"},
        )
        os.close(follower)
        self.said = ""

    def wait_for(self, words: str) -> None:
        """Read stderr until it has these words."""
        while words not in self.said:
            try:
                read = os.read(self.leader, 65_536)
            except OSError:
                read = b""
            assert read, f"the process ended after: {self.said}"
            self.said += read.decode()

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self.process.send_signal(signal.SIGINT)

    def finish(self) -> tuple[int, str]:
        """The exit code and stdout."""
        drained = threading.Thread(target=self._drain, daemon=True)
        drained.start()
        out, _ = self.process.communicate(timeout=120)
        drained.join(timeout=10)
        os.close(self.leader)
        return self.process.returncode, out

    def _drain(self) -> None:
        try:
            while read := os.read(self.leader, 65_536):
                self.said += read.decode()
        except OSError:
            pass


@pytest.mark.slow
def test_ctrl_c_keeps_the_best_matching_so_far(tmp_path: Path) -> None:
    cohort = slow_cohort(tmp_path / "slow", SIZE)
    started = Started(MAIN, "solve", str(cohort))
    started.wait_for("Pairing")
    started.interrupt()
    code, out = started.finish()
    assert code == 0, started.said
    assert "Stopped by Ctrl-C" in out
    assert "feasible, audit ok" in out
    assert "not proved" in out
    matching = rmatch.Matching.load(f"{cohort}-run")
    assert matching.status == "feasible"
    assert matching.pairs
    assert matching.verify().ok


def test_a_second_ctrl_c_gives_up_with_130_even_where_the_work_does_not_stop() -> None:
    started = Started(STUBBORN)
    started.wait_for("Pairing")
    started.interrupt()
    started.wait_for("Stopping")
    started.interrupt()
    code, out = started.finish()
    assert (code, out) == (130, "")
    assert "nothing was written" in started.said


def test_handlers_are_as_they_were_afterwards() -> None:
    before = signal.getsignal(signal.SIGINT)

    def work(_: threading.Event) -> bool:
        return signal.getsignal(signal.SIGINT) is not before

    result, stopped = run_stoppable(work, "Pairing")
    assert not stopped
    assert result is (before is not signal.SIG_IGN)
    assert signal.getsignal(signal.SIGINT) is before


def test_handlers_are_as_they_were_after_an_error() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ZeroDivisionError):
        run_stoppable(lambda _: 1 // 0, "Pairing")
    assert signal.getsignal(signal.SIGINT) is before


def test_from_another_thread_no_handler_is_touched() -> None:
    found: list[tuple[int, bool]] = []
    thread = threading.Thread(target=lambda: found.append(run_stoppable(lambda _: 7, "Pairing")))
    thread.start()
    thread.join()
    assert found == [(7, False)]


@pytest.fixture
def _heeding() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def _press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


@pytest.mark.usefixtures("_heeding")
def test_the_first_ctrl_c_asks_the_work_to_stop(capsys: pytest.CaptureFixture[str]) -> None:
    def work(cancel: threading.Event) -> str:
        _press_ctrl_c()
        assert cancel.wait(timeout=30)
        time.sleep(0.5)
        return "the best so far"

    assert run_stoppable(work, "Pairing") == ("the best so far", True)
    assert "Stopping" in capsys.readouterr().err


@pytest.mark.usefixtures("_heeding")
def test_the_second_ctrl_c_leaves_at_once(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[int] = []
    released = threading.Event()

    def leave(code: int) -> None:
        left.append(code)
        released.set()

    def work(cancel: threading.Event) -> None:
        _press_ctrl_c()
        assert cancel.wait(timeout=30)
        _press_ctrl_c()
        released.wait(timeout=30)

    monkeypatch.setattr(os, "_exit", leave)
    run_stoppable(work, "Pairing")
    assert left == [130]
    assert "nothing was written" in capsys.readouterr().err

"""A process that holds a problem and answers it as often as it is asked.

rmatch and every peer run by the same harness (``runners/harness.py``), each in a process of its
own: none warms the caches of another, and peak memory is that of one. Start-up, imports and
reading the problem are timed for nobody.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from contenders import Contender


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one run.

    Attributes:
        status: ``answered``; ``capped``; ``failed``; or ``absent`` without an environment.
        pairs: Mentor and mentee of each, by number.
        claim: What the peer says of it: ``optimal``, ``stable``, ``answered``.
        build: Seconds for the library's own objects.
        solve: Seconds for its answer.
        peak_mib: The most memory its process held at once.
        note: Why there is no answer, or how it was made.
    """

    status: str
    pairs: tuple[tuple[int, int], ...] = ()
    claim: str = ""
    build: float | None = None
    solve: float | None = None
    peak_mib: float | None = None
    note: str = ""


class Session:
    """One contender with a problem; a context manager.

    A run over the cap ends the process, and every later run of that problem is ``capped`` at once.
    """

    def __init__(
        self, contender: Contender, problem: Mapping[str, Any] | Path, cap: float, *, make: bool
    ) -> None:
        """Nothing starts before the first run; the problem may be written already."""
        self._contender, self._problem, self._cap, self._make = contender, problem, cap, make
        self._folder = tempfile.TemporaryDirectory()
        self._process: subprocess.Popen[str] | None = None
        self._ended: Reply | None = None
        self.version = ""

    def __enter__(self) -> Session:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()
        self._folder.cleanup()

    def run(self, problem: Mapping[str, Any] | None = None) -> Reply:
        """One answer, with its times; to another problem of the same task if one is given."""
        question = "run"
        if problem is not None:
            self._problem, self._ended = problem, None
            question = str(self._write()) if self._process is not None else question
        if self._ended is None and self._process is None:
            self._start()
        if self._ended is not None:
            return self._ended
        line = self._exchange(f"{question}\n")
        if line is None:
            self._ended = self._why_it_ended()
            return self._ended
        told = json.loads(line)
        status = told["claim"] if told["claim"] in ("capped", "failed") else "answered"
        pairs = tuple((int(i), int(j)) for i, j in told["pairs"])
        times = told["build"], told["solve"], told["peak_mib"]
        reply = Reply(status, pairs, told["claim"], *times, told["note"])
        if status != "answered":
            self._ended = reply  # nothing else will come of asking again
        return reply

    def _start(self) -> None:
        environment = self._contender.environment(make=self._make)
        if environment.python is None:
            self._ended = Reply("absent", note=environment.reason)
            return
        path = self._write()
        variables = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        if self._contender.search_path:
            variables["PYTHONPATH"] = self._contender.search_path
        with (Path(self._folder.name) / "said.txt").open("w") as said:
            self._process = subprocess.Popen(  # noqa: S603 - our own runner
                [environment.python, self._contender.runner, path, str(self._cap)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
                env=variables,
                start_new_session=True,
            )
        line = self._exchange("")
        if line is None:
            self._ended = self._why_it_ended()
        else:
            self.version = json.loads(line)["version"]

    def _write(self) -> Path:
        if isinstance(self._problem, Path):
            return self._problem
        path = Path(self._folder.name) / "problem.json"
        path.write_text(json.dumps(self._problem), "utf-8")
        return path

    def _exchange(self, question: str) -> str | None:
        """What it says; ``None`` where it ended instead."""
        process = self._process
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            process.stdin.write(question)
            process.stdin.flush()
        except BrokenPipeError:
            return None
        return process.stdout.readline() or None

    def _why_it_ended(self) -> Reply:
        code = None if self._process is None else self._process.wait()
        self._stop()
        if code == -signal.SIGALRM:
            return Reply("capped")
        said = (Path(self._folder.name) / "said.txt").read_text("utf-8", errors="replace")
        lines = said.strip().splitlines()
        return Reply("failed", note=lines[-1] if lines else f"ended with code {code}")

    def _stop(self) -> None:
        """End the process, and what it started: CBC outlives the alarm of its parent."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._process = None

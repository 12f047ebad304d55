"""A program that is killed at every door to the system in turn: run by test_dying.py.

    python dying.py TEMPLATE OUT JOB

For k = 1, 2, … a child does the job on a copy of TEMPLATE (OUT/k) and dies in its k-th call of a
function that reaches the disk, before the call, or, for a write, half-way through it. What it was
told to be done it notes in OUT/k.done. The last child gets through. No threads here, so that
forking is safe.
"""

from __future__ import annotations

import os
import shutil
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from small_runs import ERASED_ID, decide

from rmatch.rematching.continuing import run_after
from rmatch.rematching.decisions import Approve, Capacity, Join, Undo
from rmatch.rematching.erasing import erase
from rmatch.runs import read_run, write_run

DOORS = (
    *("open", "write", "fsync", "replace", "rename", "ftruncate", "unlink", "mkdir", "rmdir"),
    "utime",
)
REAL = {name: getattr(os, name) for name in (*DOORS, "close")}
DIED = 9


def die_at(k: int) -> None:
    """Die in the k-th call from now."""
    calls = 0

    def door(name: str) -> Callable[..., Any]:
        def through(*arguments: Any, **options: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == k:
                if name == "write":
                    handle, data = arguments
                    REAL["write"](handle, data[: len(data) // 2])
                os._exit(DIED)
            return REAL[name](*arguments, **options)

        return through

    for name in DOORS:
        setattr(os, name, door(name))


def acknowledged(out: Path, what: object) -> None:
    """Note that the caller was told so."""
    handle = REAL["open"](out, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    REAL["write"](handle, f"{what}\n".encode())
    REAL["close"](handle)


def record_some(folder: Path, done: Path) -> None:
    """A first decision, one with a new pseudonym, one more."""
    mentor, mentee = read_run(folder).pairs[0]
    for decision in (Approve(mentor, mentee), Join("M9", "mentor"), Capacity("M9", 2), Undo(4)):
        acknowledged(done, decide(folder, decision).entry.number)


def erase_one(folder: Path, done: Path) -> None:
    """Somebody goes."""
    acknowledged(done, erase(folder, ERASED_ID).pseudonym)


def save_over(folder: Path, done: Path) -> None:
    """The run is written again, with another seed in its record."""
    run = read_run(folder)
    settings = run.programme.settings.model_copy(update={"seed": 99})  # type: ignore[union-attr]
    programme = run.programme.replace(settings=settings)  # type: ignore[union-attr]
    write_run(
        replace(run, programme=programme, seed=99), folder, extra={"pairs.csv": "new"}, force=True
    )
    acknowledged(done, "saved")


def record_one(folder: Path, done: Path) -> None:
    """One more decision."""
    acknowledged(done, decide(folder, Capacity("M2", 1)).entry.number)


def save_after(folder: Path, done: Path) -> None:
    """The next run, with the ledger and one more decision in it, in NEXT/k beside OUT."""
    run = read_run(folder)
    with run_after(folder, folder.parent.with_name("next") / folder.name) as copy:
        decide(copy, Capacity("M2", 1))
        write_run(replace(run, seed=99), copy, extra={"pairs.csv": "new"}, force=True)
    acknowledged(done, "saved")


JOBS = {
    "after": save_after,
    "record": record_some,
    "more": record_one,
    "erase": erase_one,
    "save": save_over,
}


def main(template: Path, out: Path, job: str) -> None:
    """One child after another, until one gets through."""
    for k in range(1, 2000):
        folder = Path(shutil.copytree(template, out / str(k)))
        child = os.fork()
        if child == 0:
            die_at(k)
            try:
                JOBS[job](folder, out / f"{k}.done")
            except BaseException:
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        if code == 0:
            return
        if code != DIED:
            raise SystemExit(f"child {k} failed with {code}")
    raise SystemExit("nobody got through")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])

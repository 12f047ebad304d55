"""Killed between any two calls to the system, nothing that was acknowledged is lost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from small_runs import ERASED_ID, ERASED_MAIL, ERASED_NAME, decide, everything

from rmatch.rematching.continuing import run_after
from rmatch.rematching.decisions import Approve, Capacity
from rmatch.rematching.erasing import erase
from rmatch.rematching.ledger import read_ledger
from rmatch.runs import read_run

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs os.fork")


def killed(template: Path, out: Path, job: str) -> Iterator[tuple[Path, list[str]]]:
    """Each folder that a killed program left, and what it had been told to be done."""
    script = Path(__file__).with_name("dying.py")
    program = [sys.executable, str(script), str(template), str(out), job]
    beside = os.pathsep.join([str(script.parents[1]), *sys.path])
    subprocess.run(program, check=True, timeout=300, env={**os.environ, "PYTHONPATH": beside})
    for folder in sorted(path for path in out.iterdir() if path.is_dir()):
        done = folder.with_name(f"{folder.name}.done")
        yield folder, done.read_text().split() if done.exists() else []


@pytest.fixture
def decided(run: Path, pair: tuple[str, str]) -> Path:
    """A run about which something was decided."""
    decide(run, Approve(*pair))
    return run


def test_no_acknowledged_entry_is_lost(template: Path, tmp_path: Path) -> None:
    """Whatever call it died in: the chain holds, the entries are there, the next one follows."""
    numbers = set()
    for folder, done in killed(template, tmp_path, "record"):
        history = read_ledger(folder)
        entries = len(history.entries)
        numbers.add((entries, bool(history.torn)))
        assert entries >= max(map(int, done), default=0)
        # At most the one being written is there without anybody having been told.
        assert entries - max(map(int, done), default=0) <= (2 if not done else 1)
        assert decide(folder, Capacity("M1", 3)).entry.number == max(entries, 1) + 1
        assert not read_ledger(folder).torn
    # It was killed before, in the middle of, and after every one of them.
    assert {entries for entries, _ in numbers} >= {0, 2, 3, 4, 5}
    assert {is_torn for _, is_torn in numbers} == {True, False}


def test_erasing_leaves_the_old_files_or_the_new(decided: Path, tmp_path: Path) -> None:
    """Never a mixture; once it was acknowledged, nothing of the person is anywhere."""
    secrets = [text.encode() for text in (ERASED_ID, ERASED_NAME, ERASED_MAIL)]
    before = {name: (decided / name).read_bytes() for name in ("programme.json", "pairs.csv")}
    out = tmp_path / "killed"
    out.mkdir()
    fates = set()
    for folder, done in killed(decided, out, "erase"):
        read_ledger(folder)  # finishes what was begun
        now = {name: (folder / name).read_bytes() for name in before}
        is_old = now == before
        fates.add(is_old)
        if not is_old:
            assert not [secret for secret in secrets if secret in b"".join(now.values())]
        assert not (done and is_old)
        read_run(folder)
        if is_old:
            erase(folder, ERASED_ID)
        assert not [secret for secret in secrets if secret in everything(folder)]
        assert len(read_ledger(folder).entries) == 2
    assert fates == {True, False}


def test_a_forced_save_leaves_the_old_run_or_the_new(decided: Path, tmp_path: Path) -> None:
    """The folder is always there, its files belong together, the ledger is as it was."""
    ledger = (decided / "ledger.jsonl").read_bytes()
    out = tmp_path / "killed"
    out.mkdir()
    seeds = set()
    for folder, done in killed(decided, out, "save"):
        run = read_run(folder)
        assert run.programme is not None
        assert run.programme.settings.seed == run.seed
        assert ((folder / "pairs.csv").read_text() == "new") == (run.seed == 99)
        seeds.add(run.seed)
        assert run.seed == 99 or not done
        assert (folder / "ledger.jsonl").read_bytes() == ledger
    assert seeds == {7, 99}


def test_the_next_run_is_there_whole_or_not_at_all(decided: Path, tmp_path: Path) -> None:
    """With the ledger that goes on; the run before is as it was, and one can begin again."""
    before = {path.name: path.read_bytes() for path in decided.iterdir()}
    out, home = tmp_path / "killed", tmp_path / "next"
    out.mkdir()
    home.mkdir()
    ends = set()
    for folder, done in killed(decided, out, "after"):
        now = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert {name: now[name] for name in before} == before
        following = home / folder.name
        ends.add((following.exists(), bool(done)))
        if not following.exists():
            with run_after(folder, following) as copy:
                decide(copy, Capacity("M2", 1))
        else:
            assert read_run(following).seed == 99
        assert [entry.number for entry in read_ledger(following).entries] == [1, 2, 3]
        assert read_ledger(following).state.capacities == {"M2": 1}
        assert read_run(following).pairs == read_run(folder).pairs
    # Killed on the way, and let through.
    assert ends >= {(False, False), (True, True)}


def test_setting_aside_can_be_interrupted(decided: Path, tmp_path: Path) -> None:
    """A torn line is neither lost nor taken for an entry, however often the next writer dies."""
    with (decided / "ledger.jsonl").open("ab") as ledger:
        ledger.write(b'{"fields":{"person"')
    out = tmp_path / "killed"
    out.mkdir()
    for folder, _ in killed(decided, out, "more"):
        decide(folder, Capacity("M1", 3))
        history = read_ledger(folder)
        assert not history.torn
        assert any(
            b'{"fields":{"person"'.hex().encode() in (folder / name).read_bytes()
            for name in history.set_aside
        )

"""Several files of a folder changed as one; who may write."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

import rmatch
from rmatch import run_folder
from rmatch.run_folder import (
    NewFile,
    change_files,
    clear_left_overs,
    is_of_ledger,
    locked,
    read_json,
    steady,
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two files."""
    home = tmp_path / "run"
    home.mkdir()
    (home / "a").write_text("old a")
    (home / "b").write_text("old b")
    return home


def held(folder: Path) -> dict[str, str]:
    """Every file but the lock, with its text."""
    return {p.name: p.read_text() for p in folder.iterdir() if p.is_file() and p.name != ".lock"}


NEW = {"a": NewFile("new a", mode=0o600), "c": NewFile("new c")}


def test_files_are_written_and_removed_as_one(folder: Path) -> None:
    """With the mode they are given, else the one they have."""
    (folder / "b").chmod(0o640)
    with locked(folder):
        change_files(folder, NEW, remove=["b", "never"])
        change_files(folder, {"a": NewFile("newer a")})
    assert held(folder) == {"a": "newer a", "c": "new c"}
    assert (folder / "a").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    "door", [(os, "replace"), (os, "fsync"), (Path, "mkdir"), (Path, "rename")]
)
def test_what_cannot_be_written_changes_nothing(
    door: tuple[Any, str], folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And leaves nothing about."""
    before = held(folder)

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with locked(folder), monkeypatch.context() as patch:
        patch.setattr(*door, refuse)
        with pytest.raises(rmatch.RunFolderError, match="cannot be written: No space left"):
            change_files(folder, NEW)
    assert held(folder) == before
    assert sorted(p.name for p in folder.iterdir()) == [".lock", "a", "b"]


def test_what_counts_already_is_finished_by_whoever_comes_next(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk gave way in the middle: it is said, and the next reader finishes."""
    replace, calls = os.replace, []

    def refuse_later(source: Any, target: Any) -> None:
        calls.append(target)
        # Three files go into the folder beside; the first two moves out of it work.
        if len(calls) > 4:
            raise OSError(errno.EIO, "Input/output error")
        replace(source, target)

    with locked(folder), monkeypatch.context() as patch:
        patch.setattr(os, "replace", refuse_later)
        with pytest.raises(rmatch.RunFolderError, match="was begun and cannot be finished yet"):
            change_files(folder, NEW, remove=["b"])
    assert held(folder) == {"a": "new a", "b": "old b"}
    with steady(folder):
        assert held(folder) == {"a": "new a", "c": "new c"}
    assert not (folder / ".change").exists()


def test_a_change_of_a_later_rmatch_is_left_to_it(folder: Path) -> None:
    """Nobody guesses what it meant."""
    (folder / ".change").mkdir()
    (folder / ".change" / "manifest.json").write_text('{"schema_version": 2}')
    with pytest.raises(rmatch.RunFolderError, match=r"later rmatch \(schema 2\)"), locked(folder):
        pass
    shutil.rmtree(folder / ".change")
    with locked(folder):
        pass


def test_a_folder_that_nobody_can_write_is_read_as_it_stands(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No lock is made; writing says why not."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    with locked(folder):
        pass
    with steady(folder):
        assert held(folder) == {"a": "old a", "b": "old b"}
    with pytest.raises(rmatch.RunFolderError, match="cannot be written"), locked(folder / "no"):
        pass


def test_a_folder_without_locks_is_not_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rather than written by two at once."""
    import filelock

    def refuse(*_: object, **__: object) -> None:
        raise NotImplementedError("FileSystem does not appear to support flock")

    monkeypatch.setattr(filelock.FileLock, "acquire", refuse)
    with pytest.raises(rmatch.RunFolderError, match="files cannot be locked here"), locked(folder):
        pass


def test_only_what_rmatch_left_over_is_cleared(folder: Path) -> None:
    """Names with the twelve digits of a file that was never finished; nobody else's files."""
    for name in (".a.0123456789ab.tmp", ".a.tmp", "a.0123456789ab.tmp", ".notes"):
        (folder / name).write_text("x")
    with locked(folder):
        clear_left_overs(folder)
    assert set(held(folder)) == {"a", "b", ".a.tmp", "a.0123456789ab.tmp", ".notes"}
    assert is_of_ledger(".a.0123456789ab.tmp")
    assert not is_of_ledger(".a.tmp")


@pytest.mark.parametrize("text", ["[", "7", '{"schema_version": true}', '{"schema_version": 0}'])
def test_json_without_a_version_is_damaged(tmp_path: Path, text: str) -> None:
    """Whatever else it holds."""
    (tmp_path / "a.json").write_text(text)
    with pytest.raises(rmatch.RunFolderError, match="is damaged"):
        read_json(tmp_path / "a.json", 1)
    (tmp_path / "a.json").write_text(json.dumps({"schema_version": 1, "a": 2}))
    assert read_json(tmp_path / "a.json", 1)["a"] == 2


def test_waiting_is_for_half_a_minute() -> None:
    """As the documentation says."""
    assert run_folder.LOCK_SECONDS == 30

"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from rmatch.atomic import write_atomic
from rmatch.errors import RunFolderError


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_text_and_bytes_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    assert write_atomic(tmp_path / "a", "é\n") == tmp_path / "a"
    write_atomic(tmp_path / "b", b"\x00")
    assert (tmp_path / "a").read_bytes() == b"\xc3\xa9\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "b"]


def test_an_existing_file_is_kept_unless_forced(tmp_path: Path) -> None:
    write_atomic(tmp_path / "a", "old")
    with pytest.raises(RunFolderError, match="exists already"):
        write_atomic(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "old"
    write_atomic(tmp_path / "a", "new", force=True)
    assert (tmp_path / "a").read_text() == "new"


def test_a_mode_is_set_from_the_start_and_kept_when_replaced(tmp_path: Path) -> None:
    path = write_atomic(tmp_path / "a", "x", mode=0o600)
    assert mode(path) == 0o600
    write_atomic(path, "y", force=True)
    assert mode(path) == 0o600


def test_a_failure_leaves_the_old_file_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_atomic(tmp_path / "a", "old")

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(RunFolderError, match="No space left"):
        write_atomic(path, "new", force=True)
    assert path.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_a_missing_folder_or_a_folder_in_the_way_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(RunFolderError, match="cannot be written"):
        write_atomic(tmp_path / "missing" / "a", "x")
    with pytest.raises(RunFolderError, match="is a folder"):
        write_atomic(tmp_path, "x", force=True)


def test_a_folder_that_cannot_be_synced_is_no_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = os.open

    def refuse_folders(path: object, flags: int, *more: int) -> int:
        if Path(str(path)).is_dir():
            raise OSError(13, "Permission denied")
        return opened(str(path), flags, *more)

    monkeypatch.setattr(os, "open", refuse_folders)
    assert write_atomic(tmp_path / "a", "x").read_text() == "x"

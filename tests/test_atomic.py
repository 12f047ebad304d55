"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from rmatch.atomic import new_folder, write_atomic, write_within
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


# ------------------------------------------------------------------------------------------ folders


def test_a_folder_is_there_whole_and_replaces_the_old_one(tmp_path: Path) -> None:
    target = tmp_path / "deep" / "run"
    for text in ("old", "new"):
        with new_folder(target) as folder:
            write_atomic(folder / text, text)
            assert not (target / text).exists()
        assert [file.name for file in target.iterdir()] == [text]
    assert mode(target) == 0o700
    assert [file.name for file in target.parent.iterdir()] == ["run"]


def test_a_folder_that_fails_leaves_the_old_one_and_no_other(tmp_path: Path) -> None:
    target = tmp_path / "run"
    with new_folder(target) as folder:
        write_atomic(folder / "kept", "x")
    with pytest.raises(RunFolderError, match="cannot be written"), new_folder(target) as folder:
        (folder / "half" / "way").write_text("x")
    with pytest.raises(ZeroDivisionError), new_folder(target) as folder:
        write_atomic(folder / "half", str(1 / 0))
    assert [file.name for file in target.iterdir()] == ["kept"]
    assert [file.name for file in tmp_path.iterdir()] == ["run"]


def test_a_file_of_a_new_folder_has_its_mode_and_stands_once(tmp_path: Path) -> None:
    """What goes into a folder that nobody sees yet needs no temporary file of its own."""
    with new_folder(tmp_path / "folder") as temporary:
        write_within(temporary, "a", "é\n", mode=0o600)
        write_within(temporary, "b", "x")
    assert (tmp_path / "folder" / "a").read_bytes() == b"\xc3\xa9\n"
    assert mode(tmp_path / "folder" / "a") == 0o600
    with pytest.raises(RunFolderError, match="exists"), new_folder(tmp_path / "other") as temporary:
        write_within(temporary, "a", write_within(temporary, "a", "x") or "y")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_new_folder_is_on_the_disk_before_it_has_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its names are synced before it is moved into place, and its own name after."""
    told: list[str] = []
    rename = Path.rename
    monkeypatch.setattr("rmatch.atomic.sync_folder", lambda folder: told.append(folder.name))
    monkeypatch.setattr(Path, "rename", lambda one, to: told.append("moved") or rename(one, to))
    with new_folder(tmp_path / "folder") as temporary:
        write_within(temporary, "a", "x")
    assert told == [temporary.name, "moved", tmp_path.name]

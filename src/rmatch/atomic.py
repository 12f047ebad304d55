"""Writing a file, or a folder of files, whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from rmatch.errors import RunFolderError

__all__ = ["new_folder", "sync_folder", "write_atomic", "write_within"]


def write_atomic(
    path: str | os.PathLike[str],
    data: bytes | str,
    *,
    mode: int | None = None,
    force: bool = False,
) -> Path:
    """Write ``data`` to ``path`` through a temporary file beside it, so that no half file is seen.

    Args:
        path: where to write; its folder must exist.
        data: the contents; text is written as UTF-8.
        mode: permissions of the file; without it those of the file replaced, else the usual ones.
        force: whether an existing file may be replaced.

    Returns:
        The path written.

    Raises:
        RunFolderError: the file exists (without ``force``), or cannot be written.
    """
    target = Path(path)
    if not force and target.exists():
        raise RunFolderError(f"{target} exists already; choose another name or force it")
    if target.is_dir():
        raise RunFolderError(f"{target} is a folder")
    content = data.encode("utf-8") if isinstance(data, str) else data
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        _write_synced(temporary, content, _mode_for(target) if mode is None else mode)
        os.replace(temporary, target)  # noqa: PTH105 - the call whose atomicity is promised
    except OSError as error:
        raise RunFolderError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
    sync_folder(target.parent)
    return target


def write_within(folder: Path, name: str, text: str, *, mode: int | None = None) -> None:
    """Write a file of a folder that ``new_folder`` gave, where nobody can see half of it.

    Raises:
        OSError: it cannot be written; ``new_folder`` makes a ``RunFolderError`` of it.
    """
    _write_synced(folder / name, text.encode("utf-8"), 0o666 if mode is None else mode)


@contextlib.contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder beside ``target`` to write into; it becomes ``target`` when all went well.

    What stood there is replaced, so ask first. The new folder is its owner's alone.

    Raises:
        RunFolderError: it cannot be written; what stood there stands.
    """
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(6)}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.mkdir(mode=0o700)
        yield temporary
        sync_folder(temporary)
        _put_in_place(temporary, target)
    except OSError as error:
        if isinstance(error, RunFolderError):
            raise
        raise RunFolderError(f"{target} cannot be written: {error.strerror}") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _put_in_place(temporary: Path, target: Path) -> None:
    """Move the new folder in; an old one is moved aside first and put back should that fail."""
    if not target.exists():
        temporary.rename(target)
        sync_folder(target.parent)
        return
    aside = target.with_name(f".{target.name}.{secrets.token_hex(6)}.old")
    target.rename(aside)
    try:
        temporary.rename(target)
    except OSError:
        aside.rename(target)
        raise
    sync_folder(target.parent)
    shutil.rmtree(aside, ignore_errors=True)


def _mode_for(target: Path) -> int:
    try:
        return stat.S_IMODE(target.stat().st_mode)
    except OSError:
        return 0o666


def _write_synced(path: Path, content: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

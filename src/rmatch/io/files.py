"""Getting at files: every failure is an ``InputError`` that names the file."""

from __future__ import annotations

from pathlib import Path

from rmatch.errors import InputError, Place, Problem


def refused(path: Path, message: str) -> InputError:
    """The error for a file that cannot be used at all."""
    return InputError([Problem(message, Place(file=path.name or str(path)))])


def require(path: Path) -> None:
    """Refuse a path at which there is nothing."""
    if not path.exists():
        raise refused(path, "does not exist")


def read_bytes(path: Path) -> bytes:
    """The file's contents."""
    require(path)
    if path.is_dir():
        raise refused(path, "is a folder, not a file")
    try:
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unknown reason"
    raise refused(path, f"cannot be read: {reason}")

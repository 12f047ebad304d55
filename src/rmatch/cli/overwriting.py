"""Nothing is replaced unasked, and that is said before any work is done."""

from __future__ import annotations

from pathlib import Path

from rmatch.errors import RunFolderError
from rmatch.run_folder import RUN_FILE


def refuse_existing(path: Path, *, force: bool) -> None:
    """Refuse to write where something is, unless forced.

    Raises:
        RunFolderError: it exists, or nobody can tell.
    """
    try:
        exists = path.exists()
    except OSError as error:  # a name too long, a folder that may not be entered
        raise RunFolderError(f"{path} cannot be written: {error.strerror}") from None
    if exists and not force:
        raise RunFolderError(f"{path} exists already; choose another name, or --force replaces it")


def refuse_foreign_folder(path: Path) -> None:
    """Refuse to replace what rmatch did not write, even where forced.

    Raises:
        RunFolderError: it holds other things.
    """
    if not path.exists() or (path / RUN_FILE).is_file():
        return
    if not path.is_dir() or any(path.iterdir()):
        raise RunFolderError(f"{path} is no run folder of rmatch, so it is left alone; use --out")

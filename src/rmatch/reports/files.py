"""Where reports go: never over what is there unasked, and readable by whom they are for."""

from __future__ import annotations

from pathlib import Path

from rmatch.errors import RunFolderError

_OWNER_ONLY = 0o600


def refuse_existing(target: Path, *, force: bool) -> None:
    """Refuse before anything is solved: somebody may have edited what is there.

    Raises:
        RunFolderError: something is there, and it was not forced.
    """
    try:
        exists = target.exists()
    except OSError as error:  # a name too long, a folder that may not be entered
        raise RunFolderError(f"{target} cannot be written: {error.strerror}") from None
    if exists and not force:
        raise RunFolderError(
            f"{target} exists already, and may have been edited; choose another name or force it"
        )


def mode_for(audience: str, *, names: bool) -> int | None:
    """Permissions: the coordinator's own, and whatever bears names, are for its owner alone."""
    return _OWNER_ONLY if audience == "coordinator" or names else None

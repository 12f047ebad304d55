"""A run after another one: the ledger goes on, so that nothing that was decided is lost."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from rmatch.atomic import new_folder
from rmatch.errors import RunFolderError
from rmatch.rematching.ledger import state_now
from rmatch.rematching.replay import State
from rmatch.run_folder import PAIRS_FILE, PEOPLE_FILE, RUN_FILE, is_of_ledger, locked

StrPath = str | os.PathLike[str]


@contextlib.contextmanager
def run_after(before: StrPath, folder: StrPath, *, force: bool = False) -> Iterator[Path]:
    """A copy of a run with its ledger, to save the next matching over; then it becomes ``folder``.

    The run before stays as it is. Nothing is left where something goes wrong on the way.

    Args:
        before: The run folder whose ledger goes on.
        folder: The new run folder.
        force: Whether a run folder there is replaced, ledger and all.

    Raises:
        RunFolderError: there is no such run, or ``folder`` exists or cannot be written.
    """
    source, target = Path(before).resolve(), Path(folder).resolve()
    _check(source, target, force=force)
    with new_folder(target) as temporary:
        with locked(source):
            for path in source.iterdir():
                if _goes_on(path):
                    shutil.copy2(path, temporary / path.name)
        yield temporary


def _goes_on(path: Path) -> bool:
    """Whether a file is the run's or its ledger's; letters and workbooks are of the run before."""
    is_ours = path.name in (RUN_FILE, PEOPLE_FILE, PAIRS_FILE) or is_of_ledger(path.name)
    return is_ours and path.is_file() and not path.name.startswith(".")


def _check(source: Path, target: Path, *, force: bool) -> None:
    if not (source / RUN_FILE).is_file():
        raise RunFolderError(f"{source} is not a run folder: it has no {RUN_FILE}")
    if target == source:
        raise RunFolderError(f"{target} is the run itself: save over it with force")
    if target.exists() and not force:
        raise RunFolderError(f"{target} exists already; choose another name or force it")
    if target.exists() and not (target / RUN_FILE).is_file():
        raise RunFolderError(f"{target} is not a run folder, so it is left alone even with force")


def state_in(folder: StrPath) -> State:
    """What was decided about a run so far, and what it proposes; nothing, where it has no ledger.

    Raises:
        RunFolderError: the folder is gone, or its ledger is damaged.
    """
    if not (Path(folder) / RUN_FILE).is_file():
        raise RunFolderError(
            f"{folder} is gone, so what was decided there cannot be read; load the matching from "
            "where the run is now, or give state="
        )
    return state_now(folder)

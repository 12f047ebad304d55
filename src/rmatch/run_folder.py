"""A run folder as files: their names, one writer at a time, several files changed as one.

A change of several files is written whole into a folder beside them, and counts from the moment
that folder gets its final name (``.change``). Whoever comes next finishes what a killed program
began, so that a reader sees the old files or the new ones.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rmatch.atomic import sync_folder, write_atomic
from rmatch.errors import RunFolderError

RUN_FILE = "run.json"
PEOPLE_FILE = "programme.json"
PAIRS_FILE = "pairs.csv"
LEDGER_FILE = "ledger.jsonl"
KEY_FILE = "ledger.key"
ALIASES_FILE = "aliases.json"
LOCK_FILE = ".lock"
NOT_GIVEN = "not_given"
"""What a ledger has for a person or a reason that nobody gave."""
TORN_PREFIX = "ledger.torn-"

REPORT_FILE = "report.html"
OWN_REPORT_FILE = "coordinator.html"
WORKBOOK_FILE = "pairs.xlsx"
OWN_WORKBOOK_FILE = "coordinator.xlsx"
LETTERS_FOLDER = "letters"
DOCUMENTS = (
    OWN_REPORT_FILE,
    OWN_WORKBOOK_FILE,
    REPORT_FILE,
    WORKBOOK_FILE,
    LETTERS_FOLDER,
)
"""Made from a run for people to read, and made again from it at any time; they tell of people."""

_CHANGE = ".change"
_MANIFEST = "manifest.json"
_LEFT_OVER = re.compile(r"\.(?P<of>.+)\.[0-9a-f]{12}\.(?:tmp|old)")
"""What a killed program leaves: a file or folder that never got its name, or lost it."""

MANIFEST_VERSION = 1
LOCK_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class NewFile:
    """Contents of a file to be; ``mode``: its permissions, without one those it has."""

    text: str
    mode: int | None = None


def is_of_ledger(name: str) -> bool:
    """Whether this is a file of the ledger, or one that keeps its writers apart."""
    ours = {LEDGER_FILE, KEY_FILE, ALIASES_FILE, LOCK_FILE, _CHANGE}
    return name in ours or name.startswith(TORN_PREFIX) or _LEFT_OVER.fullmatch(name) is not None


# One at a time ------------------------------------------------------------------------------------


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only one who writes here, once everything that somebody began is finished.

    Not to be nested. The lock goes when the program does, however that ends.

    Raises:
        RunFolderError: somebody else has been writing for half a minute, or nobody can write here.
    """
    from filelock import FileLock, Timeout

    if not folder.is_dir():  # the lock would make it
        raise RunFolderError(f"{folder} cannot be written: there is no such folder")
    lock = FileLock(folder / LOCK_FILE)
    try:
        lock.acquire(timeout=LOCK_SECONDS)
    except Timeout:
        raise RunFolderError(
            f"{folder} is being written by another program; waited {LOCK_SECONDS:.0f} seconds"
        ) from None
    except (OSError, NotImplementedError) as error:
        reason = getattr(error, "strerror", None) or "files cannot be locked here"
        raise RunFolderError(f"{folder} cannot be written: {reason}") from None
    try:
        _settle(folder)
        yield
    finally:
        lock.release()


@contextlib.contextmanager
def steady(folder: Path) -> Iterator[None]:
    """Read while nobody writes, where the folder has seen a second writer's file at all.

    A folder that may only be read is read as it stands, unless a change was left unfinished.
    """
    in_use = (folder / LOCK_FILE).exists() or (folder / _CHANGE).exists()
    is_open = os.access(folder, os.W_OK) and os.access(folder / LOCK_FILE, os.W_OK)
    if in_use and (is_open or (folder / _CHANGE).exists()):
        with locked(folder):
            yield
    else:
        yield


# Several files as one -----------------------------------------------------------------------------


def change_files(folder: Path, files: Mapping[str, NewFile], *, remove: Iterable[str] = ()) -> None:
    """Write and remove files of the folder: all of it or nothing. The caller holds the lock.

    What is removed may be a folder.

    Raises:
        RunFolderError: it cannot be written; nothing has changed. Where the disk gives way after
            the change counts, the message says so, and whoever comes next finishes it.
    """
    temporary = folder / f"{_CHANGE}.{secrets.token_hex(6)}.tmp"
    try:
        temporary.mkdir(mode=0o700)
        for name, file in files.items():
            write_atomic(temporary / name, file.text, mode=_mode(folder / name, file))
        manifest = {
            "schema_version": MANIFEST_VERSION,
            "write": sorted(files),
            "remove": sorted(remove),
        }
        write_atomic(temporary / _MANIFEST, json.dumps(manifest) + "\n")
        temporary.rename(folder / _CHANGE)
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        if isinstance(error, RunFolderError):
            raise
        raise RunFolderError(f"{folder} cannot be written: {error.strerror}") from None
    sync_folder(folder)
    _settle(folder)


def _mode(path: Path, file: NewFile) -> int | None:
    if file.mode is not None or not path.exists():
        return file.mode
    return path.stat().st_mode & 0o777


def _settle(folder: Path) -> None:
    """Finish the change that counts already, if there is one."""
    change = folder / _CHANGE
    if not change.exists():
        return
    try:
        if (change / _MANIFEST).exists():
            _carry_out(folder, change)
        shutil.rmtree(change)
        sync_folder(folder)
    except OSError as error:
        if isinstance(error, RunFolderError):
            raise
        raise RunFolderError(
            f"a change of {folder} was begun and cannot be finished yet: {error.strerror}"
        ) from None


def _carry_out(folder: Path, change: Path) -> None:
    manifest = read_json(change / _MANIFEST, MANIFEST_VERSION)
    for name in manifest["write"]:
        # Gone already where a program was killed after this step.
        if (change / name).exists():
            os.replace(change / name, folder / name)  # noqa: PTH105 - its atomicity is promised
    for name in manifest["remove"]:
        _remove(folder / name)
    sync_folder(folder)
    (change / _MANIFEST).unlink()


def clear_left_overs(folder: Path) -> None:
    """Remove what killed programs left in the folder and beside it; it can hold anybody's data.

    The caller holds the lock, so that none of it is anybody's work in progress.
    """
    folder = folder.resolve()  # "." has no name, and nothing beside it
    beside = (
        path
        for path in folder.parent.iterdir()
        if (found := _LEFT_OVER.fullmatch(path.name)) and found["of"] == folder.name
    )
    inside = (path for path in folder.iterdir() if _LEFT_OVER.fullmatch(path.name))
    for path in [*inside, *beside]:
        _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


# Documents ----------------------------------------------------------------------------------------


def documents_in(folder: Path) -> tuple[str, ...]:
    """Names of the documents that a run folder holds."""
    return tuple(name for name in DOCUMENTS if os.path.lexists(folder / name))


def remove_documents(folder: Path) -> None:
    """Remove the documents that a run folder holds.

    Raises:
        RunFolderError: one cannot be removed.
    """
    for name in documents_in(folder):
        try:
            _remove(folder / name)
        except OSError as error:
            raise RunFolderError(f"{folder / name} cannot be removed: {error.strerror}") from None


# JSON with a version ------------------------------------------------------------------------------


def read_json(path: Path, newest: int) -> dict[str, Any]:
    """A JSON object with a ``schema_version`` that this rmatch knows.

    Raises:
        RunFolderError: it cannot be read, is none, or was written by a later rmatch.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RunFolderError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise RunFolderError(f"{path} is damaged: not JSON") from None
    version = content.get("schema_version") if isinstance(content, dict) else None
    if type(version) is not int or version < 1:
        raise RunFolderError(f"{path} is damaged: no schema_version")
    if version > newest:
        raise RunFolderError(f"{path} was written by a later rmatch (schema {version})")
    return dict(content)

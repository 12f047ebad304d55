"""One person's data out of a run, or everybody's; the ledger stays and its chain still holds.

Erasing changes programme.json, pairs.csv and aliases.json as one, and removes the documents made
from the run (report, workbook, letters): a program killed in the middle leaves the old files or the
new. ``run.json`` and ``ledger.jsonl`` hold pseudonyms alone and are not
touched; whom the pseudonym meant is gone.
"""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rmatch.errors import RunFolderError
from rmatch.rematching.forgetting import forgotten, is_named, mentions, names_of, side_of
from rmatch.run_folder import (
    ALIASES_FILE,
    DOCUMENTS,
    PAIRS_FILE,
    PEOPLE_FILE,
    RUN_FILE,
    NewFile,
    change_files,
    clear_left_overs,
    documents_in,
    is_of_ledger,
    locked,
    read_json,
)
from rmatch.runs import SCHEMA_VERSION, damaged, dumped, erasure_hash, names_in, refuse_purged
from rmatch.saved_aliases import aliases_file, drawn, read_aliases

_OURS = frozenset({RUN_FILE, PEOPLE_FILE, PAIRS_FILE})


@dataclass(frozen=True, slots=True)
class Erased:
    """What erasing came to.

    Attributes:
        pseudonym: What is left of the person, in run.json and in the ledger.
        mentions: Places of programme.json where others still wrote the name, e-mail or id among
            other words; somebody has to look.
        removed: Documents that told of the person and can be made again without them.
        untouched: Files in the folder that rmatch did not write and did not look into.
    """

    pseudonym: str
    mentions: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    untouched: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Purged:
    """What purging came to, folder by folder; ``left``: folder → why nothing was done to it."""

    purged: tuple[Path, ...]
    left: Mapping[Path, str]
    untouched: tuple[str, ...] = ()


def erase(folder: str | os.PathLike[str], person: str) -> Erased:
    """Remove everything that a run folder holds about one person, but for a bare pseudonym.

    Args:
        folder: The run folder.
        person: The id of a participant, present or former, or the initials of who decided.

    Raises:
        RunFolderError: nobody there is called so; no run folder; a run made without people.
    """
    path = Path(folder)
    _check_run(path)
    with locked(path):
        people = read_json(path / PEOPLE_FILE, SCHEMA_VERSION)
        refuse_purged(path, people)
        try:
            pseudonym, files = _files_without(path, people, person)
            still = _still_mentioned(people, files, person)
        except (LookupError, TypeError, ValueError, AttributeError):
            raise damaged(path) from None
        clear_left_overs(path)
        removed = documents_in(path)
        # All of them: one may be written at this moment.
        change_files(path, files, remove=DOCUMENTS)
        return Erased(pseudonym, still, removed, _untouched(path))


def check_known(folder: str | os.PathLike[str], person: str) -> None:
    """That there is somebody to erase.

    Raises:
        RunFolderError: nobody there is called so, or it is no run folder.
    """
    path = Path(folder)
    _check_run(path)
    refuse_purged(path, read_json(path / PEOPLE_FILE, SCHEMA_VERSION))
    people = read_json(path / PEOPLE_FILE, SCHEMA_VERSION)
    if person not in names_in(path).names and not _is_remembered(people, person):
        raise RunFolderError(f"nobody in {path} has the id {person}")


def _check_run(path: Path) -> None:
    if not (path / RUN_FILE).is_file():
        raise RunFolderError(f"{path} is not a run folder: it has no {RUN_FILE}")


def _is_remembered(people: Mapping[str, Any], person: str) -> bool:
    """Whether somebody who is not in the programme is still named in it."""
    programme = people.get("programme")
    return programme is not None and is_named(programme, person)


def _files_without(
    path: Path, people: Mapping[str, Any], person: str
) -> tuple[str, dict[str, NewFile]]:
    """The pseudonym that stays, and the files that change."""
    aliases = read_aliases(path)
    pseudonym = people["pseudonyms"].get(person, aliases.get(person))
    is_remembered = _is_remembered(people, person)
    if pseudonym is None:
        if not is_remembered:
            raise RunFolderError(f"nobody in {path} has the id {person}")
        pseudonym = drawn("p")  # nothing speaks of them under any other
    files = {}
    if person in people["pseudonyms"] or is_remembered:
        people = {**people, "pseudonyms": {**people["pseudonyms"], person: pseudonym}}
        files[PEOPLE_FILE] = NewFile(dumped(_people_without(path, people, person)), mode=0o600)
        if (path / PAIRS_FILE).exists():
            files[PAIRS_FILE] = NewFile(_pairs_without(path / PAIRS_FILE, person, pseudonym))
    if person in aliases:
        rest = {other: name for other, name in aliases.items() if other != person}
        files[ALIASES_FILE] = aliases_file(rest)
    return str(pseudonym), files


def _people_without(path: Path, people: Mapping[str, Any], person: str) -> dict[str, Any]:
    programme = people.get("programme")
    if programme is None:
        raise RunFolderError(f"{path} was made without people; delete the folder instead")
    side = side_of(programme, person)
    before = people.get("erased") or {"people": [], "made_from": _made_from(path)}
    record = {"id": people["pseudonyms"][person], "side": side}
    names = {other: name for other, name in people["pseudonyms"].items() if other != person}
    # In no order of time: it would tell who was erased when.
    erased = sorted([*before["people"], record], key=lambda one: str(one["id"]))
    new = {
        **people,
        "schema_version": SCHEMA_VERSION,
        "pseudonyms": names,
        "programme": forgotten(programme, person),
        "erased": {"people": erased, "made_from": before["made_from"]},
    }
    new["erased"]["hash"] = erasure_hash(new)
    return new


def _made_from(path: Path) -> str:
    return str(read_json(path / RUN_FILE, SCHEMA_VERSION)["input_hash"])


def _pairs_without(file: Path, person: str, pseudonym: str) -> str:
    """pairs.csv with the pseudonym, and nothing else of a row that was about the person."""
    with file.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in rows:
        ends = [pseudonym if cell.removeprefix("'") == person else cell for cell in row[:2]]
        writer.writerow(row if ends == row[:2] else [*ends, *("" for _ in row[2:])])
    return buffer.getvalue()


def _still_mentioned(
    people: Mapping[str, Any], files: Mapping[str, NewFile], person: str
) -> tuple[str, ...]:
    if PEOPLE_FILE not in files:
        return ()
    called = names_of(people["programme"], person)
    left = json.loads(files[PEOPLE_FILE].text)["programme"]
    return tuple(mentions(left, called))


def _untouched(path: Path) -> tuple[str, ...]:
    return tuple(
        sorted(
            one.name
            for one in path.iterdir()
            if one.name not in _OURS and not is_of_ledger(one.name)
        )
    )


# Everybody ----------------------------------------------------------------------------------------


def purge(folder: str | os.PathLike[str], *, before: date) -> Purged:
    """Remove everybody's data from each run of a folder whose programme ended before a day.

    The pseudonymous record stays: run.json, ledger.jsonl and its key. Runs without a last day in
    their settings are left, and said.

    Args:
        folder: A run folder, or one that holds run folders.
        before: Programmes whose last day is earlier are purged.

    Raises:
        RunFolderError: nothing there is a run folder, or one cannot be read or written; those
            before it are purged already.
    """
    due, left = to_purge(folder, before=before)
    untouched: list[str] = []
    for path in due:
        with locked(path):
            clear_left_overs(path)
            content = {"schema_version": SCHEMA_VERSION, "purged": {"before": before.isoformat()}}
            files = {PEOPLE_FILE: NewFile(dumped(content), mode=0o600)}
            gone = [PAIRS_FILE, ALIASES_FILE, *DOCUMENTS]
            change_files(path, files, remove=gone)
            untouched += [f"{path.name}/{name}" for name in _untouched(path)]
    return Purged(tuple(due), left, tuple(untouched))


def to_purge(folder: str | os.PathLike[str], *, before: date) -> tuple[list[Path], dict[Path, str]]:
    """What ``purge`` would do: the runs that are due, and why each other one is not."""
    path = Path(folder)
    runs = list(_runs(path))
    if not runs:
        raise RunFolderError(f"{path} is no run folder and holds none")
    due, left = [], {}
    for run in runs:
        reason = _why_left(run, before)
        if reason is None:
            due.append(run)
        else:
            left[run] = reason
    return due, left


def _runs(path: Path) -> Iterator[Path]:
    if (path / RUN_FILE).is_file():
        yield path
    elif path.is_dir():
        yield from sorted(one for one in path.iterdir() if (one / RUN_FILE).is_file())


def _why_left(run: Path, before: date) -> str | None:
    if "purged" in read_json(run / PEOPLE_FILE, SCHEMA_VERSION):
        return "purged already"
    settings = read_json(run / RUN_FILE, SCHEMA_VERSION).get("settings")
    if settings is None:
        return "made without people, so nothing says when it ended"
    ends = settings.get("ends")
    if ends is None:
        return "its settings give no last day (ends)"
    try:
        last = date.fromisoformat(ends)
    except (TypeError, ValueError):
        raise damaged(run) from None
    return None if last < before else f"it ends on {last.isoformat()}"

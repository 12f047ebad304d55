"""The folder of letters, whole or not at all."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from rmatch.atomic import new_folder, write_within
from rmatch.errors import MissingExtraError, RunFolderError
from rmatch.explaining.participant_facts import participant_facts
from rmatch.letters.filenames import TABLE_FILE, file_name
from rmatch.letters.sources import template_sources
from rmatch.letters.table import COLUMNS, table_text
from rmatch.letters.view import ParticipantView, view_of
from rmatch.programme import Programme

if TYPE_CHECKING:
    from rmatch.letters.rendering import Letters

_OWNER_ONLY = 0o600
"""Letters hold names."""


def write_letters(
    programme: Programme,
    pairs: Iterable[tuple[str, str]],
    folder: str | os.PathLike[str],
    *,
    templates: str | os.PathLike[str] | None = None,
    force: bool = False,
) -> Path:
    """A letter for each participant, and ``letters.csv``; see ``Matching.letters``."""
    target = Path(folder).resolve()
    try:
        _refuse(target, force=force)
    except RunFolderError:
        raise
    except OSError as error:  # a name too long, a folder that may not be entered
        raise RunFolderError(f"{target} cannot be written: {error.strerror}") from None
    files = letter_files(programme, pairs, templates)
    with new_folder(target) as temporary:
        for name, text in files.items():
            write_within(temporary, name, text, mode=_OWNER_ONLY)
    return target


def letter_files(
    programme: Programme,
    pairs: Iterable[tuple[str, str]],
    templates: str | os.PathLike[str] | None = None,
) -> Mapping[str, str]:
    """The text of every file of the folder by its name, ``letters.csv`` last.

    Raises:
        InputError: the templates ask for more than they may have.
        MissingExtraError: Jinja2 is not installed.
    """
    letters = _letters(templates)
    views = participant_views(programme, pairs)
    texts = {file_name(person): letters.text(view) for person, view in views.items()}
    table = table_text((programme.by_id[person], view) for person, view in views.items())
    return {**texts, TABLE_FILE: table}


def participant_views(
    programme: Programme, pairs: Iterable[tuple[str, str]]
) -> Mapping[str, ParticipantView]:
    """Each participant's own view by id, mentors first."""
    partners: dict[str, tuple[str, ...]] = {person.id: () for person in programme.people}
    for mentor, mentee in pairs:
        partners[mentor] += (mentee,)
        partners[mentee] += (mentor,)
    dates = {"starts": programme.settings.starts, "ends": programme.settings.ends}
    return {
        person: view_of(participant_facts(programme, person, theirs), **dates)
        for person, theirs in partners.items()
    }


def _letters(templates: str | os.PathLike[str] | None) -> Letters:
    _need_jinja2()
    from rmatch.letters.rendering import Letters

    return Letters(template_sources(templates))


def _need_jinja2() -> None:
    """The error that says how to install it, where it is missing."""
    try:
        import jinja2
    except ImportError:
        raise MissingExtraError("jinja2", "coordinator", "writing letters") from None
    del jinja2


def _refuse(target: Path, *, force: bool) -> None:
    """Refuse to replace what is there, unless forced; and what is no letter of ours, even then."""
    if not target.exists():
        return
    if not force:
        raise RunFolderError(f"{target} exists already; choose another name or force it")
    if not target.is_dir():
        raise RunFolderError(f"{target} is no folder of letters, so it is left alone")
    others = {entry.name for entry in target.iterdir()} - set(_ours(target / TABLE_FILE))
    if others:
        raise RunFolderError(
            f"{target} holds more than letters, so it is left alone even with force: "
            f"{', '.join(sorted(others))}"
        )


def _ours(table: Path) -> Iterator[str]:
    """The files of an earlier folder of letters, as its own table lists them."""
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            head, *rows = csv.reader(file, strict=True)
    except (OSError, ValueError, csv.Error):
        return
    if tuple(head) == COLUMNS:
        yield TABLE_FILE
        yield from (row[COLUMNS.index("file")] for row in rows if len(row) == len(COLUMNS))

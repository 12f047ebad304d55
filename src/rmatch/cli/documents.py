"""What a run leaves for people to open: its reports, its workbook, its letters."""

from __future__ import annotations

from pathlib import Path

import rmatch
from rmatch.cli.output import say
from rmatch.cli.progress import progress
from rmatch.errors import InputError, RunFolderError
from rmatch.matching import Matching
from rmatch.run_folder import (
    LETTERS_FOLDER,
    OWN_REPORT_FILE,
    PAIRS_FILE,
    REPORT_FILE,
    WORKBOOK_FILE,
    documents_in,
)

_SAID = {
    OWN_REPORT_FILE: "open this first: every pair and why; for you alone",
    REPORT_FILE: "the same for a panel: no ranks, choices or vetoes",
    WORKBOOK_FILE: "the pairs as a workbook; you may move them there",
    LETTERS_FOLDER: "one for each participant, once pairs are approved",
}
"""In the order in which they are told."""


def write_documents(matching: Matching, run: Path, *, names: bool, quiet: bool = False) -> None:
    """Write every document of a run into its folder, over those that are there.

    Raises:
        RunFolderError: one cannot be written.
    """
    with progress("Writing the report, the workbook and the letters", quiet=quiet):
        matching.to_html(run / OWN_REPORT_FILE, "coordinator", names=names, force=True)
        matching.to_html(run / REPORT_FILE, "panel", names=names, force=True)
        matching.to_excel(run / WORKBOOK_FILE, "panel", names=names, force=True)
        if matching.programme is not None:
            matching.letters(run / LETTERS_FOLDER, force=True)


def documents_lines(run: Path) -> list[str]:
    """A line for each document that is there, saying what it is for."""
    held = documents_in(run)
    return [f"  {_shown(name):<16}  {said}" for name, said in _SAID.items() if name in held]


def _shown(name: str) -> str:
    return f"{name}/" if name == LETTERS_FOLDER else name


def say_documents(run: Path) -> None:
    """What was written, and which of it to open first."""
    say(f"\nWritten to {run}:")
    for line in documents_lines(run):
        say(line)


def refuse_edited(run: Path) -> None:
    """Refuse to replace a workbook in which somebody has moved pairs.

    Raises:
        RunFolderError: its pairs are not those of the run any more, or cannot be told.
    """
    workbook, table = run / WORKBOOK_FILE, run / PAIRS_FILE
    if not workbook.is_file() or not table.is_file():
        return
    try:
        is_edited = set(rmatch.load_pairs(workbook)) != set(rmatch.load_pairs(table))
    except InputError:
        is_edited = True
    if is_edited:
        raise RunFolderError(
            f"{workbook} was edited, and would be lost; look at it with rmatch check {workbook}, "
            "or move it elsewhere"
        )

"""What a run leaves for people to open: its reports, its workbook, its letters."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import rmatch
from rmatch.cli.output import say
from rmatch.cli.progress import Step, progress
from rmatch.errors import InputError, RunFolderError
from rmatch.matching import Matching
from rmatch.run_folder import (
    LETTERS_FOLDER,
    OWN_REPORT_FILE,
    OWN_WORKBOOK_FILE,
    PAIRS_FILE,
    REPORT_FILE,
    WORKBOOK_FILE,
    documents_in,
)

if TYPE_CHECKING:
    from rmatch.audit import Audit

_SAID = {
    OWN_REPORT_FILE: "open this first: every pair and why; for you alone",
    OWN_WORKBOOK_FILE: "the same as a workbook, to move pairs in; for you alone",
    REPORT_FILE: "for a panel: no ranks, choices or vetoes",
    WORKBOOK_FILE: "the same as a workbook",
    LETTERS_FOLDER: "one for each participant, once pairs are approved",
}


def make_documents(
    matching: Matching,
    run: Path,
    *,
    names: bool,
    quiet: bool = False,
    audit: Audit | None = None,
) -> None:
    """Write every document of a run into its folder, over those that are there.

    Args:
        matching: The matching that was saved there.
        run: The run folder.
        names: Show names beside the ids.
        quiet: Show no live line.
        audit: The verdict on this matching, where it is known already.

    Raises:
        RunFolderError: one cannot be written.
    """
    from rmatch.reports.documents import write_documents

    step = Step()
    with progress("Writing the documents:", latest=step, quiet=quiet):
        write_documents(matching, run, names=names, audit=audit, told=step)


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
    for name in (OWN_WORKBOOK_FILE, WORKBOOK_FILE):
        if _is_edited(run / name, run / PAIRS_FILE):
            raise RunFolderError(
                f"{run / name} was edited, and would be lost; look at it with "
                f"rmatch check {run / name}, or move it elsewhere"
            )


def _is_edited(workbook: Path, table: Path) -> bool:
    if not workbook.is_file() or not table.is_file():
        return False
    try:
        return set(rmatch.load_pairs(workbook)) != set(rmatch.load_pairs(table))
    except InputError:
        return True

"""``rmatch log``: what was decided about a run."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from rmatch.cli.failures import failures_told
from rmatch.cli.options import AsJson
from rmatch.cli.output import note, say, say_json, say_line
from rmatch.explaining.rule_words import public_code
from rmatch.explaining.wording import counted
from rmatch.rematching.coding import fields_of
from rmatch.rematching.decisions import Undo
from rmatch.rematching.ledger import Entry, History, read_ledger
from rmatch.rematching.log_words import entry_words


class Reader(StrEnum):
    """For whom the log is."""

    COORDINATOR = "coordinator"
    AUDITOR = "auditor"


def log(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    *,
    audience: Annotated[
        Reader, typer.Option(help="An auditor reads pseudonyms alone.")
    ] = Reader.COORDINATOR,
    as_json: AsJson = False,
) -> None:
    """Show every decision about a run, once the chain of its ledger has been checked."""
    with failures_told(as_json=as_json):
        history = read_ledger(run)
        entries = history.by_id if audience is Reader.COORDINATOR else history.entries
        undone = {e.decision.entry for e in entries if isinstance(e.decision, Undo)}
        if as_json:
            say_json(_document(history, entries, undone))
        else:
            _say(history, entries, undone)


def _say(history: History, entries: Sequence[Entry], undone: set[int]) -> None:
    if not entries:
        say("Nothing has been decided about this run yet.")
    for entry in entries:
        say(entry_words(entry, is_undone=entry.number in undone))
    if entries:
        say(
            f"\nThe chain of {counted(len(entries), 'entry', 'entries')} holds. Note its head "
            "elsewhere, and a cut-off end will show:"
        )
        say_line(str(history.head))
    _note_torn(history)


def _note_torn(history: History) -> None:
    if history.torn:
        note(
            f"Behind entry {len(history.entries)} stands the beginning of a line that was never "
            "finished. It is no entry; the next decision moves it to a file of its own."
        )
    if history.set_aside:
        note(f"Unfinished lines of earlier times were set aside: {', '.join(history.set_aside)}")


def _document(history: History, entries: Sequence[Entry], undone: set[int]) -> dict[str, Any]:
    return {
        "entries": [
            {
                "number": entry.number,
                "time": entry.time.isoformat(),
                "who": entry.who,
                "kind": entry.decision.kind,
                "fields": _shown(fields_of(entry.decision)),
                "undone": entry.number in undone,
            }
            for entry in entries
        ],
        "head": str(history.head),
        "torn": bool(history.torn),
        "set_aside": list(history.set_aside),
    }


def _shown(fields: dict[str, Any]) -> dict[str, Any]:
    """The fields with a confidential rule called so, as everywhere."""
    return {**fields, "rule": public_code(fields["rule"])} if "rule" in fields else fields

"""Into the ledger, as entries: what a rematch was told in Python or on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from rmatch.errors import DecisionError
from rmatch.rematching.decisions import Decision
from rmatch.rematching.ledger import read_ledger, record
from rmatch.rematching.replay import Entry, State, after
from rmatch.rematching.said import Said, against, unwritten
from rmatch.runs import names_in


def note_said(
    folder: str | os.PathLike[str], said: Said, *, who: str, when: datetime | None
) -> None:
    """Record what was said and is no entry yet; without a moment, only see that it can wait.

    Args:
        folder: A run folder whose ledger goes on.
        said: What was said.
        who: The id or initials of whoever decided it.
        when: The moment, with its time zone.

    Raises:
        DecisionError: the ledger says otherwise and there is no moment to write at, or it refuses
            an entry; nothing is written then.
        RunFolderError: the folder or its ledger is damaged, or cannot be written.
    """
    if not said.decisions:
        return
    history = read_ledger(folder)
    state = history.state
    sides = names_in(Path(folder)).sides
    rest = unwritten(said, history.by_id, state, sides, when)
    if when is None:
        _refuse_against(tuple(against(state, rest)))
        return
    _refuse_illegal(state, rest, who, when)
    for decision in rest:
        record(folder, decision, who=who, when=when)


def _refuse_against(found: tuple[str, ...]) -> None:
    if found:
        raise DecisionError(
            f"the ledger says otherwise than this matching was told ({'; '.join(found)}): give "
            "when=, and who=, so that it is written there"
        )


def _refuse_illegal(state: State, decisions: Iterable[Decision], who: str, when: datetime) -> None:
    """Let the ledger refuse before the first entry is written, rather than half-way."""
    for decision in decisions:
        state = after(state, Entry(state.number + 1, when, who, decision))

"""``--since``: what changed from an earlier state of a cohort, by id and field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import rmatch
from rmatch.cli.failures import refuse_call
from rmatch.cli.output import say
from rmatch.explaining.wording import counted
from rmatch.programme import Programme
from rmatch.programme.merging import Difference
from rmatch.run_folder import RUN_FILE
from rmatch.runs import read_run


def earlier(path: Path) -> Programme:
    """The earlier state: of a run what it was made from, else a cohort.

    Raises:
        InputError: it cannot be read as a cohort.
        RunFolderError: the run is damaged, or its people were purged.
    """
    if not (path / RUN_FILE).is_file():
        return rmatch.load(path)
    programme = read_run(path).programme
    if programme is None:
        refuse_call(f"{path} was made without people, so nothing of it can be compared.")
    return programme


def say_changes(changes: Sequence[Difference], path: Path) -> None:
    """The changes as lines; what the fields hold is not told."""
    if not changes:
        say(f"\nNothing is different from {path}.")
        return
    say(f"\n{counted(len(changes), 'difference')} from {path}:")
    for one in changes:
        say(f"  {one}")


def changes_json(changes: Sequence[Difference]) -> list[dict[str, Any]]:
    """The changes as data."""
    return [{"what": c.what, "person": c.person, "fields": list(c.fields)} for c in changes]

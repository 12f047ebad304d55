"""``rmatch check`` of edited pairs: which run they belong to, and what they come to."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer

from rmatch.cli.commands.explain import load_run
from rmatch.cli.documents import documents_lines, make_documents, refuse_edited
from rmatch.cli.failures import FAILED, AuditFailedError, refuse_call
from rmatch.cli.output import note, say, say_json, say_line
from rmatch.cli.overwriting import refuse_existing, refuse_foreign_folder
from rmatch.cli.progress import progress
from rmatch.errors import InputError, Place, Problem
from rmatch.io import load_pairs
from rmatch.io.telling_apart import kind_of_file
from rmatch.proposals.records import EditedPairs
from rmatch.run_folder import RUN_FILE


@dataclass(frozen=True, slots=True)
class Edited:
    """Edited pairs as the command line gave them.

    Attributes:
        path: The file.
        run: The run that they were edited from.
        out: Where to keep them as a run of their own, if anywhere.
        force: Whether a run there is replaced.
        names: Whether names stand beside the ids.
    """

    path: Path
    run: Path
    out: Path | None = None
    force: bool = False
    names: bool = False

    def read(self) -> EditedPairs:
        """The pairs, checked against their run.

        Raises:
            AuditFailedError: they are allowed, and the audit finds anything at all.
            InputError: the file cannot be read as pairs of the run; every problem.
            RunFolderError: the run cannot be read, or ``out`` cannot be written.
        """
        if self.out is not None:
            refuse_existing(self.out, force=self.force)
            refuse_foreign_folder(self.out)
            refuse_edited(self.out)
        matching = load_run(self.run)
        with progress("Checking"):
            pairs = load_pairs(self.path, matching.programme)
            told = matching.check_pairs(pairs, names=self.names)
            audit = None if told.matching is None else told.matching.verify()
        if audit is not None and not audit.ok:
            raise AuditFailedError(audit)
        return told

    def save(self, told: EditedPairs, *, quiet: bool) -> Path | None:
        """Keep them where asked, with their documents, unless something is broken."""
        if self.out is None or told.matching is None:
            return None
        told.matching.save(self.out, after=self.run, force=self.force)
        make_documents(told.matching, self.out, names=self.names, quiet=quiet)
        return self.out


def run_of(path: Path | None, run: Path | None) -> Path | None:
    """The run that a file's pairs were edited from; ``None`` where the file is a cohort.

    Raises:
        InputError: a run was named, and the file is a cohort.
    """
    if path is None:
        return None if run is None else refuse_call("Give the file with the edited pairs.")
    kind = kind_of_file(path)
    if run is not None:
        if kind == "cohort":
            message = "looks like a cohort, not like pairs; leave --run out to check a cohort"
            raise InputError([Problem(message, Place(file=path.name))])
        return run
    if kind != "pairs":
        return None
    if not (path.parent / RUN_FILE).is_file():
        refuse_call(
            f"{path} looks like pairs, not like a cohort, and does not lie in a run folder: say "
            "which run they were edited from with --run FOLDER."
        )
    return path.parent


def tell(given: Edited, told: EditedPairs, saved: Path | None, *, as_json: bool) -> None:
    """What the pairs break and cost; stops with exit code 1 where something is broken."""
    if as_json:
        say_json(_document(given, told, saved))
    else:
        say(str(told))
        _say_what_next(given, told, saved)
    if not told.legal:
        raise typer.Exit(FAILED)


def _say_what_next(given: Edited, told: EditedPairs, saved: Path | None) -> None:
    if saved is not None:
        say("\nWritten, as a run of its own in which the decisions so far go on, to:")
        say_line(str(saved))
        for line in documents_lines(saved):
            say(line)
    elif given.out is not None:
        note("Nothing was saved: put right what is not allowed first.")
    elif told.legal and told.moves:
        say("\nTo keep these pairs as a run of their own:")
        say_line(f"rmatch check {given.path} --run {given.run} --save FOLDER")


def _document(given: Edited, told: EditedPairs, saved: Path | None) -> dict[str, Any]:
    return {
        "ok": told.legal,
        "run": str(given.run),
        "saved": None if saved is None else str(saved),
        "pairs": [list(pair) for pair in told.pairs],
        "moves": [asdict(move) for move in told.moves],
        "broken": list(told.broken),
        "over": [list(pair) for pair in told.over],
        "unkept": {name: list(units) for name, units in told.unkept.items()},
        "levels": [asdict(level) for level in told.levels],
        "blocking_new": [list(pair) for pair in told.blocking_new],
        "blocking_gone": [list(pair) for pair in told.blocking_gone],
    }

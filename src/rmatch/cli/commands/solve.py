"""``rmatch solve``: pair a cohort and keep the result."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from rmatch.cli import result_text as show
from rmatch.cli.cohort import Cohort, tell_notices
from rmatch.cli.documents import documents_lines, make_documents, refuse_edited
from rmatch.cli.failures import failures_told
from rmatch.cli.options import (
    AsJson,
    Candidates,
    Choices,
    CohortPath,
    Columns,
    Documents,
    Force,
    Mentees,
    Mentors,
    TimeLimit,
    as_candidates,
)
from rmatch.cli.output import say, say_json, say_line
from rmatch.cli.overwriting import refuse_existing, refuse_foreign_folder
from rmatch.cli.pairing import Paired, Wishes, pair
from rmatch.cli.problems import notices_json
from rmatch.cli.result_json import audit_json
from rmatch.programme import Programme
from rmatch.programme.settings import STRATEGIES
from rmatch.run_folder import LEDGER_FILE, documents_in
from rmatch.solving.objectives import REGISTRY


@dataclass(frozen=True, slots=True)
class _Kept:
    """A result that has been written."""

    cohort: Cohort
    programme: Programme
    paired: Paired
    folder: Path


def solve(
    cohort: CohortPath = None,
    *,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            show_default=False,
            help="Where the result goes; by default COHORT's name with -run, beside it.",
        ),
    ] = None,
    force: Force = False,
    strategy: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            show_default=False,
            help=f"How to pair: {', '.join(STRATEGIES)}, or one that an installed package adds. "
            "By default as the settings say.",
        ),
    ] = None,
    objectives: Annotated[
        str | None,
        typer.Option(
            metavar="A,B,…",
            show_default=False,
            help=f"Instead of a strategy, what counts in which order: {', '.join(REGISTRY)}.",
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(metavar="N", show_default=False, help="Decides between equal matchings."),
    ] = None,
    time_limit: TimeLimit = None,
    candidates: Candidates = None,
    names: Annotated[bool, typer.Option("--names", help="Show names beside the ids.")] = False,
    documents: Documents = True,
    mentors: Mentors = None,
    mentees: Mentees = None,
    choices: Choices = None,
    columns: Columns = None,
    as_json: AsJson = False,
) -> None:
    """Pair a cohort and write the result.

    Legal, as many pairs as possible, stable, best by proof, and checked by a separate audit.

    Writes a folder: coordinator.html (open this first) and coordinator.xlsx for you, report.html
    and pairs.xlsx for a panel, letters, and the record of the run.
    """
    given = Cohort(cohort, mentors, mentees, choices, columns)
    order = None if objectives is None else tuple(map(str.strip, objectives.split(",")))
    wishes = Wishes(order, strategy, seed, time_limit, as_candidates(candidates))
    with failures_told(as_json=as_json):
        kept = _make(given, wishes, out or given.run_folder, force=force, quiet=as_json)
        if not as_json:
            _say_result(kept, names=names)  # the documents take longer than the pairs
        if documents:
            paired = kept.paired
            make_documents(
                paired.matching, kept.folder, names=names, quiet=as_json, audit=paired.audit
            )
        if as_json:
            say_json(_document(kept, names=names))
        else:
            _say_files(kept)


def _make(given: Cohort, wishes: Wishes, folder: Path, *, force: bool, quiet: bool) -> _Kept:
    refuse_existing(folder, force=force)
    refuse_foreign_folder(folder)
    refuse_edited(folder)
    programme = given.load()
    if not quiet:
        tell_notices(programme)
    paired = pair(programme, wishes, quiet=quiet)
    paired.matching.save(folder, force=force)
    return _Kept(given, programme, paired, folder)


def _say_result(kept: _Kept, *, names: bool) -> None:
    matching, audit = kept.paired.matching, kept.paired.audit
    show.show_headline(matching, audit)
    say()
    show.show_pairs(matching, show.names_of_people(matching) if names else {})
    show.show_levels(kept.paired)
    show.show_warnings(matching.warnings)
    show.show_waived(matching.waived)
    show.show_questions(matching.questions, kept.folder)
    show.show_audit(audit)


def _say_files(kept: _Kept) -> None:
    matching = kept.paired.matching
    say(_files_text(kept))
    if kept.cohort.key_file is not None:
        say("\nWho was given which id (keep it private):")
        say_line(str(kept.cohort.key_file))
    if matching.pairs:
        say("\nWhy somebody has their partner:")
        say_line(f"rmatch explain {kept.folder} {matching.pairs[0].mentor}")


def _files_text(kept: _Kept) -> str:
    lines = [
        f"\nWritten to {kept.folder}:",
        *documents_lines(kept.folder),
        "  pairs.csv         the pairs by id, for other programs",
        "  run.json          the record, without anybody's name or id",
        "  programme.json    the people and their answers: keep it private",
    ]
    if (kept.folder / LEDGER_FILE).exists():
        lines.append("  ledger.jsonl      the decisions of the run before it: kept as they were")
    return "\n".join(lines)


def _document(kept: _Kept, *, names: bool) -> dict[str, Any]:
    matching = kept.paired.matching
    return {
        **matching.to_dict(names=names),
        "audit": audit_json(kept.paired.audit),
        "stopped": kept.paired.stopped,
        "notices": notices_json(kept.programme.notices),
        "run": str(kept.folder),
        "documents": list(documents_in(kept.folder)),
    }

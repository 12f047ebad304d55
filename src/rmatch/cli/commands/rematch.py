"""``rmatch rematch``: match again after something happened, and break as little as that takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

import rmatch
from rmatch.audit import Audit
from rmatch.cli import result_text as show
from rmatch.cli.cohort import tell_notices
from rmatch.cli.commands.explain import load_run
from rmatch.cli.commands.record import now
from rmatch.cli.documents import documents_lines, make_documents, refuse_edited
from rmatch.cli.failures import AuditFailedError, failures_told, refuse_call
from rmatch.cli.interrupt import run_stoppable
from rmatch.cli.limits import limit_of
from rmatch.cli.options import AsJson, Capacity, Documents, Forbid, Force, Keep, TimeLimit, Who
from rmatch.cli.output import note, say, say_json, say_line
from rmatch.cli.overwriting import refuse_existing, refuse_foreign_folder
from rmatch.cli.problems import notices_json
from rmatch.cli.progress import progress
from rmatch.cli.result_json import audit_json
from rmatch.cli.stated import MENTOR_MENTEE, pairs_of, places_of
from rmatch.errors import RunFolderError
from rmatch.matching import Matching
from rmatch.rematching.continuing import state_in
from rmatch.rematching.diff import Diff
from rmatch.rematching.replay import State
from rmatch.rematching.states import UNDER_WAY
from rmatch.run_folder import NOT_GIVEN


@dataclass(frozen=True, slots=True)
class _Wishes:
    """What the command line says happened."""

    withdrawn: Sequence[str]
    joined: Path | None
    keep: Sequence[tuple[str, ...]]
    forbid: Sequence[tuple[str, ...]]
    conflicts: Sequence[tuple[str, ...]]
    capacity: dict[str, int]
    max_changes: int | None
    frozen: str

    def as_arguments(self) -> dict[str, Any]:
        """For ``rmatch.rematch``."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def rematch(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    *,
    withdrawn: Annotated[
        list[str] | None,
        typer.Option(metavar="PERSON", show_default=False, help="Who left; may be repeated."),
    ] = None,
    joined: Annotated[
        Path | None,
        typer.Option(
            metavar="COHORT",
            show_default=False,
            help="Late forms: a workbook, a folder of CSV files, or .json.",
        ),
    ] = None,
    keep: Keep = None,
    forbid: Forbid = None,
    conflict: Annotated[
        list[str] | None,
        typer.Option(
            metavar=MENTOR_MENTEE,
            show_default=False,
            help="A conflict that came out; may be repeated.",
        ),
    ] = None,
    capacity: Capacity = None,
    max_changes: Annotated[
        int | None,
        typer.Option(metavar="N", min=0, show_default=False, help="Break no more pairs than this."),
    ] = None,
    frozen: Annotated[
        str,
        typer.Option(metavar="WHICH", help="Pairs not to be moved: approved, active, all or none."),
    ] = "approved",
    who: Who = NOT_GIVEN,
    out: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            show_default=False,
            help="Where the new run goes; by default RUN's name with -rematch, beside it.",
        ),
    ] = None,
    force: Force = False,
    time_limit: TimeLimit = None,
    documents: Documents = True,
    as_json: AsJson = False,
) -> None:
    """Match again after something happened, moving as few pairs as that takes.

    Shows what changed and why, and writes a new run whose ledger goes on from RUN's; RUN stays as
    it is. People by id, e-mail or exact name.
    """
    if frozen not in ("approved", "active", "all", "none"):
        refuse_call("--frozen is approved, active, all or none.")
    wishes = _Wishes(
        withdrawn or [],
        joined,
        pairs_of("--keep", keep),
        pairs_of("--forbid", forbid),
        pairs_of("--conflict", conflict),
        places_of("--capacity", capacity),
        max_changes,
        frozen,
    )
    target = out or run.with_name(f"{run.resolve().name}-rematch")
    with failures_told(as_json=as_json):
        refuse_existing(target, force=force)
        refuse_foreign_folder(target)
        refuse_edited(target)
        old = load_run(run)
        known = old.decided
        new, audit = _again(old, wishes, known, time_limit, quiet=as_json)
        # Before anything is saved: where it is written first is gone afterwards.
        changed = new.diff(old)
        _check_nothing_since(run, known)
        new.save(target, after=run, force=force, who=who, when=now())
        if documents:
            make_documents(new, target, names=False, quiet=as_json, audit=audit)
        if as_json:
            say_json(_document(new, changed, audit, target))
        else:
            _say(new, changed, audit, target)
            _note_agreed(new, target)
            if new.decided.number > known.number and who == NOT_GIVEN:
                note("Nobody is noted as having decided this; say who with --who AB.")


def _check_nothing_since(run: Path, known: State) -> None:
    """That nobody decided anything while it was matched again; it would have been ignored."""
    if state_in(run).number != known.number:
        raise RunFolderError(f"something was decided about {run} meanwhile; match it again")


def _again(
    old: Matching, wishes: _Wishes, known: State, time_limit: float | None, *, quiet: bool
) -> tuple[Matching, Audit]:
    if old.programme is None:
        refuse_call("This run was made without people; match it again in Python.")
    limit = limit_of(old.programme, time_limit)
    new, _ = run_stoppable(
        lambda cancel: rmatch.rematch(
            old, **wishes.as_arguments(), state=known, time_limit=limit, cancel=cancel
        ),
        "Matching again",
        quiet=quiet,
    )
    with progress("Checking the result", quiet=quiet):
        audit = new.verify()
    if not audit.ok:
        raise AuditFailedError(audit)
    return new, audit


def _say(new: Matching, changed: Diff, audit: Audit, folder: Path) -> None:
    if new.programme is not None:
        tell_notices(new.programme)
    say(str(changed))
    say()
    show.show_headline(new, audit)
    show.show_audit(audit)
    say("\nThe new run, in which the decisions about the one before go on:")
    say_line(str(folder))
    for line in documents_lines(folder):
        say(line)


def _note_agreed(new: Matching, folder: Path) -> None:
    """Pairs that the ledger has as agreed and the matching does not make: they need a word."""
    made = {(pair.mentor, pair.mentee) for pair in new.pairs}
    agreed = [pair for pair in state_in(folder).in_state(*UNDER_WAY) if pair not in made]
    if agreed:
        named = ", ".join(f"{mentor} with {mentee}" for mentor, mentee in agreed)
        note(
            f"Agreed to, and not made now: {named}. End them (rmatch record {folder} end …), or "
            "the next rematch brings them back where it can."
        )


def _document(new: Matching, changed: Diff, audit: Audit, folder: Path) -> dict[str, Any]:
    return {
        **new.to_dict(),
        "changes": [
            {"mentor": mentor, "mentee": mentee, "change": str(fate)}
            for (mentor, mentee), fate in changed.fates.items()
        ],
        "audit": audit_json(audit),
        "notices": notices_json(new.programme.notices if new.programme is not None else ()),
        "run": str(folder),
    }

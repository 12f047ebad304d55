"""``rmatch next``: the cohort after this one, to which new forms are added."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from rmatch.cli.failures import failures_told, refuse_call
from rmatch.cli.options import AsJson, Force
from rmatch.cli.output import note, say, say_json, say_line
from rmatch.cli.overwriting import refuse_existing
from rmatch.errors import UnknownPersonError
from rmatch.explaining.wording import counted
from rmatch.io.tables import write_folder, write_json, write_workbook
from rmatch.matching import Matching
from rmatch.programme import Programme
from rmatch.rematching.cohort_end import unknown_joined
from rmatch.rematching.ledger import read_ledger

Ids = list[str]


@dataclass(frozen=True, slots=True)
class _Made:
    """The next cohort, beside the one it comes from."""

    before: Programme
    after: Programme
    joined: tuple[str, ...]
    """Who joined by the ledger alone: nobody knows what they answered."""

    @property
    def staying(self) -> tuple[str, ...]:
        """Who is in both without having been left over."""
        return tuple(one.id for one in self.after.people if not one.carried_over)

    @property
    def carried(self) -> tuple[str, ...]:
        """Who is carried over with priority."""
        return tuple(one.id for one in self.after.people if one.carried_over)

    @property
    def left(self) -> int:
        """How many are not in the next cohort."""
        return len(self.before.by_id) - len(self.after.by_id)

    @property
    def new_pairs(self) -> int:
        """How many rows the history has more."""
        return len(self.after.history) - len(self.before.history)


def next_cohort(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    *,
    out: Annotated[
        Path,
        typer.Option(metavar="PATH", help="Where to write it: a .xlsx, a .json or a folder."),
    ],
    stay: Annotated[
        Ids | None,
        typer.Option(metavar="ID", help="Somebody with a partner who takes part again."),
    ] = None,
    withdrawn: Annotated[
        Ids | None,
        typer.Option(metavar="ID", help="Somebody who is not carried over."),
    ] = None,
    force: Force = False,
    as_json: AsJson = False,
) -> None:
    """Write the next cohort: who had no partner, with priority, and what must be remembered.

    Every pair goes into its history, as it ended by the run's decisions. Then add the new forms.
    """
    write = _writer(out)
    with failures_told(as_json=as_json):
        refuse_existing(out, force=force)
        made = _made(run, stay or (), withdrawn or ())
        write(made.after, out, force=force)
        if as_json:
            say_json(_document(made, out))
        else:
            _say(made, out)


def _writer(out: Path) -> Callable[..., Path]:
    """What writes a cohort to a path of this name."""
    writers: dict[str, Callable[..., Path]] = {
        ".xlsx": write_workbook,
        ".json": write_json,
        "": write_folder,
    }
    found = writers.get(out.suffix.lower())
    if found is None:
        refuse_call(f"{out}: a cohort is a .xlsx workbook, a .json file or a folder.")
    return found


def _made(run: Path, stay: Iterable[str], withdrawn: Iterable[str]) -> _Made:
    matching = Matching.load(run)
    before = matching.programme
    if before is None:
        refuse_call(f"{run} was made without people, so there is nobody to carry over.")
    unknown = [person for person in (*stay, *withdrawn) if person not in before.by_id]
    if unknown:
        raise UnknownPersonError(f"nobody in {run} has the id {', '.join(unknown)}")
    after = matching.next_programme(run, stay=stay, withdrawn=withdrawn)
    return _Made(before, after, unknown_joined(read_ledger(run), before.by_id))


def _say(made: _Made, out: Path) -> None:
    say(f"Wrote {out}\n")
    carried = f"{counted(len(made.carried), 'person', 'people')} carried over with priority"
    say(carried + (f": {', '.join(made.carried)}" if made.carried else ""))
    if made.staying:
        say(f"Also in it: {', '.join(made.staying)}")
    say(f"{counted(made.left, 'person', 'people')} left, with a partner or for good")
    say(f"{counted(made.new_pairs, 'pair')} added to the history, so as not to be made again")
    if made.after.dormant:
        say(
            f"{counted(len(made.after.dormant), 'conflict')} with people who are not in it, kept: "
            "each holds again once both are"
        )
    _note_joined(made)
    say("\nAdd the new forms, everybody under the id they had before; set starts and ends; then:")
    say_line(f"rmatch check {out}")


def _note_joined(made: _Made) -> None:
    if made.joined:
        note(
            f"By the run's decisions {', '.join(made.joined)} joined, but their answers are not in "
            "it: add their forms"
        )


def _document(made: _Made, out: Path) -> dict[str, Any]:
    return {
        "written": str(out),
        "carried_over": list(made.carried),
        "also_in_it": list(made.staying),
        "left": made.left,
        "history_added": made.new_pairs,
        "dormant": len(made.after.dormant),
        "joined_without_form": list(made.joined),
    }

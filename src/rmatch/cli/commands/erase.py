"""``rmatch erase``: one person's data out of a run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from rmatch.cli.failures import failures_told
from rmatch.cli.options import AsJson, Yes
from rmatch.cli.output import note, say, say_json
from rmatch.rematching.erasing import Erased, check_known
from rmatch.rematching.erasing import erase as erase_person
from rmatch.run_folder import documents_in


def erase(
    run: Annotated[Path, typer.Argument(metavar="RUN", help="A folder that `rmatch solve` wrote.")],
    person: Annotated[str, typer.Argument(metavar="ID", help="Their id, or a decider's initials.")],
    *,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Remove everything that a run holds about one person, for good.

    What was decided stays, under a pseudonym that means nobody any more.
    """
    with failures_told(as_json=as_json):
        check_known(run, person)
        if not yes:
            question = f"Erase {person} from {run}{_with_documents(run)}? This cannot be undone."
            typer.confirm(question, abort=True, err=True)
        erased = erase_person(run, person)
        if as_json:
            say_json(_document(erased, run))
        else:
            _say(erased, person, run)


def _with_documents(run: Path) -> str:
    held = documents_in(run)
    return f", with {', '.join(held)}" if held else ""


def _say(erased: Erased, person: str, run: Path) -> None:
    say(f"{person} is erased from {run}. Left of them is the pseudonym {erased.pseudonym}.")
    say(
        "Not reached: the cohort's own files and key.csv, other runs, what was made from this run "
        "elsewhere (letters, workbooks, tables), backups."
    )
    if erased.mentions:
        note(f"Others may still name them; please look: {'; '.join(erased.mentions)}")
    if erased.removed:
        note(
            f"Removed with them: {', '.join(erased.removed)}. Made again without them by: "
            f"rmatch report {run}"
        )
    if erased.untouched:
        note(f"In the folder, and not looked into: {', '.join(erased.untouched)}")


def _document(erased: Erased, run: Path) -> dict[str, object]:
    return {
        "run": str(run),
        "pseudonym": erased.pseudonym,
        "mentions": list(erased.mentions),
        "removed": list(erased.removed),
        "untouched": list(erased.untouched),
    }

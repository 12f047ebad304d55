"""Every document of a run at once: each audience's facts are gathered a single time."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from rmatch.atomic import write_atomic
from rmatch.errors import RunFolderError
from rmatch.reports.files import mode_for
from rmatch.reports.page import page_html
from rmatch.reports.seconds import REPORT_SECONDS
from rmatch.reports.viewing import report_view
from rmatch.reports.writing import workbook_bytes
from rmatch.run_folder import (
    LETTERS_FOLDER,
    OWN_REPORT_FILE,
    OWN_WORKBOOK_FILE,
    REPORT_FILE,
    WORKBOOK_FILE,
    remove_documents,
)
from rmatch.runs import names_in

if TYPE_CHECKING:
    from rmatch.audit import Audit
    from rmatch.matching import Matching

_FILES = {
    "coordinator": (OWN_REPORT_FILE, OWN_WORKBOOK_FILE),
    "panel": (REPORT_FILE, WORKBOOK_FILE),
}

_GATHERING = {"coordinator": "why pairs were not made", "panel": "what speaks for each pair"}
"""What takes its time before a report of each is written."""


def write_documents(
    matching: Matching,
    run: Path,
    *,
    names: bool = False,
    time_limit: float | None = REPORT_SECONDS,
    audit: Audit | None = None,
    told: Callable[[str], None] | None = None,
) -> None:
    """Write the reports, the workbooks and the letters into a run folder, over earlier ones.

    Args:
        matching: The matching that was saved there.
        run: The run folder.
        names: Show names beside the ids; letters always have their reader's own.
        time_limit: Seconds for all that has to be solved for the coordinator's report.
        audit: The verdict on this matching, where it is known already.
        told: Called with what is being done, in a few words.

    Raises:
        MissingExtraError: Jinja2 or openpyxl is not installed.
        RunFolderError: one of them cannot be written, those before it are; or somebody of the
            matching was erased from the folder meanwhile, then none is left.
    """
    tell = told or _nobody
    checked = matching.verify() if audit is None else audit
    files: dict[str, tuple[str | bytes, int | None]] = {}
    for audience, (page, workbook) in _FILES.items():
        tell(_GATHERING[audience])
        view = report_view(matching, audience, names=names, time_limit=time_limit, audit=checked)
        mode = mode_for(audience, names=names)
        tell(f"{page} and {workbook}")
        files |= {page: (page_html(view), mode), workbook: (workbook_bytes(view), mode)}
    _check_people(matching, run)
    for name, (content, mode) in files.items():
        write_atomic(run / name, content, mode=mode, force=True)
    if matching.programme is not None:
        tell("letters")
        _write_letters(matching, run / LETTERS_FOLDER)
    try:
        _check_people(matching, run)
    except RunFolderError:
        # Whoever erases removes what is there at that moment, which these may not have been.
        remove_documents(run)
        raise


def _nobody(step: str) -> None:
    """Whom nothing is told."""


def _check_people(matching: Matching, run: Path) -> None:
    """Refuse to write of people who are in the run folder no more.

    Raises:
        RunFolderError: somebody was erased since the matching was read, or everybody.
    """
    instance = matching.instance
    if not {*instance.mentor_ids, *instance.mentee_ids} <= set(names_in(run).sides):
        raise RunFolderError(
            f"{run} does not hold everybody of this matching any more, so its documents were not "
            "written; load it again from there"
        )


def _write_letters(matching: Matching, folder: Path) -> None:
    """Letters into the run folder itself: where a link leads, nobody would erase them."""
    if folder.is_symlink():
        folder.unlink()
    matching.letters(folder, force=True)

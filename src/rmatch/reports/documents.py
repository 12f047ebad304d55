"""Every document of a run at once: each audience's facts are gathered a single time."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rmatch.atomic import write_atomic
from rmatch.reports.files import mode_for
from rmatch.reports.page import page_html
from rmatch.reports.viewing import REPORT_SECONDS, report_view
from rmatch.reports.writing import workbook_bytes
from rmatch.run_folder import (
    LETTERS_FOLDER,
    OWN_REPORT_FILE,
    OWN_WORKBOOK_FILE,
    REPORT_FILE,
    WORKBOOK_FILE,
)

if TYPE_CHECKING:
    from rmatch.matching import Matching

_FILES = {
    "coordinator": (OWN_REPORT_FILE, OWN_WORKBOOK_FILE),
    "panel": (REPORT_FILE, WORKBOOK_FILE),
}


def write_documents(
    matching: Matching,
    run: Path,
    *,
    names: bool = False,
    time_limit: float | None = REPORT_SECONDS,
) -> None:
    """Write the reports, the workbooks and the letters into a run folder, over earlier ones.

    Args:
        matching: The matching that was saved there.
        run: The run folder.
        names: Show names beside the ids; letters always have their reader's own.
        time_limit: Seconds for all that has to be solved for the coordinator's report.

    Raises:
        MissingExtraError: Jinja2 or openpyxl is not installed.
        RunFolderError: one of them cannot be written; those before it are.
    """
    for audience, (page, workbook) in _FILES.items():
        view = report_view(matching, audience, names=names, time_limit=time_limit)
        mode = mode_for(audience, names=names)
        write_atomic(run / page, page_html(view), mode=mode, force=True)
        write_atomic(run / workbook, workbook_bytes(view), mode=mode, force=True)
    if matching.programme is not None:
        matching.letters(run / LETTERS_FOLDER, force=True)

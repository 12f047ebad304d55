"""The workbook of a matching, for one audience, as a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rmatch.atomic import write_atomic
from rmatch.io.workbook import open_openpyxl
from rmatch.reports.files import mode_for, refuse_existing
from rmatch.reports.sheet_views import sheets_of
from rmatch.reports.view import ReportView
from rmatch.reports.viewing import report_audience, report_view
from rmatch.reports.workbook import workbook_of

if TYPE_CHECKING:
    from rmatch.matching import Matching

_SUFFIX = ".xlsx"


def write_workbook(
    matching: Matching,
    path: str | os.PathLike[str],
    audience: str,
    *,
    names: bool,
    reveal: bool,
    force: bool,
    time_limit: float | None,
) -> Path:
    """Write what an audience may see of a matching; see ``Matching.to_excel``."""
    kind = report_audience(audience)
    target = Path(path)
    if target.suffix.lower() != _SUFFIX:
        raise ValueError(f"{target.name} does not end in {_SUFFIX}, so nothing would open it")
    open_openpyxl("writing a workbook")
    refuse_existing(target, force=force)
    view = report_view(
        matching, kind, names=names, reveal=reveal, time_limit=time_limit, explore=False
    )
    mode = mode_for(kind, names=names)
    return write_atomic(target, workbook_bytes(view), mode=mode, force=force)


def workbook_bytes(view: ReportView) -> bytes:
    """The workbook of a view.

    Raises:
        MissingExtraError: openpyxl is not installed.
    """
    open_openpyxl("writing a workbook")
    return workbook_of(sheets_of(view), view.title, view.audience)

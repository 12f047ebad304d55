"""The workbook of a matching, for one audience, as a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from rmatch.atomic import write_atomic
from rmatch.errors import RunFolderError
from rmatch.io.workbook import open_openpyxl
from rmatch.reports.sheet_views import sheets_of
from rmatch.reports.viewing import report_audience, report_view
from rmatch.reports.workbook import workbook_of

if TYPE_CHECKING:
    from rmatch.matching import Matching

_OWNER_ONLY = 0o600
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
    _refuse(target, force=force)
    view = report_view(
        matching, kind, names=names, reveal=reveal, time_limit=time_limit, explore=False
    )
    content = workbook_of(sheets_of(view), view.title, kind)
    personal = kind == "coordinator" or names
    return write_atomic(target, content, mode=_OWNER_ONLY if personal else None, force=force)


def _refuse(target: Path, *, force: bool) -> None:
    """Refuse before anything is solved: somebody may have edited what is there.

    Raises:
        RunFolderError: something is there, and it was not forced.
    """
    try:
        exists = target.exists()
    except OSError as error:  # a name too long, a folder that may not be entered
        raise RunFolderError(f"{target} cannot be written: {error.strerror}") from None
    if exists and not force:
        raise RunFolderError(
            f"{target} exists already, and may have been edited; choose another name or force it"
        )

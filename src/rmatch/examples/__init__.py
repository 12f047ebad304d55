"""The example cohorts, each as folder and as workbook: invented people, real grades and roles."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

_NAMES = ("east-of-england", "two-trusts")


def names() -> tuple[str, ...]:
    """The example cohorts there are."""
    return _NAMES


def path(name: str, *, workbook: bool = False) -> Path:
    """Where an example cohort stands: its folder of CSVs, or its workbook.

    Raises:
        ValueError: there is no such example; the message lists those there are.
    """
    if name not in _NAMES:
        raise ValueError(f"there is no example {name!r}; there are {', '.join(_NAMES)}")
    # rmatch is installed as plain files (never zipped), so the resource is a path.
    return Path(str(resources.files(__name__))) / (f"{name}.xlsx" if workbook else name)

"""Which OR-Tools is installed, as the package itself says: its metadata takes longer to read."""

from __future__ import annotations


def ortools_version() -> str:
    """The version of OR-Tools."""
    import ortools

    version: str = ortools.__version__
    return version

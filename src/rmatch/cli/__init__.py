"""The command line, for coordinators: ``rmatch demo | template | check | solve | explain``.

Typer and rich come with the extra ``coordinator`` and are imported in this package alone; this
module imports neither, so that it can say what to install.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec

from rmatch.errors import MissingExtraError

__all__ = ["main"]

NEEDED = ("typer", "rich")
ABORTED = 130
"""What shells call a process that Ctrl-C ended."""


def main() -> int:
    """Run the command line; returns 2 where its extra is missing, and otherwise exits by itself."""
    for package in NEEDED:
        if find_spec(package) is None:
            print(MissingExtraError(package, "coordinator", "The command line"), file=sys.stderr)  # noqa: T201 - what prints is missing
            return 2
    try:
        from rmatch.cli.app import run

        run()
    except KeyboardInterrupt:
        return ABORTED
    return 0

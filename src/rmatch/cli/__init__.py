"""The command line, for coordinators: ``rmatch demo | template | check | solve | explain``.

Typer and rich come with the extra ``coordinator`` and are imported in this package alone; this
module imports neither, so that it can say what to install.
"""

from __future__ import annotations

import gc
import os
import sys
from importlib.util import find_spec

from rmatch.errors import MissingExtraError

__all__ = ["main"]

NEEDED = ("typer", "rich")
ABORTED = 130
"""What shells call a process that Ctrl-C ended."""
COLLECT_AFTER = 50_000
"""New objects after which cycles are looked for: what loading makes stays, and is no rubbish."""


def main() -> int:
    """Run the command line; returns 2 where its extra is missing, and otherwise exits by itself."""
    for package in NEEDED:
        if find_spec(package) is None:
            print(MissingExtraError(package, "coordinator", "The command line"), file=sys.stderr)  # noqa: T201 - what prints is missing
            return 2
    _settle_process()
    try:
        from rmatch.cli.app import run

        run()
    except KeyboardInterrupt:
        return ABORTED
    finally:
        gc.freeze()  # a process that ends need not look through all that it loaded
    return 0


def _settle_process() -> None:
    """Set up a process that is a command's own."""
    gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
    # Whatever is installed beside rmatch to watch pydantic's records must not see people, and
    # looking for it reads every installed package.
    os.environ["PYDANTIC_DISABLE_PLUGINS"] = "1"

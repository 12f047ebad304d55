"""A virtual environment for each peer, so that none of them meets another or rmatch.

mentor-match and matching install the same top-level package, algmatch brings gurobipy, and
matchingproblems wants a NumPy of its own. Each gets what ``peer_requirements/NAME.txt`` pins, below
``build/peers``; an environment is kept until its file changes. One that cannot be made is
a reason to be told, never a peer that is silently missing.

python benchmarks/environments.py            # makes those that are not there
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from dataclasses import dataclass
from pathlib import Path

REQUIREMENTS = Path(__file__).parent / "peer_requirements"
FOLDER = Path(__file__).parent.parent / "build" / "peers"
STAMP = "made-from.txt"
"""A copy of the requirements inside the environment: written last, it says that all is there."""

MINUTES = 3
"""Installing one peer may take so long."""


@dataclass(frozen=True, slots=True)
class Environment:
    """Where a peer runs.

    Attributes:
        python: Its interpreter; ``None`` where there is no environment.
        reason: Why there is none.
    """

    python: Path | None
    reason: str = ""


def names() -> tuple[str, ...]:
    """The peers that have an environment of their own."""
    return tuple(sorted(path.stem for path in REQUIREMENTS.glob("*.txt")))


def existing(name: str, folder: Path = FOLDER) -> Environment:
    """The environment of a peer, if it was made from the requirements as they are now."""
    place, wanted = folder / name, (REQUIREMENTS / f"{name}.txt").read_text("utf-8")
    stamp = place / STAMP
    if not stamp.exists() or stamp.read_text("utf-8") != wanted:
        return Environment(None, "no environment: run python benchmarks/environments.py")
    return Environment(_python(place))


def made(name: str, folder: Path = FOLDER) -> Environment:
    """The environment of a peer, made if it is not there; the only step that needs a network."""
    found = existing(name, folder)
    if found.python is not None:
        return found
    place, wanted = folder / name, REQUIREMENTS / f"{name}.txt"
    shutil.rmtree(place, ignore_errors=True)
    try:
        venv.create(place, with_pip=True)
        _install(_python(place), wanted)
    except (OSError, subprocess.SubprocessError) as error:
        return Environment(None, f"its environment could not be made: {_said(error)}")
    (place / STAMP).write_text(wanted.read_text("utf-8"), "utf-8")
    return Environment(_python(place))


def _install(python: Path, requirements: Path) -> None:
    command = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run(  # noqa: S603 - our own interpreter and our own file
        [*command, "--requirement", requirements],
        check=True,
        capture_output=True,
        text=True,
        timeout=60 * MINUTES,
        env={key: value for key, value in os.environ.items() if key != "PYTHONPATH"},
    )


def _python(place: Path) -> Path:
    return place / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")


def _said(error: Exception) -> str:
    """The last line of what went wrong."""
    lines = str(getattr(error, "stderr", None) or error).strip().splitlines()
    return lines[-1] if lines else type(error).__name__


def main() -> None:
    """Make every environment that is not there, and say which could not be made."""
    for name in names():
        environment = made(name)
        print(f"{name}: {environment.reason or 'ready'}", flush=True)


if __name__ == "__main__":
    main()

"""The templates as texts: the programme's own where there are any, else rmatch's."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

from rmatch.errors import InputError, Place, Problem

Kind = Literal["matched", "unmatched", "no_place"]
KINDS: tuple[Kind, ...] = get_args(Kind)
MOST_BYTES = 1_000_000
"""Of one template; a letter has a few thousand."""
_FILES = tuple(f"{kind}.md" for kind in KINDS)


@dataclass(frozen=True, slots=True)
class Source:
    """One template: for whom, the file it is known by, and its text."""

    kind: Kind
    file: str
    text: str


def template_sources(folder: str | os.PathLike[str] | None) -> tuple[Source, ...]:
    """A template for each kind of letter; those that the folder lacks are rmatch's own.

    Raises:
        InputError: the folder has no template, one of a name that no letter is made from, or one
            that cannot be read.
    """
    own = {} if folder is None else _own(Path(folder))
    shipped = resources.files("rmatch.letters") / "default"
    return tuple(
        own.get(kind) or Source(kind, f"{kind}.md", (shipped / f"{kind}.md").read_text("utf-8"))
        for kind in KINDS
    )


def _own(folder: Path) -> dict[Kind, Source]:
    files = _listed(folder)
    problems = [
        Problem(f"is the name of no template, which are {', '.join(_FILES)}", Place(file=file.name))
        for file in files
        if file.suffix.lower() == ".md" and file.name not in _FILES
    ]
    found: dict[Kind, Source] = {}
    for kind in KINDS:
        path = folder / f"{kind}.md"
        if path in files:
            try:
                found[kind] = Source(kind, path.name, _text(path))
            except (OSError, ValueError) as error:
                problems.append(Problem(_unreadable(error), Place(file=path.name)))
    if not problems and not found:
        problems = [_no_template(folder, f"has none of {', '.join(_FILES)}")]
    if problems:
        raise InputError(problems)
    return found


def _text(path: Path) -> str:
    """A template's text, at any line ends.

    Raises:
        OSError: it cannot be read, or is no file: a device may have no end.
        UnicodeDecodeError: it is not UTF-8.
        ValueError: it is far too long for a letter.
    """
    size = path.stat().st_size
    if not path.is_file():
        raise OSError(errno.EINVAL, "it is no file")
    if size > MOST_BYTES:
        raise ValueError(f"has more than {MOST_BYTES} bytes, which is no letter")
    return path.read_text("utf-8-sig")


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir())
    except OSError as error:
        raise InputError([_no_template(folder, _unreadable(error))]) from None


def _no_template(folder: Path, message: str) -> Problem:
    return Problem(message, Place(file=str(folder)))


def _unreadable(error: OSError | ValueError) -> str:
    if isinstance(error, OSError):
        return f"cannot be read: {error.strerror}"
    return "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)

"""Which cohort is meant: one source, or the tables of a form's export."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import rmatch
from rmatch.cli.failures import refuse_call
from rmatch.cli.output import note
from rmatch.cli.problems import problems_text
from rmatch.cli.progress import progress
from rmatch.errors import InputError, Place, Problem
from rmatch.programme import Programme


@dataclass(frozen=True, slots=True)
class Cohort:
    """Where a cohort is read from, as the command line gave it."""

    source: Path | None
    mentors: Path | None = None
    mentees: Path | None = None
    choices: Path | None = None
    columns: Path | None = None

    def __post_init__(self) -> None:
        """Refuse a call that names no cohort, or two."""
        apart = self.mentors is not None or self.mentees is not None
        if self.source is not None and apart:
            refuse_call("Give COHORT, or --mentors and --mentees, not both.")
        if self.source is None and (self.mentors is None or self.mentees is None):
            refuse_call("Give COHORT, or --mentors and --mentees.")

    @property
    def first_file(self) -> Path:
        """The file or folder that the cohort goes by."""
        path = self.source or self.mentors
        assert path is not None  # noqa: S101 - checked when made
        return path

    @property
    def run_folder(self) -> Path:
        """Where its run goes by default: beside it."""
        path = self.first_file.resolve()
        name = path.name if path.is_dir() else path.stem
        folder = path.with_name(f"{name}-run")
        # Told as it was given: nobody wants to read half their file system.
        return folder if self.first_file.is_absolute() else _relative(folder)

    @property
    def key_file(self) -> Path | None:
        """The file that says which id was given to whom, where ids were given."""
        if self.mentors is None:
            return None
        from rmatch.io.keyfile import KEY_FILE

        path = self.mentors.parent / KEY_FILE
        return path if path.exists() else None

    def load(self) -> Programme:
        """Read the cohort.

        Raises:
            InputError: with every problem found.
        """
        tables: dict[str, Any] = {
            "mentors": self.mentors,
            "mentees": self.mentees,
            "choices": self.choices,
            "columns": None if self.columns is None else read_columns(self.columns),
        }
        given = {name: value for name, value in tables.items() if value is not None}
        with progress("Reading"):
            return rmatch.load(self.source, **given)


def _relative(path: Path) -> Path:
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def read_columns(path: Path) -> Mapping[str, Any]:
    """The mapping of a form's questions to fields, from a TOML file.

    Raises:
        InputError: the file cannot be read, or is no such mapping.
    """
    import tomllib

    from rmatch.io.findings import Findings
    from rmatch.io.mapping import column_mapping

    place = Place(file=path.name)
    try:
        columns = tomllib.loads(path.read_text(encoding="utf-8-sig"))
        column_mapping(columns, (), Findings())
    except OSError as error:
        raise _refused(f"cannot be read: {error.strerror}", place) from None
    except UnicodeDecodeError:
        raise _refused("is not UTF-8 text", place) from None
    except tomllib.TOMLDecodeError as error:
        raise _refused(f"is not TOML: {error}", place) from None
    except TypeError as error:
        raise _refused(f"is no mapping of columns: {error}", place) from None
    return columns


def _refused(message: str, place: Place) -> InputError:
    return InputError([Problem(message, place)])


def tell_notices(programme: Programme) -> None:
    """What loading noticed and did not refuse, to stderr."""
    if programme.notices:
        note(f"Noticed while reading:\n{problems_text(programme.notices)}\n")

"""A line on the terminal while something takes more than a second."""

from __future__ import annotations

import contextlib
import sys
import textwrap
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from rmatch.explaining.level_words import TIE_BREAK, limit, number
from rmatch.solution import Progress

if TYPE_CHECKING:
    from rich.progress import Progress as Line

DELAY = 1.0


class Latest:
    """What the solver told last: written by its thread, read by the line."""

    def __init__(self) -> None:
        self.told: Progress | None = None

    def __call__(self, told: Progress) -> None:
        """Keep it; the line is redrawn in its own time."""
        self.told = told

    def text(self, room: int) -> str:
        """What was told, cut at a word to fit."""
        text = "" if self.told is None else progress_text(self.told)
        return textwrap.shorten(text, max(room, 1), placeholder=" …")


class Step:
    """What is being done at the moment, in a few words: told by the work, read by the line."""

    def __init__(self) -> None:
        self.told = ""

    def __call__(self, told: str) -> None:
        """Keep it."""
        self.told = told

    def text(self, room: int) -> str:
        """What was told, cut at a word to fit."""
        return textwrap.shorten(self.told, max(room, 1), placeholder=" …")


def progress_text(told: Progress) -> str:
    """The level at work and how far it has got; scores as the 0–100 that people see."""
    if told.best is None or told.level == TIE_BREAK:
        return told.level
    if told.bound == told.best:
        return f"{told.level}, proved"
    open_part = limit(told.level, told.best, told.bound, for_people=True)
    so_far = open_part.removeprefix("not proved").removeprefix("; ")
    best = ""
    if isinstance(told.best, int):
        best = f"best {number(told.level, told.best, for_people=True)}"
    return ", ".join(text for text in (told.level, best, so_far) if text)


def is_watched(*, quiet: bool = False) -> bool:
    """Whether anybody would see a line: not in a pipe, nor where only a result is wanted."""
    return not quiet and sys.stderr.isatty()


@contextlib.contextmanager
def progress(
    what: str, *, latest: Latest | Step | None = None, hint: str = "", quiet: bool = False
) -> Iterator[None]:
    """Show ``what`` and the seconds on stderr, if it is a terminal and only after a second.

    Args:
        what: What is being done.
        latest: What the work tells, shown beside it.
        hint: What may be done meanwhile.
        quiet: Show nothing, even on a terminal.
    """
    if not is_watched(quiet=quiet):
        yield
        return
    shown: list[Line] = []

    def show() -> None:
        # Only now, in the timer's thread: most work is done before rich would be loaded.
        line = _line(what, latest, hint)
        shown.append(line)
        line.start()

    timer = threading.Timer(DELAY, show)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        # The line may be starting this moment: wait, or it would stay.
        timer.join()
        for line in shown:
            line.stop()


def _line(what: str, latest: Latest | Step | None, hint: str) -> Line:
    """The line, not shown yet."""
    from rich.console import Console
    from rich.progress import Progress as Line
    from rich.progress import SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.text import Text

    console = Console(stderr=True)
    room = console.width - len(f"⠋ {what}  0:00:00 {hint}")

    class Told(TextColumn):
        """Asked at every redrawing, so it always says what was told last."""

        def render(self, task: object) -> Text:
            del task
            return Text("" if latest is None else latest.text(room))

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        Told(""),
        TimeElapsedColumn(),
        TextColumn(hint, markup=False),
    )
    line = Line(*columns, console=console, transient=True)
    line.add_task(what, total=None)
    return line

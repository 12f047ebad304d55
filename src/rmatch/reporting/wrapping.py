"""Text fitted to a width: long lines are folded under their own beginning, tables left alone."""

from __future__ import annotations

import re
import textwrap

WIDTH = 80
"""What a page, an e-mail and most terminals can show."""

_LABEL = re.compile(r"\s*(?:- |\d+: )?")


def fitted(text: str, width: int = WIDTH) -> str:
    """The text with every line of more than ``width`` folded at a space, never inside a word."""
    return "\n".join(_folded(line, width) for line in text.split("\n"))


def _folded(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    label = _LABEL.match(line)
    hanging = len(label.group()) if label and label.group().strip() else _hanging(line)
    return filled(line.strip(), width, first=" " * _indent(line), rest=" " * hanging)


def _hanging(line: str) -> int:
    """Prose at the margin stays there; an indented line goes on further in."""
    return _indent(line) + 2 if _indent(line) else 0


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def filled(text: str, width: int = WIDTH, *, first: str = "", rest: str = "") -> str:
    """One paragraph, its first line after ``first`` and all others after ``rest``."""
    return textwrap.fill(
        text,
        width,
        initial_indent=first,
        subsequent_indent=rest,
        break_long_words=False,
        break_on_hyphens=False,
    )


def entry(label: str, text: str, *, column: int, width: int = WIDTH) -> str:
    """``label`` and beside it, from ``column`` on, the text; a long label keeps its own line."""
    rest = " " * column
    if len(label) + 2 > column:
        return f"{label}\n{filled(text, width, first=rest, rest=rest)}"
    return filled(text, width, first=label.ljust(column), rest=rest)

"""Lists in one cell: ``a; b; c``, with brackets and quoted items left whole."""

from __future__ import annotations

import re
from collections.abc import Iterable

_QUOTED = re.compile(r'"((?:[^"]|"")*)"', re.DOTALL)
_SPECIAL = (";", "=", ",", "\n", "\r", '"')


def split(text: str, separators: str = ";\n\r") -> list[str]:
    """The parts of ``text``, stripped, blanks dropped, quotation marks still on.

    A separator within brackets, or within a part that starts with a quotation mark, separates
    nothing. An unbalanced bracket or quotation mark is an ordinary character.
    """
    for bracketed in (True, False):
        parts, balanced = _split(text, separators, bracketed=bracketed)
        if balanced:
            break
    return [part for part in (part.strip() for part in parts) if part]


def _split(text: str, separators: str, *, bracketed: bool) -> tuple[list[str], bool]:
    parts = [""]
    depth = 0
    quoted = False
    for sign in text:
        if bracketed and sign == '"' and (quoted or not parts[-1].strip()):
            quoted = not quoted
        elif bracketed and sign == '"' and parts[-1].lstrip().startswith('"'):
            quoted = not quoted  # a doubled quotation mark: closed and opened again
        elif bracketed and not quoted:
            depth += (sign == "(") - (sign == ")")
        if sign in separators and depth <= 0 and not quoted:
            parts.append("")
        else:
            parts[-1] += sign
    return parts, depth == 0 and not quoted


def unquoted(item: str) -> str:
    """An item without the quotation marks that :func:`quoted` put round it."""
    found = _QUOTED.fullmatch(item)
    return found.group(1).replace('""', '"').strip() if found else item


def items(text: str, separators: str = ";\n\r") -> list[str]:
    """The items of a list, quotation marks taken off."""
    return [item for item in map(unquoted, split(text, separators)) if item]


def quoted(item: str) -> str:
    """An item such that :func:`items` reads it back whole."""
    if any(sign in item for sign in _SPECIAL) or item.count("(") != item.count(")"):
        doubled = item.replace('"', '""')
        return f'"{doubled}"'
    return item


def joined(parts: Iterable[str]) -> str:
    """A list in one cell."""
    return "; ".join(map(quoted, parts))

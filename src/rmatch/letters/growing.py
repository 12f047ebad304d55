"""The two filters whose text can outgrow what they are given, each with an end to it."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 100_000
"""Characters that a filter may make; a letter has a few thousand."""


def join(parts: Iterable[object], between: str = "") -> str:
    """The parts of a list as one text.

    Raises:
        TypeError: a part is no text and no number.
        ValueError: it would be too long.
    """
    if isinstance(parts, str):
        raise TypeError("join takes a list")
    texts = list(map(_text, parts))
    between = _text(between)
    _refuse(sum(map(len, texts)) + len(between) * len(texts))
    return between.join(texts)


def replace(text: str, old: str, new: str, count: int = -1) -> str:
    """The text with every ``old`` (or the first ``count``) as ``new``.

    Raises:
        TypeError: one of them is no text and no number.
        ValueError: it would be too long.
    """
    text, old, new = map(_text, (text, old, new))
    _refuse(len(text) + text.count(old) * len(new))
    return text.replace(old, new, count)


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TypeError("a list or a partner has no words of its own")
    return str(value)


def _refuse(length: int) -> None:
    if length > MOST:
        raise ValueError(f"it would make a text of more than {MOST} characters")

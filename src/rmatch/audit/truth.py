"""Facts have three values: true, false, unknown (``None``)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeAlias

Truth: TypeAlias = bool | None


def every(values: Iterable[Truth]) -> Truth:
    """And: false when one is false, else unknown when one is unknown, else true."""
    unknown = False
    for value in values:
        if value is False:
            return False
        unknown = unknown or value is None
    return None if unknown else True


def some(values: Iterable[Truth]) -> Truth:
    """Or: true when one is true, else unknown when one is unknown, else false."""
    unknown = False
    for value in values:
        if value is True:
            return True
        unknown = unknown or value is None
    return None if unknown else False


def same(left: str | None, right: str | None) -> Truth:
    """Whether two facts are the same; unknown when either is missing."""
    if left is None or right is None:
        return None
    return left == right


def given_same(left: str | None, right: str | None) -> bool:
    """Whether two facts are both given and the same."""
    return left is not None and left == right

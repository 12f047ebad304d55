"""Criteria and rules of a user's own: checked before anything is computed with them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, get_args

from rmatch.programme.settings import MINIMUM_SCORE, Severity
from rmatch.scoring.protocol import Criterion, Rule, Serves

MAX_WEIGHT = 1_000_000
"""As in the settings: no sum of weighted values can leave 64 bits."""


def checked_criteria(custom: Iterable[Criterion], taken: Collection[str]) -> list[Criterion]:
    """The criteria, once their names, sides and weights make sense.

    Raises:
        ValueError: a name that is taken or no name, an unknown side, or a weight out of range.
    """
    criteria = list(custom)
    _check_names("criterion", [criterion.name for criterion in criteria], taken)
    for criterion in criteria:
        _check_member(f"criterion {criterion.name!r}: side", criterion.side, get_args(Serves))
        weight: Any = criterion.weight
        is_whole = isinstance(weight, int) and not isinstance(weight, bool)
        if not is_whole or not 0 <= weight <= MAX_WEIGHT:
            raise ValueError(
                f"criterion {criterion.name!r}: weight must be an integer 0–{MAX_WEIGHT}, "
                f"not {weight!r}"
            )
    return criteria


def checked_rules(custom: Iterable[Rule], taken: Collection[str]) -> list[Rule]:
    """The rules, once their codes and severities make sense.

    Raises:
        ValueError: a code that is taken or no code, or an unknown severity.
    """
    rules = list(custom)
    _check_names("rule", [rule.code for rule in rules], {*taken, MINIMUM_SCORE})
    for rule in rules:
        _check_member(f"rule {rule.code!r}: severity", rule.severity, get_args(Severity))
    return rules


def _check_names(what: str, names: list[str], taken: Collection[str]) -> None:
    for place, name in enumerate(names):
        if not isinstance(name, str) or not name:
            raise ValueError(f"a {what} must have a name, not {name!r}")
        if name in taken or name in names[:place]:
            raise ValueError(f"a {what} called {name!r} exists already")


def _check_member(what: str, value: object, known: tuple[str, ...]) -> None:
    if value not in known:
        raise ValueError(f"{what} must be one of {', '.join(known)}, not {value!r}")

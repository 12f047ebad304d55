"""Waivers in one cell: ``M03 with S05: same_employer; M04 with S09: previous_pair``."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from rmatch.io.cells import as_text
from rmatch.io.findings import Fault, UnreadableCellError, unreadable
from rmatch.io.lists import items, joined
from rmatch.io.statement_cells import pair_text, pairs_of
from rmatch.programme.reference import RULES, AmbiguousValueError, UnknownValueError, normalise
from rmatch.programme.settings import default_severities

Waived = tuple[str, str, str]
"""Mentor, mentee, rule code."""

_FORM = re.compile(r"(.*\S)\s*:\s*([^:]*[^:\s])", re.DOTALL)
"""The rule stands behind the last colon: no code has one, and a name may."""


def waivers_of(cell: object) -> tuple[Waived, ...]:
    """The waivers that a cell, or a list of texts or of [mentor, mentee, rule], names.

    Raises:
        UnreadableCellError: every one of them that is no waiver or names no rule.
    """
    parts = list(cell) if isinstance(cell, list | tuple) else items(as_text(cell))
    found: list[Waived] = []
    faults: list[Fault] = []
    for part in parts:
        try:
            found.append(_waiver(part))
        except UnreadableCellError as error:
            faults += error.faults
    if faults:
        raise UnreadableCellError(faults)
    return tuple(found)


def _waiver(part: object) -> Waived:
    if isinstance(part, list | tuple):
        if len(part) == 3 and all(isinstance(text, str) and text.strip() for text in part):
            return part[0].strip(), part[1].strip(), rule_code(part[2])
        raise unreadable("holds something that is not a waiver: write [mentor, mentee, rule]")
    text = as_text(part)
    form = _FORM.fullmatch(text)
    if form is None:
        message = "is not a waiver: write M01 with S02: rule_code; several are separated by ;"
        raise unreadable(message, text)
    ((mentor, mentee),) = pairs_of([form[1]])
    return mentor, mentee, rule_code(form[2])


def rule_code(written: str) -> str:
    """The code of a built-in rule, from its code in any spelling, or its label.

    Raises:
        UnreadableCellError: none, or more than one; with the nearest codes.
    """
    codes = {normalise(code): code for code in default_severities()}
    found = codes.get(normalise(written))
    if found is not None:
        return found
    try:
        return RULES.resolve(written)
    except UnknownValueError as error:
        near = tuple(codes[match] for match in get_close_matches(normalise(written), codes, n=2))
        near = near or error.suggestions
    except AmbiguousValueError as error:
        near = error.candidates
    message = "is not a known rule code; a rule of your own is waived in Python"
    raise unreadable(message, written.strip(), shown=True, suggestions=near)


def waivers_cell(waivers: Iterable[Waived]) -> str:
    """Waivers as one cell, such that :func:`waivers_of` reads them back."""
    return joined(f"{pair_text((mentor, mentee))}: {rule}" for mentor, mentee, rule in waivers)

"""Monitoring tables, sides and outcomes for the tests of the equity report."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from rmatch.equity.making import _Side
from rmatch.equity.people import Outcome
from rmatch.equity.records import Row, Withheld

MATCHED = Outcome(matched=True, stated=False, got=False, score=50.0)
UNMATCHED = Outcome(matched=False, stated=False, got=False, score=None)
GOT = Outcome(matched=True, stated=True, got=True, score=50.0)
MISSED = Outcome(matched=True, stated=True, got=False, score=50.0)

Table = tuple[tuple[int, ...], ...]
"""Outcome by outcome, how many people of each group."""


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Every way to share ``total`` people among so many groups."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)


def tables(totals: Sequence[int], groups: int) -> Iterator[Table]:
    """Every table with these totals of outcomes."""
    yield from product(*(compositions(total, groups) for total in totals))


def report_of(
    table: Table, kinds: Sequence[Outcome], labels: Sequence[str], minimum: int
) -> tuple[Row, ...] | Withheld:
    """What is shown of one characteristic of one side."""
    outcomes: list[Outcome] = []
    groups: dict[str, set[int]] = {}
    for kind, counts in zip(kinds, table, strict=True):
        for label, count in zip(labels, counts, strict=True):
            start = len(outcomes)
            outcomes += [kind] * count
            groups.setdefault(label, set()).update(range(start, start + count))
    occupied = {label: frozenset(people) for label, people in groups.items() if people}
    return _Side("mentors", tuple(outcomes), minimum).characteristic("belief", occupied)


def people_shown(report: tuple[Row, ...] | Withheld) -> Mapping[str, int]:
    """Group → people, of the groups shown by themselves."""
    if isinstance(report, Withheld):
        return {}
    return {row.group: row.people for row in report if not row.pooled}


def invented(ids: Sequence[str], seed: int = 1) -> list[dict[str, str]]:
    """Answers of invented people; some gave none, and some are not in the table."""
    draw = random.Random(seed)  # noqa: S311 - the same people every time
    return [
        {"id": one} | {name: draw.choice(answers) for name, answers in ANSWERS.items()}
        for one in ids
        if draw.random() > 0.06
    ]


ANSWERS = {
    "sex": ["Female"] * 5 + ["Male"] * 4 + ["Prefer not to say"],
    "race": ["White"] * 4 + ["Asian"] * 3 + ["Black", "Mixed", ""],
    "img": ["No"] * 6 + ["Yes"] * 4,
    "disability": ["No"] * 9 + ["Yes"],
}

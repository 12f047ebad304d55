"""Work, counted: how much was looked at to solve something, the same on every machine.

Seconds are another machine's; how many arcs a flow had, or rows a model, is the method's own. The
tests hold these counts, so that a change that makes a cohort of a thousand ten times as much work
is seen without a clock.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

KINDS: Mapping[str, str] = {
    "scored": "pairs of people that were scored on both sides",
    "judged": "pairs of which no more was worked out than a list or a mean needs",
    "indexed": "entries of the indexes of partners from which candidates were taken",
    "flows": "flows, cuts and assignments that OR-Tools solved",
    "arcs": "their arcs together",
    "price_rounds": "rounds in which prices were repaired until they proved a flow",
    "priced": "entries that these rounds looked at",
    "cells": "cells of dense tables that were looked at for prices, or held against them",
    "ways": "sums of two ways that shortest paths between people compared",
    "programs": "linear programs solved",
    "columns": "their columns together",
    "rows": "their rows together",
    "models": "CP-SAT models solved",
    "variables": "their variables together",
    "constraints": "their constraints together",
    "proposals": "proposals of deferred acceptance",
    "proposal_rounds": "rounds in which these were made, apart from those made singly",
    "walked": "pairs that a pass of deletion, or the search for rotations, went through",
}
"""What is counted."""

_TALLY: ContextVar[Counter[str] | None] = ContextVar("rmatch_work", default=None)


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Counts, by kind, of what is done within; of this thread alone, not of other processes.

    >>> with counting() as work:
    ...     count(arcs=3)
    ...     count(arcs=4)
    >>> work["arcs"]
    7
    """
    tally: Counter[str] = Counter()
    token = _TALLY.set(tally)
    try:
        yield tally
    finally:
        _TALLY.reset(token)


def count(**amounts: int) -> None:
    """Add to what is being counted, if anybody counts.

    Raises:
        KeyError: no such kind.
    """
    tally = _TALLY.get()
    if tally is None:
        return
    for kind, amount in amounts.items():
        if kind not in KINDS:
            raise KeyError(kind)
        tally[kind] += int(amount)

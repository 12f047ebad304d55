"""Pairs that were made by hand: read for a case, and what of them could not be kept."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from typing import Any, TypeAlias

from rmatch.comparing.cases import Case
from rmatch.comparing.numbers import decapitalised
from rmatch.explaining.rule_words import rule_label
from rmatch.explaining.why_not import excluded_by, pair_ids
from rmatch.instance import Instance
from rmatch.io import load_pairs
from rmatch.proposals.naming import checked_pairs
from rmatch.proposals.records import PairIds
from rmatch.solution import Solution
from rmatch.solving.algorithms.by_hand import ByHand

HandPairs: TypeAlias = str | os.PathLike[str] | Iterable[Any]


def pairs_by_hand(given: HandPairs, case: Case) -> ByHand:
    """The strategy that makes these pairs.

    Args:
        given: A table of pairs as ``rmatch.load_pairs`` reads it, or the pairs by id.
        case: Whose people they are.

    Raises:
        InputError: the table cannot be read, or a row is no pair of two people of the case.
        TypeError: no list of pairs.
    """
    if isinstance(given, str | os.PathLike):
        given = load_pairs(given, case.programme)
    return ByHand(checked_pairs(given, case.posed.bare))


def kept_of(made: ByHand, case: Case, instance: Instance, solution: Solution) -> Iterator[str]:
    """Which pairs made by hand were left out, and why, and which were added.

    Ids alone; vetoes and confidential rules read ``confidential``.
    """
    chosen = [pair_ids(instance, pair) for pair in solution.chosen]
    out = [pair for pair in made.pairs if pair not in chosen]
    added = [pair for pair in chosen if pair not in made.pairs]
    if out:
        acceptable = {pair_ids(instance, pair) for pair in range(instance.n_pairs)}
        otherwise = _otherwise(solution.method)
        told = [
            f"{' '.join(pair)} ({otherwise if pair in acceptable else _excluded(case, pair)})"
            for pair in out
        ]
        yield f"left out: {', '.join(told)}"
    if added:
        yield f"added to keep what is stated: {', '.join(' '.join(pair) for pair in added)}"


def _otherwise(method: str) -> str:
    """Why an allowed pair was left out."""
    if "repaired" in method:
        return "to keep what is stated"
    return "no place or no time left" if "stopped" in method else "no place left"


def _excluded(case: Case, pair: PairIds) -> str:
    codes = excluded_by(case.scores, pair, reveal=False)
    return "; ".join(decapitalised(rule_label(code)) for code in codes) or "not acceptable"

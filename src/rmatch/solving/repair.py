"""The matching that keeps what is stated and as much as possible of one that does not."""

from __future__ import annotations

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.solving.algorithms.in_turn import made_in_turn
from rmatch.solving.clock import Clock, OutOfTimeError
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.search import Search
from rmatch.solving.steps import Make
from rmatch.solving.terms import Terms, pair_terms


def repaired(instance: Instance, wanted: IntArray, seed: int, clock: Clock) -> IntArray:
    """Among matchings that keep what is stated, the one that keeps the most of the wanted pairs.

    What must hold comes first, then as few broken standing pairs as possible, then the wanted
    pairs, the score, and the tie-break. At the end of the time it is the best so far.

    Args:
        instance: The problem, with everything stated.
        wanted: Indices of pairs.
        seed: Of the tie-break.
        clock: How long it may take.

    Returns:
        Indices of the pairs, sorted.

    Raises:
        InfeasibleError: what is stated cannot all hold.
        TimeLimitError: the time was up before a matching was found that keeps it.
    """
    search = Search(instance, seed, clock)
    search.suggest(wanted)
    search.suggest(_with_standing(instance, wanted))
    if search.optimise(REGISTRY["changes"]).proved and _hold_most(search, wanted):
        search.optimise(REGISTRY["score"])
        search.optimise(REGISTRY["tie_break"])
    return search.matching


def _with_standing(instance: Instance, wanted: IntArray) -> IntArray:
    """Pairs that must be made, standing ones, wanted ones, as far as there are places.

    Where it keeps what is stated, nobody's pair is broken for want of time.
    """
    first = np.flatnonzero(instance.forced), np.flatnonzero(instance.standing)
    turn = dict.fromkeys(np.concatenate([*first, wanted]).tolist())
    return made_in_turn(instance, np.array(list(turn), dtype=np.int64), Clock())


def _hold_most(search: Search, wanted: IntArray) -> bool:
    """Make most of the wanted pairs; whether that is proved, and so held from now on."""
    try:
        return search.most(_wanted(wanted)) == 0
    except OutOfTimeError:
        return False


def _wanted(wanted: IntArray) -> Make:
    """How many of some pairs are made."""

    def make(instance: Instance, among: IntArray, seed: int) -> Terms:
        del seed
        return pair_terms(instance, np.isin(among, wanted).astype(np.int64))

    return make

"""Is something so in the best matching? Solved only as far as is needed to know.

After every level that is proved and held, one question is asked: can it be otherwise in a matching
that is as good so far? If not, the levels to come cannot change it. While the levels are flows, the
question is one as well, and takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from rmatch.errors import TimeLimitError
from rmatch.instance import Instance, IntArray
from rmatch.solving.clock import Clock
from rmatch.solving.objectives import REGISTRY
from rmatch.solving.search import Search
from rmatch.solving.solve import solve
from rmatch.solving.steps import Make
from rmatch.solving.terms import Terms, pair_terms


def is_so(
    instance: Instance, order: Sequence[str], wanted: Make, *, seed: int = 0, clock: Clock
) -> bool | None:
    """Whether the matching that ``solve`` gives has what is wanted; ``None`` if the time was up.

    Args:
        instance: The problem.
        order: Names of the levels.
        wanted: A sum that is 1 where it is so, and 0 where not.
        seed: Of the tie-break.
        clock: When to stop.

    Raises:
        InfeasibleError: what is stated cannot all hold.
    """
    try:
        search = Search(instance, seed, clock)
        for name in order:
            if not search.optimise(REGISTRY[name]).proved:
                return None
            settled = _settled(search, wanted, seed)
            if settled is not None:
                return settled
        # Several matchings are best, and they differ in this: it is as the one that is made has it.
        solution = solve(instance, order, seed=seed, time_limit=clock.left, cancel=clock.cancel)
    except TimeLimitError:
        return None
    chosen = np.asarray(solution.chosen, dtype=np.int64)
    return _is_so(instance, wanted, seed, chosen) if solution.status == "optimal" else None


def _settled(search: Search, wanted: Make, seed: int) -> bool | None:
    """Whether it is so in every matching that keeps what is held, or in none; else ``None``."""
    before = _is_so(search.instance, wanted, seed, search.matching)
    otherwise = _none_of(wanted) if before else wanted
    every = np.arange(search.instance.n_pairs)
    now = otherwise(search.instance, every, seed).worth(search.instance, search.matching)
    rise = -now if before else 1
    gap = search.most(otherwise, room=rise, enough=rise, hold=False)
    after = _is_so(search.instance, wanted, seed, search.matching)
    return before if gap == 0 and after == before else None


def _is_so(instance: Instance, wanted: Make, seed: int, chosen: IntArray) -> bool:
    return bool(wanted(instance, np.arange(instance.n_pairs), seed).worth(instance, chosen))


def _none_of(wanted: Make) -> Make:
    """A sum that is 0 where it is not so, and below 0 elsewhere.

    Over pairs alone: a flow can pay people for having a partner, but not for having none, since the
    second of two places would be free.
    """

    def make(instance: Instance, among: IntArray, seed: int) -> Terms:
        terms = wanted(instance, among, seed)
        mentor, mentee = instance.mentor[among], instance.mentee[among]
        return pair_terms(instance, -terms.pair - terms.mentor[mentor] - terms.mentee[mentee])

    return make

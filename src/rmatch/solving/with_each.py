"""For many pairs at once: a matching that has the pair, and that as few others block as can be.

Exchanges find a good matching for every pair in milliseconds; then one proof says of all pairs
whose best is blocked by more than so many that none does better, and the next number is asked
about. Where one does, CP-SAT hands the matching over. A small cohort takes a handful of proofs,
however many pairs are asked about.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from rmatch.instance import IntArray
from rmatch.properties.stability import blocking_pairs
from rmatch.solving.exchanges import Exchanges
from rmatch.solving.matching_model import MatchingModel
from rmatch.solving.state import State
from rmatch.solving.terms import pair_terms

SMALL = 400
"""Pairs of a core up to which all exchanges of a matching for each pair are looked at."""

EFFORT = 0.01
"""CP-SAT's deterministic time for each pair in question: beyond that, one by one is quicker."""

IDLE = 8
"""Rounds of exchanges that are better for no pair, before they are left at that."""

NONE_YET = 2**31
"""More pairs than can block: no matching with the pair is known."""


def can_tell(state: State) -> bool:
    """Whether the core is one for exchanges: small, one place each, and free of hard quotas."""
    core = state.core
    return (
        core.n_pairs <= SMALL
        and not any(quota.price is None for quota in core.quotas)
        and bool((core.mentor_capacity[core.mentor] == 1).all())
        and bool((core.mentee_capacity[core.mentee] == 1).all())
    )


def fewest_with_each(
    state: State, pairs: Sequence[int], made: IntArray
) -> Iterator[tuple[int, int, IntArray]]:
    """Pairs, the fewest pairs that block a matching with each, and such a matching; as proved.

    Args:
        state: One for which ``can_tell``, before stability is settled.
        pairs: Indices of pairs of the core that matchings may have which keep what is held.
        made: The pairs of a matching that keeps what is held, than which none is blocked by fewer.
    """
    state.leave_network()
    best = _Best(state, pairs, len(made))
    best.take(made)
    most = len(blocking_pairs(state.core, made))
    while (left := best.beyond(most)) and most < state.core.n_pairs:
        found, is_settled = _any(state, left, most)
        if found is not None:
            best.take(found)
        elif is_settled:
            most += 1
        else:
            break
    for pair in pairs:
        if best.count[pair] <= most:
            yield pair, int(best.count[pair]), best.matching[pair]


class _Best:
    """The best matching known for each pair that is asked about."""

    def __init__(self, state: State, pairs: Sequence[int], size: int) -> None:
        self._core, self._clock = state.core, state.clock
        self._pairs, self._size = pairs, size
        held = [(held.terms, held.worth) for held in state.sums]
        self._exchanges = Exchanges.of(state.core, size, state.alive, held)
        self._is_asked = np.zeros(state.core.n_pairs, dtype=bool)
        self._is_asked[list(pairs)] = True
        self.count = np.full(state.core.n_pairs, NONE_YET, dtype=np.int64)
        self.matching: dict[int, IntArray] = {}

    def beyond(self, most: int) -> list[int]:
        """Pairs for which no matching is known that so few pairs block."""
        return [pair for pair in self._pairs if self.count[pair] > most]

    def take(self, found: IntArray) -> None:
        """Take a matching wherever it is the best yet, and what exchanges make of it."""
        self._take(found[self._is_asked[found]], found, len(blocking_pairs(self._core, found)))
        if len(found) != self._size:
            return
        draw = np.random.Generator(np.random.PCG64(0))
        start = self._exchanges.permutation(found)[np.newaxis]
        idle = 0
        while len(start) and idle < IDLE and not self._clock.is_over:
            known = self.count.sum()
            start = self._no_worse(self._exchanges.around(start), draw)
            idle = 0 if self.count.sum() < known else idle + 1

    def _take(self, pairs: IntArray, matching: IntArray, blocked: int) -> None:
        for pair in pairs[self.count[pairs] > blocked].tolist():
            self.count[pair], self.matching[pair] = blocked, matching

    def _no_worse(self, found: IntArray, draw: np.random.Generator) -> IntArray:
        """For each pair the best of some permutations, where it is as good as what is known."""
        blocked = self._exchanges.blocking(found)
        order = np.lexsort((draw.random(len(found)), -blocked))
        pairs = self._exchanges.pairs_of(found)
        at = np.full(len(self.count) + 1, -1, dtype=np.int64)
        # The last to be written is blocked by fewest; rows without a pair write to the last place.
        at[pairs[order].ravel()] = np.repeat(order, pairs.shape[1])
        had = np.flatnonzero((at[:-1] >= 0) & self._is_asked)
        good = had[blocked[at[had]] <= self.count[had]]
        for pair in good.tolist():
            held = pairs[at[pair]]
            self._take(np.array([pair]), np.sort(held[held >= 0]), int(blocked[at[pair]]))
        return found[np.unique(at[good])]


def _any(state: State, pairs: Sequence[int], most: int) -> tuple[IntArray | None, bool]:
    """A matching with one of these pairs that no more than so many block; whether it is settled."""
    one_of = np.zeros(state.core.n_pairs, dtype=np.int64)
    one_of[list(pairs)] = 1
    terms = pair_terms(state.core, one_of)

    def build(model: MatchingModel) -> None:
        model.hold(terms, 1)
        if most:
            model.hold_blocking(most)

    slack = state.blockable if most else None
    effort = EFFORT * len(pairs)
    found, answer = state.solve(state.alive, build, stable=True, slack=slack, effort=effort)
    return found, answer.proved

"""The level of stability: first whether no pair at all need block, and only then how few."""

from __future__ import annotations

from rmatch.instance import IntArray
from rmatch.properties.stability import blocking_pairs
from rmatch.solving.deletion import deletable
from rmatch.solving.hints import stable_matchings
from rmatch.solving.lattice import Lattice
from rmatch.solving.model import Goal
from rmatch.solving.rotations import is_strict
from rmatch.solving.state import State


def fewest_blocking(state: State) -> int:
    """Find and hold the fewest blocking pairs, given what is held; the proven bound."""
    found = state.best if _is_stable(state, state.best) and len(state.sums) else None
    if found is None:
        found = stable_hint(state)
    state.leave_network()
    if _is_polynomial(state):
        lattice = _lattice(state)
        if lattice is not None:
            state.lattice = lattice
            found = lattice.chosen
    if found is None:
        found = _search_stable(state)
    if found is None:
        return _count_blocking(state)
    state.best = found
    state.blocking = 0
    return 0


def stable_hint(state: State, *, lots: bool = True) -> IntArray | None:
    """The best stable matching by deferred acceptance that keeps what is held, if any."""

    def needed(chosen: IntArray) -> bool:
        return state.keeps(chosen) and _is_stable(state, chosen)

    matchings = stable_matchings(state.core, needed=needed, clock=state.clock, lots=lots)
    return max(matchings, key=lambda chosen: int(state.core.score[chosen].sum()), default=None)


def _is_stable(state: State, chosen: IntArray) -> bool:
    return len(blocking_pairs(state.core, chosen)) == 0


def _is_polynomial(state: State) -> bool:
    return not state.core.quotas and not state.numbers and is_strict(state.core)


def _lattice(state: State) -> Lattice | None:
    """The stable matchings that keep what is held, if there are any; strict preferences only.

    Without ties weak, strong and super stability are the same.
    """
    lattice = Lattice(state.core)
    for held in state.sums:
        weights = held.terms.as_pairs(state.core)
        if weights is None or lattice.optimise(weights) < held.worth:
            return None
    return lattice


def _search_stable(state: State) -> IntArray | None:
    """A stable matching that keeps what is held, or ``None``: proved so, or out of time."""
    kept = state.alive & ~deletable(state.core, state.clock)
    return state.solve(kept, lambda _: None, stable=True)[0]


def _count_blocking(state: State) -> int:
    now = len(blocking_pairs(state.core, state.best))
    found, answer = state.solve(
        state.alive,
        lambda model: Goal(model.block_variables(), [1] * state.core.n_pairs, 0, now),
        stable=True,
        slack=True,
    )
    if found is not None:
        state.best = found
    state.blocking = len(blocking_pairs(state.core, state.best))
    return max(0, answer.bound or 0)

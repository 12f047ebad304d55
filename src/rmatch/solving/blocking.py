"""The level of stability: first whether no pair at all need block, and only then how few."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from rmatch.instance import BoolArray, IntArray
from rmatch.properties.feasibility import is_matching
from rmatch.properties.stability import blocking_pairs
from rmatch.solving.hints import stable_matchings
from rmatch.solving.matching_model import MatchingModel, most_of
from rmatch.solving.model import Goal
from rmatch.solving.raising import highest
from rmatch.solving.ranked import egalitarian
from rmatch.solving.relaxation import Priced, Relaxation, best_of
from rmatch.solving.rotations import is_strict
from rmatch.solving.state import Build, State
from rmatch.solving.terms import Terms, pair_terms
from rmatch.solving.together import SMALL, count_together

if TYPE_CHECKING:
    from rmatch.solving.lattice import Lattice

LARGE = 20_000
"""Pairs from which on a search starts near a stable matching; with fewer, solvers are as quick."""

MIDDLING = 3_000
"""Pairs from which on a count starts from the nearest one had at once.

It takes a tenth of a second, and what solvers find in a minute is often worse.
"""

CORE_PAIRS = (3, 4, 5)
"""Pairs a person among which a matching without blocking pairs is looked for first."""

COUNTED_PAIRS = (3, 5, 7)
"""Likewise where it has some, once the LP has told how many at least."""

NEAR = 3
"""So many counts from the LP's on are tried there, before the least of them is ruled out."""

MOVES_SHARE = 0.5
"""Of the time that is left: for a stable matching as large as can be, before one nearly stable."""


def fewest_blocking(state: State) -> int:
    """Find and hold the fewest blocking pairs, given what is held; the proven bound."""
    state.leave_network()
    if state.cannot_be_stable:
        return _count(state)
    found = _known(state)
    if found is not None:
        state.best, state.blocking = found, 0
        return 0
    return _count(state)


def _known(state: State) -> IntArray | None:
    """A stable matching that keeps what is held, if one is had without a search."""
    if _is_polynomial(state):
        state.lattice = _lattice(state)
        if state.lattice is not None:
            return state.lattice.chosen
    if state.sums and _is_stable(state, state.best):
        return state.best
    return None if state.is_vast and state.sums else stable_hint(state)


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
    from rmatch.solving.lattice import Lattice

    lattice = Lattice(state.core)
    for held in state.sums:
        weights = held.terms.as_pairs(state.core)
        if weights is None or lattice.optimise(weights) < held.worth:
            return None
    return lattice


def _count(state: State) -> int:
    """The fewest pairs that block: none at all looked for, bounded by the LP, then counted."""
    if state.core.n_pairs <= SMALL and count_together(state, _led(state)):
        return state.blocking or 0
    if state.core.n_pairs >= LARGE:
        _come_near(state)
        if state.blocking == 0 or state.is_vast or state.clock.is_over:
            state.blocking = _now(state)
            state.gave_up = state.blocking > 0 and not state.clock.is_over
            return 0
    elif state.core.n_pairs >= MIDDLING:
        _start_near(state)
        if state.blocking == 0:
            return 0
    if not state.cannot_be_stable and _find_stable(state):
        return 0
    priced = best_of(_rounds(state))
    bound = 0 if priced is None else max(0, -priced.bound)
    bound = _reach(state, bound, priced)
    state.blocking = _now(state)
    if priced is not None:
        _leave_out(state, priced)
    return bound


def _come_near(state: State) -> None:
    """Start from a matching that few pairs block; where none do, that settles it.

    One that keeps what is held comes first: nothing else takes as little time.
    """
    from rmatch.solving.near_stability import TURNS
    from rmatch.solving.threshold_moves import can_move, threshold_moves

    core, clock = state.core, state.clock
    stable = _start_near(state)
    if state.blocking == 0:
        return
    if can_move(core) and not is_strict(core):
        # Led by the scores too: what changes them opens ways to more pairs.
        sums = [*(held.terms for held in state.sums), _led(state)]
        for better in threshold_moves(core, stable, sums, clock.part(MOVES_SHARE)):
            if _take_if_stable(state, better):
                return
            stable = better
            state.tell()
    _take_near(state, stable, turns=TURNS)


def _start_near(state: State) -> IntArray:
    """Take what few pairs block, from the best stable matching there is; that matching."""
    found = []
    every = stable_matchings(state.core, needed=lambda _: True, clock=state.clock, lots=False)
    for chosen in every:
        if _take_if_stable(state, chosen):
            return chosen
        found.append(chosen)
    stable = max(found, key=lambda chosen: _worths(state, chosen))
    _take_near(state, stable, turns=1)
    return stable


def _worths(state: State, chosen: IntArray) -> list[int]:
    return [held.terms.worth(state.core, chosen) for held in state.sums]


def _take_near(state: State, stable: IntArray, turns: int) -> bool:
    """Take what few pairs block; whether none do."""
    from rmatch.solving.near_stability import near_stable

    for chosen in near_stable(state, stable, turns):
        _take_if_fewer(state, chosen)
        if _take_if_stable(state, chosen):
            return True
    return False


def _take_if_stable(state: State, chosen: IntArray) -> bool:
    if not (state.keeps(chosen) and _is_stable(state, chosen)):
        return False
    state.best, state.blocking = chosen, 0
    return True


def _rounds(state: State) -> Iterator[Priced]:
    """What the LP says, round after round, until the best matching so far has as few as it says.

    It starts from the pairs that stable matchings hold: those with few blocking pairs differ from
    them in few people.
    """
    from rmatch.solving.slack_relaxation import Counting

    first = ~state.gone
    first[state.best] = True
    counting = Counting(state.core, state.blockable, led=_led(state).pair, first=first)
    for priced in state.told(counting).rounds(state.clock):
        _take_if_fewer(state, np.flatnonzero(priced.values[: state.core.n_pairs] > 0.5))
        yield priced
        if -priced.bound >= _now(state):
            return


def _find_stable(state: State) -> bool:
    """Look for a stable matching that keeps what is held among the pairs that good ones hold.

    A question with no sum to it gives a solver nothing to go by, so it is led by the scores, or by
    the ranks where there are none: the LP's own solution often is one, or a few pairs a person
    hold one. Whatever it finds is a good start for the levels after.
    """
    alive = state.alive & ~state.gone
    relaxation = state.told(Relaxation(state.core))
    relaxation.forbid(np.flatnonzero(state.gone))
    led = _led(state)
    priced = relaxation.maximise(led.pair, state.clock)
    if priced is None:
        return False
    _take_if_fewer(state, np.flatnonzero(priced.values > 0.5))
    people = max(state.core.n_mentors, state.core.n_mentees)
    for share in CORE_PAIRS:
        if _now(state) == 0 or state.clock.is_over:
            break
        core = highest(priced.fine, alive, share * people)
        found, _ = state.solve(core, lambda model: most_of(model, led), stable=True)
        if found is not None:
            state.best = found
    if _now(state):
        return False
    state.blocking = 0
    return True


def _led(state: State) -> Terms:
    if state.core.score.any():
        return pair_terms(state.core, state.core.score)
    return state.terms(egalitarian)


def _now(state: State) -> int:
    return len(blocking_pairs(state.core, state.best))


def _take_if_fewer(state: State, chosen: IntArray) -> None:
    if (
        is_matching(state.core, chosen)
        and state.keeps(chosen)
        and len(blocking_pairs(state.core, chosen)) < _now(state)
    ):
        state.best = chosen
    state.tell()


def _reach(state: State, bound: int, priced: Priced | None) -> int:
    """Ask for a matching with ``bound`` blocking pairs, else one more, and so on; the proven bound.

    With so few, the ceilings leave out most pairs that could block, and deletion then most pairs:
    what is left is small however far from it the best matching so far is.
    """
    if priced is not None:
        _ask_cores(state, bound, priced)
    while bound < _now(state):
        among, slack = _possible(state, bound, priced)
        gone = state.gone_but(among, slack)
        if not _settle(state, bound, among & ~gone, slack & ~gone):
            break
        bound += bound < _now(state)
    return bound


def _ask_cores(state: State, bound: int, priced: Priced) -> None:
    """Look for a matching with hardly more blocking pairs than that among promising pairs."""
    count = state.core.n_pairs
    people = max(state.core.n_mentors, state.core.n_mentees)
    for most in range(bound, bound + NEAR):
        among, slack = _possible(state, most, priced)
        few = highest(priced.fine[count:], slack, people)
        for share in COUNTED_PAIRS:
            if most >= _now(state):
                return
            if int(among.sum()) > 2 * share * people:
                _ask(state, most, highest(priced.fine[:count], among, share * people), few)


def _possible(state: State, most: int, priced: Priced | None) -> tuple[BoolArray, BoolArray]:
    """(E,), (E,): the pairs that a matching with so few blocking pairs may hold, and have block."""
    alive = state.alive if most else state.alive & ~state.gone
    if priced is None:
        return alive, state.blockable
    count = state.core.n_pairs
    return (
        alive & (priced.ceiling[:count] >= -most),
        state.blockable & (priced.ceiling[count:] >= -most),
    )


def _ask(state: State, most: int, among: BoolArray, slack: BoolArray) -> bool:
    """Look for a matching with so few blocking pairs; whether it was settled."""

    def build(model: MatchingModel) -> Goal:
        blocks = model.block_variables()
        model.hold_blocking(most)
        return Goal(blocks, [1] * len(blocks), most, most)

    return _solve(state, build, most, among, slack)


def _settle(state: State, most: int, among: BoolArray, slack: BoolArray) -> bool:
    """The same where there may well be none: the scores lead to the proof in half the time."""

    def build(model: MatchingModel) -> Goal:
        model.hold_blocking(most)
        return most_of(model, _led(state))

    return _solve(state, build, most, among, slack)


def _solve(state: State, build: Build, most: int, among: BoolArray, slack: BoolArray) -> bool:
    found, answer = state.solve(among, build, stable=True, slack=slack if most else None)
    if found is not None:
        state.best = found
    return answer.proved


def _leave_out(state: State, priced: Priced) -> None:
    """Forget pairs that are in no matching with so few blocking pairs, or that never block in one.

    A pair whose ceiling is lower than minus their number would make them more.
    """
    among, slack = _possible(state, state.blocking or 0, priced)
    state.blockable = slack
    state.forbid(np.flatnonzero(~among))

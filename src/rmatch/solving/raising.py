"""Making a linear sum most where the network is no longer exact: bounds first, then CP-SAT.

The flow bounds it, then the LP; both also say which pairs can be left out. Deferred acceptance and
the LP's own solution may meet the bound, and nothing is left to prove. CP-SAT gets the most
promising pairs first, and all that could still be better only where those leave doubt.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import numpy as np

from rmatch.instance import BoolArray, IntArray
from rmatch.solving import flow
from rmatch.solving.clock import OutOfTimeError
from rmatch.solving.cpsat import Watch
from rmatch.solving.hints import by_solution, by_weights
from rmatch.solving.matching_model import MatchingModel, most_of
from rmatch.solving.model import Answer, Goal
from rmatch.solving.prefixes import Floats
from rmatch.solving.relaxation import Priced
from rmatch.solving.state import Build, State
from rmatch.solving.steps import Make
from rmatch.solving.terms import Terms, pair_terms
from rmatch.solving.together import SMALL as SMALL_CORE
from rmatch.solving.together import raise_together

SMALL = 400
"""With fewer pairs than this left, CP-SAT alone is faster than an LP first."""

LP_SHARE = 0.6
"""Of the time that is left: its prices so far are worth less than a search led by them."""

SUPPORT = (0.05, 0.001)
"""Less of a pair than this in the LP's solution is not worth a core's while; then less still."""

LARGE_MOVES = 20_000
"""Pairs from which on stable matchings are improved by flows before anything is proved of them."""

MOVES_SHARE = 0.3
"""Of the time that is left, for these; all of it where nothing else would come back in time."""

SPREAD = 2
"""With more of them a person than this, the solution is a mixture of many."""

PAIR_OVER_LOTS, LOT = 1_000, 100
"""What a pair counts, and its lot at most, where lots choose between solutions."""

MAX_CLIMBS = 5
"""Better matchings taken one by one before they are searched by their worth."""

CORE_PAIRS = (4, 6, 9, 12)
"""Pairs a person that CP-SAT gets at first, and next, while too many others could do better."""


LARGE = 1 << 62


class Raising:
    """One sum on its way to its most: its bound, and what a matching with each pair is worth."""

    def __init__(
        self,
        state: State,
        terms: Terms,
        room: int | None,
        told: Callable[[int], None] | None = None,
        *,
        enough: int | None = None,
        make: Make | None = None,
    ) -> None:
        """Prepare.

        Args:
            state: What is settled.
            terms: The sum.
            room: How much more than now is possible at all, where that is known.
            told: Called with how much it may still be short of, whenever that changes.
            enough: By how much it must rise for the question to be answered, either way.
            make: What the sum is of where it is a level: those after it may be settled with it.
        """
        self.state = state
        self._told = told
        self._make = make
        self.terms = terms
        self.relaxed: int | None = None
        """The flow's optimum, where it was asked for."""
        self._least = None if enough is None else self.worth + enough
        self.bound = LARGE if room is None else self.worth + room
        self.ceiling = self._everywhere(self.bound)
        """(E,) absolute, however the bound falls."""
        self.priced: Priced | None = None

    @property
    def worth(self) -> int:
        """What the best matching so far is worth."""
        return self.state.worth(self.terms)

    @property
    def conceded(self) -> int:
        """What a matching must be worth more than, to be of any use."""
        return self.worth if self._least is None else max(self.worth, self._least - 1)

    @property
    def is_done(self) -> bool:
        """Whether the bound is met, or the question answered."""
        enough = self._least is not None and self.worth >= self._least
        return enough or self.conceded >= self.bound

    def run(self) -> int | None:
        """Raise it as far as time allows; by how much it may still be short, if that is known."""
        beyond = [self._by_deletion] if self.state.is_vast else []
        for step in (
            self._by_flow,
            self._by_hints,
            self._by_moves,
            self._by_deletion,
            self._with_later,
            self._by_prices,
            self._by_core,
            self._to_proof,
        ):
            if self.is_done or self.state.clock.is_over:
                break
            if step in beyond:
                self.state.gave_up = True
                break
            with suppress(OutOfTimeError):
                step()
            self._tell()
        return None if self.bound >= LARGE else self.bound - self.worth

    def _tell(self) -> None:
        if self._told is not None and self.bound < LARGE:
            self._told(self.bound - self.worth)

    def hold(self) -> None:
        """Keep the sum, once its bound is met."""
        most = self.bound
        self.state.hold(self.terms, on_face=most == self.relaxed)
        self.state.forbid(np.flatnonzero(self.ceiling < most))
        if self.priced is not None and most < self.priced.bound:
            self.state.guide = self.terms

    def _everywhere(self, value: int) -> IntArray:
        return np.full(self.state.core.n_pairs, value, dtype=np.int64)

    def _better(self) -> BoolArray:
        """Pairs that a better matching than the best so far may hold."""
        return self.state.alive & (self.ceiling > self.conceded)

    # Bounds and quick matchings -------------------------------------------------------------------

    def _by_flow(self) -> None:
        self.relaxed = flow.optimise(self.state.network.copy(), self.terms)
        self.bound = min(self.bound, self.relaxed)
        self.ceiling = np.minimum(self.ceiling, self.bound)

    def _by_hints(self) -> None:
        """Stable matchings by deferred acceptance, ties broken by the sum itself, then by lot."""
        state = self.state
        weights = self.terms.as_pairs(state.core)
        if state.blocking != 0 or weights is None:
            return
        for chosen in by_weights(state.core, weights, clock=state.clock):
            self._take_if_better(chosen)
            if self.is_done:
                return

    def _by_moves(self) -> None:
        """In a large instance go on from the best so far by flows that keep it stable."""
        state, core = self.state, self.state.core
        if state.blocking != 0 or core.n_pairs < LARGE_MOVES:
            return
        from rmatch.solving.threshold_moves import can_move, threshold_moves

        if not can_move(core):
            return
        sums = [*(held.terms for held in state.sums), self.terms]
        clock = state.clock if state.is_vast else state.clock.part(MOVES_SHARE)
        for chosen in threshold_moves(core, state.best, sums, clock):
            self._take_if_better(chosen)
            self._tell()
            if self.is_done:
                return

    def _by_deletion(self) -> None:
        """Fewer pairs: fewer that a bound must allow for, and fewer for CP-SAT."""
        state = self.state
        before = state.pairs
        if not state.delete():
            return
        if len(state.pairs) < len(before):
            keep = np.isin(before, state.pairs, assume_unique=True)
            self.terms, self.ceiling = self.terms.only(keep), self.ceiling[keep]
        self._by_flow()

    def _take_if_better(self, chosen: IntArray) -> None:
        state = self.state
        if self.terms.worth(state.core, chosen) > self.worth and state.is_allowed(chosen):
            state.best = chosen

    def _with_later(self) -> None:
        """With few pairs, this sum and those right after it at once; or it was, with one before."""
        state = self.state
        if self._make is None:
            return
        if state.is_settled:
            self.bound = min(self.bound, self.worth)
            return
        if self._make not in state.known and state.core.n_pairs <= SMALL_CORE:
            raise_together(state, [self._make, *state.later])
        if self._make in state.known:
            self.bound = min(self.bound, state.known[self._make])

    # Prices ---------------------------------------------------------------------------------------

    def _by_prices(self) -> None:
        """Bound and ceilings by the LP; none for small cohorts, which CP-SAT settles sooner."""
        state = self.state
        weights = self.terms.as_pairs(state.core)
        if weights is None or int(state.alive.sum()) < SMALL:
            return
        self.priced = state.relaxation.maximise(
            weights, state.clock.part(LP_SHARE), start=state.best
        )
        if self.priced is None:
            return
        self.bound = min(self.bound, self.priced.bound)
        self.ceiling = np.minimum(self.ceiling, self.priced.ceiling[: len(self.ceiling)])
        self._by_solution(self._solution(self.priced))
        if self.is_done:
            return
        if state.core.score.any() and self._cannot_choose():
            self._look_ahead()
        elif len(np.unique(weights)) == 1:
            self._by_support(self._solution(self.priced))

    def _solution(self, priced: Priced) -> Floats:
        """(E,) how much of each pair the LP takes; behind them may come the slacks."""
        return priced.values[: len(self.ceiling)]

    def _by_solution(self, values: Floats) -> None:
        """Matchings that the LP's solution leads to at once."""
        self._take_if_better(np.flatnonzero(values > 0.5))
        if self.is_done or self.state.blocking != 0:
            return
        for chosen in by_solution(self.state.core, values, clock=self.state.clock):
            self._take_if_better(chosen)

    def _by_support(self, values: Floats) -> None:
        """The best matching over the pairs that the LP takes some part of, and the best so far."""
        if np.count_nonzero(values > SUPPORT[0]) > SPREAD * self._people:
            values = self._in_a_corner(values)
        for least in SUPPORT:
            support = self.state.alive & (values > least)
            support[self.state.best] = True
            proved = self._raise_among(support).proved
            if proved and not np.any(self._better() & ~support):
                self.bound = self.conceded
            if self.is_done or not proved:
                return

    def _in_a_corner(self, values: Floats) -> Floats:
        """The LP's solution once lots are drawn between its many optima.

        PDLP gives a mixture of them, which leads nowhere. At 10 000 a side with lists of five that
        are mostly ties, deferred acceptance led by it gives 9 375 pairs, led by a corner 9 868.
        """
        state = self.state
        lots = np.random.Generator(np.random.PCG64(0)).integers(0, LOT, state.core.n_pairs)
        led = np.full(state.core.n_pairs, PAIR_OVER_LOTS, dtype=np.int64) + lots
        priced = state.relaxation.maximise(led, state.clock.part(LP_SHARE), start=state.best)
        if priced is None:
            return values
        values = self._solution(priced)
        self._by_solution(values)
        return values

    def _cannot_choose(self) -> bool:
        """Whether the prices do not tell a core of promising pairs from the others."""
        alive = self.state.alive
        return int((self.ceiling[alive] >= self.bound).sum()) > self._most_promising

    @property
    def _most_promising(self) -> int:
        return CORE_PAIRS[-1] * self._people

    def _look_ahead(self) -> None:
        """Look for a matching that meets the bound, led by the scores.

        A level of zeros and ones (warnings) says nothing of which pairs go well together; a
        matching of good score that also meets the bound settles it, and serves the levels after.
        """
        state = self.state
        weights = self.terms.as_pairs(state.core)
        if weights is None:
            return
        led = pair_terms(state.core, state.core.score)
        priced = state.relaxation.maximise(led.pair, state.clock, also=(weights, self.bound))
        if priced is None:
            return
        self._take_if_better(np.flatnonzero(self._solution(priced) > 0.5))
        for share in CORE_PAIRS:
            if self.is_done:
                return
            core = self._promising(priced.fine, share * self._people)
            self._improve(core, led, least=self.bound)

    @property
    def _people(self) -> int:
        return max(self.state.core.n_mentors, self.state.core.n_mentees)

    def _promising(self, fine: IntArray, size: int) -> BoolArray:
        """The pairs of highest ceiling: a few a person nearly always hold the optimum.

        And those of the best matching so far, so that there is one.
        """
        core = highest(fine, self.state.alive, size)
        core[self.state.best] = True
        return core

    # CP-SAT ---------------------------------------------------------------------------------------

    def _by_core(self) -> None:
        """Try the most promising pairs, and more while too many others could do better still.

        The bound is met where no pair beyond them could do better.
        """
        if self.priced is None:
            return
        for share in CORE_PAIRS:
            size = share * self._people
            if int(self._better().sum()) <= 2 * size:
                return
            core = self._promising(self.priced.fine, size)
            proved = self._raise_among(core).proved
            if proved and not np.any(self._better() & ~core):
                self.bound = self.conceded
            if self.is_done:
                return

    def _to_proof(self) -> None:
        """The best matching over all pairs that could still be in a better one; its bound."""
        if self.state.guide is not None and self._climb(self._better(), self.state.guide):
            self.bound = self.conceded
            return
        answer = self._raise_among(self._better(), self._watch)
        if answer.proved:
            self.bound = self.conceded
        elif answer.bound is not None:
            self.bound = min(self.bound, -answer.bound)

    def _climb(self, better: BoolArray, guide: Terms) -> bool:
        """Ask for a better matching, led by an earlier level that was hard, until there is none.

        Where the LP left that level a gap, proving it again is what takes the time, and a goal that
        points elsewhere (the tie-break) only hinders: this takes a third of it. False where better
        matchings are so many, or time so short, that nothing is proved.
        """
        for _ in range(MAX_CLIMBS):
            kept = self.state.worth(guide)
            answer = self._improve(better, guide, least=self.conceded + 1, at_most=kept)
            if answer.values is None:
                return answer.proved
        return False

    def _improve(
        self, among: BoolArray, led: Terms, *, least: int, at_most: int | None = None
    ) -> Answer:
        """A matching worth at least ``least``, led by another sum."""
        state = self.state

        def build(model: MatchingModel) -> Goal:
            model.hold(self.terms, least)
            limits = (None, None) if at_most is None else (-at_most, -at_most)
            return most_of(model, led, *limits)

        found, answer = self._solve(among, build)
        if found is not None:
            state.best = found
        return answer

    def _watch(self, bound: int) -> None:
        """CP-SAT's bound on the negative sum, over all pairs that could be in a better matching."""
        if -bound < self.bound and self._told is not None:
            self._told(max(0, -bound - self.worth))

    def _raise_among(self, among: BoolArray, watch: Watch | None = None) -> Answer:
        """The best matching over some pairs, at least as good as the best so far."""
        if self.is_done:
            return Answer(None, proved=False, bound=None)
        least = None if self.bound >= LARGE else -self.bound
        worth = self.worth if self._least is None else self.conceded + 1
        found, answer = self._solve(
            among, lambda model: most_of(model, self.terms, least, -worth), watch
        )
        if found is not None and self.terms.worth(self.state.core, found) >= worth:
            self.state.best = found
        return answer

    def _solve(
        self, among: BoolArray, build: Build, watch: Watch | None = None
    ) -> tuple[IntArray | None, Answer]:
        state = self.state
        stable = state.blocking is not None
        return state.solve(among, build, stable=stable, slack=state.slack, watch=watch)


def highest(values: IntArray, among: BoolArray, size: int) -> BoolArray:
    """(E,) the pairs of some whose values are highest, ``size`` of them."""
    index = np.flatnonzero(among)
    found = np.zeros(len(among), dtype=bool)
    found[index[np.argsort(-values[index], kind="stable")][:size]] = True
    return found

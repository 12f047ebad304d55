"""The search: which route each level takes, what is held, and the best matching so far."""

from __future__ import annotations

import time

import numpy as np

from rmatch.instance import Instance, IntArray
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.welfare import value_of
from rmatch.solution import Level
from rmatch.solving import flow
from rmatch.solving.clock import Clock
from rmatch.solving.hints import stable_matchings
from rmatch.solving.objectives import Objective, Terms
from rmatch.solving.stable import StableModel


class Search:
    """Optimises one level after the other; ``matching`` is the best so far, always legal.

    Once a level could not be proved, later ones are only recomputed: nothing may be called optimal
    given a level that is open.
    """

    def __init__(self, instance: Instance, seed: int, clock: Clock) -> None:
        self.instance = instance
        self.seed = seed
        self.clock = clock
        self.method = "flow"
        self._possible = np.flatnonzero(
            (instance.mentor_capacity[instance.mentor] > 0)
            & (instance.mentee_capacity[instance.mentee] > 0)
        )
        keep = np.zeros(instance.n_pairs, dtype=bool)
        keep[self._possible] = True
        self._core = instance.only(keep)
        self._network: flow.Network | None = flow.network_of(self._core)
        self._model: StableModel | None = None
        self._held: list[tuple[Objective, Terms, int]] = []
        self._best = np.zeros(0, dtype=np.int64)
        self._open = False

    @property
    def matching(self) -> IntArray:
        """Indices of the matched pairs in the instance, sorted."""
        return np.sort(self._possible[self._best])

    def optimise(self, objective: Objective) -> Level:
        """Optimise one level and hold it."""
        started = time.perf_counter()
        bound: int | None = None
        if self._open:
            pass
        elif objective.terms is None:
            bound = self._optimise_stability()
        else:
            bound = self._optimise_linear(objective, objective.terms(self._core, self.seed))
        value = self._value(objective)
        self._open = self._open or value != bound
        return Level(objective.name, value, bound, time.perf_counter() - started)

    def _value(self, objective: Objective) -> int:
        return value_of(objective.name, self._core, self._best, self.seed)

    # Linear levels -------------------------------------------------------------------------------

    def _optimise_linear(self, objective: Objective, terms: Terms) -> int | None:
        """The proven bound of the level, in its own sense."""
        if self._network is not None:
            if self.clock.is_over:
                return None
            most = flow.optimise(self._network, terms)
            self._best = self._network.chosen
            bound: int | None = most
        else:
            bound = self._optimise_in_model(terms)
            most = _worth(terms, self._core, self._best)
        if bound is not None and most == bound:
            self._hold(objective, terms, most)
        return None if bound is None else objective.signed(bound)

    def _hold(self, objective: Objective, terms: Terms, value: int) -> None:
        self._held.append((objective, terms, value))
        if self._model is not None and not terms.is_zero:
            self._model.hold(terms, value)

    def _optimise_in_model(self, terms: Terms) -> int | None:
        assert self._model is not None  # noqa: S101 - set when the network is put away
        now = _worth(terms, self._core, self._best)
        variables, weights = self._model.goal(terms)
        if not variables:
            return now
        self._model.suggest(self._best)
        answer = self._model.minimise(variables, weights, self.clock, at_most=-now)
        if answer.values is not None:
            self._best = self._model.chosen(answer)
        return None if answer.bound is None else -answer.bound

    # Stability -----------------------------------------------------------------------------------

    def _optimise_stability(self) -> int | None:
        """The fewest blocking pairs, given the levels held; whether none is possible comes first."""
        self._network = None
        self.method = "CP-SAT"
        found = self._stable_hint()
        if found is not None:
            self._best = found
            self._model = self._new_model(slack=False)
            return 0
        model = self._new_model(slack=False)
        answer = model.minimise([], [], self.clock)
        if answer.values is not None:
            self._best = model.chosen(answer)
            self._model = model
            return 0
        return self._count_blocking() if answer.proved else 0

    def _new_model(self, *, slack: bool) -> StableModel:
        model = StableModel(self._core, slack=slack)
        for _, terms, value in self._held:
            if not terms.is_zero:
                model.hold(terms, value)
        return model

    def _stable_hint(self) -> IntArray | None:
        """The best stable matching by deferred acceptance that keeps what is held, if any."""
        best: IntArray | None = None
        for matching in stable_matchings(self._core, needed=self._keeps):
            if best is None or _total(self._core, matching) > _total(self._core, best):
                best = matching
        return best

    def _keeps(self, matching: IntArray) -> bool:
        return all(_worth(terms, self._core, matching) >= value for _, terms, value in self._held)

    def _count_blocking(self) -> int | None:
        model = self._new_model(slack=True)
        model.suggest(self._best)
        blocks = model.block_variables()
        now = len(blocking_pairs(self._core, self._best))
        answer = model.minimise(blocks, [1] * len(blocks), self.clock, at_least=1, at_most=now)
        if answer.values is not None:
            self._best = model.chosen(answer)
        count = len(blocking_pairs(self._core, self._best))
        if answer.bound == count:
            model.hold_blocking(count)
            self._model = model
        return answer.bound


def _worth(terms: Terms, instance: Instance, chosen: IntArray) -> int:
    """The value of ``terms`` at a matching."""
    mentors = np.unique(instance.mentor[chosen])
    mentees = np.unique(instance.mentee[chosen])
    return int(
        terms.pair[chosen].sum() + terms.mentor[mentors].sum() + terms.mentee[mentees].sum()
    )


def _total(instance: Instance, chosen: IntArray) -> int:
    return int(instance.score[chosen].sum())

"""The search: which route each level takes, what is held, and the best matching so far."""

from __future__ import annotations

import time

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import is_matching
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.welfare import value_of
from rmatch.solution import Level
from rmatch.solving import flow
from rmatch.solving.clock import Clock
from rmatch.solving.deletion import deletable
from rmatch.solving.hints import stable_matchings
from rmatch.solving.model import Answer
from rmatch.solving.objectives import REGISTRY, Objective, Terms
from rmatch.solving.relaxation import Priced, Relaxation
from rmatch.solving.stable import StableModel

SMALL = 400
"""With fewer pairs than this left, CP-SAT alone is faster than an LP first."""

MAX_CLIMBS = 5
"""Better matchings taken one by one before they are searched by their worth."""

CORE_PAIRS = 12
"""Pairs a person that CP-SAT gets at first."""


class Search:
    """Optimises one level after the other; ``matching`` is the best so far, always legal.

    Levels before ``stability`` go by flow. From there on there is a model, over the pairs that may
    still be matched, and the flow stays as a relaxation: its optimum bounds each level, and where a
    matching reaches that bound nothing is left to prove.

    Once a level could not be proved, later ones are only recomputed: nothing may be called optimal
    given a level that is open.
    """

    def __init__(self, instance: Instance, seed: int, clock: Clock) -> None:
        self.seed = seed
        self.clock = clock
        self.method = "flow"
        self._pairs = np.arange(instance.n_pairs)
        """Which of the original pairs those of ``_core`` are."""
        self._core = instance
        self._best = np.zeros(0, dtype=np.int64)
        self._held: list[tuple[Objective, int]] = []
        self._open = False
        self._cached: dict[str, Terms] = {}
        self._network_is_exact = True
        self._guide: Terms | None = None
        """The last level that the LP could not settle."""
        self._blocking = 0
        """Blocking pairs allowed from the level ``stability`` on."""
        self._narrow(
            (instance.mentor_capacity[instance.mentor] > 0)
            & (instance.mentee_capacity[instance.mentee] > 0)
        )
        self._network = flow.network_of(self._core)
        self._alive = np.ones(self._core.n_pairs, dtype=bool)
        """Which pairs may still be matched, given the levels held."""

    @property
    def matching(self) -> IntArray:
        """Indices of the matched pairs in the instance, sorted."""
        return np.sort(self._pairs[self._best])

    def optimise(self, objective: Objective) -> Level:
        """Optimise one level and hold it."""
        started = time.perf_counter()
        bound: int | None = None
        if not self._open:
            if self.clock.is_over:
                bound = self._optimise_without_time(objective)
            elif objective.terms is None:
                bound = self._optimise_stability()
            elif self._network_is_exact:
                bound = self._optimise_by_flow(objective)
            else:
                bound = self._optimise_after_stability(objective)
        value = self._value(objective)
        self._open = self._open or value != bound
        if not self._open:
            self._held.append((objective, value))
        return Level(objective.name, value, bound, time.perf_counter() - started)

    def _optimise_without_time(self, objective: Objective) -> int | None:
        """What deferred acceptance gives in milliseconds: a start, or no blocking pair at all."""
        if self._held and objective.terms is not None:
            return None
        found = self._stable_hint()
        if found is None:
            return None
        self._best = found
        return 0 if objective.terms is None else None

    def _value(self, objective: Objective) -> int:
        return value_of(objective.name, self._core, self._best, self.seed)

    def _terms(self, objective: Objective) -> Terms:
        if objective.name not in self._cached:
            assert objective.terms is not None  # noqa: S101 - stability goes its own way
            self._cached[objective.name] = objective.terms(self._core, self.seed)
        return self._cached[objective.name]

    def _narrow(self, keep: BoolArray) -> None:
        """Go on with fewer pairs; the best matching so far must be among them."""
        place = np.cumsum(keep) - 1
        self._best = place[self._best]
        self._pairs = self._pairs[keep]
        self._core = self._core.only(keep)
        self._cached = {}

    # Without stability ----------------------------------------------------------------------------

    def _optimise_by_flow(self, objective: Objective) -> int:
        most = flow.optimise(self._network, self._terms(objective))
        self._best = self._network.chosen
        return objective.signed(most)

    # Stability ------------------------------------------------------------------------------------

    def _optimise_stability(self) -> int | None:
        """The fewest blocking pairs, given the levels held: whether none is possible first."""
        self.method = "CP-SAT"
        self._network_is_exact = False
        found = self._stable_hint()
        kept = ~deletable(self._core, self.clock)
        if found is None:
            found = self._search_stable(kept)
        if found is None:
            self._relaxation = Relaxation(self._core)
            return self._count_blocking()
        self._best = found
        self._narrow(kept)
        self._alive = np.ones(self._core.n_pairs, dtype=bool)
        self._network = flow.network_of(self._core)
        self._relaxation = Relaxation(self._core)
        for objective, value in self._held:
            terms = self._terms(objective)
            flow.optimise(self._network, terms)
            self._relaxation.hold_if_linear(terms, objective.signed(value))
        self._forbid(self._network.empty)
        return 0

    def _stable_hint(self) -> IntArray | None:
        """The best stable matching by deferred acceptance that keeps what is held, if any."""
        matchings = stable_matchings(self._core, needed=self._keeps, clock=self.clock)
        return max(matchings, key=lambda chosen: int(self._core.score[chosen].sum()), default=None)

    def _keeps(self, matching: IntArray) -> bool:
        return all(
            value_of(objective.name, self._core, matching, self.seed) == value
            for objective, value in self._held
        )

    def _search_stable(self, among: BoolArray) -> IntArray | None:
        """A stable matching that keeps what is held, or ``None``: proved so, or out of time."""
        model = self._model(among, slack=False)
        answer = model.minimise([], [], self.clock)
        return None if answer.values is None else model.chosen(answer.values)

    def _count_blocking(self) -> int | None:
        model = self._model(self._alive, slack=True)
        blocks = model.block_variables()
        now = len(blocking_pairs(self._core, self._best))
        answer = model.minimise(blocks, [1] * len(blocks), self.clock, at_least=0, at_most=now)
        if answer.values is not None:
            self._best = model.chosen(answer.values)
        count = len(blocking_pairs(self._core, self._best))
        self._blocking = count
        return answer.bound

    def _model(self, alive: BoolArray, *, slack: bool) -> StableModel:
        """The matchings over the pairs ``alive`` that keep what is held, from the best so far."""
        model = StableModel(self._core, alive, slack=slack)
        for objective, value in self._held:
            if objective.terms is not None:
                model.hold(self._terms(objective), objective.signed(value))
        if self._blocking:
            model.hold_blocking(self._blocking)
        model.suggest(self._best)
        return model

    # After stability ------------------------------------------------------------------------------

    def _optimise_after_stability(self, objective: Objective) -> int:
        """The proven bound of a linear level, in its own sense.

        The flow bounds it, then the LP; both also say which pairs can be left out. CP-SAT gets the
        most promising pairs first, and all that could still be better only where those leave doubt.
        """
        terms = self._terms(objective)
        relaxed = bound = flow.optimise(self._network.copy(), terms)
        ceiling = np.full(self._core.n_pairs, bound, dtype=np.int64)
        """What a matching with each pair is worth at most: absolute, however the bound falls."""
        priced = self._price(terms) if self._worth(terms) < bound else None
        if priced is not None:
            bound, ceiling = min(bound, priced.bound), priced.ceiling
            self._take_if_better(priced, terms)
            if self._worth(terms) < bound and self._cannot_choose(ceiling, bound):
                self._look_ahead(terms, bound)
            bound = self._improve_by_core(terms, bound, ceiling)
        if self._worth(terms) < bound:
            better = self._alive & (ceiling > self._worth(terms))
            bound = self._improve_to_proof(terms, better, bound)
        most = self._worth(terms)
        if most == bound:
            self._hold(terms, most, on_face=most == relaxed)
            self._forbid(np.flatnonzero(ceiling < most))
            if priced is not None and most < priced.bound:
                self._guide = terms
        return objective.signed(bound)

    def _improve_to_proof(self, terms: Terms, better: BoolArray, bound: int) -> int:
        """The best matching over all pairs that could still be in a better one; its bound."""
        if self._guide is not None and self._climb(terms, better, self._guide):
            return self._worth(terms)
        answer = self._improve(terms, better, bound)
        if answer.proved:
            return self._worth(terms)
        return bound if answer.bound is None else min(bound, -answer.bound)

    def _climb(self, terms: Terms, better: BoolArray, guide: Terms) -> bool:
        """Ask for a better matching, led by an earlier level that was hard, until there is none.

        Where the LP left that level a gap, proving it again is what takes the time, and a goal that
        points elsewhere (the tie-break) only hinders: this takes a third of it. False where better
        matchings are so many, or time so short, that nothing is proved.
        """
        kept = guide.worth(self._core, self._best)
        for _ in range(MAX_CLIMBS):
            model = self._model(better, slack=False)
            model.hold(terms, self._worth(terms) + 1)
            answer = model.minimise(*model.goal(guide), self.clock, at_least=-kept, at_most=-kept)
            if answer.values is None:
                return answer.proved
            self._best = model.chosen(answer.values)
        return False

    def _improve_by_core(self, terms: Terms, bound: int, ceiling: IntArray) -> int:
        """Try the most promising pairs; the bound is met where no other pair could do better."""
        few = int(self._alive.sum()) <= 2 * self._core_size
        if self._worth(terms) == bound or few:
            return bound
        core = self._promising(ceiling)
        proved = self._improve(terms, core, bound).proved
        better = self._alive & (ceiling > self._worth(terms))
        return self._worth(terms) if proved and not np.any(better & ~core) else bound

    def _worth(self, terms: Terms) -> int:
        return terms.worth(self._core, self._best)

    def _price(self, terms: Terms) -> Priced | None:
        """Bound and ceilings by the LP; none for small cohorts, which CP-SAT settles sooner."""
        weights = terms.as_pairs(self._core)
        if self._blocking or weights is None or int(self._alive.sum()) < SMALL:
            return None
        return self._relaxation.maximise(weights, self.clock)

    def _take_if_better(self, priced: Priced, terms: Terms) -> None:
        """Make the LP's solution the best matching, if it is one and keeps everything."""
        chosen = np.flatnonzero(priced.values > 0.5)
        if (
            is_matching(self._core, chosen)
            and len(blocking_pairs(self._core, chosen)) == 0
            and self._keeps(chosen)
            and terms.worth(self._core, chosen) > self._worth(terms)
        ):
            self._best = chosen

    def _cannot_choose(self, ceiling: IntArray, bound: int) -> bool:
        """Whether the prices do not tell a core of promising pairs from the others."""
        return int((ceiling[self._alive] >= bound).sum()) > self._core_size

    def _look_ahead(self, terms: Terms, bound: int) -> None:
        """Look for a matching that meets ``bound``, led by the scores.

        A level of zeros and ones (warnings) says nothing of which pairs go well together; a
        matching of good score that also meets the bound settles it, and serves the levels after.
        """
        weights = terms.as_pairs(self._core)
        guide = REGISTRY["score"]
        led = self._terms(guide)
        if weights is None:
            return
        priced = self._relaxation.maximise(led.pair, self.clock, also=(weights, bound))
        if priced is None:
            return
        self._take_if_better(priced, terms)
        if self._worth(terms) < bound:
            model = self._model(self._promising(priced.ceiling), slack=False)
            model.hold(terms, bound)
            answer = model.minimise(*model.goal(led), self.clock)
            if answer.values is not None:
                self._best = model.chosen(answer.values)

    @property
    def _core_size(self) -> int:
        return CORE_PAIRS * max(self._core.n_mentors, self._core.n_mentees)

    def _promising(self, ceiling: IntArray) -> BoolArray:
        """The pairs of highest ceiling, a dozen a person: they nearly always hold the optimum."""
        alive = np.flatnonzero(self._alive)
        core = np.zeros(self._core.n_pairs, dtype=bool)
        order = np.argsort(-ceiling[alive], kind="stable")
        core[alive[order][: self._core_size]] = True
        return core

    def _improve(self, terms: Terms, among: BoolArray, bound: int) -> Answer:
        """The best matching over some pairs, at least as good as the best so far."""
        model = self._model(among, slack=self._blocking > 0)
        variables, weights = model.goal(terms)
        answer = model.minimise(
            variables, weights, self.clock, at_least=-bound, at_most=-self._worth(terms)
        )
        if answer.values is not None:
            chosen = model.chosen(answer.values)
            if terms.worth(self._core, chosen) >= self._worth(terms):
                self._best = chosen
        return answer

    def _hold(self, terms: Terms, value: int, *, on_face: bool) -> None:
        """Keep a level: in the LP, and in the flow where the flow's optimum was reached."""
        self._relaxation.hold_if_linear(terms, value)
        if on_face:
            flow.optimise(self._network, terms)
            self._forbid(self._network.empty)

    def _forbid(self, pairs: IntArray) -> None:
        self._alive[pairs] = False
        self._relaxation.forbid(pairs)

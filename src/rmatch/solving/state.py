"""What is settled so far, the pairs still in question, and the best matching that keeps it.

Until something makes it wrong, the network of ``flow`` describes the matchings exactly, and every
linear level is a minimum-cost flow on the optimal face of those before. Stability, quotas and
numbers that are no sums over pairs make it a relaxation.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakKeyDictionary

import numpy as np

from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import is_matching
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.statements import broken_statements
from rmatch.solving import flow
from rmatch.solving.clock import Clock, OutOfTimeError
from rmatch.solving.cpsat import Watch
from rmatch.solving.deletion import deletable
from rmatch.solving.matching_model import MatchingModel
from rmatch.solving.model import Answer, Goal
from rmatch.solving.network_levels import optimise
from rmatch.solving.relaxation import Relaxation
from rmatch.solving.residual import residual
from rmatch.solving.steps import Make, Posted
from rmatch.solving.terms import Terms

if TYPE_CHECKING:
    from rmatch.solving.lattice import Lattice

R = TypeVar("R", bound=Relaxation)

VAST = 400_000
"""Pairs from which on an LP with stability rows, and CP-SAT, found and proved nothing in a minute.

What is not proved by then stays open, with the bound of the flow, however much time there is:
without a limit somebody would otherwise wait for ever.
"""

DELETION_SHARE = 0.35
"""Of the time that is left: what is deleted until then makes the rest easier already."""

_DELETED: WeakKeyDictionary[Instance, BoolArray] = WeakKeyDictionary()
"""Pairs that no stable matching holds: of the instance alone, which every why-not solves again."""

Build = Callable[[MatchingModel], Goal | None]
"""Adds to a model what is asked of it; what is to be made least, if anything is."""


@dataclass(frozen=True, slots=True)
class HeldSum:
    """A linear sum that is settled: every matching from now on is worth this much."""

    terms: Terms
    worth: int


@dataclass(frozen=True, slots=True)
class HeldNumber:
    """A posted number that is settled: no matching from now on costs more."""

    posted: Posted
    cost: int


def _nobody_is_told() -> None:
    """Nobody asked to be."""


class State:
    """The core of an instance that is left to decide, and what is held."""

    def __init__(self, instance: Instance, seed: int, clock: Clock) -> None:
        self.instance = instance
        self.seed = seed
        self.clock = clock
        self.made = np.flatnonzero(instance.forced)
        """Pairs that must be made: they are, from the start."""
        self.core, self.pairs = residual(instance)
        """What is left to decide, and which of the instance's pairs that are."""
        self.best = np.zeros(0, dtype=np.int64)
        self.alive = np.ones(self.core.n_pairs, dtype=bool)
        """Which pairs of the core may still be matched, given what is held."""
        self.required: Terms | None = None
        """A sum that must be above 0, whatever the levels say."""
        self.sums: list[HeldSum] = []
        self.numbers: list[HeldNumber] = []
        self.exact = not self.core.quotas
        """Whether the network describes exactly the matchings that keep what is held."""
        self.lattice: Lattice | None = None
        """The stable matchings that keep what is held, where preferences are strict."""
        self.blocking: int | None = None
        """Pairs that may block; ``None`` before stability is asked for."""
        self.blockable = np.ones(self.core.n_pairs, dtype=bool)
        """Which pairs of the core may be among those."""
        self.guide: Terms | None = None
        """The last sum that the LP could not settle."""
        self.later: list[Make] = []
        """The sums to come right after the level at work, which a small core settles with it."""
        self.lead: Make | None = None
        """A sum that leads near to the level after those, where that is no sum itself."""
        self.known: dict[Make, int] = {}
        """What sums come to at most in matchings that keep what is held and those before."""
        self.used_cpsat = False
        self.tell: Callable[[], None] = _nobody_is_told
        """Called when the best matching may be another one, within a level that takes long."""
        self.gave_up = False
        """Whether a level was left open for the number of pairs, though there was time."""
        self.prices: list[IntArray] = []
        """The network's prices for every sum that reached its optimum, over all pairs there are."""
        self._faces: list[Terms] = []
        self._deleted = self._narrowed = False
        self.is_settled = False
        """Whether the best matching is the only one left."""
        self._gone: BoolArray | None = None
        self._network: flow.Network | None = None
        self._relaxation: Relaxation | None = None

    def fork(self, clock: Clock) -> State:
        """The same, to go another way from here: neither knows what the other settles."""
        other = copy.copy(self)
        other.clock = clock
        other.alive, other.blockable = self.alive.copy(), self.blockable.copy()
        other.sums, other.numbers = [*self.sums], [*self.numbers]
        other.prices, other._faces = [*self.prices], [*self._faces]
        other.lattice = None if self.lattice is None else self.lattice.copy()
        other._network = None if self._network is None else self._network.copy()
        other._relaxation = None
        return other

    @property
    def is_vast(self) -> bool:
        """Whether there are so many pairs that only flows and deferred acceptance are any use."""
        return self.core.n_pairs >= VAST

    # The matching ---------------------------------------------------------------------------------

    def whole(self, chosen: IntArray) -> IntArray:
        """Pairs of the core as pairs of the instance, with those that must be made; sorted."""
        return np.sort(np.concatenate([self.made, self.pairs[chosen]]))

    def take_whole(self, matching: IntArray) -> None:
        """Have a matching of the instance, as ``whole`` gives them, as the best so far."""
        self.best = np.flatnonzero(np.isin(self.pairs, matching, assume_unique=True))

    def worth(self, terms: Terms) -> int:
        """What the best matching so far is worth."""
        return terms.worth(self.core, self.best)

    def keeps(self, chosen: IntArray) -> bool:
        """Whether a matching keeps every level that is held, and the statements."""
        return (
            all(held.terms.worth(self.core, chosen) >= held.worth for held in self.sums)
            and all(
                held.posted.cost(self.instance, self.whole(chosen)) <= held.cost
                for held in self.numbers
            )
            and not broken_statements(self.core, chosen)
        )

    def is_allowed(self, chosen: IntArray) -> bool:
        """Whether a set of pairs is a matching that keeps everything, stability included."""
        return (
            is_matching(self.core, chosen)
            and (self.blocking is None or len(blocking_pairs(self.core, chosen)) <= self.blocking)
            and self.keeps(chosen)
        )

    # What is held ---------------------------------------------------------------------------------

    def terms(self, make: Make) -> Terms:
        """A sum over what is left to decide: who has a pair that must be made counts no more."""
        terms = self._of_those_in_question(make)
        if len(self.made) == 0:
            return terms
        mentor, mentee = terms.mentor.copy(), terms.mentee.copy()
        mentor[self.instance.mentor[self.made]] = 0
        mentee[self.instance.mentee[self.made]] = 0
        return Terms(terms.pair, mentor, mentee)

    def _of_those_in_question(self, make: Make) -> Terms:
        """The terms; 0 for pairs that no optimum of the flow so far holds.

        Drawing a lot for each of five million pairs takes longer than to match them.
        """
        if not self.exact or self._network is None or not self._faces:
            return make(self.instance, self.pairs, self.seed)
        asked = np.ones(self.core.n_pairs, dtype=bool)
        asked[self._network.empty] = False
        some = make(self.instance, self.pairs[asked], self.seed)
        pair = np.zeros(self.core.n_pairs, dtype=np.int64)
        pair[asked] = some.pair
        return Terms(pair, some.mentor, some.mentee)

    def hold(self, terms: Terms, *, on_face: bool) -> None:
        """Keep a sum: in the LP, and in the flow where the flow's optimum was reached."""
        held = HeldSum(terms, self.worth(terms))
        self.sums.append(held)
        if self._relaxation is not None:
            self._relaxation.hold_if_linear(terms, held.worth)
        if on_face:
            self._faces.append(terms)
            if self._network is not None:
                optimise(self._network, terms)
                self.forbid(self._network.empty)
                self._keep_prices(self._network)

    def settle(self) -> None:
        """Leave the best matching alone: no other keeps what is held."""
        others = np.ones(self.core.n_pairs, dtype=bool)
        others[self.best] = False
        self.forbid(np.flatnonzero(others))
        self.is_settled = True

    def forbid(self, pairs: IntArray) -> None:
        """Pairs of the core that no matching from now on holds."""
        self.alive[pairs] = False
        if self._relaxation is not None:
            self._relaxation.forbid(pairs)

    def hold_flow(self, terms: Terms, network: flow.Network) -> None:
        """Keep what a flow has settled, where the network is exact."""
        self._network = network
        self.best = network.chosen
        self.sums.append(HeldSum(terms, self.worth(terms)))
        self._faces.append(terms)
        self._keep_prices(network)

    def _keep_prices(self, network: flow.Network) -> None:
        """As evidence, unless pairs were deleted: it must speak of every acceptable pair."""
        if not self._narrowed:
            self.prices.append(network.price)

    # Relaxations ----------------------------------------------------------------------------------

    @property
    def network(self) -> flow.Network:
        """The flow over the core, narrowed to the faces of the levels that reached its optimum."""
        if self._network is None:
            self._network = flow.network_of(self.core)
            for terms in self._faces:
                optimise(self._network, terms)
            if self._faces:
                self.forbid(self._network.empty)
        return self._network

    @property
    def relaxation(self) -> Relaxation:
        """The LP over the core, with everything linear that is held."""
        if self._relaxation is None:
            self._relaxation = self.told(self._new_relaxation())
        return self._relaxation

    def told(self, relaxation: R) -> R:
        """An LP of the core, told which pairs are out and everything linear that is held."""
        relaxation.forbid(np.flatnonzero(~self.alive))
        for held in self.sums:
            relaxation.hold_if_linear(held.terms, held.worth)
        return relaxation

    def _new_relaxation(self) -> Relaxation:
        if self.blocking:
            from rmatch.solving.slack_relaxation import SlackRelaxation

            return SlackRelaxation(self.core, self.blockable, self.blocking)
        return Relaxation(self.core, stable=self.blocking == 0)

    def leave_network(self) -> None:
        """From now on the network is a relaxation only; the LP is another one."""
        if self.exact and self._faces:
            self.forbid(self.network.empty)
        self.exact = False
        self._relaxation = None

    def leave_lattice(self) -> None:
        """From now on something is held that rotations know nothing of."""
        if self.lattice is not None:
            self.forbid(np.flatnonzero(~self.lattice.possible))
            self.lattice = None

    # Fewer pairs ----------------------------------------------------------------------------------

    @property
    def gone(self) -> BoolArray:
        """(E,) pairs of the core that no stable matching holds, as far as was looked: once."""
        if self._gone is None:
            self._gone = _DELETED.get(self.core)
        if self._gone is None:
            clock = self.clock.part(DELETION_SHARE)
            self._gone = deletable(self.core, clock)
            if not clock.is_over:
                _DELETED[self.core] = self._gone
        return self._gone

    @property
    def cannot_be_stable(self) -> bool:
        """Whether every pair is gone that would meet what was required before all levels."""
        if self.required is None:
            return False
        terms, core = self.required, self.core
        meets = (terms.pair > 0) | (terms.mentor[core.mentor] > 0) | (terms.mentee[core.mentee] > 0)
        return bool(meets.any()) and not np.any(meets & ~self.gone)

    def gone_but(self, among: BoolArray, slack: BoolArray) -> BoolArray:
        """(E,) pairs in no matching of some pairs that only certain pairs block; nor do they block.

        Only where what is held leaves no other matchings.
        """
        clock = self.clock.part(DELETION_SHARE)
        return deletable(self.core, clock, among=among, slack=slack)

    def delete(self) -> bool:
        """Leave out pairs that no matching with as few blocking pairs holds, once; whether any are.

        They are deleted from the instance where that changes no blocking pair, else only set aside.
        """
        if self._deleted or self.blocking is None:
            return False
        self._deleted = True
        gone = self.gone_but(self.alive, self.blockable) if self.blocking else self.gone
        self.clock.check()
        if not gone.any():
            return False
        if self.core.stability == "weak":
            self._narrow(~gone)
        else:
            self.forbid(np.flatnonzero(gone))
        return True

    def _narrow(self, keep: BoolArray) -> None:
        """Go on with fewer pairs; the best matching so far must be among them."""
        self._narrowed = True
        self.best = (np.cumsum(keep) - 1)[self.best]
        self.pairs, self.alive = self.pairs[keep], self.alive[keep]
        self.blockable = self.blockable[keep]
        self.core = self.core.only(keep)
        self.sums = [HeldSum(held.terms.only(keep), held.worth) for held in self.sums]
        self._faces = [terms.only(keep) for terms in self._faces]
        self.guide = None if self.guide is None else self.guide.only(keep)
        self.required = None if self.required is None else self.required.only(keep)
        self._network = self._relaxation = self._gone = None

    @property
    def slack(self) -> BoolArray | None:
        """Which pairs may block from now on; ``None``: no pair."""
        return self.blockable if self.blocking else None

    # CP-SAT ---------------------------------------------------------------------------------------

    def solve(
        self,
        among: BoolArray,
        build: Build,
        *,
        stable: bool,
        slack: BoolArray | None = None,
        watch: Watch | None = None,
        effort: float | None = None,
    ) -> tuple[IntArray | None, Answer]:
        """The least of what ``build`` adds up, over the matchings of some pairs that keep it all.

        The matching found, or ``None``: there is none, or none in time (the answer tells).
        ``watch`` is told of better bounds on the way, ``effort`` limits it beside the clock.
        """
        self.used_cpsat = True
        try:
            model = MatchingModel(self.core, among, self.clock, stable=stable, slack=slack)
            self._hold_in(model)
            goal = build(model)
            model.suggest(self.best)
            answer = model.minimise(goal, self.clock, watch, effort)
        except OutOfTimeError:
            return None, Answer(None, proved=False, bound=None)
        return None if answer.values is None else model.chosen(answer.values), answer

    def _hold_in(self, model: MatchingModel) -> None:
        for held in self.sums:
            model.hold(held.terms, held.worth)
        for number in self.numbers:
            variables, weights, constant = number.posted.post(
                model, self.instance, self.pairs, self.made
            )
            model.at_most(variables, weights, number.cost - constant)
        if self.blocking:
            model.hold_blocking(self.blocking)

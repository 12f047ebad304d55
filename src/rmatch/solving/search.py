"""The search as an objective sees it: sums made most, numbers made least, levels recorded."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from rmatch.errors import InfeasibleError, TimeLimitError
from rmatch.instance import BoolArray, Instance, IntArray
from rmatch.properties.feasibility import Chosen, is_matching
from rmatch.properties.statements import broken_statements, forced_statement
from rmatch.properties.welfare import value_of
from rmatch.solution import TOO_LARGE, Level, Progress, Proof, Value
from rmatch.solving import blocking, flow
from rmatch.solving.clock import Clock, OutOfTimeError
from rmatch.solving.matching_model import MatchingModel
from rmatch.solving.model import Goal
from rmatch.solving.network_levels import optimise
from rmatch.solving.objectives import REGISTRY, Objective
from rmatch.solving.raising import Raising
from rmatch.solving.state import HeldNumber, State
from rmatch.solving.steps import Make, Posted
from rmatch.solving.terms import Terms

Report = Callable[[Progress], None]


class Search:
    """Settles one level after the other; ``matching`` is the best so far, always legal.

    Once a level could not be proved, later ones are only recomputed: nothing may be called optimal
    given a level that is open.

    Raises:
        InfeasibleError: the statements on the instance cannot all hold.
        TimeLimitError: the time was up before a matching was found that keeps them.
    """

    def __init__(
        self, instance: Instance, seed: int, clock: Clock, report: Report | None = None
    ) -> None:
        self.instance = instance
        self._seed = seed
        self._clock = clock
        self._report = report
        self._level = ""
        self._foreseen: tuple[Objective, ...] = ()
        self._open = False
        self.priced: list[tuple[str, IntArray]] = []
        """Sums at the optimum of the flow: the level, and the prices of nodes that prove it."""
        self._state = State(instance, seed, clock)
        self._state.tell = self._tell_best
        self._start()

    @property
    def matching(self) -> IntArray:
        """Indices of the matched pairs in the instance, sorted."""
        return self._state.whole(self._state.best)

    @property
    def method(self) -> str:
        """What the levels were settled by, and whether one is open for the number of pairs."""
        return (
            f"{self._settled_by}, {TOO_LARGE}"
            if self._open and self._state.gave_up
            else self._settled_by
        )

    @property
    def _settled_by(self) -> str:
        if self._state.used_cpsat:
            return "CP-SAT"
        if self._state.lattice is not None:
            return "rotations"
        return "flow" if self._state.blocking is None else "deferred acceptance and bounds"

    def value(self, name: str) -> Value:
        """What the best matching so far comes to."""
        return value_of(name, self.instance, self.matching, self._seed)

    def require(self, make: Make) -> int | None:
        """Make a sum of 0 or 1 most, before any level, and hold it; by how much it may be short.

        A matching that has it is proof enough, and is held on to, though the time ran out.
        """
        state = self._state
        room = 1 - state.worth(state.terms(make))
        try:
            gap = self._most(make, room=room, enough=None, hold=True)
        except OutOfTimeError:
            gap = None
        terms = state.terms(make)
        if gap != 0 and state.worth(terms) > 0:
            state.hold(terms, on_face=False)
            gap = 0
        if gap is not None:
            state.required = terms
        return gap

    def ask(self, make: Make) -> int | None:
        """Look for a matching that keeps all levels and has most of a sum, without holding it.

        ``matching`` is the best there is afterwards; by how much it may be short, if that is known.
        """
        if self._clock.is_over:
            return None
        try:
            return self._most(make, room=None, enough=None, hold=False)
        except OutOfTimeError:
            return None

    def fork(self, clock: Clock, report: Report | None = None) -> Search:
        """Another search that goes on from what is settled here; this one stays as it is."""
        other = copy.copy(self)
        other._clock, other._report = clock, report
        other.priced = [*self.priced]
        other._state = self._state.fork(clock)
        other._state.tell = other._tell_best
        return other

    def cap_blocking(self, most: int, known: Chosen) -> None:
        """From now on no more than so many pairs block; ``known`` is a matching with so few.

        Not after ``stability`` was settled.
        """
        state = self._state
        state.leave_network()
        state.take_whole(np.asarray(known, dtype=np.int64))
        state.blocking = most

    def suggest(self, matching: IntArray) -> None:
        """Go on from this matching, if it is one that keeps everything settled so far."""
        state = self._state
        inside = np.isin(matching, state.pairs, assume_unique=True)
        held = np.isin(state.made, matching, assume_unique=True)
        chosen = np.flatnonzero(np.isin(state.pairs, matching, assume_unique=True))
        whole = bool(held.all()) and int(inside.sum()) + len(state.made) == len(matching)
        if whole and state.is_allowed(chosen):
            state.best = chosen

    def foresee(self, objectives: Sequence[Objective]) -> None:
        """Tell it of the levels to come, all of them: some are easier settled together."""
        self._foreseen = tuple(objectives)

    @property
    def possible(self) -> BoolArray:
        """(E,) which pairs of the instance a matching may hold that keeps all levels.

        None that one holds is missing; some may be there for want of a proof.
        """
        state = self._state
        alive = state.alive if state.lattice is None else state.alive & state.lattice.possible
        may = np.zeros(self.instance.n_pairs, dtype=bool)
        may[state.made] = True
        may[state.pairs[alive]] = True
        return may

    @property
    def varying(self) -> BoolArray | None:
        """(E,) which pairs some matchings hold that keep all levels, and others do not.

        ``None`` where the flow does not tell, or where the time is up: a level that was proved just
        before that need not be held.
        """
        state = self._state
        if not state.exact or self._clock.is_over:
            return None
        varies = np.zeros(self.instance.n_pairs, dtype=bool)
        varies[state.pairs[flow.varying(state.network)]] = True
        return varies

    def optimise(self, objective: Objective) -> Level:
        """Settle one level and hold it."""
        started = time.perf_counter()
        self._level = objective.name
        self._state.later, self._state.lead = self._sums_after(objective)
        held = len(self._state.prices)
        bound: Value | None = None
        if not self._open:
            self._state.gave_up = False
            self._tell(None)
            try:
                bound = objective.settle(self)
            except OutOfTimeError:
                bound = None
        value = self.value(objective.name)
        self._open = self._open or value != bound
        self.priced += [(objective.name, price) for price in self._state.prices[held:]]
        self._tell(bound)
        proof: Proof = "reported" if self._state.lattice is None else "rotations"
        return Level(objective.name, value, bound, time.perf_counter() - started, proof)

    def _sums_after(self, objective: Objective) -> tuple[list[Make], Make | None]:
        """The levels right after this one that are linear sums, and what leads to the next one."""
        makes: list[Make] = []
        if objective in self._foreseen:
            for level in self._foreseen[self._foreseen.index(objective) + 1 :]:
                if level.make is None:
                    return makes, level.lead
                makes.append(level.make)
        return makes, None

    def _tell(self, bound: Value | None) -> None:
        if self._report is not None:
            best = self.value(self._level)
            self._report(Progress(self._level, best, bound, self._clock.elapsed))

    def _tell_best(self) -> None:
        self._tell(None)

    def _tell_gap(self, gap: int) -> None:
        """Progress within a level that is one sum."""
        value = self.value(self._level)
        if isinstance(value, int):
            self._tell(value + gap if REGISTRY[self._level].sense == "max" else value - gap)

    def _start(self) -> None:
        """The first matching that keeps the statements: no pair more than must be, if that does."""
        instance, state = self.instance, self._state
        must = [forced_statement(instance, pair) for pair in state.made.tolist()]
        if not is_matching(instance, state.made):
            raise InfeasibleError(must)
        if not broken_statements(instance, self.matching):
            return
        found, answer = state.solve(state.alive, lambda _: None, stable=False)
        if found is not None:
            state.best = found
        elif answer.proved:
            hard = [quota.statement for quota in instance.quotas if quota.price is None]
            raise InfeasibleError([*must, *dict.fromkeys(hard)])
        else:
            raise TimeLimitError("no matching that keeps every statement was found in the time")

    # Steps ----------------------------------------------------------------------------------------

    def most(
        self,
        make: Make,
        *,
        room: int | None = None,
        enough: int | None = None,
        hold: bool = True,
    ) -> int | None:
        """Make a linear sum most; see ``Steps``."""
        if self._clock.is_over:
            self._without_time()
            return None
        if hold:
            return self._most(make, room=room, enough=enough, hold=True)
        before, value = self.matching, self.value(self._level)
        gap = self._most(make, room=room, enough=enough, hold=False)
        if self._is_worse(self.value(self._level), value):
            self._state.take_whole(before)
        return gap

    def _is_worse(self, value: Value, than: Value) -> bool:
        """Whether a value of the level in question is worse than another."""
        if REGISTRY[self._level].sense == "max":
            value, than = than, value
        return value > than  # type: ignore[operator]  # values of one level are of one kind

    def _most(self, make: Make, *, room: int | None, enough: int | None, hold: bool) -> int | None:
        state = self._state
        terms = state.terms(make)
        if state.exact:
            return self._by_flow(terms, hold=hold)
        if state.lattice is not None:
            return self._by_lattice(terms, hold=hold)
        told = self._tell_gap if self._is_level(make) else None
        level = make if hold and self._is_level(make) else None
        raising = Raising(state, terms, room, told, enough=enough, make=level)
        gap = raising.run()
        if enough is not None and raising.is_done:
            return 0
        if gap == 0 and hold:
            raising.hold()
        return gap

    def _is_level(self, make: Make) -> bool:
        """Whether a sum is the level at work itself; before the first level none is."""
        return bool(self._level) and make is REGISTRY[self._level].make

    def _without_time(self) -> None:
        """What deferred acceptance gives in milliseconds, where there is nothing yet."""
        state = self._state
        if not state.sums and len(state.best) == 0:
            found = blocking.stable_hint(state, lots=False)
            state.best = state.best if found is None else found

    def _by_flow(self, terms: Terms, *, hold: bool) -> int:
        state = self._state
        network = state.network if hold else state.network.copy()
        optimise(network, terms)
        if hold:
            state.hold_flow(terms, network)
        state.best = network.chosen
        return 0

    def _by_lattice(self, terms: Terms, *, hold: bool) -> int:
        """Strict preferences: a closure of rotations of the greatest weight, proved."""
        state = self._state
        weights = terms.as_pairs(state.core)
        assert weights is not None  # noqa: S101 - everybody has one place
        assert state.lattice is not None  # noqa: S101 - checked by the caller
        lattice = state.lattice if hold else state.lattice.copy()
        lattice.optimise(weights)
        state.best = lattice.chosen
        if hold:
            state.hold(terms, on_face=False)
        return 0

    def least(self, posted: Posted, *, floor: int | None = None, hold: bool = True) -> int | None:
        """Make a posted number least; see ``Steps``."""
        state, instance = self._state, self.instance
        floor = posted.floor(instance) if floor is None else floor
        cost = posted.cost(instance, self.matching)
        bound = floor
        if cost > floor and not self._clock.is_over:
            bound = self._lower(posted, floor, cost)
            cost = posted.cost(instance, self.matching)
        if cost == bound and hold:
            state.leave_network()
            state.leave_lattice()
            state.numbers.append(HeldNumber(posted, cost))
        return bound

    def _lower(self, posted: Posted, floor: int, cost: int) -> int:
        """Ask CP-SAT for a lower cost; the proven bound."""
        state = self._state
        state.leave_network()
        state.leave_lattice()
        state.delete()
        added = 0

        def build(model: MatchingModel) -> Goal:
            nonlocal added
            variables, weights, added = posted.post(model, self.instance, state.pairs, state.made)
            return Goal(variables, weights, floor - added, cost - added)

        blocks = state.blocking
        found, answer = state.solve(
            state.alive, build, stable=blocks is not None, slack=state.slack
        )
        if found is not None:
            state.best = found
        return floor if answer.bound is None else max(floor, answer.bound + added)

    def settle(self) -> None:
        """Go on with the one matching that is left; see ``Steps``."""
        self._state.settle()

    def fewest_blocking(self) -> int | None:
        """Make the number of blocking pairs least; see ``Steps``."""
        state = self._state
        if not self._clock.is_over:
            return blocking.fewest_blocking(state)
        found = blocking.stable_hint(state, lots=False)
        if found is None:
            return None
        state.leave_network()  # it would tell of matchings that pairs block as well
        state.best, state.blocking = found, 0
        return 0

    def fewest_with_each(
        self, pairs: Sequence[int], made: Chosen
    ) -> Iterator[tuple[int, int, IntArray]]:
        """Pairs, the fewest pairs that block a matching with each, and such a matching; as proved.

        Nothing is held. It tells of small cohorts only, and what there was time for.

        Args:
            pairs: Pairs of the instance that matchings may have which keep all levels.
            made: A matching that keeps all levels, than which none is blocked by fewer.
        """
        from rmatch.solving.with_each import can_tell, fewest_with_each

        state = self._state
        if not can_tell(state):
            return
        asked = np.flatnonzero(np.isin(state.pairs, np.asarray(pairs, dtype=np.int64)))
        chosen = np.flatnonzero(np.isin(state.pairs, np.asarray(made, dtype=np.int64)))
        for pair, count, found in fewest_with_each(state, asked.tolist(), chosen):
            yield int(state.pairs[pair]), count, state.whole(found)

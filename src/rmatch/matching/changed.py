"""What if, and what next: the same people matched again."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Self

from rmatch.errors import InfeasibleError, TimeLimitError
from rmatch.matching.made import MadeMatching

if TYPE_CHECKING:
    from rmatch.matching import Matching
    from rmatch.programme import Conflict, Programme, Waiver
    from rmatch.programme.ties import EndReason
    from rmatch.rematching.joining import Joined
    from rmatch.rematching.rematch import Case, Events, Frozen
    from rmatch.rematching.replay import State
    from rmatch.rematching.scenarios import Scenarios
    from rmatch.rematching.trade_off import TradeOff
    from rmatch.rematching.what_if import Scenario
    from rmatch.scoring import PairScores
    from rmatch.solution import Progress
    from rmatch.solving.clock import Clock


class Changed(MadeMatching):
    """A matching from which others are made."""

    def what_if(
        self,
        *,
        keep: Sequence[tuple[str, str]] = (),
        forbid: Sequence[tuple[str, str]] = (),
        waive: Sequence[str | Waiver] = (),
        weights: Mapping[str, int] | None = None,
        capacity: Mapping[str, int] | None = None,
        settings: Mapping[str, Any] | None = None,
        time_limit: float | None = None,
        cancel: threading.Event | None = None,
    ) -> Self:
        """Another matching to look at beside this one, which stays as it is.

        Args:
            keep: Pairs that must be made.
            forbid: Pairs that must not be.
            waive: Codes of rules that would not count, or ``Waiver`` for single pairs.
            weights: Criterion → another weight.
            capacity: Id → another number of places.
            settings: Any other settings, by name.
            time_limit: Seconds after which the best matching so far is returned.
            cancel: Set this event from another thread to stop early.

        Raises:
            InfeasibleError: what is stated cannot all hold then.
            InputError: a person, rule, criterion or setting that is not there, or a rule that can
                never be waived.
            ValueError: the matching was made without people.
        """
        from rmatch.rematching.what_if import Scenario, changed
        from rmatch.solving.clock import checked_clock

        scenario = Scenario(keep, forbid, waive, weights or {}, capacity or {}, settings or {})
        programme = changed(self._people(), scenario, self._custom)
        return self._in(scenario, programme, checked_clock(time_limit, cancel))

    def scenarios(
        self,
        scenarios: Mapping[str, Mapping[str, Any]],
        *,
        time_limit: float | None = None,
        cancel: threading.Event | None = None,
    ) -> Scenarios:
        """Several what-ifs side by side, each compared with this matching, which stays as it is.

        ``matching.scenarios({"no same employer": {"waive": ["same_employer"]}, …})``.

        Args:
            scenarios: Name → arguments of ``what_if``.
            time_limit: Seconds for each of them.
            cancel: Set this event from another thread to stop early.

        Raises:
            InputError: as ``what_if``; every problem of every scenario.
            TimeLimitError: the time was up before one of them had any matching.
            TypeError: a scenario says something that ``what_if`` does not take.
            ValueError: the matching was made without people.
        """
        from rmatch.rematching.scenarios import Scenarios
        from rmatch.rematching.what_if import all_changed, scenarios_of
        from rmatch.solving.clock import checked_clock

        given = scenarios_of(scenarios)
        matchings, infeasible = {}, {}
        for name, programme in all_changed(self._people(), given, self._custom).items():
            clock = checked_clock(time_limit, cancel)
            try:
                matchings[name] = self._in(given[name], programme, clock)._whole
            except InfeasibleError as error:
                infeasible[name] = error
        return Scenarios(self._whole, matchings, infeasible)

    def _in(self, scenario: Scenario, programme: Programme, clock: Clock) -> Self:
        """The matching of a scenario; settings that say how to solve are obeyed where given."""
        from rmatch.solving import DEFAULT_STRATEGY
        from rmatch.solving.solve import names_of

        settings, given = programme.settings, scenario.settings
        order, strategy = self.order, self.strategy
        if given.keys() & {"objectives", "strategy"}:
            order = names_of(settings.objectives, settings.strategy)
            strategy = None if settings.objectives else settings.strategy or DEFAULT_STRATEGY
        clock.allow(settings.time_limit if "time_limit" in given else None)
        seed = settings.seed if "seed" in given else self.seed
        asked = replace(self, order=order, strategy=strategy, seed=seed)
        return self._known_to(asked._again(programme, order, clock))

    def _again(
        self,
        programme: Programme,
        order: tuple[str, ...],
        clock: Clock,
        progress: Callable[[Progress], None] | None = None,
    ) -> Self:
        """A changed programme, scored and solved in the same way."""
        return self._solved(self._scored(programme), order, clock, progress)

    def _scored(self, programme: Programme) -> PairScores:
        from rmatch.scoring import score_programme

        criteria, rules = self._custom
        return score_programme(programme, criteria=criteria, rules=rules)

    def _solved(
        self,
        scores: PairScores,
        order: tuple[str, ...],
        clock: Clock,
        progress: Callable[[Progress], None] | None = None,
    ) -> Self:
        from rmatch.posing import pose, solved, with_prices

        posed = pose(scores)
        if posed.has_prices():
            order = with_prices(order, named=False)
        instance, solution = solved(
            posed,
            order,
            strategy=self.strategy,
            seed=self.seed,
            clock=clock,
            progress=progress,
        )
        return type(self)(
            instance=instance,
            solution=solution,
            order=order,
            strategy=self.strategy,
            seed=self.seed,
            scores=posed.scores,
        )

    def after(
        self,
        events: Events,
        frozen: Frozen = "approved",
        *,
        state: State | None = None,
        time_limit: float | None = None,
        cancel: threading.Event | None = None,
        progress: Callable[[Progress], None] | None = None,
    ) -> Self:
        """The best matching after some events that breaks as few pairs as possible.

        ``rmatch.rematch`` is the same with the events written out.
        """
        from rmatch.posing import with_changes
        from rmatch.solving.clock import Clock

        decided = self.decided if state is None else state
        case = self._case(events, frozen, decided)
        new = self._settled(case, with_changes(self.order), Clock(time_limit, cancel), progress)
        return self._told(new, decided)

    def _case(self, events: Events, frozen: Frozen, decided: State) -> Case:
        """What is to be solved after some events; refuses what the ledger would refuse later on."""
        from rmatch.rematching.rematch import case_of
        from rmatch.rematching.said import refuse_forbidding, said_since

        people = self._people()
        case = case_of(people, self._ids, events, frozen, decided)
        refuse_forbidding(decided, said_since(people, case.programme, decided))
        return case

    def _settled(
        self,
        case: Case,
        order: tuple[str, ...],
        clock: Clock,
        progress: Callable[[Progress], None] | None = None,
    ) -> Self:
        """A case solved, once it is settled which pairs can stay."""
        from rmatch.rematching.freezing import frozen_scores

        scores = frozen_scores(case, self._scored(case.programme), self.seed)
        return self._solved(scores, order, clock, progress)

    def _told(self, new: Self, before: State) -> Self:
        """A later matching, which knows what it was told until a ledger says it."""
        from rmatch.rematching.replay import State
        from rmatch.rematching.said import Said, said_since, taken

        people = self._people()
        now = tuple(said_since(people, new._people(), before))
        earlier = Said(since=before.number)
        if isinstance(self.__dict__.get("decided_in"), State):
            earlier = self._said
        new.__dict__["said"] = Said((*earlier.decisions, *now), earlier.since)
        new.__dict__["decided_in"] = taken(before, now, people.settings)
        instance = new.instance
        ids = (*instance.mentor_ids, *instance.mentee_ids)
        new.__dict__["pseudonyms"] = self.pseudonyms.also_for(ids)
        return new

    def trade_off(
        self,
        *,
        withdrawn: Collection[str] = (),
        joined: Joined | None = None,
        keep: Sequence[tuple[str, str]] = (),
        forbid: Sequence[tuple[str, str]] = (),
        conflicts: Sequence[Conflict | tuple[str, str]] = (),
        capacity: Mapping[str, int] | None = None,
        frozen: Frozen = "approved",
        time_limit: float | None = None,
        cancel: threading.Event | None = None,
    ) -> TradeOff:
        """What breaking pairs would buy: for at most 0, 1, 2 … broken pairs the best there is.

        Where an algorithm made the matching, the best at its levels: those of ``best_score``.

        Args:
            withdrawn: Who left, by id, e-mail or exact name.
            joined: Who came: ``{"mentors": […], "mentees": […]}``, or a programme of late forms.
            keep: Pairs that must stay, or be made.
            forbid: Pairs that must not be made.
            conflicts: Conflicts that came out: records, or pairs (``confidential``).
            capacity: Person → another number of places.
            frozen: Pairs that are not to be moved; see ``rmatch.rematch``.
            time_limit: Seconds after which the curve ends where it is.
            cancel: Set this event from another thread to end it early.

        Raises:
            DecisionError: a pair is forbidden that is agreed or kept by what was decided.
            InfeasibleError: what is stated cannot all hold, however many pairs are broken.
            InputError: somebody unknown, twice, or on the wrong side; every problem is listed.
            KeyError: nobody of those who withdrew has this id.
            ValueError: the matching was made without people.
        """
        from rmatch.posing import CHANGES
        from rmatch.rematching.rematch import Events
        from rmatch.rematching.trade_off import curve_of
        from rmatch.solving.clock import Clock, checked_clock

        happened = Events(
            withdrawn, joined or {}, keep, forbid, conflicts=conflicts, capacity=capacity or {}
        )
        order = tuple(name for name in self.order if name != CHANGES)
        clock = checked_clock(time_limit, cancel)
        decided = self.decided
        weighed = replace(self, strategy=None)

        def solve(cap: int | None) -> Matching | None:
            if clock.is_over:
                return None
            events = replace(happened, max_changes=cap)
            case = self._case(events, frozen, decided)
            try:
                new = weighed._settled(case, order, Clock(clock.left, cancel))
                return self._told(new, decided)._whole
            except TimeLimitError:
                return None

        return curve_of(solve(None), solve)

    def next_programme(
        self,
        folder: str | os.PathLike[str] | None = None,
        *,
        ended: Mapping[tuple[str, str], EndReason] | None = None,
        withdrawn: Iterable[str] = (),
        stay: Iterable[str] = (),
    ) -> Programme:
        """The next cohort: ``programme.next``, with what the ledger of this matching's run says.

        Args:
            folder: The run folder; without it nothing is known but the pairs.
            ended: How pairs ended, before what the ledger says.
            withdrawn: Who is not carried over though they have no partner.
            stay: Who has a partner and takes part again.

        Raises:
            KeyError: nobody has one of these ids.
            RunFolderError: the folder or its ledger cannot be read.
            ValueError: the matching was made without people.
        """
        from rmatch.rematching.cohort_end import decided
        from rmatch.rematching.continuing import state_in
        from rmatch.rematching.ledger import read_ledger

        known = None if folder is None else decided(read_ledger(folder), state_in(folder))
        return self._people().next(self, decided=known, ended=ended, withdrawn=withdrawn, stay=stay)

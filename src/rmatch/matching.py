"""The matching: what a person holds in their hand. Forwards to the rooms that do the work."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from rmatch.audit import Audit, audit, audit_arrays, audit_candidates, audit_made
from rmatch.claims import claim_of, given_by, id_pairs, listed_pairs, roster_of, stated_of
from rmatch.equity import Equity, equity_report
from rmatch.equity.reading import MonitoringTable
from rmatch.errors import (
    InfeasibleError,
    Place,
    Problem,
    RunFolderError,
    TimeLimitError,
    UnknownPersonError,
    unknown_person,
)
from rmatch.explaining.alternatives import Alternatives, alternatives
from rmatch.explaining.explanation import Explanation, checked_audience
from rmatch.explaining.facts import PersonFacts, person_facts
from rmatch.explaining.forced import Question as Forcing
from rmatch.explaining.forced import priced_levels
from rmatch.explaining.forcing import forcing_cells
from rmatch.explaining.panel_words import auditor_text, panel_text
from rmatch.explaining.participant_words import participant_text
from rmatch.explaining.person_html import coordinator_html
from rmatch.explaining.proofs import Proofs, cut_facts, prices_by_level
from rmatch.explaining.questions import questions, waived, warned
from rmatch.explaining.records import Pair, Question, Waived, Warned
from rmatch.explaining.robustness import Effort, robustness
from rmatch.explaining.single_changes import Arrays, People
from rmatch.explaining.smallest import SmallestChange, smallest_change
from rmatch.explaining.unmatched import unmatched_facts
from rmatch.explaining.unmatched_words import change_lines, why_lines
from rmatch.explaining.weight_records import Robustness, Step
from rmatch.explaining.why import Why, why
from rmatch.explaining.why_not import (
    WHY_NOT_SECONDS,
    Limits,
    Made,
    Reason,
    WhyNot,
    excluded_by,
    levels_beside,
    why_not,
)
from rmatch.explaining.why_not_words import auditor_why_not, neutral, why_not_text
from rmatch.explaining.why_words import why_text
from rmatch.explaining.wording import coordinator_text
from rmatch.instance import Instance
from rmatch.letters.writing import write_letters
from rmatch.posing import CHANGES, pose, solved, with_changes, with_prices
from rmatch.programme import Conflict, Programme, Waiver
from rmatch.programme.ties import EndReason
from rmatch.properties.feasibility import is_matching, loads
from rmatch.properties.stability import blocking_pairs
from rmatch.properties.statements import broken_statements, unkept
from rmatch.properties.welfare import value_of
from rmatch.proposals.examining import Case as EditedCase
from rmatch.proposals.examining import examined
from rmatch.proposals.naming import checked_pairs
from rmatch.proposals.records import EditedPairs
from rmatch.proposals.words import edited_html, edited_text
from rmatch.rematching.asked import Asked, what_differs
from rmatch.rematching.cohort_end import decided
from rmatch.rematching.continuing import run_after, state_in
from rmatch.rematching.decisions import NOT_GIVEN, Decision
from rmatch.rematching.diff import Diff, Half, Snapshot, diff
from rmatch.rematching.diff_words import diff_html, diff_text
from rmatch.rematching.freezing import frozen_scores
from rmatch.rematching.joining import Joined
from rmatch.rematching.ledger import Recorded, read_ledger, record
from rmatch.rematching.noting import note_said
from rmatch.rematching.rematch import Case, Events, Frozen, case_of
from rmatch.rematching.replay import State
from rmatch.rematching.said import Said, refuse_forbidding, said_since, taken
from rmatch.rematching.scenarios import Scenarios
from rmatch.rematching.states import OVER
from rmatch.rematching.trade_off import TradeOff, curve_of
from rmatch.rematching.what_if import Scenario, all_changed, changed, scenarios_of
from rmatch.reporting import pairs as pair_tables
from rmatch.reporting import summary
from rmatch.reporting.alternatives import alternatives_html, alternatives_text
from rmatch.reporting.document import Document, level_entry
from rmatch.reporting.forcing import ForcingCost
from rmatch.reporting.levels import levels_block
from rmatch.reporting.matching_html import matching_html
from rmatch.reporting.pair_plot import pair_chart
from rmatch.reporting.proof_words import proofs_text
from rmatch.reporting.score_plot import score_chart
from rmatch.reports.page import write_page
from rmatch.reports.viewing import REPORT_SECONDS
from rmatch.reports.writing import write_workbook
from rmatch.run_folder import PEOPLE_FILE, RUN_FILE
from rmatch.runs import (
    Pseudonyms,
    Run,
    damaged,
    hash_of,
    pseudonyms_kept,
    read_run,
    refuse_replacing,
    write_run,
)
from rmatch.scoring import CandidateScores, Criterion, PairScores, Rule, Scores, score_programme
from rmatch.scoring.ranks import stated_choice
from rmatch.scoring.statements import stated_instance
from rmatch.solution import Level, Progress, Solution, Status, Value, status_of
from rmatch.solving import DEFAULT_STRATEGY
from rmatch.solving.backbone import Backbone, backbone
from rmatch.solving.clock import Clock, checked_clock
from rmatch.solving.counterfactual import FINISH
from rmatch.solving.solve import names_of
from rmatch.solving.strategies import is_algorithm

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

MOST_AUDITED = 2**20
"""Of more candidate pairs the audit, which goes by plain loops, looks at those made alone."""

EXPLAIN_SECONDS = 5.0
"""For everything that has to be solved to explain one person."""


@dataclass(frozen=True, eq=False, repr=False)
class Matching:
    """A matching with everything needed to show, question, check and keep it.

    Attributes:
        instance: The arrays that were solved.
        solution: What solving came to: levels with bounds, seconds.
        order: The names of the objectives, in order.
        strategy: The strategy that gave them, or ``None``.
        seed: Of the tie-break.
        scores: Where every point came from; ``None`` for an instance made without people.
    """

    instance: Instance
    solution: Solution
    order: tuple[str, ...]
    strategy: str | None
    seed: int
    scores: PairScores | None = None

    @property
    def programme(self) -> Programme | None:
        """The people and settings; ``None`` for an instance made without people."""
        return None if self.scores is None else self.scores.programme

    @property
    def candidates(self) -> int | None:
        """How many candidates everybody has; ``None`` where every pair was looked at."""
        return self.scores.per_person if isinstance(self.scores, CandidateScores) else None

    @property
    def algorithm(self) -> str | None:
        """The strategy, where that is an algorithm and made these pairs; else ``None``."""
        name, method = self.strategy, self.solution.method
        if name is None or not is_algorithm(name):
            return None
        return name if method == name or method.startswith(f"{name}, ") else None

    # What came out --------------------------------------------------------------------------------

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs, in the order of the mentors."""
        return tuple(self._pair(index) for index in self.solution.chosen)

    def _pair(self, index: int) -> Pair:
        instance = self.instance
        mentor = instance.mentor_ids[instance.mentor[index]]
        mentee = instance.mentee_ids[instance.mentee[index]]
        values = [
            int(array[index])
            for array in (instance.score, instance.mentor_score, instance.mentee_score)
        ]
        pair = Pair(
            mentor=mentor,
            mentee=mentee,
            score=values[0],
            mentor_score=values[1],
            mentee_score=values[2],
            mentor_rank=int(instance.mentor_rank[index]),
            mentee_rank=int(instance.mentee_rank[index]),
            mentor_stated=instance.stated,
            mentee_stated=instance.stated,
        )
        return pair if self.scores is None else _with_people(pair, self.scores)

    @cached_property
    def unmatched(self) -> tuple[str, ...]:
        """Ids of the people with no partner at all, mentors first."""
        mentors, mentees = loads(self.instance, self.solution.chosen)
        return (
            *(self.instance.mentor_ids[i] for i in np.flatnonzero(mentors == 0)),
            *(self.instance.mentee_ids[j] for j in np.flatnonzero(mentees == 0)),
        )

    @cached_property
    def blocking_pairs(self) -> tuple[tuple[str, str], ...]:
        """(mentor, mentee) ids of the allowed pairs who would rather have each other."""
        instance = self.instance
        return tuple(
            (instance.mentor_ids[instance.mentor[k]], instance.mentee_ids[instance.mentee[k]])
            for k in blocking_pairs(instance, self.solution.chosen)
        )

    @cached_property
    def unkept(self) -> Mapping[str, int]:
        """Statements with a price that the matching does not keep, and by how much each."""
        return unkept(self.instance, self.solution.chosen)

    @property
    def status(self) -> Status:
        """``optimal`` when every level is proved, else ``feasible``."""
        return self.solution.status

    @property
    def objectives(self) -> Mapping[str, Value]:
        """The levels' values in order; the tie-break's, which means nothing, is left out.

        Those of ``leximin``, ``rank_maximal`` and ``generous`` are tuples.
        """
        return {n: v for n, v in self.solution.objectives.items() if n != "tie_break"}

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Hard rules that could not be checked for the made pairs, by whom to ask."""
        return () if self.scores is None else questions(self.scores, self._ids)

    @cached_property
    def warnings(self) -> tuple[Warned, ...]:
        """Warn rules that the made pairs break."""
        return () if self.scores is None else warned(self.scores, self._ids)

    @cached_property
    def waived(self) -> tuple[Waived, ...]:
        """Rules that would have counted for the made pairs, and that the coordinator waived."""
        return () if self.scores is None else waived(self.scores, self._ids)

    @property
    def _ids(self) -> list[tuple[str, str]]:
        return [(pair.mentor, pair.mentee) for pair in self.pairs]

    # Questions put to it --------------------------------------------------------------------------

    def explain(
        self,
        person: str,
        audience: str = "coordinator",
        *,
        reveal: bool = False,
        time_limit: float | None = EXPLAIN_SECONDS,
        cancel: threading.Event | None = None,
    ) -> Explanation:
        """Why somebody has the partner they have, or none, in words this audience may read.

        For the coordinator and somebody without a partner, changes that would give them one are
        tried as well.

        Args:
            person: Their id.
            audience: ``coordinator``, ``panel``, ``participant`` or ``auditor``.
            reveal: For the coordinator: call vetoes and confidential rules by their own codes.
            time_limit: Seconds for all that has to be solved for somebody without a partner; at 0
                nothing is. What there was no time for is said.
            cancel: Set this event from another thread to stop early, as at the time limit.

        Raises:
            KeyError: nobody has this id.
            ValueError: an unknown audience, or a participant's view of an instance without people.
        """
        kind = checked_audience(audience)
        facts = self._facts(person, reveal=reveal and kind == "coordinator")
        if not facts.partners and kind in ("coordinator", "auditor"):
            clock = checked_clock(time_limit, cancel)
            facts = self._with_why(facts, clock, changes=kind == "coordinator")
        if kind == "coordinator":
            why, change = self._unmatched_lines(facts)
            text = coordinator_text(facts, reveal=reveal, why=why, change=change)
            page = coordinator_html(facts, reveal=reveal, why=why, change=change)
            return Explanation(person, kind, text, facts, page)
        if kind == "panel":
            return Explanation(person, kind, panel_text(facts, self.programme))
        if kind == "auditor":
            names = self.pseudonyms.names
            return Explanation(names[person], kind, auditor_text(facts, names))
        if self.programme is None:
            raise ValueError("an instance made without people has nothing to tell a participant")
        partners = tuple(fact.partner for fact in facts.partners)
        return Explanation(person, kind, participant_text(self.programme, person, partners))

    def why(self, mentor: str, mentee: str) -> Why:
        """Why these two are matched: both sides' points beside their best and median alternatives.

        For the coordinator alone; others ask ``explain``.

        Raises:
            KeyError: nobody has an id, or both are on one side.
            ValueError: they are not matched with each other.
        """
        pair = self.instance.index_of(*self._located(mentor, mentee))
        if pair is None or pair not in self.solution.chosen:
            raise ValueError(f"{mentor} and {mentee} are not matched; ask why_not")
        facts = why(self.instance, self.scores, self.solution.chosen, pair)
        return replace(facts, text=why_text(facts))

    def why_not(
        self,
        mentor: str,
        mentee: str,
        audience: str = "coordinator",
        *,
        reveal: bool = False,
        time_limit: float | None = WHY_NOT_SECONDS,
        finish: float | None = FINISH,
        cancel: threading.Event | None = None,
    ) -> WhyNot:
        """Why these two are not matched with each other: the best matching that has them, compared.

        The first level that would get worse is the reason, by how much, and the pairs that would
        change are the evidence (DESIGN: a pair so forced excuses no blocking pair).

        Args:
            mentor: An id; the two may come either way round.
            mentee: Likewise.
            audience: The coordinator learns all, the auditor the reason under pseudonyms; a
                participant and a panel read one and the same sentence, whatever it is.
            reveal: For the coordinator: call vetoes and confidential rules by their own codes.
            time_limit: Seconds for all of it. A price that is not settled by then is told with
                what it is at least; a reason that is not is ``Reason.UNPROVED``. ``None`` is no
                limit.
            finish: Seconds for making the alternative good also at the levels after the one that
                decides; ``None`` is no limit, 0 leaves them as they come.
            cancel: Set this event from another thread to stop early.

        Raises:
            KeyError: nobody has an id, or both are on one side.
            ValueError: an unknown audience.
        """
        kind = checked_audience(audience)
        row, column = self._located(mentor, mentee)
        ids = self.instance.mentor_ids[row], self.instance.mentee_ids[column]
        if kind == "panel" and ids in self._ids:
            return WhyNot(*ids, Reason.MATCHED, text=f"{ids[0]} is matched with {ids[1]}.")
        if kind in ("participant", "panel"):
            return WhyNot(*ids, Reason.NOT_SHOWN, text=neutral(kind))
        made = Made(self.instance, self.solution, self.order, self.seed, self.scores)
        shown = reveal and kind == "coordinator"
        limits = Limits(time_limit, finish, cancel)
        facts, chosen = why_not(made, row, column, limits, reveal=shown)
        if kind == "auditor":
            names = self.pseudonyms.names
            text = auditor_why_not(facts, names)
            return WhyNot(
                names[ids[0]],
                names[ids[1]],
                facts.reason,
                level=facts.level,
                made=facts.made,
                forced=facts.forced,
                bound=facts.bound,
                is_exact=facts.is_exact,
                excluded_by=facts.excluded_by,
                text=text,
            )
        if chosen:
            facts = replace(facts, alternative=self._instead(chosen))
        text = why_not_text(
            facts,
            for_people=self.programme is not None,
            stability=self.instance.stability,
            reveal=shown,
            is_drawn="tie_break" in self.order,
            algorithm=self.algorithm,
        )
        return replace(facts, text=text)

    def _located(self, mentor: str, mentee: str) -> tuple[int, int]:
        """Indices of a pair, given either way round.

        Raises:
            KeyError: see ``why_not``.
        """
        rows, columns = self._index
        for person in (mentor, mentee):
            if person not in rows and person not in columns:
                raise unknown_person(person, (*rows, *columns))
        if mentor in columns:
            mentor, mentee = mentee, mentor
        if mentor not in rows or mentee not in columns:
            raise UnknownPersonError(f"{mentor} and {mentee} are on the same side")
        return rows[mentor], columns[mentee]

    @cached_property
    def _index(self) -> tuple[Mapping[str, int], Mapping[str, int]]:
        return (
            {person: i for i, person in enumerate(self.instance.mentor_ids)},
            {person: j for j, person in enumerate(self.instance.mentee_ids)},
        )

    def _instead(self, chosen: Sequence[int], method: str = "one to compare with") -> Matching:
        """Another matching of the same programme; see ``levels_beside`` for what it claims."""
        levels = levels_beside(self.instance, chosen, self.seed, self.solution.levels)
        solution = Solution(tuple(chosen), status_of(levels), levels, 0.0, method)
        other = self._known_to(replace(self, solution=solution))
        other.__dict__["pseudonyms"] = self.pseudonyms
        return other

    def _known_to(self, other: Matching) -> Matching:
        """Another matching beside this one, with what was decided and told so far."""
        for name in ("decided_in", "said"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    def _facts(self, person: str, *, reveal: bool) -> PersonFacts:
        return person_facts(
            person, self.scores, self.instance, self.solution.chosen, self.pairs, reveal=reveal
        )

    # What if, and what next -----------------------------------------------------------------------

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
    ) -> Matching:
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
        given = scenarios_of(scenarios)
        matchings, infeasible = {}, {}
        for name, programme in all_changed(self._people(), given, self._custom).items():
            clock = checked_clock(time_limit, cancel)
            try:
                matchings[name] = self._in(given[name], programme, clock)
            except InfeasibleError as error:
                infeasible[name] = error
        return Scenarios(self, matchings, infeasible)

    def _in(self, scenario: Scenario, programme: Programme, clock: Clock) -> Matching:
        """The matching of a scenario; settings that say how to solve are obeyed where given."""
        settings, given = programme.settings, scenario.settings
        order, strategy = self.order, self.strategy
        if given.keys() & {"objectives", "strategy"}:
            order = names_of(settings.objectives, settings.strategy)
            strategy = None if settings.objectives else settings.strategy or DEFAULT_STRATEGY
        clock.allow(settings.time_limit if "time_limit" in given else None)
        seed = settings.seed if "seed" in given else self.seed
        asked = replace(self, order=order, strategy=strategy, seed=seed)
        return self._known_to(asked._again(programme, order, clock))

    def _people(self) -> Programme:
        if self.programme is None:
            raise ValueError("an instance made without people has no programme to change")
        return self.programme

    def _again(
        self,
        programme: Programme,
        order: tuple[str, ...],
        clock: Clock,
        progress: Callable[[Progress], None] | None = None,
    ) -> Matching:
        """A changed programme, scored and solved in the same way."""
        return self._solved(self._scored(programme), order, clock, progress)

    @property
    def _custom(self) -> tuple[Sequence[Criterion], Sequence[Rule]]:
        """Criteria and rules beside the built-in ones."""
        return ((), ()) if self.scores is None else self.scores.custom

    def _scored(self, programme: Programme) -> PairScores:
        criteria, rules = self._custom
        return score_programme(programme, criteria=criteria, rules=rules)

    def _solved(
        self,
        scores: PairScores,
        order: tuple[str, ...],
        clock: Clock,
        progress: Callable[[Progress], None] | None = None,
    ) -> Matching:
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
        return Matching(
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
    ) -> Matching:
        """The best matching after some events that breaks as few pairs as possible.

        ``rmatch.rematch`` is the same with the events written out.
        """
        decided = self.decided if state is None else state
        case = self._case(events, frozen, decided)
        new = self._settled(case, with_changes(self.order), Clock(time_limit, cancel), progress)
        return self._told(new, decided)

    def _case(self, events: Events, frozen: Frozen, decided: State) -> Case:
        """What is to be solved after some events; refuses what the ledger would refuse later on."""
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
    ) -> Matching:
        """A case solved, once it is settled which pairs can stay."""
        scores = frozen_scores(case, self._scored(case.programme), self.seed)
        return self._solved(scores, order, clock, progress)

    def _told(self, new: Matching, before: State) -> Matching:
        """A later matching, which knows what it was told until a ledger says it."""
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

    @property
    def _said(self) -> Said:
        said: Said = self.__dict__.get("said", Said())
        return said

    @property
    def decided(self) -> State:
        """What was decided about it so far, as the ledger of its run folder says now.

        That of the folder it was last loaded from, saved to or recorded in; after a rematch that
        was not saved yet, what was decided before it, and what it was told.

        Raises:
            RunFolderError: the folder is gone, or its ledger is damaged.
        """
        where = self.__dict__.get("decided_in", State())
        return where if isinstance(where, State) else state_in(where)

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
                return self._told(weighed._settled(case, order, Clock(clock.left, cancel)), decided)
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
        known = None if folder is None else decided(read_ledger(folder), state_in(folder))
        return self._people().next(self, decided=known, ended=ended, withdrawn=withdrawn, stay=stay)

    def check_pairs(
        self, pairs: Iterable[Any], *, names: bool = False, reveal: bool = False
    ) -> EditedPairs:
        """What edited pairs break and cost beside this matching, which stays as it is.

        For the coordinator. ``str()`` says it in words, a notebook shows it, and ``.matching`` is
        the edited pairs as a matching where nothing is broken: to be saved, explained, approved.

        Args:
            pairs: All pairs as they shall be, by id: ``rmatch.load_pairs(path)``, say. Whoever is
                in none of them has no partner.
            names: Show names beside the ids.
            reveal: Call vetoes and confidential rules by their own codes.

        Raises:
            InputError: what is no pair, nobody's id, two people of one side, or a pair twice.
            TypeError: no list.
        """
        edited = checked_pairs(pairs, self.instance)
        case = EditedCase(
            instance=self.instance,
            scores=self.scores,
            made=self._ids,
            edited=edited,
            levels=tuple(name for name in self.order if name != "tie_break"),
            pair_of=self._pair,
            state=self._decided_if_known(),
            reveal=reveal,
        )
        facts = examined(case)
        shown: dict[str, Any] = {
            "names": self._names(names=names),
            "reveal": reveal,
            "for_people": self.programme is not None,
            "stability": self.instance.stability,
        }
        return replace(
            facts,
            matching=self._edited(case.after.chosen) if facts.legal else None,
            text=edited_text(facts, **shown),
            html=edited_html(facts, **shown),
        )

    def _edited(self, chosen: tuple[int, ...]) -> Matching:
        """The matching of a legal proposal, with what was decided so far."""
        if chosen == self.solution.chosen:
            return self
        return self._instead(chosen, method="edited by hand")

    def _decided_if_known(self) -> State:
        """What was decided; nothing where the run folder cannot be read now."""
        try:
            return self.decided
        except RunFolderError:
            return State()

    def diff(self, old: Matching, *, names: bool = False, reveal: bool = False) -> Diff:
        """What is different from an earlier matching: who moved, and what it goes back to.

        For the coordinator. ``str()`` says it in words, a notebook shows it, and ``to_frame()``
        has it by person or by pair. A pair that had ended by what was decided is not broken; that
        is known as long as the run folder of one of the two can be read.

        Args:
            old: The earlier one; it may be of another programme, or of none.
            names: Show names beside the ids.
            reveal: Call vetoes and confidential rules by their own codes.
        """
        new, before = self._snapshot(reveal=reveal), old._snapshot(reveal=reveal)
        new = replace(new, otherwise=what_differs(self._asked, old._asked))
        facts = diff(new, before)
        shown = {**old._names(names=names), **self._names(names=names)}
        return replace(
            facts,
            text=diff_text(facts, names=shown, reveal=reveal),
            html=diff_html(facts, names=shown, reveal=reveal),
        )

    @property
    def _asked(self) -> Asked:
        return Asked(self.programme, self.order, self.seed)

    def _snapshot(self, *, reveal: bool) -> Snapshot:
        """This matching as a diff sees it."""
        instance = self.instance
        places = (instance.mentor_capacity.tolist(), instance.mentee_capacity.tolist())
        ids = (instance.mentor_ids, instance.mentee_ids)
        forced = np.flatnonzero(instance.forced).tolist()
        return Snapshot(
            people=dict(zip(ids[0] + ids[1], places[0] + places[1], strict=True)),
            mentors=frozenset(ids[0]),
            pairs={
                (pair.mentor, pair.mentee): (
                    pair.score,
                    Half(pair.mentor_score, pair.mentor_rank, pair.mentor_stated),
                    Half(pair.mentee_score, pair.mentee_rank, pair.mentee_stated),
                )
                for pair in self.pairs
            },
            excluded=partial(self._excluded, reveal=reveal),
            stated=frozenset(
                (ids[0][instance.mentor[k]], ids[1][instance.mentee[k]]) for k in forced
            ),
            over=self._over(),
        )

    def _over(self) -> frozenset[tuple[str, str]]:
        """Pairs that were declined or had ended; none where the run folder cannot be read now.

        Two matchings can be compared without the folders they came from.
        """
        return frozenset(self._decided_if_known().in_state(*OVER))

    def _excluded(self, mentor: str, mentee: str, *, reveal: bool) -> tuple[str, ...]:
        """Codes of what excludes a pair, or that it is excluded; empty where it is allowed."""
        rows, columns = self._index
        if mentor not in rows or mentee not in columns:
            return ("other_side",)
        if self.instance.index_of(rows[mentor], columns[mentee]) is not None:
            return ()
        return excluded_by(self.scores, (mentor, mentee), reveal=reveal) or ("not_acceptable",)

    def _with_why(self, facts: PersonFacts, clock: Clock, *, changes: bool) -> PersonFacts:
        """The facts, with why this person has no partner and what would give them one."""
        unmatched = unmatched_facts(
            facts.id,
            self.instance,
            self.solution.chosen,
            self.order,
            seed=self.seed,
            time_limit=clock.left,
            cancel=clock.cancel,
        )
        smallest = None
        if changes:
            smallest = self.smallest_change(facts.id, time_limit=clock.left, cancel=clock.cancel)
        return replace(facts, unmatched=unmatched, smallest=smallest)

    def _unmatched_lines(self, facts: PersonFacts) -> tuple[list[str], list[str]]:
        """Why somebody has no partner, and what would give them one, in words."""
        if facts.unmatched is None or facts.smallest is None:
            return [], []
        lines = why_lines(
            facts.id,
            facts.side,
            facts.unmatched,
            for_people=self.programme is not None,
            algorithm=self.algorithm,
        )
        changes = change_lines(facts.smallest, facts.side, self.programme, algorithm=self.algorithm)
        return list(lines), list(changes)

    def smallest_change(
        self,
        person: str,
        *,
        time_limit: float | None = None,
        cancel: threading.Event | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> SmallestChange:
        """The smallest changes after which somebody without a partner would have one, by trying.

        A rule waived for one pair, one more place for somebody, one more person of a kind that
        there is; two of these where no single one is enough. Rules that are confidential or can
        never be waived are not offered.

        Args:
            person: Their id.
            time_limit: Seconds after which the search ends; ``complete`` says whether it did.
            cancel: Set this event from another thread to stop early.
            progress: Called with how many changes were tried, and how many of them work.

        Raises:
            KeyError: nobody has this id.
            TypeError: ``cancel`` is no event.
            ValueError: they have a partner, or a time limit below 0.
        """
        return smallest_change(
            person,
            People(self.scores) if isinstance(self.scores, Scores) else Arrays(self.instance),
            self.instance,
            self.solution,
            self.order,
            seed=self.seed,
            time_limit=time_limit,
            cancel=cancel,
            progress=progress,
        )

    def backbone(
        self, *, time_limit: float | None = None, cancel: threading.Event | None = None
    ) -> Backbone:
        """The pairs that every matching holds which is as good as this one but for the tie-break.

        Where an algorithm made this one: those of every matching that is best at the levels.

        Args:
            time_limit: Seconds after which the rest is left undecided.
            cancel: Set it from another thread to stop early.
        """
        found = backbone(self.instance, self.order, self.seed, time_limit=time_limit, cancel=cancel)
        if self.programme is not None and self.programme.settings.minimum_score:
            return replace(found, weight_free=None)  # weights decide which pairs are acceptable
        return found

    def robustness(
        self,
        *,
        changes: Sequence[int] = (10, 25),
        draws: int = 20,
        seed: int = 0,
        time_limit: float | None = None,
        progress: Callable[[Step], None] | None = None,
        cancel: threading.Event | None = None,
        executor: Executor | None = None,
    ) -> Robustness:
        """How far the pairs hang on the weights of the criteria, by solving again under others.

        Args:
            changes: By how many per cent all weights are moved at most, each on its own.
            draws: How many times for each of these.
            seed: Other seeds draw other changes; the tie-break's stays as it is.
            time_limit: Seconds after which the rest is marked as not computed.
            progress: Called after every solve or search of a range, in this thread.
            cancel: Set it from another thread to stop early; what runs in the executor by then
                goes on there, and is not waited for.
            executor: Where to solve; the answer is the same. Nothing is started unasked.

        Raises:
            ValueError: an instance made without people, which has no weights; a matching made by an
                algorithm, which is not the best under any; per cents that are no integers 1–100, or
                named twice; or no draw.
        """
        if self.scores is None:
            raise ValueError("an instance made without people has no weights to change")
        if not isinstance(self.scores, Scores):
            raise ValueError(
                "other weights make other candidate lists, so robustness needs every pair: solve "
                "with candidates='all'"
            )
        if self.algorithm is not None:
            raise ValueError(
                f"{self.algorithm} does not look for the best matching, so that what other weights "
                "would change says nothing of it; solve by levels, with strategy='best_score' say"
            )
        return robustness(
            self.scores,
            self.instance,
            self.solution,
            self.order,
            self.seed,
            changes=changes,
            draws=draws,
            draw_seed=seed,
            effort=Effort(checked_clock(time_limit, cancel), executor, progress),
        )

    def verify(self) -> Audit:
        """Check every claim again from the raw programme, by code that shares nothing with it."""
        claim = claim_of(
            self.instance,
            self.solution,
            self.scores,
            seed=self.seed,
            unmatched=self.unmatched,
            blocking_pairs=self.blocking_pairs,
        )
        if self.scores is None:
            return audit_arrays(
                roster_of(self.instance),
                listed_pairs(self.instance),
                claim,
                stated_of(self.instance),
            )
        given = given_by(self.scores)
        if isinstance(self.scores, CandidateScores):
            if self.scores.instance.n_pairs > MOST_AUDITED:
                return audit_made(self.scores.programme, claim, taken_as_given=given)
            listed = id_pairs(self.scores.instance)
            return audit_candidates(self.scores.programme, claim, listed, taken_as_given=given)
        return audit(self.scores.programme, claim, taken_as_given=given)

    @cached_property
    def certificate(self) -> Proofs:
        """What is proved, level by level, and by what evidence; ``str()`` says it in words."""
        certificate, levels = self.solution.certificate, self.solution.levels
        cut = None if certificate.cut is None else cut_facts(self.instance, certificate.cut)
        return Proofs(
            methods={level.name: level.proof if level.proved else "open" for level in levels},
            cut=cut,
            prices=prices_by_level(self.instance, certificate.prices),
            text=proofs_text(
                levels,
                cut,
                for_people=self.programme is not None,
                stability=self.instance.stability,
            ),
        )

    def equity(self, monitoring: MonitoringTable, *, minimum: int = 10) -> Equity:
        """How the matching came out for groups of people, from a table that nothing else sees.

        Args:
            monitoring: A .csv or .xlsx file, a data frame or a list of dicts: a column ``id`` and
                a column for each characteristic. It is not kept.
            minimum: Fewer people than this are counted nowhere, nor follow from what is.

        Raises:
            InputError: the table cannot be used; every problem with its place.
            MissingExtraError: scipy is not installed.
            TypeError: ``minimum`` is no whole number.
            ValueError: ``minimum`` is less than 3.
        """
        ids = self.instance
        return equity_report(
            monitoring,
            {"mentors": ids.mentor_ids, "mentees": ids.mentee_ids},
            self.pairs,
            self._who_stated_choices(),
            minimum=minimum,
        )

    def _who_stated_choices(self) -> frozenset[str]:
        if self.programme is not None:
            return frozenset(person.id for person in self.programme.people if person.choices)
        everyone = (*self.instance.mentor_ids, *self.instance.mentee_ids)
        return frozenset(everyone if self.instance.stated else ())

    def forcing_cost(
        self,
        *,
        time_limit: float | None = None,
        progress: Callable[[int, int], None] | None = None,
        cancel: threading.Event | None = None,
        executor: Executor | None = None,
    ) -> ForcingCost:
        """What forcing each pair of a mentor and a mentee would cost the programme, exactly.

        Linear levels at the front of the order take one pass of shortest paths, a second or two at
        a thousand a side; with others, every pair that they leave undecided is solved for again.
        The arrays take 8 bytes a pair and level.

        Args:
            time_limit: Seconds after which pairs are left open.
            progress: Called with how many pairs are done, and of how many, in this thread.
            cancel: Set it from another thread to stop early, as at a time limit.
            executor: Where to solve again, in pieces that can be pickled; else in this thread.
                Nothing is started that is not given, and the answers are the same.

        Raises:
            TypeError: ``cancel`` is no event.
            ValueError: a time limit below 0.
        """
        cells = forcing_cells(
            self._forcing,
            checked_clock(time_limit, cancel),
            for_people=self.programme is not None,
            progress=progress,
            executor=executor,
        )
        return ForcingCost.of_cells(cells)

    def alternatives(
        self, person: str, k: int = 3, *, time_limit: float | None = None
    ) -> Alternatives:
        """The k other partners whom a person could have at the least price to the programme.

        Prices are compared level by level, as far as they are known: up to the level that decides
        at least. Those alike go by the person's own rank, then by score, then by id. ``str()``
        gives a table.

        Args:
            person: Their id.
            k: How many, at most.
            time_limit: Seconds; whoever could not be looked at by then is in ``unsettled``.

        Raises:
            KeyError: nobody has this id.
            ValueError: k below 1, or a time limit below 0.
        """
        found = alternatives(
            self._forcing, person, k, pair_of=self._pair, clock=checked_clock(time_limit)
        )
        for_people = self.programme is not None
        text = alternatives_text(found, for_people=for_people)
        return found.told(text, alternatives_html(found, for_people=for_people))

    @property
    def _forcing(self) -> Forcing:
        """What is asked about forcing pairs."""
        levels = priced_levels(self.order)
        return Forcing(
            instance=self.instance,
            levels=levels,
            made=self.solution.chosen,
            seed=self.seed,
            proved=all(level.proved for level in self.solution.levels[: len(levels)]),
        )

    # Shown ----------------------------------------------------------------------------------------

    def __repr__(self) -> str:
        line = summary.headline(
            len(self.pairs),
            len(self.unmatched),
            len(self.blocking_pairs),
            self.status,
            stability=self.instance.stability,
        )
        return f"Matching({line})"

    def __str__(self) -> str:
        return self.to_text()

    def to_text(self, *, names: bool = False) -> str:
        """The pairs as a table, with who is left and the levels."""
        shown = self._names(names=names)
        return "\n".join(
            [
                repr(self),
                "",
                summary.pairs_text(self.pairs, shown),
                summary.unmatched_text(self.unmatched, shown),
                "",
                levels_block(
                    self.solution.levels,
                    for_people=self.programme is not None,
                    stability=self.instance.stability,
                    algorithm=self.algorithm and self.solution.method,
                ),
                *([summary.unkept_text(self.unkept)] if self.unkept else ()),
                *self._among(),
            ]
        )

    def _among(self) -> list[str]:
        """That only candidates were looked at, where it is so."""
        if self.candidates is None:
            return []
        return [summary.candidates_text(self.candidates, self.instance.n_pairs, self.status)]

    def _repr_html_(self) -> str:
        return matching_html(self)

    def to_frame(self, *, names: bool = False) -> pd.DataFrame:
        """One row per pair: ids (and names, if asked for), scores, ranks, points by criterion."""
        return pair_tables.pairs_frame(self.pairs, self._names(names=names))

    def to_dict(self, *, names: bool = False) -> dict[str, Any]:
        """Everything the coordinator may see, as plain data that ``json.dumps`` takes.

        People stand under their ids. Vetoes, conflicts and answers are not in it; scores and ranks
        are, so it is for the coordinator's own program.

        Args:
            names: Whether to add ``names``, everybody's name by id.
        """
        document = Document(
            status=self.status,
            strategy=self.strategy,
            seed=self.seed,
            stability=self.instance.stability,
            objectives=dict(self.objectives),
            levels=tuple(map(level_entry, self.solution.levels)),
            pairs=self.pairs,
            unmatched=self.unmatched,
            blocking_pairs=self.blocking_pairs,
            warnings=self.warnings,
            waived=self.waived,
            questions=self.questions,
            names=self._names(names=True) if names else None,
        )
        return document.as_dict()

    def plot(self, *, names: bool = False) -> alt.LayerChart:
        """The score array as a heat map, the pairs marked, ordered so that structure shows.

        For the coordinator, not to be handed on. An altair chart: change it, or
        ``save("scores.svg")``. Where nobody gave scores, ranks are shown.

        Args:
            names: Show names beside the ids.

        Raises:
            MissingExtraError: altair is not installed.
            ValueError: too many people to draw.
        """
        shown, for_people = self._names(names=names), self.programme is not None
        return score_chart(self.instance, self.solution.chosen, shown, for_people=for_people)

    def plot_pairs(self, *, names: bool = False) -> alt.LayerChart:
        """How well both sides of every pair are served, with the ranks; stated ones bear a star.

        For the coordinator, not to be handed on. An altair chart, as ``plot`` returns one.

        Args:
            names: Show names beside the ids.

        Raises:
            MissingExtraError: altair is not installed.
        """
        shown = self._names(names=names)
        return pair_chart(self.pairs, shown, for_people=self.programme is not None)

    def to_html(
        self,
        path: str | os.PathLike[str],
        audience: str = "panel",
        *,
        names: bool = False,
        reveal: bool = False,
        force: bool = False,
        time_limit: float | None = REPORT_SECONDS,
    ) -> Path:
        """Write a report as one HTML file, which needs no network and prints on A4.

        A panel reads the pairs with neutral reasons and what is to be looked at. The coordinator
        also has scores, ranks, where the points come from, and why not any two people; that file is
        readable by its owner alone. An auditor has pseudonyms and codes. What an audience may not
        see is not in the file.

        Args:
            path: Where; its folder must exist.
            audience: ``panel``, ``coordinator`` or ``auditor``.
            names: Show names beside the ids; an auditor sees none.
            reveal: For the coordinator: call vetoes and confidential rules by their own codes.
            force: Whether an existing file is replaced.
            time_limit: Seconds for all that has to be solved: who could have a partner, and why
                not. What there was no time for is said.

        Raises:
            MissingExtraError: Jinja2 is not installed.
            RunFolderError: the file exists (without ``force``), or cannot be written.
            ValueError: an unknown audience; a participant, who reads a letter.
        """
        return write_page(
            self,
            path,
            audience,
            names=names,
            reveal=reveal,
            force=force,
            time_limit=time_limit,
        )

    def _names(self, *, names: bool) -> Mapping[str, str]:
        if not names or self.programme is None:
            return {}
        return {person.id: person.name or "" for person in self.programme.people}

    # Kept -----------------------------------------------------------------------------------------

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """Random names under which this run's people stand in what leaves the coordinator."""
        return Pseudonyms.draw((*self.instance.mentor_ids, *self.instance.mentee_ids))

    @property
    def input_hash(self) -> str:
        """The keyed hash of the input, as ``run.json`` has it."""
        return hash_of(self._run())

    def save(
        self,
        folder: str | os.PathLike[str],
        *,
        force: bool = False,
        after: str | os.PathLike[str] | None = None,
        who: str = NOT_GIVEN,
        when: datetime | None = None,
    ) -> Path:
        """Write the run folder, whole or not at all: run.json, programme.json, pairs.csv.

        With ``force`` a run is replaced; its ledger and the ledger's key stay as they are, and this
        matching takes over the pseudonyms under which the ledger speaks of its people.

        Where a ledger goes on (``after``, or ``force`` over a run) and ``when`` is given, what a
        rematch was told is recorded in it. Without ``when`` it is in the programme alone, unless
        the ledger says otherwise: that is refused.

        Args:
            folder: Where; its parent must exist.
            force: Whether an existing run folder is replaced.
            after: The run that this one follows: its ledger goes on in the new folder. Without it a
                new folder begins with nothing decided.
            who: The id or initials of whoever decided what the rematch was told.
            when: The moment of that, with its time zone.

        Raises:
            DecisionError: the ledger says otherwise than the rematch was told, and ``when`` is not
                given, or it refuses what was said; nothing is written.
            RunFolderError: it exists (without ``force``) or cannot be written.
        """
        if after is not None:
            with run_after(after, folder, force=force) as copy:
                note_said(copy, self._said, who=who, when=when)
                self._write(copy, force=True)
            self.__dict__["decided_in"] = Path(folder).resolve()
            return Path(folder).resolve()
        if force and (Path(folder) / RUN_FILE).is_file():
            refuse_replacing(self._run(), folder, self._extra())
            note_said(folder, self._said, who=who, when=when)
        return self._write(folder, force=force)

    def _write(self, folder: str | os.PathLike[str], *, force: bool) -> Path:
        where = write_run(self._run(), folder, extra=self._extra(), force=force)
        self.__dict__["pseudonyms"] = pseudonyms_kept(where, self.pseudonyms)
        self.__dict__["decided_in"] = where
        return where

    def _extra(self) -> dict[str, str]:
        """More files of a run folder."""
        return {"pairs.csv": pair_tables.pairs_csv(self.pairs, self.unmatched)}

    def record(
        self, folder: str | os.PathLike[str], decision: Decision, *, who: str, when: datetime
    ) -> Recorded:
        """Write a decision about this matching into the ledger of its run folder.

        Args:
            folder: Where the matching was saved.
            decision: One of ``rmatch.rematching.decisions``.
            who: The id or initials of whoever decided.
            when: The moment, with its time zone.

        Raises:
            DecisionError: it cannot be decided from here; the message says what can.
            RunFolderError: the folder holds another matching, is damaged or cannot be written.
        """
        done = record(
            folder, decision, who=who, when=when, questions=self.questions, pairs=self._ids
        )
        self.__dict__["decided_in"] = Path(folder).resolve()
        return done

    def letters(
        self,
        folder: str | os.PathLike[str],
        *,
        templates: str | os.PathLike[str] | None = None,
        force: bool = False,
    ) -> Path:
        """Write a Markdown letter for each participant, and ``letters.csv`` for a mail merge.

        Args:
            folder: Where; written whole or not at all, readable by its owner alone.
            templates: A folder with ``matched.md``, ``unmatched.md`` or ``no_place.md`` to use
                instead of rmatch's own.
            force: Whether an earlier folder of letters is replaced.

        Raises:
            InputError: the templates ask for more than a participant may read; lists everything.
            MissingExtraError: Jinja2 is not installed.
            RunFolderError: the folder exists (without ``force``), holds other things, or cannot be
                written.
            ValueError: an instance without people.
        """
        if self.programme is None:
            raise ValueError("an instance made without people has nobody to write to")
        return write_letters(self.programme, self._ids, folder, templates=templates, force=force)

    def to_excel(
        self,
        path: str | os.PathLike[str],
        audience: str = "panel",
        *,
        names: bool = False,
        reveal: bool = False,
        force: bool = False,
        time_limit: float | None = REPORT_SECONDS,
    ) -> Path:
        """Write a workbook: pairs, people without a partner, what to look at, ask and know.

        The coordinator's has the points by criterion and every score as well. Its pairs can be
        moved in Excel and read back: ``check_pairs(rmatch.load_pairs(path))``.

        Args:
            path: Where, ending in ``.xlsx``; written whole or not at all. The coordinator's, and
                one with names, is readable by its owner alone.
            audience: ``panel``, ``coordinator`` or ``auditor``. What they may not see is not in
                the file.
            names: Show names beside the ids; an auditor sees none.
            reveal: For the coordinator: call vetoes and confidential rules by their own codes.
            force: Whether a file that is there is replaced; somebody may have edited it.
            time_limit: Seconds for all that has to be solved for it; at 0 nothing is.

        Raises:
            MissingExtraError: openpyxl is not installed.
            RunFolderError: the file exists (without ``force``) or cannot be written.
            ValueError: an audience that has no workbook, or another ending.
        """
        return write_workbook(
            self,
            path,
            audience,
            names=names,
            reveal=reveal,
            force=force,
            time_limit=time_limit,
        )

    def _run(self) -> Run:
        return Run(
            programme=self.programme,
            instance=self.instance if self.programme is None else None,
            pairs=tuple(self._ids),
            solution=self.solution,
            objectives=self.order,
            strategy=self.strategy,
            seed=self.seed,
            custom=_custom_names(*self.scores.custom) if self.scores else (),
            pseudonyms=self.pseudonyms,
        )

    @classmethod
    def load(
        cls,
        folder: str | os.PathLike[str],
        *,
        criteria: Sequence[Criterion] = (),
        rules: Sequence[Rule] = (),
    ) -> Matching:
        """Read a run folder back; custom criteria and rules must be given again.

        Where people were erased from it, this is the matching of those who are left: pairs with
        somebody erased are gone, the levels are counted again and none of them is claimed, and
        ``programme.notices`` says so.

        Raises:
            RunFolderError: the folder is missing or damaged, holds pairs that are not allowed, or
                its people were purged.
            ValueError: other custom criteria or rules than the run was made with.
        """
        run = read_run(folder)
        given = _custom_names(criteria, rules)
        if given != run.custom:
            wanted = ", ".join(run.custom) or "none"
            raise ValueError(f"this run was made with these custom criteria and rules: {wanted}")
        scores = None
        if run.programme is not None:
            programme = _noticing(run.programme, len(run.erased))
            scores = score_programme(programme, criteria=criteria, rules=rules)
        try:
            instance = run.instance if scores is None else stated_instance(scores)
        except InfeasibleError:
            raise _unreadable(folder, run) from None
        if instance is None:
            raise damaged(folder)
        try:
            solution = _saved_solution(instance, run)
        except (LookupError, ValueError):
            raise _unreadable(folder, run) from None
        matching = cls(
            instance=instance,
            solution=solution,
            order=run.objectives,
            strategy=run.strategy,
            seed=run.seed,
            scores=scores,
        )
        matching.__dict__["pseudonyms"] = run.pseudonyms
        matching.__dict__["decided_in"] = Path(folder).resolve()
        return matching


def _with_people(pair: Pair, scores: PairScores) -> Pair:
    """The pair as shown to people: scores 0–100, what was stated, points by criterion."""
    programme = scores.programme
    return replace(
        pair,
        score=pair.score / 100,
        mentor_score=pair.mentor_score / 100,
        mentee_score=pair.mentee_score / 100,
        mentor_stated=stated_choice(programme, pair.mentor, pair.mentee) is not None,
        mentee_stated=stated_choice(programme, pair.mentee, pair.mentor) is not None,
        breakdown=scores.contributions(pair.mentor, pair.mentee),
    )


def _custom_names(criteria: Iterable[Criterion], rules: Iterable[Rule]) -> tuple[str, ...]:
    return (*(c.name for c in criteria), *(r.code for r in rules))


def _noticing(programme: Programme, erased: int) -> Programme:
    """The programme of those who are left, with a notice that there were more."""
    if not erased:
        return programme
    notice = Problem(
        f"has lost people: {erased} erased since the run was saved. Pairs with them are gone, and "
        "nothing is claimed about the levels any more",
        Place(file=PEOPLE_FILE),
        severity="warning",
    )
    return programme.replace(notices=(*programme.notices, notice))


def _unreadable(folder: str | os.PathLike[str], run: Run) -> RunFolderError:
    """The error for a folder whose pairs make no sense: damage, or what erasing has left."""
    if not run.erased:
        return damaged(folder)
    return RunFolderError(
        f"{Path(folder)}: people were erased from this run, and without what they said the pairs "
        "that are left are not allowed by its settings; its decisions can be read: rmatch log"
    )


def _saved_solution(instance: Instance, run: Run) -> Solution:
    """What the run came to; where people were erased, counted again and not claimed.

    Raises:
        LookupError, ValueError: as ``_checked_pairs``.
    """
    if not run.erased:
        return replace(run.solution, chosen=_checked_pairs(instance, run))
    chosen = _allowed_pairs(instance, run)
    levels = tuple(
        Level(level.name, value_of(level.name, instance, chosen, run.seed), None, level.seconds)
        for level in run.solution.levels
    )
    method = f"{run.solution.method}, people erased since"
    return Solution(chosen, status_of(levels), levels, run.solution.seconds, method)


def _checked_pairs(instance: Instance, run: Run) -> tuple[int, ...]:
    """The run's pairs as indices, once they are a matching with the levels that the run claims.

    Raises:
        LookupError: a person or level that is not there.
        ValueError: a pair that is not allowed, no matching, what must hold and does not, or other
            levels.
    """
    chosen = _allowed_pairs(instance, run)
    if broken_statements(instance, chosen):
        raise ValueError("a statement does not hold")
    for level in run.solution.levels:
        if value_of(level.name, instance, chosen, run.seed) != level.value:
            raise ValueError("another value than the pairs have")
    return chosen


def _allowed_pairs(instance: Instance, run: Run) -> tuple[int, ...]:
    """The run's pairs as indices, once they are a matching of allowed pairs.

    Raises:
        LookupError: a person who is not there.
        ValueError: a pair that is not allowed, or no matching.
    """
    mentors = {person: i for i, person in enumerate(instance.mentor_ids)}
    mentees = {person: j for j, person in enumerate(instance.mentee_ids)}
    found = [instance.index_of(mentors[m], mentees[s]) for m, s in run.pairs]
    chosen = tuple(sorted(index for index in found if index is not None))
    if len(chosen) < len(found) or not is_matching(instance, chosen):
        raise ValueError("not a matching")
    return chosen

"""Questions about people and pairs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rmatch.explaining.seconds import EXPLAIN_SECONDS, FINISH_SECONDS, WHY_NOT_SECONDS
from rmatch.matching.made import MadeMatching

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from rmatch.explaining.alternatives import Alternatives
    from rmatch.explaining.explanation import Explanation
    from rmatch.explaining.facts import PersonFacts
    from rmatch.explaining.forced import Question as Forcing
    from rmatch.explaining.smallest import SmallestChange
    from rmatch.explaining.weight_records import Robustness, Step
    from rmatch.explaining.why import Why
    from rmatch.explaining.why_not import WhyNot
    from rmatch.reporting.forcing import ForcingCost
    from rmatch.solving.backbone import Backbone
    from rmatch.solving.clock import Clock


class Questioned(MadeMatching):
    """Why somebody has their partner, and what would have to change."""

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
        from rmatch.explaining.explanation import Explanation, checked_audience
        from rmatch.explaining.panel_words import auditor_text, panel_text
        from rmatch.explaining.participant_words import participant_text
        from rmatch.explaining.person_html import coordinator_html
        from rmatch.explaining.wording import coordinator_text
        from rmatch.solving.clock import checked_clock

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
        from rmatch.explaining.why import why
        from rmatch.explaining.why_words import why_text

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
        finish: float | None = FINISH_SECONDS,
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
        from rmatch.explaining.explanation import checked_audience
        from rmatch.explaining.why_not import Limits, Made, Reason, WhyNot, why_not
        from rmatch.explaining.why_not_words import auditor_why_not, neutral, why_not_text

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
            facts = replace(facts, alternative=self._instead(chosen)._whole)
        text = why_not_text(
            facts,
            for_people=self.programme is not None,
            stability=self.instance.stability,
            reveal=shown,
            is_drawn="tie_break" in self.order,
            algorithm=self.algorithm,
        )
        return replace(facts, text=text)

    def _facts(self, person: str, *, reveal: bool) -> PersonFacts:
        from rmatch.explaining.facts import person_facts

        return person_facts(
            person, self.scores, self.instance, self.solution.chosen, self.pairs, reveal=reveal
        )

    def _with_why(self, facts: PersonFacts, clock: Clock, *, changes: bool) -> PersonFacts:
        """The facts, with why this person has no partner and what would give them one."""
        from rmatch.explaining.unmatched import unmatched_facts

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
        from rmatch.explaining.unmatched_words import change_lines, why_lines

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
        from rmatch.explaining.single_changes import Arrays, People
        from rmatch.explaining.smallest import smallest_change
        from rmatch.scoring import Scores

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
        from rmatch.solving.backbone import backbone

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
        from rmatch.explaining.robustness import Effort, robustness
        from rmatch.scoring import Scores
        from rmatch.solving.clock import checked_clock

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
        from rmatch.explaining.forcing import forcing_cells
        from rmatch.reporting.forcing import ForcingCost
        from rmatch.solving.clock import checked_clock

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
        from rmatch.explaining.alternatives import alternatives
        from rmatch.reporting.alternatives import alternatives_html, alternatives_text
        from rmatch.solving.clock import checked_clock

        found = alternatives(
            self._forcing, person, k, pair_of=self._pair, clock=checked_clock(time_limit)
        )
        for_people = self.programme is not None
        text = alternatives_text(found, for_people=for_people)
        return found.told(text, alternatives_html(found, for_people=for_people))

    @property
    def _forcing(self) -> Forcing:
        """What is asked about forcing pairs."""
        from rmatch.explaining.forced import Question as Forcing
        from rmatch.explaining.forced import priced_levels

        levels = priced_levels(self.order)
        return Forcing(
            instance=self.instance,
            levels=levels,
            made=self.solution.chosen,
            seed=self.seed,
            proved=all(level.proved for level in self.solution.levels[: len(levels)]),
        )

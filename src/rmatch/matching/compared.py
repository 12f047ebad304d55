"""A matching beside another, or beside pairs that somebody edited."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from rmatch.matching.made import MadeMatching
from rmatch.solution import Solution, status_of

if TYPE_CHECKING:
    from rmatch.matching import Matching
    from rmatch.proposals.records import EditedPairs
    from rmatch.rematching.asked import Asked
    from rmatch.rematching.diff import Diff, Snapshot


class Compared(MadeMatching):
    """A matching and what differs from it."""

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
        from rmatch.proposals.examining import Case as EditedCase
        from rmatch.proposals.examining import examined
        from rmatch.proposals.naming import checked_pairs
        from rmatch.proposals.words import edited_html, edited_text

        edited = checked_pairs(pairs, self.instance)
        before = self._with_candidates(edited)
        case = EditedCase(
            instance=before.instance,
            scores=before.scores,
            made=self._ids,
            edited=edited,
            levels=tuple(name for name in self.order if name != "tie_break"),
            pair_of=before._pair,
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
            matching=before._edited(case.after.chosen)._whole if facts.legal else None,
            text=edited_text(facts, **shown),
            html=edited_html(facts, **shown),
        )

    def _with_candidates(self, pairs: Iterable[tuple[str, str]]) -> Self:
        """This matching where these pairs are candidates too; itself where they are already.

        What was proved was so among fewer pairs, so that no bound is kept.
        """
        from rmatch.scoring.statements import stated_instance

        scores = None if self.scores is None else self.scores.including(pairs)
        if scores is None or scores is self.scores:
            return self
        instance = stated_instance(scores)
        found = [instance.index_of(*self._located(*pair)) for pair in self._ids]
        levels = tuple(replace(level, bound=None, proof="open") for level in self.solution.levels)
        solution = Solution(
            chosen=tuple(sorted(index for index in found if index is not None)),
            status=status_of(levels),
            levels=levels,
            seconds=self.solution.seconds,
            method=self.solution.method,
        )
        other = self._known_to(replace(self, scores=scores, instance=instance, solution=solution))
        other.__dict__["pseudonyms"] = self.pseudonyms
        return other

    def _edited(self, chosen: tuple[int, ...]) -> Self:
        """The matching of a legal proposal, with what was decided so far."""
        if chosen == self.solution.chosen:
            return self
        return self._instead(chosen, method="edited by hand")

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
        from rmatch.rematching.asked import what_differs
        from rmatch.rematching.diff import diff
        from rmatch.rematching.diff_words import diff_html, diff_text

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
        from rmatch.rematching.asked import Asked

        return Asked(self.programme, self.order, self.seed)

    def _snapshot(self, *, reveal: bool) -> Snapshot:
        """This matching as a diff sees it."""
        from rmatch.rematching.diff import Half, Snapshot

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
        from rmatch.rematching.states import OVER

        return frozenset(self._decided_if_known().in_state(*OVER))

    def _excluded(self, mentor: str, mentee: str, *, reveal: bool) -> tuple[str, ...]:
        """Codes of what excludes a pair, or that it is excluded; empty where it is allowed."""
        from rmatch.explaining.why_not import excluded_by

        rows, columns = self._index
        if mentor not in rows or mentee not in columns:
            return ("other_side",)
        if self.instance.index_of(rows[mentor], columns[mentee]) is not None:
            return ()
        return excluded_by(self.scores, (mentor, mentee), reveal=reveal) or ("not_acceptable",)

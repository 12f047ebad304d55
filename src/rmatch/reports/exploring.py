"""The why-not explorer: a true answer for every mentor and mentee, made of shared sentences.

One pass of shortest paths prices every pair at the linear levels in front. What that leaves open is
solved for again while there is time, what people chose first. Of the rest it tells the direct
facts, the levels that would not suffer, and that the price was not computed.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from rmatch.explaining.forced import CellState, Question, priced_levels
from rmatch.explaining.forcing import Table
from rmatch.explaining.why_not import Full, Made, Reason, WhyNot, excluded_by, full_people
from rmatch.explaining.why_not_words import (
    beside_words,
    held_words,
    not_computed,
    reason_sentence,
    scores_words,
    where_to_ask,
)
from rmatch.properties.feasibility import loads
from rmatch.reports.pricing import priced, solved_again, solved_together
from rmatch.reports.reader import Reader
from rmatch.reports.view import Explorer
from rmatch.scoring import Scores
from rmatch.scoring.ranks import stated_choice
from rmatch.solving.clock import Clock

if TYPE_CHECKING:
    from rmatch.matching import Matching

MENTOR, MENTEE, HELD, POINTS = "\x01", "\x02", "\x03", "\x04"
"""What stands in a sentence for the two, for what one of them has, and for the score."""


def explorer_of(matching: Matching, reader: Reader, clock: Clock) -> Explorer:
    """Why not, for every pair; exact as far as there was time."""
    made = Made(
        matching.instance, matching.solution, matching.order, matching.seed, matching.scores
    )
    return _Writer(made, reader, matching.algorithm).explorer(clock)


class _Sentences:
    """Sentences that stand once each, in the order in which they were first said."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}

    def at(self, sentence: str) -> int:
        """Where a sentence stands."""
        return self._places.setdefault(sentence, len(self._places))

    @property
    def all(self) -> tuple[str, ...]:
        return tuple(self._places)


class _Writer:
    """Writes the answers of one matching."""

    def __init__(self, made: Made, reader: Reader, algorithm: str | None) -> None:
        self._made = made
        self._algorithm = algorithm
        self._reader = reader
        self._sentences = _Sentences()
        self._for_people = made.scores is not None
        self._unchanged: tuple[str, ...] = ()
        load = loads(made.instance, np.asarray(made.solution.chosen, dtype=np.int64))
        places = made.instance.mentor_capacity, made.instance.mentee_capacity
        self._is_full = [(n >= most).tolist() for n, most in zip(load, places, strict=True)]

    def explorer(self, clock: Clock) -> Explorer:
        instance = self._made.instance
        found, open_pairs = self._priced(clock)
        answers = [
            self._answer(mentor, mentee, found)
            for mentor in range(instance.n_mentors)
            for mentee in range(instance.n_mentees)
        ]
        return Explorer(
            mentors=tuple(map(self._reader.card, instance.mentor_ids)),
            mentees=tuple(map(self._reader.card, instance.mentee_ids)),
            sentences=self._sentences.all,
            held=self._held(),
            answers=tuple(answers),
            points=tuple(self._points()),
            exact=open_pairs - sum(one is None for one in found.values()),
            asked=open_pairs,
        )

    # Reasons --------------------------------------------------------------------------------------

    def _priced(self, clock: Clock) -> tuple[dict[int, WhyNot | None], int]:
        """Acceptable pairs that were not made → why not, as far as it was found; how many."""
        made = self._made
        levels = priced_levels(made.order)
        proved = all(level.proved for level in made.solution.levels[: len(levels)])
        question = Question(made.instance, levels, made.solution.chosen, made.seed, proved)
        table = Table.of(question, clock)
        about = np.flatnonzero(table.state != CellState.MADE).tolist()
        found: dict[int, WhyNot | None] = {
            pair: priced(made, table, pair, (MENTOR, MENTEE)) for pair in about
        }
        left = [pair for pair, facts in found.items() if facts is None]
        self._unchanged = levels[: table.passed]
        found.update(solved_together(made, table, left, clock, (MENTOR, MENTEE)))
        left = [pair for pair, facts in found.items() if facts is None]
        found.update(solved_again(made, left, clock, (MENTOR, MENTEE)))
        return found, len(about)

    def _answer(self, mentor: int, mentee: int, found: dict[int, WhyNot | None]) -> tuple[int, ...]:
        return tuple(self._said(mentor, mentee, found))

    def _said(self, mentor: int, mentee: int, found: dict[int, WhyNot | None]) -> Iterator[int]:
        """Positions of what is said of one pair."""
        pair = self._made.instance.index_of(mentor, mentee)
        at = self._sentences.at
        if pair is None:
            yield at(self._reason(self._excluded(mentor, mentee)))
            if self._for_people:
                yield at(scores_words(POINTS, excluded=True))
            return
        if pair not in found:
            yield at(self._reason(self._matched()))
            yield at(scores_words(POINTS, excluded=False))
            return
        facts = found[pair]
        if facts is None:
            yield at(not_computed(MENTOR, MENTEE, self._unchanged))
        else:
            yield at(self._reason(facts))
        yield from self._direct(mentor, mentee, pair)
        yield at(scores_words(POINTS, excluded=False))
        yield at(where_to_ask(MENTOR, MENTEE))

    def _matched(self) -> WhyNot:
        return WhyNot(MENTOR, MENTEE, Reason.MATCHED)

    def _excluded(self, mentor: int, mentee: int) -> WhyNot:
        instance = self._made.instance
        ids = instance.mentor_ids[mentor], instance.mentee_ids[mentee]
        codes = excluded_by(self._made.scores, ids, reveal=self._reader.reveal)
        return WhyNot(MENTOR, MENTEE, Reason.EXCLUDED, excluded_by=codes)

    def _reason(self, facts: WhyNot) -> str:
        return reason_sentence(
            facts,
            for_people=self._for_people,
            stability=self._made.instance.stability,
            reveal=self._reader.reveal,
            is_drawn="tie_break" in self._made.order,
            algorithm=self._algorithm,
        )

    # Direct facts ---------------------------------------------------------------------------------

    def _direct(self, mentor: int, mentee: int, pair: int) -> Iterator[int]:
        """Whom each of the two has, where they have no free place, and how high the other is."""
        instance = self._made.instance
        ends = (
            (0, mentor, MENTOR, MENTEE, int(instance.mentor_rank[pair])),
            (1, mentee, MENTEE, MENTOR, int(instance.mentee_rank[pair])),
        )
        for side, person, own, other, rank in ends:
            if not self._is_full[side][person]:
                continue
            stated = self._is_stated(side, mentor, mentee)
            sentence = beside_words(HELD, own, other, rank, stated=stated)
            position = self._sentences.at(sentence)
            yield position if side == 0 else -1 - position

    def _is_stated(self, side: int, mentor: int, mentee: int) -> bool:
        made = self._made
        if made.scores is None:
            return made.instance.stated
        ids = made.instance.mentor_ids[mentor], made.instance.mentee_ids[mentee]
        return stated_choice(made.scores.programme, ids[side], ids[1 - side]) is not None

    def _held(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What each person has, mentors first."""
        mentors, mentees = self._is_full
        return (
            tuple(self._held_by(0, i) if full else "" for i, full in enumerate(mentors)),
            tuple(self._held_by(1, j) if full else "" for j, full in enumerate(mentees)),
        )

    def _held_by(self, side: int, person: int) -> str:
        return held_words(self._full_of(side, person))

    def _full_of(self, side: int, person: int) -> Full:
        made = self._made
        instance = made.instance
        ids = instance.mentor_ids if side == 0 else instance.mentee_ids
        # Whoever stands on the other side: what somebody holds does not depend on it.
        at = (person, 0) if side == 0 else (0, person)
        pair = instance.mentor_ids[at[0]], instance.mentee_ids[at[1]]
        return next(one for one in full_people(made, pair, *at) if one.person == ids[person])

    # Points ---------------------------------------------------------------------------------------

    def _points(self) -> Iterator[float | None]:
        """Row by row, with one decimal for people."""
        made, instance = self._made, self._made.instance
        if isinstance(made.scores, Scores):
            yield from (
                float(f"{value / 100:.1f}") for value in made.scores.points.ravel().tolist()
            )
            return
        for mentor in range(instance.n_mentors):
            for mentee in range(instance.n_mentees):
                pair = instance.index_of(mentor, mentee)
                yield None if pair is None else int(instance.score[pair])

"""What came out: pairs, levels, and who is left. What the other parts of a matching stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Self, cast

import numpy as np

from rmatch.errors import RunFolderError, UnknownPersonError, unknown_person
from rmatch.matching.people import with_people
from rmatch.solution import Solution, status_of

if TYPE_CHECKING:
    from rmatch.explaining.records import Pair, Question, Waived, Warned
    from rmatch.instance import Instance
    from rmatch.matching import Matching
    from rmatch.programme import Programme
    from rmatch.rematching.replay import State
    from rmatch.rematching.said import Said
    from rmatch.runs import Pseudonyms
    from rmatch.scoring import Criterion, PairScores, Rule
    from rmatch.solution import Status, Value


@dataclass(frozen=True, eq=False, repr=False)
class MadeMatching:
    """A matching that was made, with what the questions put to it share."""

    instance: Instance
    solution: Solution
    order: tuple[str, ...]
    strategy: str | None
    seed: int
    scores: PairScores | None = None

    @property
    def _whole(self) -> Matching:
        """The same with all its methods: no part of a matching is ever made alone."""
        return cast("Matching", self)

    @property
    def programme(self) -> Programme | None:
        """The people and settings; ``None`` for an instance made without people."""
        return None if self.scores is None else self.scores.programme

    @property
    def candidates(self) -> int | None:
        """How many candidates everybody has; ``None`` where every pair was looked at."""
        return None if self.scores is None else self.scores.candidates

    @property
    def algorithm(self) -> str | None:
        """The strategy, where that is an algorithm and made these pairs; else ``None``."""
        from rmatch.solving.strategies import is_algorithm

        name, method = self.strategy, self.solution.method
        if name is None or not is_algorithm(name):
            return None
        return name if method == name or method.startswith(f"{name}, ") else None

    @cached_property
    def pairs(self) -> tuple[Pair, ...]:
        """The pairs, in the order of the mentors."""
        return self._pairs(self.solution.chosen)

    def _pair(self, index: int) -> Pair:
        """One acceptable pair of the instance, made or not, as it is shown."""
        (pair,) = self._pairs((index,))
        return pair

    def _pairs(self, indices: Sequence[int]) -> tuple[Pair, ...]:
        """Some of them: breakdowns of many cost far less together."""
        pairs = tuple(self._bare_pair(index) for index in indices)
        return pairs if self.scores is None else with_people(pairs, self.scores)

    def _bare_pair(self, index: int) -> Pair:
        from rmatch.explaining.records import Pair

        instance = self.instance
        mentor = instance.mentor_ids[instance.mentor[index]]
        mentee = instance.mentee_ids[instance.mentee[index]]
        values = [
            int(array[index])
            for array in (instance.score, instance.mentor_score, instance.mentee_score)
        ]
        return Pair(
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

    @cached_property
    def unmatched(self) -> tuple[str, ...]:
        """Ids of the people with no partner at all, mentors first."""
        from rmatch.properties.feasibility import loads

        mentors, mentees = loads(self.instance, self.solution.chosen)
        return (
            *(self.instance.mentor_ids[i] for i in np.flatnonzero(mentors == 0)),
            *(self.instance.mentee_ids[j] for j in np.flatnonzero(mentees == 0)),
        )

    @cached_property
    def blocking_pairs(self) -> tuple[tuple[str, str], ...]:
        """(mentor, mentee) ids of the allowed pairs who would rather have each other."""
        from rmatch.properties.stability import blocking_pairs

        instance = self.instance
        return tuple(
            (instance.mentor_ids[instance.mentor[k]], instance.mentee_ids[instance.mentee[k]])
            for k in blocking_pairs(instance, self.solution.chosen)
        )

    @cached_property
    def unkept(self) -> Mapping[str, int]:
        """Statements with a price that the matching does not keep, and by how much each."""
        from rmatch.properties.statements import unkept

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
        from rmatch.explaining.questions import questions

        return () if self.scores is None else questions(self.scores, self._ids)

    @cached_property
    def warnings(self) -> tuple[Warned, ...]:
        """Warn rules that the made pairs break."""
        from rmatch.explaining.questions import warned

        return () if self.scores is None else warned(self.scores, self._ids)

    @cached_property
    def waived(self) -> tuple[Waived, ...]:
        """Rules that would have counted for the made pairs, and that the coordinator waived."""
        from rmatch.explaining.questions import waived

        return () if self.scores is None else waived(self.scores, self._ids)

    @property
    def _ids(self) -> list[tuple[str, str]]:
        return [(pair.mentor, pair.mentee) for pair in self.pairs]

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

    def _instead(self, chosen: Sequence[int], method: str = "one to compare with") -> Self:
        """Another matching of the same programme; see ``levels_beside`` for what it claims."""
        from rmatch.explaining.why_not import levels_beside

        levels = levels_beside(self.instance, chosen, self.seed, self.solution.levels)
        solution = Solution(tuple(chosen), status_of(levels), levels, 0.0, method)
        other = self._known_to(replace(self, solution=solution))
        other.__dict__["pseudonyms"] = self.pseudonyms
        return other

    def _known_to(self, other: Self) -> Self:
        """Another matching beside this one, with what was decided and told so far."""
        for name in ("decided_in", "said"):
            if name in self.__dict__:
                other.__dict__[name] = self.__dict__[name]
        return other

    @property
    def _custom(self) -> tuple[Sequence[Criterion], Sequence[Rule]]:
        """Criteria and rules beside the built-in ones."""
        return ((), ()) if self.scores is None else self.scores.custom

    def _people(self) -> Programme:
        if self.programme is None:
            raise ValueError("an instance made without people has no programme to change")
        return self.programme

    def _names(self, *, names: bool) -> Mapping[str, str]:
        if not names or self.programme is None:
            return {}
        return {person.id: person.name or "" for person in self.programme.people}

    @property
    def _said(self) -> Said:
        from rmatch.rematching.said import Said

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
        from rmatch.rematching.continuing import state_in
        from rmatch.rematching.replay import State

        where = self.__dict__.get("decided_in", State())
        return where if isinstance(where, State) else state_in(where)

    def _decided_if_known(self) -> State:
        """What was decided; nothing where the run folder cannot be read now."""
        from rmatch.rematching.replay import State

        try:
            return self.decided
        except RunFolderError:
            return State()

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """Random names under which this run's people stand in what leaves the coordinator."""
        from rmatch.runs import Pseudonyms

        return Pseudonyms.draw((*self.instance.mentor_ids, *self.instance.mentee_ids))

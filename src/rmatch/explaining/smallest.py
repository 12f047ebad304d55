"""The smallest change after which somebody would be matched, found by trying every one.

Every change is tried by scoring and solving the whole programme again, in the same order of levels
and with the same seed: it works where this person has a partner in the matching that is then the
best. Two changes are tried only where no single one works.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from rmatch.errors import InfeasibleError
from rmatch.explaining.single_changes import Changes, Cohort
from rmatch.explaining.someone import Person
from rmatch.instance import Instance
from rmatch.solution import Solution
from rmatch.solving.clock import Clock, checked_clock
from rmatch.solving.matched import is_so

Tried = Callable[[int, int], None]
"""Told how many changes were tried, and how many of them work."""


@dataclass(frozen=True, slots=True)
class SmallestChange:
    """The smallest changes after which a person would be matched.

    Attributes:
        person: Their id.
        changes: Every change, or every two changes together, that works: places, then people, then
            waivers. One that is empty: solving to the end is enough.
        size: How many changes each of them is; 0 where none is known, or none is needed.
        tried: How many were tried.
        complete: Whether all were: if not, the time ended the search, and there may be others, and
            smaller ones where nothing of a smaller size was tried to the end.
    """

    person: str
    changes: tuple[Changes, ...]
    size: int
    tried: int
    complete: bool


@dataclass(frozen=True)
class Trials:
    """For whom, in which order of levels and with which seed changes are tried, and until when."""

    cohort: Cohort
    person: str
    order: Sequence[str]
    seed: int
    clock: Clock
    progress: Tried | None

    def works(self, changes: Changes) -> bool | None:
        """Whether the person is matched after some changes; ``None`` if the time was up."""
        if self.clock.is_over:
            return None
        instance = self.cohort.changed(changes)
        if instance is None:
            return False
        person = Person.of(instance, self.person)
        try:
            return is_so(instance, self.order, person.required, seed=self.seed, clock=self.clock)
        except InfeasibleError:
            return False

    def all_that_work(self, some: Iterable[Changes], before: int) -> SmallestChange:
        """Those of some changes that work, as far as there is time; ``before`` were tried."""
        working: list[Changes] = []
        tried, complete = before, True
        for changes in some:
            answer = self.works(changes)
            if answer is None:
                complete = False
                break
            tried += 1
            if answer:
                working.append(changes)
            if self.progress is not None:
                self.progress(tried, len(working))
        size = len(working[0]) if working else 0
        # A list that ended because the time was up is not all there is.
        complete = complete and not self.clock.is_over
        return SmallestChange(self.person, tuple(working), size, tried, complete)


def smallest_change(
    person: str,
    cohort: Cohort,
    instance: Instance,
    solution: Solution,
    order: Sequence[str],
    *,
    seed: int = 0,
    time_limit: float | None = None,
    cancel: threading.Event | None = None,
    progress: Tried | None = None,
) -> SmallestChange:
    """The smallest changes after which an unmatched person would be matched.

    Args:
        person: Their id.
        cohort: What can be changed.
        instance: The problem as it was solved.
        solution: What that came to; where it was not proved, first no change at all is tried.
        order: Names of the levels.
        seed: Of the tie-break.
        time_limit: Seconds after which the search ends.
        cancel: Set it from another thread to stop early.
        progress: Told how many changes were tried, and how many of them work.

    Raises:
        KeyError: nobody has this id.
        TypeError: ``cancel`` is no event.
        ValueError: they have a partner, or a time limit below 0.
    """
    someone = Person.of(instance, person)
    if someone.is_matched(instance, solution.chosen):
        raise ValueError(f"{person} has a partner")
    trials = Trials(cohort, person, order, seed, checked_clock(time_limit, cancel), progress)
    if someone.capacity(instance) == 0:
        return SmallestChange(person, (), 0, 0, complete=True)  # nobody else can change that
    found = SmallestChange(person, (), 0, 0, complete=True)
    for some in _by_size(trials, proved=solution.status == "optimal"):
        found = trials.all_that_work(some, found.tried)
        if found.changes or not found.complete:
            break
    return found


def _by_size(trials: Trials, *, proved: bool) -> Iterator[Iterable[Changes]]:
    """What is tried, the smallest first."""
    if not proved:
        yield [()]
    yield trials.cohort.singles(trials.person)
    yield trials.cohort.doubles(trials.person, trials.clock)

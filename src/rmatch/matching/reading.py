"""A saved run judged and counted again, before it is a matching once more."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from rmatch.errors import Place, Problem, RunFolderError
from rmatch.properties.feasibility import is_matching
from rmatch.properties.statements import broken_statements
from rmatch.properties.welfare import value_of
from rmatch.run_folder import PEOPLE_FILE
from rmatch.runs import damaged
from rmatch.solution import Level, Solution, status_of

if TYPE_CHECKING:
    from rmatch.instance import Instance
    from rmatch.programme import Programme
    from rmatch.runs import Run
    from rmatch.scoring import Criterion, Rule


def custom_names(criteria: Iterable[Criterion], rules: Iterable[Rule]) -> tuple[str, ...]:
    """The names under which a run remembers custom criteria and rules."""
    return (*(c.name for c in criteria), *(r.code for r in rules))


def noticing(programme: Programme, erased: int) -> Programme:
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


def unreadable(folder: str | os.PathLike[str], run: Run) -> RunFolderError:
    """The error for a folder whose pairs make no sense: damage, or what erasing has left."""
    if not run.erased:
        return damaged(folder)
    return RunFolderError(
        f"{Path(folder)}: people were erased from this run, and without what they said the pairs "
        "that are left are not allowed by its settings; its decisions can be read: rmatch log"
    )


def saved_solution(instance: Instance, run: Run) -> Solution:
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

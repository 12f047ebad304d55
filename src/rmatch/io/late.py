"""Late forms: a cohort whose choices and conflicts may name people who are there already."""

from __future__ import annotations

from dataclasses import replace

from rmatch.errors import InputError, Place, Problem
from rmatch.io.load import StrPath, load_beside
from rmatch.io.people import SIDES, Draft
from rmatch.programme import Programme, Settings

__all__ = ["load_late"]


def load_late(source: StrPath, there: Programme) -> Programme:
    """Everybody of a programme and of a cohort of late forms together.

    Args:
        source: A workbook, folder or JSON file, as ``rmatch.load`` takes; a side of which nobody
            comes is an empty table.
        there: The programme. Its settings stay; those of the late forms are not taken, which is
            noticed.

    Returns:
        Both in one; ``notices`` are those of the late forms alone.

    Raises:
        InputError: with every problem of the late forms.
    """
    problems: tuple[Problem, ...] = ()
    try:
        together = load_beside(source, _drafts(there))
    except InputError as error:
        problems = tuple(_told(problem) for problem in error.problems)
    if problems:
        raise InputError(problems)
    notices = [one for one in together.notices if one.place.file != _OF_THERE]
    if together.settings != Settings():
        message = "has settings, which are not taken: those of the programme stay"
        notices.append(Problem(message, Place(sheet="Settings"), severity="warning"))
    return together.replace(
        conflicts=(*there.conflicts, *together.conflicts),
        history=(*there.history, *together.history),
        settings=there.settings,
        notices=tuple(notices),
    )


_OF_THERE = "\x00there"
"""Stands for the file of whoever was there before; shown to nobody."""


def _told(problem: Problem) -> Problem:
    """A problem of somebody who was there before has no file that anybody knows."""
    place = problem.place
    return problem.at(replace(place, file=None)) if place.file == _OF_THERE else problem


def _drafts(there: Programme) -> list[Draft]:
    """The people of a programme as if they had been read once more."""
    return [
        Draft(
            side,
            Place(file=_OF_THERE),
            {name: getattr(person, name) for name in type(person).model_fields},
        )
        for side in SIDES
        for person in getattr(there, side)
    ]

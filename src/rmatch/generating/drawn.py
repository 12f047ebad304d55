"""The whole cohort as arrays, before anybody is made of them."""

from __future__ import annotations

from dataclasses import dataclass

from rmatch.generating.arrays import Choices, Side, choices, side
from rmatch.generating.exclusions import Exclusions, exclusions
from rmatch.generating.shape import CohortShape


@dataclass(frozen=True, eq=False)
class Drawn:
    """A cohort as arrays: both sides, whom they name, and who must not meet."""

    mentors: Side
    mentees: Side
    mentor_choices: Choices
    mentee_choices: Choices
    barred: Exclusions


def draw(shape: CohortShape, seed: int) -> Drawn:
    """The cohort of this shape and seed."""
    mentors, mentees = side(shape, seed, "mentor"), side(shape, seed, "mentee")
    named = choices(shape, seed, mentors, mentees), choices(shape, seed, mentees, mentors)
    barred = exclusions(shape, seed, mentors, mentees, named)
    return Drawn(mentors, mentees, *named, barred)

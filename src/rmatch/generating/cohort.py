"""A whole programme from a shape and a seed."""

from __future__ import annotations

from rmatch.errors import InputError, Place, Problem
from rmatch.generating import people
from rmatch.generating.drawn import draw
from rmatch.generating.exclusions import RULE_CODES
from rmatch.generating.presets import PRESETS
from rmatch.generating.shape import CohortShape
from rmatch.programme import Conflict, Programme, Settings

MAX_SEED = 2**63


def generate(shape: CohortShape | str, seed: int = 0) -> Programme:
    """A cohort of a shape, or of a preset by name; the same for the same seed on every machine.

    Nobody in it is real, or has a name: people are ``M0001`` … and ``S0001`` …

    Args:
        shape: How many people and what they are like, or a name in ``PRESETS``.
        seed: 0 or more. It also seeds the programme's tie-break.

    Raises:
        InputError: no such preset, or a seed that is no whole number from 0.

    >>> generate("pairs_14", seed=1)
    Programme(14 mentors, 14 mentees, 1 conflicts, 0 earlier pairs)
    """
    shape = shape_of(shape)
    check_seed(seed)
    drawn = draw(shape, seed)
    ids = drawn.mentors.ids, drawn.mentees.ids
    return Programme(
        mentors=people.mentors(shape, seed, drawn),
        mentees=people.mentees(shape, seed, drawn),
        conflicts=[
            Conflict(mentor=ids[0][mentor], mentee=ids[1][mentee], rule=RULE_CODES[rule])
            for mentor, mentee, rule in drawn.barred.conflicts.tolist()
        ],
        settings=Settings(seed=seed),
    )


def shape_of(shape: CohortShape | str) -> CohortShape:
    """The shape, or the preset of that name.

    Raises:
        InputError: no such preset; says which there are.
    """
    if isinstance(shape, CohortShape):
        return shape
    if shape not in PRESETS:
        known = ", ".join(PRESETS)
        message = f"is not a preset; there are {known}"
        raise InputError([Problem(message, Place(column="shape"), value=str(shape), shown=True)])
    return PRESETS[shape]


def check_seed(seed: int) -> None:
    """Refuse what is no seed.

    Raises:
        InputError: no whole number from 0 to below 2**63.
    """
    if not isinstance(seed, int) or isinstance(seed, bool) or not 0 <= seed < MAX_SEED:
        message = f"must be a whole number from 0 to {MAX_SEED - 1}"
        raise InputError([Problem(message, Place(column="seed"), value=str(seed), shown=True)])

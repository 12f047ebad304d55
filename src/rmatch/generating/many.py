"""Many cohorts or instances by name, each made only when somebody asks for it.

What is listed is how to make each, so that other processes can make their own.
"""

from __future__ import annotations

from functools import partial

from rmatch.errors import InputError, Place, Problem
from rmatch.generating.cohort import check_seed, generate, shape_of
from rmatch.generating.shape import CohortShape
from rmatch.generating.smti import smti
from rmatch.instance import Instance
from rmatch.programme import Programme


def cohorts(
    shape: CohortShape | str, count: int, first_seed: int = 0
) -> dict[str, partial[Programme]]:
    """Cohorts of one shape with seeds in a row, such as ``rmatch.compare`` takes.

    Args:
        shape: As for ``generate``.
        count: How many, 1 or more.
        first_seed: The seed of the first.

    Returns:
        A name such as ``pairs_14/17``, of preset and seed, → what makes that cohort when called.

    Raises:
        InputError: as ``generate``, or a count that is no whole number from 1.

    >>> list(cohorts("pairs_14", 3))
    ['pairs_14/0', 'pairs_14/1', 'pairs_14/2']
    >>> cohorts("pairs_14", 3)["pairs_14/1"]()
    Programme(14 mentors, 14 mentees, 1 conflicts, 0 earlier pairs)
    """
    shape_of(shape)
    name = shape if isinstance(shape, str) else "cohort"
    return {f"{name}/{k}": partial(generate, shape, k) for k in _seeds(count, first_seed)}


def smti_instances(
    n: int, p1: float, p2: float, count: int, first_seed: int = 0
) -> dict[str, partial[Instance]]:
    """Random instances as ``smti`` makes them, with seeds in a row.

    Args:
        n: As for ``smti``.
        p1: As for ``smti``.
        p2: As for ``smti``.
        count: How many, 1 or more.
        first_seed: The seed of the first.

    Returns:
        A name such as ``smti_10_0.5_0.25/17`` → what makes that instance when called.

    Raises:
        InputError: a count that is no whole number from 1, or no seed. What ``smti`` refuses,
            it refuses when it is called.
    """
    name = f"smti_{n}_{p1:g}_{p2:g}"
    return {f"{name}/{k}": partial(smti, n, p1, p2, k) for k in _seeds(count, first_seed)}


def _seeds(count: int, first: int) -> range:
    """The seeds.

    Raises:
        InputError: no whole number from 1, or one of them is no seed.
    """
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        place = Place(column="count")
        message = "must be a whole number from 1"
        raise InputError([Problem(message, place, value=str(count), shown=True)])
    check_seed(first)
    check_seed(first + count - 1)
    return range(first, first + count)

"""The shape of a cohort: every knob of the generator, with its unit, default and limits."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from functools import partial

from rmatch.errors import InputError, Place, Problem
from rmatch.generating.marginals import SPECIALTIES_TO_DRAW
from rmatch.programme.reference import DEANERIES

MOST_PEOPLE = 100_000
"""On one side."""
MOST_CHOICES = 20
MOST_SKEW = 2.0

Limits = tuple[int, int]
Shares = tuple[float, ...]


@dataclass(frozen=True, kw_only=True)
class CohortShape:
    """How many people a cohort has and what they are like; frozen, checked, made by keyword.

    No register of reciprocal mentoring schemes is published. Every default is an **assumption**,
    chosen to look like the shipped examples, and no evidence about the NHS.

    Attributes:
        mentors: How many mentors, 1 to 100 000.
        mentees: How many mentees, likewise.
        mentor_choices: Fewest and most people a mentor names, drawn evenly; at most 20.
        mentee_choices: The same for a mentee.
        no_choices: Share of people (0–1) who name nobody.
        tie_density: Chance (0–1) that a choice shares its place with the one before it.
        mentee_popularity: Zipf exponent (0–2) of how wanted mentees are: the r-th most wanted is
            ``r ** -exponent`` times as likely to be named. 0: all alike.
        mentor_popularity: The same for mentors.
        correlation: How much both sides look for the same thing (0–1). Everyone has a latent value
            on a circle, and people who are near prefer each other, and each other's topics. 0: not.
        mentor_capacity: Shares of mentors with 1, 2, 3 … places, in proportion.
        mentee_capacity: The same for mentees.
        deaneries: How many regions, 1 or more; which, is drawn.
        deanery_skew: Zipf exponent (0–2) of their sizes.
        specialties: How many specialties, 1 or more; which, is drawn. (General practitioners and
            foundation doctors come on top.)
        specialty_skew: Zipf exponent (0–2) of their sizes.
        employers: Employers in each region, 1 or more; a Zipf exponent of 0.5 governs their sizes.
        wants: Fewest and most topics a person wants, at most 5.
        offers: Fewest and most topics a person offers, at most 20.
        topic_skew: Zipf exponent (0–2) of how common topics are.
        half_days: Fewest and most half-days a week a person is free, of 21.
        one_mode: Share of people (0–1) who meet only virtually, or only in person: two in three of
            them only virtually.
        conflicts: Declared conflicts per mentor, on average, with a mentee of the same region,
            under the codes of ``rules.csv``. Drawn twice, or with somebody chosen: dropped.
        supervised: Share of mentors (0–1) who have a mentee of their own specialty and region, if
            there is one, as educational supervisor.
        managed: Share of mentors (0–1) whose line manager is a mentee of their employer, if any.
        vetoes: Vetoes per person, on average. Drawn twice, or against somebody chosen: dropped.
        carried_over: Share of people (0–1) left over from the last cohort.
        unsaid: Share of people (0–1), apart for each of department, supervisors, line manager and
            "I have declared everyone", who left it blank. The rules then ask.

    Raises:
        InputError: every knob that is out of its limits.
    """

    mentors: int = 14
    mentees: int = 14
    mentor_choices: Limits = (1, 5)
    mentee_choices: Limits = (1, 5)
    no_choices: float = 0.1
    tie_density: float = 0.2
    mentee_popularity: float = 0.8
    mentor_popularity: float = 0.5
    correlation: float = 0.3
    mentor_capacity: Shares = (1.0,)
    mentee_capacity: Shares = (0.9, 0.1)
    deaneries: int = 1
    deanery_skew: float = 0.5
    specialties: int = 12
    specialty_skew: float = 0.8
    employers: int = 6
    wants: Limits = (1, 3)
    offers: Limits = (1, 4)
    topic_skew: float = 0.5
    half_days: Limits = (4, 10)
    one_mode: float = 0.15
    conflicts: float = 0.2
    supervised: float = 0.1
    managed: float = 0.05
    vetoes: float = 0.05
    carried_over: float = 0.05
    unsaid: float = 0.1

    def __post_init__(self) -> None:
        found = list(_problems(self))
        if found:
            raise InputError(
                Problem(message, Place(column=knob), value=str(getattr(self, knob)), shown=True)
                for knob, message in found
            )


_COUNTS = {
    "mentors": MOST_PEOPLE,
    "mentees": MOST_PEOPLE,
    "deaneries": len(DEANERIES),
    "specialties": len(SPECIALTIES_TO_DRAW),
    "employers": 1_000,
}
_LIMITS = {
    "mentor_choices": MOST_CHOICES,
    "mentee_choices": MOST_CHOICES,
    "wants": 5,
    "offers": 20,
    "half_days": 21,
}
_SKEWS = (
    "mentee_popularity",
    "mentor_popularity",
    "deanery_skew",
    "specialty_skew",
    "topic_skew",
)
_RATES = ("conflicts", "vetoes")
_CAPACITIES = ("mentor_capacity", "mentee_capacity")
_SHARES = tuple(
    field.name
    for field in fields(CohortShape)
    if field.name not in (*_COUNTS, *_LIMITS, *_SKEWS, *_RATES, *_CAPACITIES)
)
_MOST_RATE = 10.0


def _problems(shape: CohortShape) -> Iterator[tuple[str, str]]:
    """(knob, what is wrong with it)."""
    for knob, fits, message in _tests():
        if not fits(getattr(shape, knob)):
            yield knob, message


def _tests() -> Iterator[tuple[str, Callable[[object], bool], str]]:
    """(knob, whether a value fits it, what to say where it does not)."""
    for knob, most in _COUNTS.items():
        message = f"must be a whole number from 1 to {most}"
        yield knob, partial(_whole, low=1, high=most), message
    for knob, most in _LIMITS.items():
        message = f"must be two whole numbers, the fewest and the most, within 0 and {most}"
        yield knob, partial(_span, most=most), message
    for knobs, limit in ((_SHARES, 1.0), (_SKEWS, MOST_SKEW), (_RATES, _MOST_RATE)):
        for knob in knobs:
            yield knob, partial(_number, most=limit), f"must be a number from 0 to {limit:g}"
    for knob in _CAPACITIES:
        yield knob, _proportions, "must be 1 to 10 shares, for 1, 2, 3 … places, not all 0"


def _whole(value: object, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def _number(value: object, most: float) -> bool:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    return 0 <= value <= most  # true of no NaN; a whole number may be too large for a float


def _span(value: object, most: int) -> bool:
    if not isinstance(value, tuple) or len(value) != 2:
        return False
    return all(_whole(end, 0, most) for end in value) and value[0] <= value[1]


def _proportions(value: object) -> bool:
    if not isinstance(value, tuple) or not 1 <= len(value) <= 10:
        return False
    return all(_number(share, 1e6) for share in value) and sum(value) > 0

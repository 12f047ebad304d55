"""Shapes like those of schemes one hears of; the sizes are given, all else is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from rmatch.generating.shape import CohortShape

PRESETS: Mapping[str, CohortShape] = MappingProxyType(
    {
        "pairs_14": CohortShape(),
        "pairs_41_of_81": CohortShape(
            mentors=81,
            mentees=41,
            mentee_capacity=(1.0,),
            specialties=20,
            employers=10,
            no_choices=0.25,
        ),
        "pairs_75": CohortShape(
            mentors=80,
            mentees=75,
            deaneries=3,
            specialties=25,
            employers=8,
            carried_over=0.1,
        ),
        "side_500": CohortShape(
            mentors=500, mentees=500, deaneries=6, specialties=40, employers=12
        ),
        "side_1000": CohortShape(
            mentors=1_000, mentees=1_000, deaneries=12, specialties=50, employers=12
        ),
        "national": CohortShape(
            mentors=50_000, mentees=50_000, deaneries=17, specialties=64, employers=15
        ),
    }
)
"""Shapes by name.

- ``pairs_14``: 14 a side in one region.
- ``pairs_41_of_81``: 81 juniors sign up and 41 seniors can each take one, so that 40 go without.
- ``pairs_75``: 75 pairs a year over three regions, a tenth of the people carried over.
- ``side_500``, ``side_1000``: large regional and national schemes.
- ``national``: 100 000 people, for :func:`rmatch.generating.generate_instance`.
"""

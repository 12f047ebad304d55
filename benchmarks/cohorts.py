"""Mentoring-like cohorts: 10 specialties, 5 regions, 8 topics, 3 ranked choices each.

Committed with its seeds before any tuning. Most scores repeat, so ties are many; a cohort is dense
(nearly every pair acceptable) unless ``acceptable`` says which share of pairs a veto leaves.
"""

from __future__ import annotations

import random

from rmatch import Participant, Programme
from rmatch.programme.reference import TOPICS

SEEDS = tuple(range(10))
SPECIALTIES = (
    "anaesthetics",
    "cardiology",
    "clinical_radiology",
    "emergency_medicine",
    "general_practice",
    "general_psychiatry",
    "general_surgery",
    "histopathology",
    "obstetrics_and_gynaecology",
    "paediatrics",
)
REGIONS = ("EOE", "KSS", "NW", "SL", "TV")
N_TOPICS = 8


def mentoring_like(n: int, seed: int, acceptable: float = 1.0) -> Programme:
    """A cohort of ``n`` mentors and ``n`` mentees.

    Args:
        n: People a side.
        seed: Of the generator; the same on every machine.
        acceptable: The share of pairs that no veto excludes.
    """
    draw = random.Random(f"mentoring-like {n} {seed} {acceptable}")
    mentors = [f"M{i:04d}" for i in range(n)]
    mentees = [f"S{i:04d}" for i in range(n)]
    return Programme(
        mentors=[_person(draw, person, mentees, acceptable) for person in mentors],
        mentees=[_person(draw, person, mentors, 1.0) for person in mentees],
    )


def _person(draw: random.Random, person: str, others: list[str], acceptable: float) -> Participant:
    topics = [topic.id for topic in TOPICS][:N_TOPICS]
    choices = draw.sample(others, min(3, len(others)))
    vetoes = [o for o in others if o not in choices and draw.random() >= acceptable]
    return Participant(
        id=person,
        specialty=draw.choice(SPECIALTIES),
        deanery=draw.choice(REGIONS),
        modes=("virtual", "in_person"),
        wants=tuple(draw.sample(topics, 3)),
        offers=tuple(draw.sample(topics, 3)),
        choices=tuple((choice,) for choice in choices),
        vetoes=tuple(vetoes),
    )

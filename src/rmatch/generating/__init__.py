"""Cohorts that nobody is in: seeded, of any shape, for tests, benchmarks and comparisons."""

from __future__ import annotations

from rmatch.generating.cohort import generate
from rmatch.generating.many import cohorts, smti_instances
from rmatch.generating.national import generate_instance
from rmatch.generating.presets import PRESETS
from rmatch.generating.shape import CohortShape
from rmatch.generating.smti import smti

__all__ = [
    "PRESETS",
    "CohortShape",
    "cohorts",
    "generate",
    "generate_instance",
    "smti",
    "smti_instances",
]

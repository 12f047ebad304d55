"""How common grades, roles, ways of meeting and conflicts are in a generated cohort.

Nobody has published such counts for reciprocal mentoring: **every weight here is an assumption**,
by which cohorts look like the two that are shipped. The ids are those of the reference tables.
"""

from __future__ import annotations

from collections.abc import Mapping

from rmatch.programme.reference import SPECIALTIES

MENTOR_GRADES: Mapping[str, float] = {
    "fy1": 1,
    "fy2": 2,
    "ct1": 2,
    "ct2": 2,
    "ct3": 1,
    "st1": 2,
    "st2": 2,
    "st3": 4,
    "st4": 5,
    "st5": 5,
    "st6": 4,
    "st7": 3,
    "st8": 1,
    "led_junior": 2,
    "clinical_fellow": 3,
    "led_senior": 2,
}
"""Mentors are residents and locally employed doctors, most of them registrars."""

MENTEE_GRADES: Mapping[str, float] = {"consultant": 9, "gp": 1}

MENTEE_ROLES: Mapping[str, float] = {
    "": 3,
    "tpd": 8,
    "head_of_school": 3,
    "deputy_head_of_school": 2,
    "apd": 4,
    "deputy_pgd": 1,
    "pgd": 1,
    "dme": 2,
    "college_tutor": 3,
    "clinical_director": 2,
    "medical_director": 1,
}
"""Deans, associate deans, heads of school, programme directors …; some have no role."""

PROGRAMME_ROLES = ("tpd",)
"""Roles held over a training programme; the others are held over the holder's own."""

DECLARED_RULES: Mapping[str, float] = {
    "clinical_supervisor": 4,
    "arcp_panel": 3,
    "confidential": 3,
    "prior_relationship": 2,
    "recruitment_panel": 1,
    "appraiser": 1,
    "grievance": 1,
}
"""Codes under which conflicts are declared; a clinical supervisor's weighs most."""

HALF_DAY_WEIGHTS: Mapping[str, float] = {"am": 4, "pm": 4, "eve": 2}
WEEKEND_WEIGHT = 0.25
"""Of a half-day at the weekend, compared with the same on a weekday."""

ONLY_VIRTUAL = 2 / 3
"""Of those who meet in one way only."""

EMPLOYER_SKEW = 0.5

FOUNDATION = "foundation_programme"
GENERAL_PRACTICE = "general_practice"

SPECIALTIES_TO_DRAW: tuple[str, ...] = tuple(
    entry.id
    for entry in SPECIALTIES
    if entry["kind"] == "specialty" and entry["group"] != "dental" and entry.id != GENERAL_PRACTICE
)
"""Hospital specialties and public health; which of them are large is drawn, not claimed."""

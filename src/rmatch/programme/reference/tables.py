"""The shipped vocabularies, one object each; their rows are read on first use."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rmatch.programme.reference.vocabulary import Vocabulary, read_table


def _without_bracket(row: Mapping[str, str]) -> tuple[str, ...]:
    """A label with a bracket, "South West (Severn and Peninsula)", is also written without it."""
    short = re.sub(r"\s*\(.*\)", "", row["label"])
    return (short,) if short != row["label"] else ()


SPECIALTIES = Vocabulary("specialty", "specialties")
SPECIALTY_GROUPS = Vocabulary("specialty group", "specialty_groups")
GRADES = Vocabulary("grade", "grades")
ROLES = Vocabulary("role", "senior_roles", _without_bracket)
DEANERIES = Vocabulary("deanery", "deaneries", _without_bracket)
NHS_REGIONS = Vocabulary("NHS region", "nhs_regions")
TOPICS = Vocabulary("topic", "topics", _without_bracket)
CHARACTERISTICS = Vocabulary("characteristic", "characteristics", _without_bracket)
RULES = Vocabulary("rule code", "rules")

VOCABULARIES: Mapping[str, Vocabulary] = {
    "specialty": SPECIALTIES,
    "grade": GRADES,
    "role": ROLES,
    "deanery": DEANERIES,
    "topic": TOPICS,
    "characteristic": CHARACTERISTICS,
    "rule": RULES,
}


def form_fields() -> list[dict[str, str]]:
    """The full list of fields a form may ask for, with what is special about each."""
    return read_table("form_fields")

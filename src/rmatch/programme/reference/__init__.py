"""The NHS vocabularies rmatch ships: specialties, grades, roles, regions, topics and rules.

Each vocabulary resolves what people write (an id, a label or an alias, in any case and spacing) to
one id. It refuses what could mean two things, and suggests the nearest for what it does not know.
Nothing is guessed.
"""

from __future__ import annotations

from rmatch.programme.reference.tables import (
    CHARACTERISTICS,
    DEANERIES,
    GRADES,
    NHS_REGIONS,
    ROLES,
    RULES,
    SPECIALTIES,
    SPECIALTY_GROUPS,
    TOPICS,
    VOCABULARIES,
    form_fields,
)
from rmatch.programme.reference.vocabulary import (
    AmbiguousValueError,
    Entry,
    UnknownValueError,
    Vocabulary,
    normalise,
)

__all__ = [
    "CHARACTERISTICS",
    "DEANERIES",
    "GRADES",
    "NHS_REGIONS",
    "ROLES",
    "RULES",
    "SPECIALTIES",
    "SPECIALTY_GROUPS",
    "TOPICS",
    "VOCABULARIES",
    "AmbiguousValueError",
    "Entry",
    "UnknownValueError",
    "Vocabulary",
    "form_fields",
    "normalise",
]

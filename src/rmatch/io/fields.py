"""How each field of a participant is read from a cell."""

from __future__ import annotations

from collections.abc import Mapping

from rmatch.io import answers, cells
from rmatch.io.cells import Reader
from rmatch.programme.reference import CHARACTERISTICS, DEANERIES, GRADES, SPECIALTIES, TOPICS

_characteristics = cells.many(cells.word(CHARACTERISTICS, shown=False))

READERS: Mapping[str, Reader] = {
    "id": cells.person_id,
    "name": cells.person_name,
    "email": cells.email,
    "grade": cells.word(GRADES),
    "leadership_roles": answers.roles,
    "specialty": cells.word(SPECIALTIES),
    "training_programme": cells.text,
    "employer": cells.text,
    "department": cells.text,
    "deanery": cells.word(DEANERIES),
    "base": cells.text,
    "modes": answers.modes,
    "availability": answers.slots,
    "capacity": cells.whole_number(0, 1_000_000),
    "line_manager": cells.manager,
    "supervisors": answers.people,
    "conflicts": answers.people,
    "line_manager_ok": cells.yes_no,
    "wants": answers.wants,
    "offers": cells.many(cells.word(TOPICS)),
    "experience_offered": _characteristics,
    "experience_wanted": _characteristics,
    "choices": answers.tie_groups,
    "pref_attrs": answers.wishes,
    "language": answers.loose_list,
    "style": cells.text,
    "interests": answers.loose_list,
    "prior_experience": answers.experience,
    "carried_over": cells.yes_no,
    "consent_matching": cells.yes_no,
    "eligibility_confirmed": cells.yes_no,
    "next_post_employer": cells.text,
    "next_post_department": cells.text,
    "next_post_start": cells.day,
    "unavailable_periods": answers.periods,
    "conflicts_confirmed": cells.yes_no,
    "vetoes": answers.people,
    "privacy_notice_version": cells.text,
    "consent_share": answers.shared_fields,
    "training_done": cells.day,
}
"""Every field but ``extra``, which a table has no column for."""

CHOICE_FIELDS = tuple(f"choice_{place}" for place in range(1, 10))
"""The columns of a form that asks for each choice apart."""

"""The same programme where others kept other things to themselves: for what must not show."""

from __future__ import annotations

import dataclasses
from typing import Any

from rmatch.matching import Matching
from rmatch.programme import Participant, Programme
from rmatch.programme.participant import SLOTS
from rmatch.scoring import score

PRIVATE = (
    *("name", "email", "choices", "vetoes", "conflicts", "conflicts_confirmed"),
    *("line_manager", "supervisors", "line_manager_ok", "experience_offered"),
    *("experience_wanted", "consent_matching", "capacity", "carried_over", "pref_attrs", "style"),
    *("language", "prior_experience", "eligibility_confirmed", "training_done", "department"),
    *("training_programme", "base", "next_post_employer", "next_post_department"),
    *("next_post_start", "unavailable_periods", "privacy_notice_version", "extra"),
)
"""Fields that a partner may never notice, whatever they hold."""

SHOWN = {
    *("id", "grade", "leadership_roles", "specialty", "employer", "deanery", "modes"),
    *("availability", "interests", "wants", "offers", "consent_share"),
}
"""Fields that a partner may notice: always, by overlap, or where they are shared."""


def with_other_answers(
    programme: Programme, other: Programme, reader: str, partners: tuple[str, ...]
) -> Programme:
    """The programme in which everybody but the reader said other things in private."""

    def rewritten(person: Participant) -> Participant:
        donor = other.by_id.get(person.id)
        if person.id == reader or donor is None:
            return person
        ids = set(programme.by_id)
        answers = {name: getattr(donor, name) for name in PRIVATE}
        answers["choices"] = tuple(
            group
            for group in (tuple(i for i in group if i in ids) for group in donor.choices)
            if group
        )
        answers["vetoes"] = tuple(i for i in donor.vetoes if i in ids)
        answers["conflicts"] = tuple(i for i in donor.conflicts if i in ids)
        return person.model_copy(update={**answers, **open_answers(person, donor)})

    def open_answers(person: Participant, donor: Participant) -> dict[str, Any]:
        if person.id not in partners:
            names = ("grade", "leadership_roles", "specialty", "employer", "deanery", "modes")
            more = ("availability", "interests", "wants", "offers", "consent_share")
            return {name: getattr(donor, name) for name in (*names, *more)}
        shared = {name.casefold().strip() for name in person.consent_share}
        hidden = {n: getattr(donor, n) for n in ("wants", "offers") if n not in shared}
        mine = set(programme.by_id[reader].availability)
        slots = {s for s in person.availability if s in mine}
        slots |= {s for s in donor.availability if s not in mine}
        return {**hidden, "availability": tuple(s for s in SLOTS if s in slots)}

    known = set(programme.by_id)
    waivers = tuple(w for w in other.settings.waivers if set(w[:2]) <= known)
    return programme.replace(
        mentors=[rewritten(person) for person in programme.mentors],
        mentees=[rewritten(person) for person in programme.mentees],
        conflicts=[c for c in other.conflicts if {c.mentor, c.mentee} <= known],
        history=other.history,
        settings=other.settings.model_copy(update={"waivers": waivers}),
    )


def same_pairs(matching: Matching, changed: Programme) -> Matching | None:
    """The pairs of a matching in another programme; ``None`` where they are not all allowed."""
    scores = score(changed)
    chosen = []
    for pair in matching.pairs:
        index = scores.instance.index_of(*scores.locate(pair.mentor, pair.mentee))
        if index is None:
            return None
        chosen.append(index)
    return dataclasses.replace(
        matching,
        scores=scores,
        instance=scores.instance,
        solution=dataclasses.replace(matching.solution, chosen=tuple(chosen)),
    )

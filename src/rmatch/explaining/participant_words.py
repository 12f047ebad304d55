"""Words for a participant: their own input, what the partner marked shareable, positive reasons.

Nothing here may depend on another person's ranking, veto, conflict, or on a field that its owner
did not share. Tests change all of those and compare bytes.
"""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.programme import Participant, Programme
from rmatch.programme.participant import SLOTS
from rmatch.programme.reference import DEANERIES, GRADES, ROLES, SPECIALTIES, TOPICS
from rmatch.programme.text import fold

NEUTRAL = (
    "Pairs are made for the whole programme together, weighing everybody's answers at once, and we "
    "do not discuss why any other two people were or were not paired."
)
"""The one sentence for every "why not", whatever the cause."""

UNMATCHED = (
    "We could not offer you a partner this time. This says nothing about you or your application. "
    "Your place is kept for the next round unless you tell us otherwise."
)

NO_PLACE = "You told us that you cannot take a partner this time, so we did not look for one."
"""For somebody who offered no place: their own input."""

_DAYS = dict(
    zip(
        ("mon", "tue", "wed", "thu", "fri", "sat", "sun"),
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        strict=True,
    )
)
_PARTS = {"am": "morning", "pm": "afternoon", "eve": "evening"}


def participant_text(programme: Programme, person_id: str, partner_ids: tuple[str, ...]) -> str:
    """What one participant may read about their own result."""
    person = programme.by_id[person_id]
    if not partner_ids:
        return f"{UNMATCHED if person.capacity else NO_PLACE}\n\n{NEUTRAL}"
    parts = ["\n".join(_about_partner(person, programme.by_id[partner])) for partner in partner_ids]
    return "\n\n".join([*parts, NEUTRAL])


def _about_partner(person: Participant, partner: Participant) -> Iterator[str]:
    who = _who(partner)
    yield f"Your partner: {who}." if who else "You have a partner."
    reasons = list(_reasons(person, partner))
    if reasons:
        yield "What speaks for this pair:"
        yield from (f"  - {reason}" for reason in reasons)


def _who(partner: Participant) -> str:
    """What every participant agreed to show by taking part; no id and no name before acceptance."""
    parts = [
        *(ROLES[held.role].label for held in partner.leadership_roles),
        GRADES[partner.grade].label if partner.grade and not partner.leadership_roles else None,
        SPECIALTIES[partner.specialty].label if partner.specialty else None,
        partner.employer,
        DEANERIES[partner.deanery].label if partner.deanery else None,
    ]
    told = [part for part in parts if part]
    return "; ".join(told)


def _reasons(person: Participant, partner: Participant) -> Iterator[str]:
    if any(partner.id in group for group in person.choices):
        yield "They are among the people you chose."
    if "offers" in _shared(partner):
        wanted = [TOPICS[t].label for t in person.wants if t in partner.offers]
        if wanted:
            yield f"They are glad to talk about what you asked for: {'; '.join(wanted)}."
    if "wants" in _shared(partner):
        asked = [TOPICS[t].label for t in partner.wants if t in person.offers]
        if asked:
            yield f"They would like to hear about what you offer: {'; '.join(asked)}."
    slots = [s for s in SLOTS if s in person.availability and s in partner.availability]
    if slots:
        yield f"You are both free on {', '.join(map(slot_words, slots))}."
    yield from _meeting(person, partner)
    shared = {fold(text) for text in partner.interests}
    interests = [text for text in person.interests if fold(text) in shared]
    if interests:
        yield f"You share an interest in {', '.join(interests)}."


def _meeting(person: Participant, partner: Participant) -> Iterator[str]:
    ways = [
        mode for mode in ("in_person", "virtual") if mode in person.modes and mode in partner.modes
    ]
    words = {"in_person": "in person", "virtual": "on screen"}
    if ways:
        yield f"You can both meet {' or '.join(words[mode] for mode in ways)}."


def _shared(partner: Participant) -> set[str]:
    """Fields the partner agreed to show, as they wrote them."""
    return {fold(name) for name in partner.consent_share}


def slot_words(slot: str) -> str:
    """``mon_am`` as "Monday morning"."""
    day, part = slot.split("_")
    return f"{_DAYS[day]} {_PARTS[part]}"

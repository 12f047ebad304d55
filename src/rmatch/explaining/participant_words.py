"""Words for a participant, made of the facts that they may know and of nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from rmatch.explaining.participant_facts import ParticipantFacts, SharedFacts, participant_facts
from rmatch.programme import Programme

NEUTRAL = (
    "Pairs are made for the whole programme together, from everybody's answers, and we do not "
    "discuss why any other two people were or were not paired."
)
"""The one sentence for every "why not", whatever the cause."""

UNMATCHED = (
    "We could not offer you a partner this time. This says nothing about you or your application. "
    "If there is another round, you are welcome to take part in it."
)
"""It promises nothing that a programme may not keep."""

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
MODE_WORDS: Mapping[str, str] = {"in_person": "in person", "virtual": "on screen"}


def participant_text(programme: Programme, person_id: str, partner_ids: tuple[str, ...]) -> str:
    """What one participant may read about their own result."""
    facts = participant_facts(programme, person_id, partner_ids)
    if not facts.partners:
        return f"{without_partner(facts)}\n\n{NEUTRAL}"
    parts = ["\n".join(_about(partner)) for partner in facts.partners]
    return "\n\n".join([*parts, NEUTRAL])


def without_partner(facts: ParticipantFacts) -> str:
    """What somebody without a partner is told: their own input at most, and never a cause."""
    return UNMATCHED if facts.offers_place else NO_PLACE


def _about(partner: SharedFacts) -> Iterator[str]:
    who = who_words(partner)
    yield f"Your partner: {who}." if who else "You have a partner."
    reasons = reason_sentences(partner)
    if reasons:
        yield "What speaks for this pair:"
        yield from (f"  - {reason}" for reason in reasons)


def who_words(partner: SharedFacts) -> str:
    """What every participant agreed to show by taking part, on one line; may be empty."""
    told = [*partner.roles, partner.specialty, partner.employer, partner.region]
    return "; ".join(part for part in told if part)


def reason_sentences(partner: SharedFacts) -> tuple[str, ...]:
    """What speaks for a pair, a sentence each."""
    return tuple(_reasons(partner))


def _reasons(partner: SharedFacts) -> Iterator[str]:
    if partner.chosen:
        yield "They are among the people you chose."
    if partner.offers:
        yield f"They are glad to talk about what you asked for: {'; '.join(partner.offers)}."
    if partner.wants:
        yield f"They would like to hear about what you offer: {'; '.join(partner.wants)}."
    if partner.slots:
        yield f"You are both free on {half_days(partner.slots)}."
    if partner.modes:
        yield f"You can both meet {' or '.join(MODE_WORDS[mode] for mode in partner.modes)}."
    if partner.interests:
        yield f"You share an interest in {listed(partner.interests)}."


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``; semicolons where a part has a comma or "and" of its own.

    >>> listed(["chess", "running", "choir"])
    'chess, running and choir'
    >>> listed(["bread and butter", "tea"])
    'bread and butter; tea'
    """
    if any("," in part or " and " in part for part in parts):
        return "; ".join(parts)
    *others, last = parts
    return f"{', '.join(others)} and {last}" if others else last


def half_days(slots: Sequence[str]) -> str:
    """Half-days in words, those of one day together.

    >>> half_days(["mon_am", "sun_eve"]), half_days(["mon_am", "mon_pm", "sun_eve"])
    ('Monday morning and Sunday evening', 'Monday morning and afternoon; Sunday evening')
    """
    days = groupby((slot.split("_") for slot in slots), key=lambda part: part[0])
    return listed(
        [f"{_DAYS[day]} {listed([_PARTS[p] for _, p in of_day])}" for day, of_day in days]
    )

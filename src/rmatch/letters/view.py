"""What a template sees: one participant's own view, as texts, yes or no, and tuples of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from typing import Any

from rmatch.explaining.participant_facts import ParticipantFacts, SharedFacts
from rmatch.explaining.participant_words import (
    MODE_WORDS,
    NEUTRAL,
    half_days,
    reason_sentences,
    who_words,
    without_partner,
)
from rmatch.explaining.wording import day_words
from rmatch.letters.inert import inert_text

_NUMBERS = ("", "", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


@dataclass(frozen=True, slots=True)
class PartnerView:
    """What a letter may say of one partner; ``""`` or an empty tuple where nothing is known.

    Attributes:
        who: Role, specialty, employer and region on one line.
        roles: The roles they hold; their grade where they hold none.
        specialty: In words.
        employer: As they wrote it, made inert.
        region: In words.
        chosen: Whether the reader chose them.
        offers: Topics that the reader wants and they offer, if they share that.
        wants: Topics that they want and the reader offers, if they share that.
        half_days: When both are free, in words.
        meeting: Ways in which both can meet, in words.
        interests: Interests of both.
        reasons: All that speaks for the pair, a sentence each.
    """

    who: str
    roles: tuple[str, ...]
    specialty: str
    employer: str
    region: str
    chosen: bool
    offers: tuple[str, ...]
    wants: tuple[str, ...]
    half_days: str
    meeting: tuple[str, ...]
    interests: tuple[str, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParticipantView:
    """What a letter may say at all.

    Attributes:
        id: The reader's own.
        name: The reader's own; ``""`` where it is not known.
        side: ``mentor`` or ``mentee``.
        greeting: "Dear …", without a comma.
        matched: Whether there is a partner.
        offers_place: Whether the reader can take a partner at all.
        outcome: What the matching came to for the reader, in a sentence or three.
        partners: One for each.
        starts: First day of the programme in words, ``""`` where it is not set.
        ends: Its last day, likewise.
        dates: Both in a sentence; ``""`` where neither is set.
        next_steps: What happens next, in sentences; ``""`` for who can take no partner.
        neutral: The one sentence for every "why not".
    """

    id: str
    name: str = field(repr=False)
    side: str
    greeting: str = field(repr=False)
    matched: bool
    offers_place: bool
    outcome: str
    partners: tuple[PartnerView, ...] = field(repr=False)
    starts: str
    ends: str
    dates: str
    next_steps: str
    neutral: str = NEUTRAL


def view_of(facts: ParticipantFacts, *, starts: date | None, ends: date | None) -> ParticipantView:
    """A participant's view, from what they may know and the dates of the programme."""
    name = inert_text(facts.name)
    return ParticipantView(
        id=inert_text(facts.id),
        name=name,
        side=facts.side,
        greeting=f"Dear {name or 'colleague'}",
        matched=bool(facts.partners),
        offers_place=facts.offers_place,
        outcome=_outcome(facts),
        partners=tuple(map(_partner_view, facts.partners)),
        starts=day_words(starts),
        ends=day_words(ends),
        dates=_dates(day_words(starts), day_words(ends)),
        next_steps=_next_steps(facts),
    )


def context_of(view: ParticipantView) -> Mapping[str, Any]:
    """A view as plain data: texts, yes or no, tuples and dicts."""
    return asdict(view)


def names_of(view: type[ParticipantView | PartnerView]) -> tuple[str, ...]:
    """The names that a template may use."""
    return tuple(field.name for field in fields(view))


def _partner_view(raw: SharedFacts) -> PartnerView:
    facts = replace(
        raw,
        employer=inert_text(raw.employer),
        interests=tuple(filter(None, map(inert_text, raw.interests))),
    )
    return PartnerView(
        who=who_words(facts),
        roles=facts.roles,
        specialty=facts.specialty,
        employer=facts.employer,
        region=facts.region,
        chosen=facts.chosen,
        offers=facts.offers,
        wants=facts.wants,
        half_days=half_days(facts.slots) if facts.slots else "",
        meeting=tuple(MODE_WORDS[mode] for mode in facts.modes),
        interests=facts.interests,
        reasons=reason_sentences(facts),
    )


def _outcome(facts: ParticipantFacts) -> str:
    count = len(facts.partners)
    if count == 0:
        return without_partner(facts)
    number = _NUMBERS[count] if count < len(_NUMBERS) else str(count)
    return f"We are glad to tell you that we have found {_partners(count, number)} for you."


def _partners(count: int, number: str) -> str:
    return "a partner" if count == 1 else f"{number} partners"


def _next_steps(facts: ParticipantFacts) -> str:
    if not facts.partners:
        return "You need not do anything now." if facts.offers_place else ""
    names = "each other's names" if len(facts.partners) == 1 else "one another's names"
    return (
        "The programme's coordinator will be in touch with you to ask whether you would like to go "
        f"ahead. You will learn {names} once everybody concerned has said yes."
    )


def _dates(starts: str, ends: str) -> str:
    if starts and ends:
        return f"The programme runs from {starts} to {ends}."
    if starts:
        return f"The programme starts on {starts}."
    return f"The programme ends on {ends}." if ends else ""

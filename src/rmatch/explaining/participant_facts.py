"""Facts for a participant: their own input and what a partner agreed to show, as plain data.

This is the one place that decides what one participant may learn of another. Nothing here may
depend on another person's ranking, veto or conflict, on a field that its owner did not share, or on
where people stand in a file. Tests change all of those and compare bytes.
"""

from __future__ import annotations

import re
from dataclasses import astuple, dataclass, field
from typing import Literal

from rmatch.programme import Participant, Programme
from rmatch.programme.participant import SLOTS
from rmatch.programme.reference import DEANERIES, GRADES, ROLES, SPECIALTIES, TOPICS
from rmatch.programme.text import fold

MODES = ("in_person", "virtual")


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """What one participant may know of one partner; no id and no name before acceptance.

    Blank is ``""`` or an empty tuple, so that partners can be put in an order of their own.

    Attributes:
        roles: Labels of the roles they hold; the label of their grade where they hold none.
        specialty: Its label.
        employer: As they wrote it.
        region: Its label.
        chosen: Whether the reader chose them: the reader's own input.
        offers: Labels of the topics that the reader wants and they offer, if they share that.
        wants: Labels of the topics that they want and the reader offers, if they share that.
        slots: Half-days when both are free, ``mon_am``; of theirs nothing else is told.
        modes: Ways in which both can meet.
        interests: Interests of both, as the reader wrote them.
    """

    roles: tuple[str, ...]
    specialty: str
    employer: str
    region: str
    chosen: bool
    offers: tuple[str, ...]
    wants: tuple[str, ...]
    slots: tuple[str, ...]
    modes: tuple[str, ...]
    interests: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ParticipantFacts:
    """What one participant may know of their own result.

    Attributes:
        id: Their own.
        name: Their own; ``""`` where it is not known.
        side: ``mentor`` or ``mentee``.
        offers_place: Whether they can take a partner at all: their own input.
        partners: In an order that depends on what is told of them and on nothing else.
    """

    id: str
    name: str = field(repr=False)
    side: Literal["mentor", "mentee"]
    offers_place: bool
    partners: tuple[SharedFacts, ...] = field(repr=False)


def participant_facts(
    programme: Programme, person_id: str, partner_ids: tuple[str, ...]
) -> ParticipantFacts:
    """What one participant may know of their own result.

    Raises:
        KeyError: nobody has one of these ids.
    """
    person = programme.by_id[person_id]
    partners = (shared_facts(person, programme.by_id[partner]) for partner in partner_ids)
    return ParticipantFacts(
        id=person.id,
        name=_one_line(person.name),
        side="mentor" if any(p.id == person.id for p in programme.mentors) else "mentee",
        offers_place=person.capacity > 0,
        # In the order of the file, a reader could tell who signed up first.
        partners=tuple(sorted(partners, key=astuple)),
    )


def shared_facts(person: Participant, partner: Participant) -> SharedFacts:
    """What ``person`` may know of ``partner``."""
    shared = {fold(name) for name in partner.consent_share}
    offers = partner.offers if "offers" in shared else ()
    wants = partner.wants if "wants" in shared else ()
    return SharedFacts(
        roles=roles_of(partner),
        specialty=SPECIALTIES[partner.specialty].label if partner.specialty else "",
        employer=_one_line(partner.employer),
        region=DEANERIES[partner.deanery].label if partner.deanery else "",
        chosen=any(partner.id in group for group in person.choices),
        offers=tuple(TOPICS[topic].label for topic in person.wants if topic in offers),
        wants=tuple(TOPICS[topic].label for topic in wants if topic in person.offers),
        slots=tuple(s for s in SLOTS if s in person.availability and s in partner.availability),
        modes=tuple(m for m in MODES if m in person.modes and m in partner.modes),
        interests=_interests(person, partner),
    )


def roles_of(person: Participant) -> tuple[str, ...]:
    """The labels of the roles that somebody holds; that of their grade where they hold none."""
    held = [ROLES[role.role].label for role in person.leadership_roles]
    if not held and person.grade:
        held = [GRADES[person.grade].label]
    return tuple(dict.fromkeys(map(_as_read, held)))


def _as_read(label: str) -> str:
    """A role or grade as it is said: without remarks that the tables have for whoever codes."""
    return _REMARK.sub("", label).replace(" - ", ", ")


_REMARK = re.compile(r" \([^)]*(unspecified|closed grade|not lay)\)$")


def _interests(person: Participant, partner: Participant) -> tuple[str, ...]:
    theirs = {fold(text) for text in partner.interests}
    mine = {fold(text): _one_line(text) for text in reversed(person.interests)}
    return tuple(text for key, text in reversed(mine.items()) if key in theirs)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())

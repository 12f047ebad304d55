"""Who reads a report, and how people are called in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rmatch.explaining.explanation import Audience
from rmatch.explaining.participant_facts import roles_of
from rmatch.programme import Participant
from rmatch.programme.reference import DEANERIES, SPECIALTIES
from rmatch.reports.view import Card

if TYPE_CHECKING:
    from rmatch.matching import Matching


@dataclass(frozen=True, slots=True)
class Reader:
    """An audience of one matching.

    Attributes:
        audience: Who reads.
        people: Id → person; empty for an instance made without people.
        pseudonyms: Id → pseudonym, for an auditor; else empty.
        names: Whether names are shown.
        reveal: Whether vetoes and confidential rules go by their own codes.
    """

    audience: Audience
    people: Mapping[str, Participant] = field(repr=False)
    pseudonyms: Mapping[str, str] = field(repr=False)
    names: bool
    reveal: bool

    @classmethod
    def of(cls, matching: Matching, audience: Audience, *, names: bool, reveal: bool) -> Reader:
        """The reader of a matching; an auditor never sees names, and none but ids are revealed."""
        is_auditor = audience == "auditor"
        return cls(
            audience,
            {} if matching.programme is None or is_auditor else matching.programme.by_id,
            matching.pseudonyms.names if is_auditor else {},
            names and not is_auditor,
            reveal and audience == "coordinator",
        )

    @property
    def is_coordinator(self) -> bool:
        """Whether this is the coordinator, who sees all but what is confidential."""
        return self.audience == "coordinator"

    @property
    def is_auditor(self) -> bool:
        """Whether this is an auditor, who sees codes and pseudonyms."""
        return self.audience == "auditor"

    def called(self, person: str) -> str:
        """What somebody is called."""
        return self.pseudonyms[person] if self.is_auditor else person

    def pair(self, mentor: str, mentee: str) -> tuple[str, str]:
        """What both are called."""
        return self.called(mentor), self.called(mentee)

    def card(self, person: str) -> Card:
        """Somebody as this reader sees them."""
        if person not in self.people:
            return Card(self.called(person))
        known = self.people[person]
        return Card(
            id=person,
            name=_one_line(known.name) if self.names else "",
            role=", ".join(roles_of(known)),
            specialty=SPECIALTIES[known.specialty].label if known.specialty else "",
            region=DEANERIES[known.deanery].label if known.deanery else "",
            employer=_one_line(known.employer) if self.is_coordinator else "",
        )


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())

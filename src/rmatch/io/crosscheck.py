"""What must hold between people, checked over all tables and told in terms of their cells."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from rmatch.errors import Place, Problem
from rmatch.io.findings import Findings
from rmatch.io.people import SIDES, Draft, Side
from rmatch.io.records import UNREADABLE, RecordDraft
from rmatch.io.settings_table import place_of
from rmatch.programme import Participant, Settings
from rmatch.programme.checking import check_cohort
from rmatch.programme.references import ReferenceIndex
from rmatch.programme.stated_people import limit_faults, person_faults
from rmatch.programme.text import fold

_NUMBERED = re.compile(r"(\D*)(\d+)")
OTHER: dict[Side, Side] = {"mentors": "mentees", "mentees": "mentors"}
_ENDS: dict[str, Side] = {"mentor": "mentors", "mentee": "mentees"}


@dataclass(slots=True)
class Cohort:
    """All that was read, before anything between people was checked."""

    people: list[Draft]
    conflicts: list[RecordDraft]
    history: list[RecordDraft]
    dormant: list[RecordDraft] = field(default_factory=list)
    missing: frozenset[Side] = frozenset()
    """Sides that could not be read at all, or not their ids."""
    settings: Settings = field(default_factory=Settings)
    setting_places: dict[str, Place] = field(default_factory=dict)
    """Where each setting stood, by its key."""

    def side(self, side: Side) -> list[Draft]:
        """The people of one side."""
        return [draft for draft in self.people if draft.side == side]


def check(cohort: Cohort, findings: Findings) -> None:
    """Note every problem between people, each once, at its cell."""
    _check_ids(cohort, findings)
    members = {side: [d.participant(findings) for d in cohort.side(side)] for side in SIDES}
    _CrossCheck(cohort, members, findings).run()


def _check_ids(cohort: Cohort, findings: Findings) -> None:
    """Give everyone a key; of people who share an id, the first alone goes by it."""
    taken: dict[str, Draft] = {}
    for number, draft in enumerate(cohort.people):
        draft.key = draft.id or f"{UNREADABLE}{number}"
        first = taken.setdefault(fold(draft.key), draft)
        if first is draft:
            continue
        draft.key = f"{UNREADABLE}{number}"
        draft.damaged.add("id")
        draft.damaged.add("twin")
        findings.error(_twin_message(first, draft), draft.at("id"), draft.id, shown=True)


def _twin_message(first: Draft, second: Draft) -> str:
    row = "" if first.place.row is None else f" (row {first.place.row})"
    if first.side == second.side:
        return f"is the id of more than one person{row}"
    return f"is the id of a mentor{row} and of a mentee; ids must differ"


class _CrossCheck:
    """Turns the problems of ``check_cohort`` into problems at cells."""

    def __init__(
        self,
        cohort: Cohort,
        members: dict[Side, list[Participant]],
        findings: Findings,
    ) -> None:
        self.cohort = cohort
        self.members = members
        self.findings = findings
        self.index = ReferenceIndex([*members["mentors"], *members["mentees"]])
        self.by_key = {draft.key: draft for draft in cohort.people}
        self.gaps = {side: Gaps(cohort, side) for side in SIDES}
        self.suspects = self._suspects()
        both = (members["mentors"], members["mentees"])
        self.stated = person_faults(*both, cohort.settings)
        self.sides_stated = {id(f.problem): f.side for f in self.stated}
        self.clashes = [] if self.stated else limit_faults(*both, cohort.settings)

    def _suspects(self) -> set[str]:
        """What people are called whose id or side is in doubt: nothing is said about them twice."""
        texts: set[str] = set()
        for draft in self.cohort.people:
            if {"twin", "side"} & draft.damaged:
                named = (draft.values.get(name) for name in ("id", "email", "name"))
                texts |= {fold(text) for text in named if isinstance(text, str)}
        return texts

    def run(self) -> None:
        found = check_cohort(
            self.members["mentors"],
            self.members["mentees"],
            [draft.conflict() for draft in self.cohort.conflicts],
            [draft.past_pair() for draft in self.cohort.history],
            [draft.conflict() for draft in self.cohort.dormant],
        )
        found += [fault.problem for fault in self.stated]
        kept = [problem for problem in found if not self._is_consequence(problem)]
        unknown = [p for p in kept if p.value and not self.index.candidates(p.value)]
        explained = self._explained(unknown)
        for problem in kept:
            if id(problem) not in explained:
                self.findings.problems.append(self._located(problem))
        for problem in self.clashes:
            self.findings.problems.append(problem.at(self._cell(problem)))

    def _is_consequence(self, problem: Problem) -> bool:
        """Whether another problem, reported already, is the cause of this one."""
        value = problem.value or ""
        draft = self.by_key.get(problem.place.person or "")
        if value.startswith(UNREADABLE) or fold(value) in self.suspects:
            return True
        return draft is not None and "side" in draft.damaged

    def _explained(self, unknown: Sequence[Problem]) -> set[int]:
        """Problems about names that may well belong to somebody whose own cell is broken."""
        explained: set[int] = set()
        for side in SIDES:
            problems = [p for p in unknown if side in self._sides_meant(p)]
            texts = {fold(problem.value or "") for problem in problems}
            plain = self.gaps[side].explained(texts)
            explained |= {id(p) for p in problems if fold(p.value or "") in plain}
        return explained

    def _sides_meant(self, problem: Problem) -> tuple[Side, ...]:
        """The side, or sides, of which somebody is meant."""
        person = problem.place.person
        if person is not None:
            return (OTHER[self.by_key[person].side],)
        if id(problem) in self.sides_stated:
            side = self.sides_stated[id(problem)]
            return SIDES if side is None else (_ENDS[side],)
        return (_ENDS[problem.place.column or "mentor"],)

    def _located(self, problem: Problem) -> Problem:
        message = problem.message
        value = problem.value or ""
        suggestions: tuple[str, ...] = ()
        if not self.index.candidates(value):
            suggestions = self._nearest(value, self._sides_meant(problem))
            if "," in value:
                message += "; people are separated by ;"
        return Problem(
            message,
            self._cell(problem),
            value=value,
            suggestions=suggestions,
            hidden_suggestions=True,
        )

    def _cell(self, problem: Problem) -> Place:
        place = problem.place
        if place.person is not None:
            return self.by_key[place.person].at(place.column, problem.value)
        if place.sheet == "Settings":
            return place_of(problem, self.cohort.setting_places)
        drafts = {
            "Conflicts": self.cohort.conflicts,
            "History": self.cohort.history,
            "Dormant": self.cohort.dormant,
        }[place.sheet or ""]
        return drafts[(place.row or 1) - 1].at(place.column)

    def _nearest(self, text: str, sides: Sequence[Side]) -> tuple[str, ...]:
        """Ids of the people whose id, e-mail or name is nearest to ``text``."""
        spellings = {
            fold(spelling): person.id
            for side in sides
            for person in self.members[side]
            for spelling in (person.id, person.email, person.name)
            if spelling and not person.id.startswith(UNREADABLE)
        }
        near = get_close_matches(fold(text), spellings, n=3, cutoff=0.75)
        return tuple(dict.fromkeys(spellings[match] for match in near))


class Gaps:
    """The people of a side whose own id, e-mail or name cannot be read.

    A reference that names nobody may mean one of them; then the broken cell is the one mistake, and
    the reference is not reported as well. Where ids are numbered, only a number that is free within
    their range is explained so.
    """

    def __init__(self, cohort: Cohort, side: Side) -> None:
        people = cohort.side(side)
        whole = side in cohort.missing
        self.count = {
            name: math.inf if whole else sum(name in draft.damaged for draft in people)
            for name in ("id", "email", "name")
        }
        found = [_NUMBERED.fullmatch(fold(draft.id)) for draft in people if draft.id]
        numbers = [(match.group(1), int(match.group(2))) for match in found if match]
        self.highest = Counter[str]()
        for prefix, number in numbers:
            self.highest[prefix] = max(self.highest[prefix], number)

    def explained(self, texts: set[str]) -> set[str]:
        """Those of these texts that the people with broken cells may explain."""
        by_kind: dict[tuple[str, ...], set[str]] = {}
        for text in texts:
            kinds = self._kinds(text)
            if kinds:
                by_kind.setdefault(kinds, set()).add(text)
        explained = set()
        for kinds, group in by_kind.items():
            if len(group) <= sum(self.count[kind] for kind in kinds):
                explained |= group
        return explained

    def _kinds(self, text: str) -> tuple[str, ...]:
        """What a text may be: an id, an e-mail, a name; nothing if its number is out of range."""
        if "@" in text:
            return ("email",)
        match = _NUMBERED.fullmatch(text)
        if not self.highest:
            return ("id", "name")
        if match is None or match.group(1) not in self.highest:
            return ("name",)
        in_range = int(match.group(2)) <= self.highest[match.group(1)] + self.count["id"]
        return ("id",) if in_range else ()

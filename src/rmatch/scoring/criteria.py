"""The built-in criteria: how good a pair is for one side, 0–10 000 (docs/scoring.md, section 2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from rmatch.instance import BoolArray, IntArray
from rmatch.programme import Participant
from rmatch.programme.text import fold
from rmatch.scoring.people import People, Side, overlap
from rmatch.scoring.protocol import MISSING, TOP, Serves, Values
from rmatch.scoring.verdict import equal

PLACE_VALUES = {"same_base": 10_000, "same_deanery": 7_500, "virtual": 5_000, "in_person": 2_500}


def share(part: IntArray, whole: IntArray) -> IntArray:
    """``part`` of ``whole`` on the scale 0–10 000, rounded half up; ``whole`` positive."""
    return (2 * TOP * part + whole) // (2 * whole)


def choice(people: People, side: Side) -> Values:
    """Where the partner stands in the person's stated choices; missing without a list."""
    values = np.zeros(people.shape, dtype=np.int16)
    flat = values if side == "mentor" else values.T
    partner_index = people.mentee_index if side == "mentor" else people.mentor_index
    for row, person in enumerate(people.side(side)):
        if not person.choices:
            flat[row, :] = MISSING
        for group, partners in enumerate(person.choices, start=1):
            for partner in partners:
                flat[row, partner_index[partner]] = max(2_000, 12_000 - 2_000 * group)
    return values


def topics(people: People, side: Side) -> Values:
    """How much of what the person wants, weighed by their order, the partner offers."""
    mine, theirs = _sides(side)
    wants = [_ordered_weights(person.wants) for person in people.side(mine)]
    offers = [dict.fromkeys(person.offers, 1) for person in people.side(theirs)]
    whole = np.array([max(1, sum(held.values())) for held in wants], dtype=np.int64)
    values = share(overlap(wants, offers), whole[:, None])
    known = people.has(mine, "wants")[:, None] & people.has(theirs, "offers")[None, :]
    table = np.where(known, values, MISSING).astype(np.int16)
    return table if side == "mentor" else table.T


def _ordered_weights(wants: tuple[str, ...]) -> dict[str, int]:
    return {topic: len(wants) - place for place, topic in enumerate(wants)}


def _sides(side: Side) -> tuple[Side, Side]:
    return ("mentor", "mentee") if side == "mentor" else ("mentee", "mentor")


def availability(people: People, side: Side) -> Values:
    """Half-day slots that suit both; four are as good as more."""
    del side
    values = 2_500 * np.minimum(4, people.shared_slots)
    return np.where(people.both_have("availability"), values, MISSING).astype(np.int16)


def specialty(people: People, side: Side) -> Values:
    """A different (or the same) specialty group, as the person or the settings ask."""
    mentor, mentee = people.groups
    same = mentor[:, None] == mentee[None, :]
    known = (mentor >= 0)[:, None] & (mentee >= 0)[None, :]
    default = people.programme.settings.specialty
    modes = [_specialty_mode(person, default) for person in people.side(side)]
    by_mode = {mode: np.array([own == mode for own in modes]) for mode in ("different", "same")}
    wanted = {mode: _along(flags, side) for mode, flags in by_mode.items()}
    values = np.full(people.shape, TOP // 2, dtype=np.int16)
    values = np.where(wanted["different"], np.where(same, 0, TOP), values)
    values = np.where(wanted["same"], np.where(same, TOP, 0), values)
    return np.where(known, values, MISSING).astype(np.int16)


def _specialty_mode(person: Participant, default: str) -> str:
    return person.pref_attrs.specialty or default


def _along(values: BoolArray, side: Side) -> BoolArray:
    """A person's value along their side's axis of an (n, m) array."""
    return values[:, None] if side == "mentor" else values[None, :]


def place(people: People, side: Side) -> Values:
    """How easily the two can meet: one base, one deanery, on screen, or far apart."""
    del side
    in_person, virtual = people.both_meet("in_person"), people.both_meet("virtual")
    same_base = _known_equal(people.bases)
    same_deanery = _known_equal(people.deaneries)
    values = np.select(
        [in_person & same_base, in_person & same_deanery, virtual, in_person],
        [PLACE_VALUES[name] for name in ("same_base", "same_deanery", "virtual", "in_person")],
        default=0,
    )
    return np.where(people.both_have("modes"), values, MISSING).astype(np.int16)


def _known_equal(codes: tuple[IntArray, IntArray]) -> BoolArray:
    return equal(*codes).true


def interests(people: People, side: Side) -> Values:
    """Interests in common; two are as good as more."""
    del side
    shared = people.in_common(lambda person: map(fold, person.interests))
    values = 5_000 * np.minimum(2, shared)
    return np.where(people.both_have("interests"), values, MISSING).astype(np.int16)


def language(people: People, side: Side) -> Values:
    """Whether a language is shared."""
    del side
    shared = people.in_common(lambda person: map(fold, person.language))
    values = np.where(shared > 0, TOP, 0)
    return np.where(people.both_have("language"), values, MISSING).astype(np.int16)


def style(people: People, side: Side) -> Values:
    """Whether the stated styles are the same."""
    del side
    codes = people.codes(lambda person: fold(person.style) if person.style else None)
    values = np.where(codes[0][:, None] == codes[1][None, :], TOP, 0)
    return np.where(people.both_have("style"), values, MISSING).astype(np.int16)


def grade_gap(people: People, side: Side) -> Values:
    """A gap in seniority of at least the least one wanted; larger gaps count for less."""
    del side
    mentor, mentee = people.levels
    gap = mentee[None, :] - mentor[:, None]
    least = people.programme.settings.min_level_gap
    values = np.where(gap >= least, np.maximum(0, TOP - 500 * np.maximum(0, gap - least)), 0)
    known = (mentor >= 0)[:, None] & (mentee >= 0)[None, :]
    return np.where(known, values, MISSING).astype(np.int16)


def attributes(people: People, side: Side) -> Values:
    """Share of the person's wishes about level, employer and location that the partner meets."""
    met = np.zeros(people.shape, dtype=np.int64)
    asked = np.zeros(people.shape, dtype=np.int64)
    facts = {"level": people.levels, "employer": people.employers, "location": people.deaneries}
    for attribute, (mentor, mentee) in facts.items():
        wishes = [getattr(person.pref_attrs, attribute) for person in people.side(side)]
        same = mentor[:, None] == mentee[None, :]
        known = (mentor >= 0)[:, None] & (mentee >= 0)[None, :]
        for wish, holds in (("same", same), ("different", ~same)):
            wanted = known & _along(np.array([w == wish for w in wishes], dtype=bool), side)
            asked += wanted
            met += wanted & holds
    values = share(met, np.maximum(1, asked))
    return np.where(asked > 0, values, MISSING).astype(np.int16)


def experience(people: People) -> tuple[IntArray, IntArray]:
    """(n, m) characteristics a mentee asks about that the mentor offers, and (m,) how many asked.

    Both must consent. Nothing is ever missing: it is a bonus, so that whoever does not disclose is
    as well off as before.
    """
    offers = [
        dict.fromkeys(p.experience_offered, 1) if p.consent_matching else {} for p in people.mentors
    ]
    wants = [
        dict.fromkeys(p.experience_wanted, 1) if p.consent_matching else {} for p in people.mentees
    ]
    return overlap(offers, wants), np.array([len(held) for held in wants], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A criterion as it counts here: a function with its name, weight and side."""

    name: str
    weight: int
    side: Serves
    function: Callable[[People, Side], Values]

    def values(self, people: People, side: Side) -> Values:
        """(n, m) integers 0–10 000, −1 where facts are missing."""
        return self.function(people, side)


BONUS = "experience"
"""The criterion that is a bonus on top of the mentee's score, and no part of the weighted mean."""

FUNCTIONS: Mapping[str, Callable[[People, Side], Values]] = {
    "choice": choice,
    "topics": topics,
    "availability": availability,
    "specialty": specialty,
    "place": place,
    "interests": interests,
    "language": language,
    "style": style,
    "grade_gap": grade_gap,
    "attributes": attributes,
}


def built_in(weights: Mapping[str, int]) -> list[Weighed]:
    """The built-in criteria that count, with their weights; the bonus is not among them."""
    return [
        Weighed(name, weights[name], "both", function)
        for name, function in FUNCTIONS.items()
        if weights[name] > 0
    ]

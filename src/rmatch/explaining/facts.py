"""Facts about one person in a matching: everything an explanation may say, before any words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from rmatch.errors import unknown_person
from rmatch.explaining.rule_words import MUST_NOT_PAIR
from rmatch.properties.stability import blocking_pairs, would_take

if TYPE_CHECKING:
    from rmatch.explaining.records import Pair
    from rmatch.explaining.smallest import SmallestChange
    from rmatch.explaining.unmatched import UnmatchedFacts
    from rmatch.instance import Instance
    from rmatch.scoring import PairScores


@dataclass(frozen=True, slots=True)
class CriterionFact:
    """One criterion for one pair: its weight, and its value on both sides (0–100)."""

    name: str
    weight: int
    own: float | None
    own_stated: bool
    partner: float | None
    partner_stated: bool


@dataclass(frozen=True, slots=True)
class PartnerFact:
    """One partner of a person: the pair and where its points came from, seen from the person."""

    partner: str
    score: float
    own_score: float
    partner_score: float
    own_rank: int
    own_rank_stated: bool
    partner_rank: int
    partner_rank_stated: bool
    criteria: tuple[CriterionFact, ...]
    warned_by: tuple[str, ...]
    unchecked: tuple[str, ...]
    waived: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OtherFact:
    """What stands between a person and the others of the opposite side.

    ``excluded_by`` counts people per rule code (someone excluded twice counts under both);
    ``acceptable`` is how many are allowed. Of these, not counting partners: ``no_place`` offer no
    place; ``content`` hold only partners whom they rank at least as high and have no free place;
    ``blocking`` form a blocking pair with this person; ``outranked`` are left alone because this
    person is full with partners that they themselves rank at least as high.

    Where only candidates were looked at, ``acceptable`` counts candidates, and ``unlisted`` how
    many more are allowed; ``None`` where every pair was looked at.
    """

    total: int
    acceptable: int
    excluded: int
    excluded_by: Mapping[str, int]
    no_place: tuple[str, ...]
    content: tuple[str, ...]
    blocking: tuple[str, ...]
    outranked: tuple[str, ...]
    unlisted: int | None = None


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """Everything known about why a person has the partners they have, or none.

    ``outnumbered``: whether more people of their side offer a place than there are places opposite,
    by counting alone. ``unmatched`` and ``smallest`` are there for people without a partner where
    they were looked for.
    """

    id: str
    side: str
    capacity: int
    partners: tuple[PartnerFact, ...]
    others: OtherFact
    outnumbered: bool = False
    unmatched: UnmatchedFacts | None = None
    smallest: SmallestChange | None = None


def person_facts(
    person: str,
    scores: PairScores | None,
    instance: Instance,
    chosen: Sequence[int],
    pairs: Sequence[Pair],
    *,
    reveal: bool = False,
) -> PersonFacts:
    """The facts about one person.

    Args:
        person: Their id.
        scores: Where the points came from; ``None`` for an instance made without people.
        instance: The instance.
        chosen: The matched pairs' indices.
        pairs: The same pairs, as shown.
        reveal: Whether vetoes and confidential rules go by their own codes.

    Raises:
        KeyError: nobody has this id.
    """
    is_mentor = person in instance.mentor_ids
    if not is_mentor and person not in instance.mentee_ids:
        raise unknown_person(person, (*instance.mentor_ids, *instance.mentee_ids))
    ids = instance.mentor_ids if is_mentor else instance.mentee_ids
    capacity = instance.mentor_capacity if is_mentor else instance.mentee_capacity
    own_pairs = [pair for pair in pairs if person in (pair.mentor, pair.mentee)]
    return PersonFacts(
        id=person,
        side="mentor" if is_mentor else "mentee",
        capacity=int(capacity[ids.index(person)]),
        partners=tuple(
            _partner_fact(pair, scores, is_mentor=is_mentor, reveal=reveal) for pair in own_pairs
        ),
        others=_other_fact(
            person,
            instance,
            chosen,
            _excluded_by(person, scores, reveal=reveal),
            _unlisted(person, scores, instance),
            is_mentor=is_mentor,
        ),
        outnumbered=_is_outnumbered(instance, is_mentor=is_mentor),
    )


def _is_outnumbered(instance: Instance, *, is_mentor: bool) -> bool:
    own, other = instance.mentor_capacity, instance.mentee_capacity
    if not is_mentor:
        own, other = other, own
    return bool(np.count_nonzero(own) > other.sum())


def _partner_fact(
    pair: Pair, scores: PairScores | None, *, is_mentor: bool, reveal: bool
) -> PartnerFact:
    mentor_view = (pair.mentor_score, pair.mentor_rank, pair.mentor_stated)
    mentee_view = (pair.mentee_score, pair.mentee_rank, pair.mentee_stated)
    own, other = (mentor_view, mentee_view) if is_mentor else (mentee_view, mentor_view)
    return PartnerFact(
        partner=pair.mentee if is_mentor else pair.mentor,
        score=pair.score,
        own_score=own[0],
        partner_score=other[0],
        own_rank=own[1],
        own_rank_stated=own[2],
        partner_rank=other[1],
        partner_rank_stated=other[2],
        criteria=() if scores is None else _criteria(pair, scores, is_mentor=is_mentor),
        warned_by=() if scores is None else scores.warned(pair.mentor, pair.mentee, reveal=reveal),
        unchecked=() if scores is None else scores.unknown(pair.mentor, pair.mentee, reveal=reveal),
        waived=() if scores is None else scores.waived(pair.mentor, pair.mentee),
    )


def _criteria(pair: Pair, scores: PairScores, *, is_mentor: bool) -> tuple[CriterionFact, ...]:
    i, j = scores.locate(pair.mentor, pair.mentee)
    facts = []
    for criterion in scores.criteria:
        sides = {
            side: (value / 100, known) for side, (value, known) in criterion.of_pair(i, j).items()
        }
        mentor, mentee = sides.get("mentor", (None, False)), sides.get("mentee", (None, False))
        own, other = (mentor, mentee) if is_mentor else (mentee, mentor)
        facts.append(CriterionFact(criterion.name, criterion.weight, *own, *other))
    return tuple(facts)


def _other_fact(
    person: str,
    instance: Instance,
    chosen: Sequence[int],
    excluded_by: Mapping[str, int],
    unlisted: int | None,
    *,
    is_mentor: bool,
) -> OtherFact:
    owner, partner = instance.mentor, instance.mentee
    if not is_mentor:
        owner, partner = partner, owner
    ids = instance.mentor_ids if is_mentor else instance.mentee_ids
    partner_ids = instance.mentee_ids if is_mentor else instance.mentor_ids
    mine = np.flatnonzero(owner == ids.index(person))
    places = instance.mentee_capacity if is_mentor else instance.mentor_capacity
    matched = set(np.asarray(chosen).tolist())
    blocking = set(blocking_pairs(instance, chosen).tolist())
    rest = [pair for pair in mine.tolist() if pair not in matched]
    mentor_wants, mentee_wants = would_take(instance, chosen)
    partner_wants = mentee_wants if is_mentor else mentor_wants
    return OtherFact(
        total=len(partner_ids),
        acceptable=len(mine),
        excluded=len(partner_ids) - len(mine) - (unlisted or 0),
        excluded_by=excluded_by,
        no_place=tuple(partner_ids[partner[p]] for p in rest if not places[partner[p]]),
        content=tuple(
            partner_ids[partner[p]]
            for p in rest
            if p not in blocking and not partner_wants[p] and places[partner[p]]
        ),
        blocking=tuple(partner_ids[partner[p]] for p in rest if p in blocking),
        outranked=tuple(
            partner_ids[partner[p]] for p in rest if p not in blocking and partner_wants[p]
        ),
        unlisted=unlisted,
    )


def _unlisted(person: str, scores: PairScores | None, instance: Instance) -> int | None:
    """How many are allowed and no candidates, nor stated not to be paired."""
    if scores is None or scores.candidates is None:
        return None
    is_mentor = person in instance.mentor_ids
    stated = scores.programme.settings.must_not_pair
    others = scores.allowed_for(person)
    pairs = ((person, other) if is_mentor else (other, person) for other in others)
    return sum(pair not in stated and not scores.is_candidate(*pair) for pair in pairs)


def _excluded_by(person: str, scores: PairScores | None, *, reveal: bool) -> dict[str, int]:
    if scores is None:
        return {}
    programme = scores.programme
    is_mentor = any(p.id == person for p in programme.mentors)
    others = programme.mentees if is_mentor else programme.mentors
    forbidden = {end for pair in programme.settings.must_not_pair if person in pair for end in pair}
    codes = scores.excluding(person, reveal=reveal)
    stated = sum(other.id in forbidden for other in others)
    return dict(codes) | ({MUST_NOT_PAIR: stated} if stated else {})

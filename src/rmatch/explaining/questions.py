"""Questions: hard rules that could not be checked for made pairs, grouped by whom to ask."""

from __future__ import annotations

from collections.abc import Iterable

from rmatch.explaining.records import Question, Waived, Warned
from rmatch.explaining.rule_words import facts_needed, public_code, rule_label
from rmatch.programme import Participant
from rmatch.scoring import PairScores


def questions(scores: PairScores, pairs: Iterable[tuple[str, str]]) -> tuple[Question, ...]:
    """What to ask whom, people in the programme's order."""
    partners: dict[tuple[str, str, str], list[str]] = {}
    people = scores.programme.by_id
    for mentor_id, mentee_id in pairs:
        for code in scores.unknown(mentor_id, mentee_id, reveal=True):
            asked = _whom_to_ask(code, people[mentor_id], people[mentee_id])
            for person, partner, text in asked:
                known = partners.setdefault((person, public_code(code), text), [])
                if partner not in known:
                    known.append(partner)
    place = {person_id: k for k, person_id in enumerate(people)}
    ordered = sorted(partners.items(), key=lambda item: (place[item[0][0]], item[0][1], item[0][2]))
    return tuple(
        Question(person=person, rule=code, partners=tuple(others), text=text)
        for (person, code, text), others in ordered
    )


def _whom_to_ask(code: str, mentor: Participant, mentee: Participant) -> list[tuple[str, str, str]]:
    """(person, partner, question) for the facts that are missing."""
    both = {"mentor": (mentor, mentee), "mentee": (mentee, mentor)}
    asked = []
    for fact in facts_needed(code):
        person, partner = both[fact.side]
        if fact.is_missing(person):
            asked.append((person.id, partner.id, fact.question))
    label = rule_label(code, reveal=True)
    return asked or [
        (mentor.id, mentee.id, f"Please check by hand whether this holds for the two: {label}.")
    ]


def warned(scores: PairScores, pairs: Iterable[tuple[str, str]]) -> tuple[Warned, ...]:
    """Every warn rule that a made pair breaks."""
    return tuple(
        Warned(mentor, mentee, public_code(code), rule_label(code))
        for mentor, mentee in pairs
        for code in scores.warned(mentor, mentee, reveal=True)
    )


def waived(scores: PairScores, pairs: Iterable[tuple[str, str]]) -> tuple[Waived, ...]:
    """Every rule that would have counted for a made pair and was waived."""
    return tuple(
        Waived(mentor, mentee, code, rule_label(code))
        for mentor, mentee in pairs
        for code in scores.waived(mentor, mentee)
    )

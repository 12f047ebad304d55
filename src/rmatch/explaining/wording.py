"""Words for the coordinator: every fact, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from rmatch.explaining.rule_words import public_code, rule_label, waived_words

if TYPE_CHECKING:
    from rmatch.explaining.facts import CriterionFact, OtherFact, PartnerFact, PersonFacts

CRITERION_WORDS: Mapping[str, str] = {
    "choice": "stated choice",
    "topics": "topics wanted and offered",
    "availability": "half-days in common",
    "specialty": "specialty",
    "place": "meeting mode and place",
    "interests": "interests in common",
    "language": "language in common",
    "style": "style",
    "grade_gap": "gap in seniority",
    "attributes": "wishes about the partner",
    "experience": "experience asked about (bonus)",
}


def ordinal(number: int) -> str:
    """A number as 1st, 2nd, 3rd, 4th, 11th."""
    if number % 100 in (11, 12, 13):
        return f"{number}th"
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th') }"


def counted(number: int, noun: str, plural: str | None = None) -> str:
    """``1 pair``, ``2 pairs``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def counted_in_words(number: int, noun: str, plural: str | None = None) -> str:
    """``one pair``, ``two pairs``, ``11 pairs``."""
    words = counted(number, noun, plural)
    return words.replace(str(number), _NUMBERS[number], 1) if number < len(_NUMBERS) else words


_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def day_words(day: date | None) -> str:
    """``11 January 2027``; nothing where there is no day."""
    # Not by strftime, which follows the machine's language.
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}" if day else ""


def listed(texts: Sequence[str], last: str = "and") -> str:
    """``M1``, ``M1 and M2``, ``M1, M2 and M3``."""
    return f" {last} ".join([part for part in (", ".join(texts[:-1]), *texts[-1:]) if part])


def coordinator_text(
    facts: PersonFacts,
    *,
    reveal: bool = False,
    why: Iterable[str] = (),
    change: Iterable[str] = (),
) -> str:
    """Everything about one person, for the coordinator.

    Args:
        facts: What is known of them.
        reveal: Whether vetoes and confidential rules go by their own names.
        why: Lines that say why they have no partner.
        change: Lines that say what would give them one.
    """
    lines = list(_partner_lines(facts, reveal=reveal))
    lines += rest_lines(facts, reveal=reveal, why=why, change=change)
    return "\n".join(lines)


def rest_lines(
    facts: PersonFacts, *, reveal: bool, why: Iterable[str], change: Iterable[str]
) -> list[str]:
    """Everything but the partners; see ``coordinator_text``."""
    alone = f"{facts.id} is a {facts.side} and has no partner in this matching."
    return [
        *(() if facts.partners else (alone,)),
        *why,
        *_other_lines(facts, reveal=reveal),
        *change,
    ]


def _partner_lines(facts: PersonFacts, *, reveal: bool) -> Iterator[str]:
    for partner in facts.partners:
        yield from _one_partner(facts.id, facts.others, partner, reveal=reveal)
        yield ""


def ranked_among(partners: int, *, are_candidates: bool) -> str:
    """How many somebody's ranks are among."""
    return (
        counted(partners, "candidate")
        if are_candidates
        else f"{counted(partners, 'partner')} allowed"
    )


def _one_partner(
    person: str, others: OtherFact, fact: PartnerFact, *, reveal: bool
) -> Iterator[str]:
    yield from matched_lines(person, others, fact)
    if fact.criteria:
        yield from _criterion_table(person, fact.partner, fact.criteria)
    yield from remark_lines(fact, reveal=reveal)


def matched_lines(person: str, others: OtherFact, fact: PartnerFact) -> Iterator[str]:
    """Whom somebody is matched with, what that scores, and how high each stands for the other."""
    yield (
        f"{person} is matched with {fact.partner}. The pair scores {_points(fact.score)}: "
        f"{_points(fact.own_score)} on {person}'s side, "
        f"{_points(fact.partner_score)} on {fact.partner}'s."
    )
    yield (
        "  "
        + rank_words(person, fact.partner, fact.own_rank, stated=fact.own_rank_stated)
        + f" ({ranked_among(others.acceptable, are_candidates=others.unlisted is not None)})."
    )
    yield (
        "  "
        + rank_words(fact.partner, person, fact.partner_rank, stated=fact.partner_rank_stated)
        + "."
    )


def remark_lines(fact: PartnerFact, *, reveal: bool) -> Iterator[str]:
    """What is to be looked at in a pair, what was waived, and what could not be checked."""
    for code in fact.warned_by:
        label = rule_label(code, reveal=reveal)
        yield f"  To be looked at: {label} ({public_code(code, reveal=reveal)})."
    yield from (f"  {waived_words(code)}." for code in fact.waived)
    if fact.unchecked:
        codes = ", ".join(
            dict.fromkeys(public_code(code, reveal=reveal) for code in fact.unchecked)
        )
        yield f"  Not checked for want of facts: {codes}; see the questions."


def rank_words(person: str, partner: str, rank: int, *, stated: bool) -> str:
    """How high a partner stands for a person; only a stated rank is "ranked"."""
    if stated:
        return f"{person} ranked {partner} {ordinal(rank)} among their allowed choices"
    return f"{partner} stands {ordinal(rank)} for {person}, inferred from scores"


def _points(value: float) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _criterion_table(person: str, partner: str, criteria: Sequence[CriterionFact]) -> Iterator[str]:
    rows = criterion_rows(criteria)
    width = max(len(row[0]) for row in rows)
    columns = max(len(person), len(partner), len("not stated"))
    yield f"  {POINTS:<{width}}  weight  {person:>{columns}}  {partner:>{columns}}"
    for name, weight, own, other in rows:
        yield f"  {name:<{width}}  {weight:>6}  {own:>{columns}}  {other:>{columns}}"
    if has_averages(criteria):
        yield f"  {BRACKETS}"


POINTS = "points, 0-100"
BRACKETS = "In brackets: not stated, counted as this criterion's average."


def criterion_rows(criteria: Sequence[CriterionFact]) -> list[tuple[str, str, str, str]]:
    """Criterion, weight, and points on the person's and on the partner's side."""
    return [
        (
            CRITERION_WORDS.get(fact.name, fact.name),
            str(fact.weight),
            _criterion_value(fact.own, stated=fact.own_stated),
            _criterion_value(fact.partner, stated=fact.partner_stated),
        )
        for fact in criteria
    ]


def has_averages(criteria: Sequence[CriterionFact]) -> bool:
    """Whether any points are the average, for want of an answer."""
    return any(not fact.own_stated or not fact.partner_stated for fact in criteria)


def _criterion_value(value: float | None, *, stated: bool) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if stated else f"({value:.1f})"


def _other_lines(facts: PersonFacts, *, reveal: bool) -> list[str]:
    others = facts.others
    opposite = "mentee" if facts.side == "mentor" else "mentor"
    is_plain = sum(others.excluded_by.values()) == others.excluded
    several = "" if is_plain else " (some by several rules)"
    lines = [
        f"Of {counted(others.total, opposite)}, {_left(others, facts.id)}"
        + (f"; {others.excluded} excluded{several}:" if others.excluded_by else ".")
    ]
    lines += _excluded_lines(others, reveal=reveal)
    lines += _allowed_lines(facts)
    return lines


def _left(others: OtherFact, person: str) -> str:
    """How many are allowed, and how many of these were looked at."""
    verb = "is" if others.acceptable == 1 else "are"
    if others.unlisted is None:
        return f"{others.acceptable} {verb} allowed for {person}"
    candidates = "a candidate" if others.acceptable == 1 else "candidates"
    return (
        f"{others.acceptable} {verb} {candidates} of {person}, {others.unlisted} allowed and not "
        "looked at"
    )


def _excluded_lines(others: OtherFact, *, reveal: bool) -> list[str]:
    ordered = sorted(others.excluded_by.items(), key=lambda item: (-item[1], item[0]))
    return [
        f"  {count}: {rule_label(code, reveal=reveal)} ({public_code(code, reveal=reveal)})"
        for code, count in ordered
    ]


def _allowed_lines(facts: PersonFacts) -> list[str]:
    others = facts.others
    lines = []
    if facts.capacity == 0:
        lines.append(f"{facts.id} offers no place (capacity 0).")
    if others.acceptable == 0:
        lines.append(f"Nobody is allowed for {facts.id}, so no matching can include them.")
    if others.no_place:
        lines.append(f"Offer no place (capacity 0): {', '.join(others.no_place)}.")
    if others.content:
        lines.append(
            f"Taken, and no worse off with the partners they have: {', '.join(others.content)}."
        )
    if others.outranked:
        lines.append(
            f"Would rather have {facts.id}, who is no worse off as it is: "
            f"{', '.join(others.outranked)}."
        )
    if others.blocking:
        lines.append(
            f"Blocking pairs, where both would rather have each other: "
            f"{', '.join(others.blocking)}."
        )
    return lines

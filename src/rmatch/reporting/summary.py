"""A matching as text for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace

from rmatch.explaining.level_words import BLOCKING
from rmatch.explaining.records import Pair, Question, Waived, Warned
from rmatch.explaining.wording import counted
from rmatch.reporting.pairs import HEADER, RANKS, Names, label, pair_rows
from rmatch.reporting.tables import text_table
from rmatch.reporting.wrapping import WIDTH, entry, filled, fitted

MORE_QUESTIONS = 8
"""Up to so many questions a summary lists; of more it says how many there are of each."""


def headline(
    pairs: int, unmatched: int, blocking: int, status: str, *, stability: str = "weak"
) -> str:
    """The result in one line."""
    return (
        f"{counted(pairs, 'pair')}, {unmatched} unmatched, "
        f"{counted(blocking, BLOCKING[stability])}, {status}"
    )


ENDS = 10
"""Of what is too much to be shown, so many at the beginning and so many at the end."""


def pairs_text(pairs: Sequence[Pair], names: Names, *, most: int | None = None) -> str:
    """The pairs as a table of at most 80 columns (without names)."""
    left_out = 0 if most is None or len(pairs) <= most else max(0, len(pairs) - 2 * ENDS)
    shown = [*pairs[:ENDS], *pairs[-ENDS:]] if left_out else pairs
    table = text_table(HEADER, pair_rows(shown, names), right=frozenset({2, 3, 4, 5, 6}))
    if left_out:
        lines = table.split("\n")
        lines.insert(-ENDS, f"… {counted(left_out, 'pair')} left out: to_text() has all of them …")
        table = "\n".join(lines)
    return f"{table}\n{RANKS}"


def unmatched_text(
    unmatched: Sequence[str], names: Names, *, width: int = WIDTH, most: int | None = None
) -> str:
    """Who has no partner."""
    if not unmatched:
        return "Everybody has a partner."
    left_out = 0 if most is None or len(unmatched) <= most else max(0, len(unmatched) - ENDS)
    people = [label(person, names) for person in unmatched[: len(unmatched) - left_out]]
    more = [f"and {left_out} more: to_text() has all of them"] if left_out else []
    return fitted(f"Without a partner: {', '.join([*people, *more])}", width)


def warnings_text(warnings: Sequence[Warned | Waived], *, width: int = WIDTH) -> str:
    """Rules by rule, with the pairs that break them (or for which they are waived)."""
    by_rule: dict[tuple[str, str], list[str]] = {}
    for item in warnings:
        by_rule.setdefault((item.rule, item.text), []).append(f"{item.mentor}–{item.mentee}")
    return "\n".join(
        f"{_bullet(f'{text} ({rule})', width)}\n{filled(', '.join(pairs), width, **_UNDER)}"
        for (rule, text), pairs in by_rule.items()
    )


def _bullet(text: str, width: int) -> str:
    return filled(text, width, first="  - ", rest="    ")


_UNDER = {"first": "    ", "rest": "    "}


def questions_text(questions: Sequence[Question], *, width: int = WIDTH) -> str:
    """What to ask whom, person by person."""
    asked = merged(questions)
    column = max((len(question.person) for question in asked), default=0) + 4
    lines = []
    last: str | None = None
    for question in asked:
        person = "" if question.person == last else f"  {question.person}"
        lines.append(entry(person, question_words(question), column=column, width=width))
        last = question.person
    return "\n".join(lines)


def merged(questions: Sequence[Question]) -> list[Question]:
    """Each question to a person once, though several rules wait for its answer."""
    found: dict[tuple[str, str], Question] = {}
    for question in questions:
        key = (question.person, question.text)
        before = found.get(key)
        found[key] = question if before is None else _both(before, question)
    return list(found.values())


def _both(one: Question, other: Question) -> Question:
    rules = dict.fromkeys([*one.rule.split(", "), other.rule])
    partners = dict.fromkeys([*one.partners, *other.partners])
    return replace(one, rule=", ".join(rules), partners=tuple(partners))


def question_words(question: Question) -> str:
    """What to ask, with the rule that waits for it and the pairs that it concerns."""
    pairs = "pair" if len(question.partners) == 1 else "pairs"
    return f"{question.text} ({question.rule}; {pairs} with {', '.join(question.partners)})"


def questions_counted(questions: Sequence[Question], *, width: int = WIDTH) -> str:
    """How many people have to be asked what, most first."""
    counts = Counter(question.text for question in merged(questions))
    column = max((len(str(count)) for count in counts.values()), default=0)
    return "\n".join(
        filled(text, width, first=f"  {count:>{column}}: ", rest=" " * (column + 4))
        for text, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def candidates_text(per_person: int, pairs: int, status: str) -> str:
    """That what is best is so among candidates, and how many these are."""
    return (
        f"{status.capitalize()} among the candidate lists: {per_person} for each person and every "
        f"stated choice, {counted(pairs, 'pair')} in all. No other pair was looked at."
    )


def unkept_text(unkept: Mapping[str, int]) -> str:
    """Statements with a price that are not kept, and by how much."""
    parts = [f"{statement} (off by {units})" for statement, units in unkept.items()]
    return f"Not kept, at their price: {', '.join(parts)}."

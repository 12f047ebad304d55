"""A matching as text for a terminal and as a plain HTML table for a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rmatch.explaining.records import Pair, Question, Warned
from rmatch.explaining.wording import counted
from rmatch.reporting.pairs import HEADER, Names, label, pair_rows
from rmatch.reporting.tables import html_table, text_table

MORE_QUESTIONS = 8
"""How many questions a summary lists before it says how many more there are."""


def headline(
    pairs: int, unmatched: int, blocking: int, status: str, *, people: str = "unmatched"
) -> str:
    """The result in one line."""
    return (
        f"{counted(pairs, 'pair')}, {unmatched} {people}, "
        f"{counted(blocking, 'blocking pair')}, {status}"
    )


def pairs_text(pairs: Sequence[Pair], names: Names) -> str:
    """The pairs as a table of at most 80 columns (without names)."""
    table = text_table(HEADER, pair_rows(pairs, names), right=frozenset({2, 3, 4, 5, 6}))
    return f"{table}\nRanks: the partner's place in each one's eyes; * a stated choice."


def pairs_html(caption: str, pairs: Sequence[Pair], names: Names) -> str:
    """The pairs as a plain table."""
    header = (
        "mentor",
        "mentee",
        "score",
        "mentor score",
        "mentee score",
        "mentor's rank",
        "mentee's rank",
    )
    return html_table(caption, header, pair_rows(pairs, names))


def unmatched_text(unmatched: Sequence[str], names: Names) -> str:
    """Who has no partner."""
    if not unmatched:
        return "Everybody has a partner."
    return "Without a partner: " + ", ".join(label(person, names) for person in unmatched)


def levels_text(objectives: Mapping[str, int]) -> str:
    """The levels and their values, in order."""
    return " → ".join(f"{name} {value}" for name, value in objectives.items())


def warnings_text(warnings: Sequence[Warned]) -> str:
    """Warn rules by rule, with the pairs that break them."""
    by_rule: dict[tuple[str, str], list[str]] = {}
    for item in warnings:
        by_rule.setdefault((item.rule, item.text), []).append(f"{item.mentor}–{item.mentee}")
    return "\n".join(
        f"  {text} ({rule}): {', '.join(pairs)}" for (rule, text), pairs in by_rule.items()
    )


def questions_text(questions: Sequence[Question], *, limit: int | None = MORE_QUESTIONS) -> str:
    """What to ask whom."""
    shown = questions if limit is None else questions[:limit]
    lines = [
        f"  {q.person}: {q.text} ({q.rule}; for the pair with {', '.join(q.partners)})"
        for q in shown
    ]
    if len(questions) > len(shown):
        lines.append(f"  … and {len(questions) - len(shown)} more (rmatch solve --questions)")
    return "\n".join(lines)

"""A matching as a coordinator reads it on the terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rmatch.cli.output import page_width, say, say_line, say_table
from rmatch.explaining.wording import counted
from rmatch.reporting.levels import levels_block
from rmatch.reporting.pairs import HEADER, RANKS, pair_rows
from rmatch.reporting.summary import (
    MORE_QUESTIONS,
    candidates_text,
    headline,
    merged,
    questions_counted,
    questions_text,
    unkept_text,
    unmatched_text,
    warnings_text,
)
from rmatch.reporting.wrapping import filled

if TYPE_CHECKING:
    from rmatch.audit import Audit
    from rmatch.cli.pairing import Paired
    from rmatch.explaining.records import Question, Waived, Warned
    from rmatch.matching import Matching
    from rmatch.programme import Participant

NUMBERS = frozenset(range(2, len(HEADER)))


def names_of_people(matching: Matching) -> Mapping[str, str]:
    """Id → name, for those who asked for names."""
    if matching.programme is None:
        return {}
    return {person.id: person.name or "" for person in matching.programme.people}


def side_text(noun: str, people: Sequence[Participant]) -> str:
    """How many there are, and how many places where that differs."""
    places = sum(person.capacity for person in people)
    words = counted(len(people), noun)
    return words if places == len(people) else f"{words} ({counted(places, 'place')})"


def show_headline(matching: Matching, audit: Audit | None = None) -> None:
    """The result in one line."""
    line = headline(
        len(matching.pairs),
        len(matching.unmatched),
        len(matching.blocking_pairs),
        matching.status,
        stability=matching.instance.stability,
    )
    say(f"{line}, audit ok" if audit is not None and audit.ok else line)


def show_pairs(matching: Matching, names: Mapping[str, str]) -> None:
    """The table of pairs, and who is left."""
    if matching.pairs:
        say_table(HEADER, pair_rows(matching.pairs, names), right=NUMBERS)
        say(RANKS)
    say(unmatched_text(matching.unmatched, names, width=page_width()))


def show_levels(paired: Paired) -> None:
    """What was decided in which order, and how far it was proved."""
    matching = paired.matching
    say()
    if paired.stopped or paired.out_of_time:
        why = "Stopped by Ctrl-C" if paired.stopped else "The time limit was reached"
        say(f"{why}: this is the best matching found so far.")
    levels, stability = matching.solution.levels, matching.instance.stability
    say(
        levels_block(
            levels,
            for_people=matching.programme is not None,
            stability=stability,
            algorithm=matching.algorithm and matching.solution.method,
            beyond_proof=matching.solution.is_beyond_proof,
        )
    )
    if matching.candidates is not None:
        told = candidates_text(matching.candidates, matching.instance.n_pairs, matching.status)
        say(filled(told, width=page_width()))
    if matching.unkept:
        say(filled(unkept_text(matching.unkept), width=page_width()))


def show_warnings(warnings: Sequence[Warned]) -> None:
    """Pairs that are allowed and should be looked at."""
    if warnings:
        pairs = len({(item.mentor, item.mentee) for item in warnings})
        say(f"\n{counted(pairs, 'pair')} to be looked at (allowed, but flagged by a rule):")
        say(warnings_text(warnings, width=page_width()))


def show_waived(waived: Sequence[Waived]) -> None:
    """Pairs that stand because the coordinator waived a rule."""
    if waived:
        pairs = len({(item.mentor, item.mentee) for item in waived})
        say(f"\n{counted(pairs, 'pair')} made under a waiver of the coordinator:")
        say(warnings_text(waived, width=page_width()))


def show_questions(questions: Sequence[Question], run: Path | None) -> None:
    """The questions, or how many there are of each, and the command that lists them."""
    asked = len(merged(questions))
    if not asked:
        return
    say(f"\n{counted(asked, 'question')} to ask before these pairs are approved:")
    if asked <= MORE_QUESTIONS:
        say(questions_text(questions, width=page_width()))
        return
    say(questions_counted(questions, width=page_width()))
    if run is not None:
        say("Whom to ask, and about which pair:")
        say_line(f"rmatch explain {run} --questions")


def show_audit(audit: Audit) -> None:
    """The audit's verdict and what it did not check."""
    say("\nAudit ok: recomputed from the cohort by separate code.")
    for text in audit.notes:
        say(filled(text, page_width(), first="  note: ", rest="  "))

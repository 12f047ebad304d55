"""A matching as a card for a notebook: the coordinator's, by id."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from rmatch.explaining.level_words import BLOCKING, FREE_PLACES
from rmatch.explaining.records import Pair, Question, Waived, Warned
from rmatch.explaining.wording import counted
from rmatch.instance import Instance
from rmatch.markup import Html, card, folded, items, note, paragraph, table
from rmatch.reporting.levels import about_ranks, level_rows, levels_heading
from rmatch.reporting.pairs import HEADER, RANKS, pair_rows
from rmatch.reporting.summary import headline, merged, question_words, unkept_text
from rmatch.solution import Solution

ALL_PAIRS = "to_frame() has all."


class Shown(Protocol):
    """What a matching shows of itself."""

    @property
    def programme(self) -> object | None:
        """The people; ``None`` for an instance made without."""

    @property
    def instance(self) -> Instance:
        """What was solved."""

    @property
    def solution(self) -> Solution:
        """What solving came to."""

    @property
    def pairs(self) -> Sequence[Pair]:
        """The pairs."""

    @property
    def unmatched(self) -> Sequence[str]:
        """Ids of the people with no partner."""

    @property
    def blocking_pairs(self) -> Sequence[tuple[str, str]]:
        """Pairs who would rather have each other."""

    @property
    def algorithm(self) -> str | None:
        """See ``Matching``."""

    @property
    def unkept(self) -> Mapping[str, int]:
        """Statements that are not kept, at their price."""

    @property
    def warnings(self) -> Sequence[Warned]:
        """Warn rules that pairs break."""

    @property
    def waived(self) -> Sequence[Waived]:
        """Rules that were waived."""

    @property
    def questions(self) -> Sequence[Question]:
        """What could not be checked."""


def matching_html(matching: Shown) -> str:
    """The pairs, who is left, what is to be looked at and asked, and the levels."""
    return card(
        _title(matching),
        table("Pairs", HEADER, pair_rows(matching.pairs, {}), right=range(2, 7), more=ALL_PAIRS),
        note(RANKS),
        *_left(matching),
        *_to_do(matching),
        *_levels(matching),
    )


def _title(matching: Shown) -> str:
    return headline(
        len(matching.pairs),
        len(matching.unmatched),
        len(matching.blocking_pairs),
        matching.solution.status,
        stability=matching.instance.stability,
    )


def _left(matching: Shown) -> Iterator[Html]:
    """Who has no partner, and who would rather have each other."""
    if matching.unmatched:
        yield paragraph(f"Without a partner: {_some(matching.unmatched)}.")
    else:
        yield paragraph("Everybody has a partner.")
    if matching.blocking_pairs:
        kind = counted(len(matching.blocking_pairs), BLOCKING[matching.instance.stability])
        pairs = [f"{mentor} – {mentee}" for mentor, mentee in matching.blocking_pairs]
        yield paragraph(f"{kind}: {_some(pairs)}.")


NAMED = 60
"""So many ids or pairs stand in a sentence."""


def _some(texts: Sequence[str]) -> str:
    more = len(texts) - NAMED
    return ", ".join([*texts[:NAMED], *([f"and {more} more"] if more > 0 else [])])


def _to_do(matching: Shown) -> Iterator[Html]:
    """What a person has to look at, and to ask, before anything is approved."""
    if matching.warnings:
        pairs = len({(one.mentor, one.mentee) for one in matching.warnings})
        yield folded(f"{counted(pairs, 'pair')} to be looked at", _by_rule(matching.warnings))
    if matching.waived:
        pairs = len({(one.mentor, one.mentee) for one in matching.waived})
        yield folded(f"{counted(pairs, 'pair')} with a rule waived", _by_rule(matching.waived))
    if matching.questions:
        questions = merged(matching.questions)
        heading = f"{counted(len(questions), 'question')} to be asked"
        yield folded(heading, items(f"{one.person}: {question_words(one)}" for one in questions))


def _by_rule(found: Sequence[Warned | Waived]) -> Html:
    pairs: dict[str, list[str]] = {}
    for one in found:
        pairs.setdefault(f"{one.text} ({one.rule})", []).append(f"{one.mentor} – {one.mentee}")
    return items(f"{rule}: {_some(some)}" for rule, some in pairs.items())


def _levels(matching: Shown) -> Iterator[Html]:
    levels, stability = matching.solution.levels, matching.instance.stability
    for_people = matching.programme is not None
    algorithm = matching.algorithm and matching.solution.method  # whether stopped, or repaired
    rows = level_rows(levels, for_people=for_people, stability=stability, algorithm=algorithm)
    heading = levels_heading(levels, algorithm, beyond_proof=matching.solution.is_beyond_proof)
    yield table(heading, ("level", "value", "meaning"), rows, right={1})
    if about_ranks(levels):
        yield note(FREE_PLACES)
    if matching.unkept:
        yield paragraph(unkept_text(matching.unkept))

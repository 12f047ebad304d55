"""Edited pairs in words for the coordinator: is it allowed, then move by move, then the levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rmatch.explaining.level_words import BLOCKING, meaning, number, vector
from rmatch.explaining.rule_words import public_code, rule_label
from rmatch.explaining.wording import counted
from rmatch.markup import card, items, note, paragraph, table
from rmatch.proposals.decided import LEDGER
from rmatch.proposals.examining import NOT_ACCEPTABLE
from rmatch.proposals.records import (
    EditedPairs,
    LevelChange,
    Move,
    Overrun,
    PairIds,
    PutIn,
    TakenOut,
    Undone,
)
from rmatch.reporting.pairs import Names, label
from rmatch.reporting.pairs import number as points
from rmatch.reporting.tables import text_table
from rmatch.reporting.wrapping import WIDTH, fitted
from rmatch.solution import Value

LEVEL_HEADER = ("level", "before", "now", "")
RANKS = "After a pair: its score, the mentor's rank, the mentee's rank; * is a choice they stated."
SHOWN = 12
"""So many pairs are listed in one sentence."""
_OWN = {NOT_ACCEPTABLE: "not in the list of acceptable pairs", **LEDGER}
_VERDICT = {1: "better", 0: "", -1: "worse"}


def edited_text(
    facts: EditedPairs,
    *,
    names: Names | None = None,
    reveal: bool = False,
    for_people: bool = True,
    stability: str = "weak",
    width: int = WIDTH,
) -> str:
    """Everything about edited pairs.

    Args:
        facts: The facts.
        names: Id → name, where names are wanted.
        reveal: Whether vetoes and confidential rules go by their own names.
        for_people: Whether scores are hundredths of the 0–100 that people see.
        stability: Which pairs block.
        width: Columns.
    """
    words = _Words(facts, names or {}, reveal, for_people, stability)
    lines = list(words.heading())
    for title, steps in words.moves():
        lines += ["", title, *(f"  - {step}" for step in steps)]
    lines += ["", RANKS] if facts.moves else []
    above = fitted("\n".join(lines), width)
    if not facts.moves:
        return above
    table = text_table(LEVEL_HEADER, words.levels(), right=frozenset({1, 2}), width=width)
    below = fitted("\n".join(words.below()), width)
    return "\n".join([above, "", table, *([below] if below else [])])


def edited_html(
    facts: EditedPairs,
    *,
    names: Names | None = None,
    reveal: bool = False,
    for_people: bool = True,
    stability: str = "weak",
) -> str:
    """The same for a notebook."""
    words = _Words(facts, names or {}, reveal, for_people, stability)
    title, *heading = words.heading()
    blocks = [paragraph(line) for line in heading]
    for move, steps in words.moves():
        blocks += [paragraph(move), items(steps)]
    if facts.moves:
        blocks.append(note(RANKS))
        blocks.append(table("Level by level", LEVEL_HEADER, words.levels(), right=(1, 2)))
        blocks += [paragraph(line) for line in words.below()]
    return card(title, *blocks)


class _Words:
    """Facts in words, people called as is wanted."""

    def __init__(
        self, facts: EditedPairs, names: Names, reveal: bool, for_people: bool, stability: str
    ) -> None:
        self._facts = facts
        self._names = names
        self._reveal = reveal
        self._for_people = for_people
        self._stability = stability

    def _who(self, person: str) -> str:
        return label(person, self._names)

    def _pair(self, pair: PairIds) -> str:
        return f"{self._who(pair[0])} – {self._who(pair[1])}"

    def _pairs(self, pairs: Sequence[PairIds]) -> str:
        """Pairs in a row; of very many only the first, since the data has them all."""
        # Without names in one word, so that no line ends within a pair.
        shown = [self._pair(one) if self._names else "–".join(one) for one in pairs[:SHOWN]]
        more = [f"and {len(pairs) - SHOWN} more"] if len(pairs) > SHOWN else []
        return ("; " if self._names else ", ").join([*shown, *more])

    # Heading --------------------------------------------------------------------------------------

    def heading(self) -> Iterator[str]:
        """Whether it is allowed, and the first level that differs."""
        facts = self._facts
        if facts.moves or not facts.legal:
            yield (
                f"{'Allowed' if facts.legal else 'NOT ALLOWED as it stands'}. "
                f"{counted(len(facts.moves), 'move')}: "
                f"{counted(len(facts.taken_out), 'pair')} out, {len(facts.put_in)} in."
            )
        else:
            yield f"Nothing was moved: the same {counted(len(facts.pairs), 'pair')}."
        for statement in facts.broken:
            yield f"Stated, and does not hold: {statement}."
        if facts.over:
            yield f"Left in, though over or ruled out by the ledger: {self._pairs(facts.over)}."
        if facts.moves and facts.legal:
            yield self._first_difference()

    def _first_difference(self) -> str:
        first = next((one for one in self._facts.levels if one.before != one.after), None)
        if first is None:
            return "Just as good as the matching at every level."
        return (
            f"{'Better' if first.better > 0 else 'Worse'} than the matching at the first level "
            f"that differs: {self._difference(first)}."
        )

    # Moves ----------------------------------------------------------------------------------------

    def moves(self) -> Iterator[tuple[str, list[str]]]:
        """Each move: a title, and what is to be said of it."""
        for at, move in enumerate(self._facts.moves, start=1):
            broken = " breaks something" if move.breaks else ""
            yield f"Move {at}{broken}:", list(self._steps(move))

    def _steps(self, move: Move) -> Iterator[str]:
        yield from (self._out(pair) for pair in move.taken_out)
        yield from (self._in(pair) for pair in move.put_in)
        yield from (self._overrun(one) for one in move.overruns)
        if move.left:
            yield f"Without a partner now: {', '.join(map(self._who, move.left))}."
        if move.gained:
            yield f"With a partner now, and none before: {', '.join(map(self._who, move.gained))}."
        if move.undone is not None:
            yield self._undone(move.undone)

    def _out(self, pair: TakenOut) -> str:
        decided = (
            f" It was {pair.decided} already: end it in the ledger (rmatch record RUN end "
            f"{pair.mentor} {pair.mentee}), or a rematch makes it again."
            if pair.decided
            else ""
        )
        return f"Out: {self._pair((pair.mentor, pair.mentee))} ({self._worth(pair)}).{decided}"

    def _in(self, pair: PutIn) -> str:
        worth = self._worth(pair)
        parts = [f"In: {self._pair((pair.mentor, pair.mentee))}{f' ({worth})' if worth else ''}."]
        for words, codes in (
            ("NOT ALLOWED", pair.broken),
            ("To be looked at", pair.warned),
            ("Not checked for want of facts", pair.unchecked),
        ):
            parts += [f"{words}: {self._rules(codes)}."] if codes else []
        if pair.blocking:
            parts.append(f"Would rather have each other now: {self._pairs(pair.blocking)}.")
        return " ".join(parts)

    def _worth(self, pair: PutIn | TakenOut) -> str:
        parts = [] if pair.score is None else [points(pair.score)]
        for rank, stated in (
            (pair.mentor_rank, pair.mentor_stated),
            (pair.mentee_rank, pair.mentee_stated),
        ):
            parts += [] if rank is None else [f"{rank}{'*' if stated else ''}"]
        return ", ".join(parts)

    def _rules(self, codes: Sequence[str]) -> str:
        return "; ".join(dict.fromkeys(self._rule(code) for code in codes))

    def _rule(self, code: str) -> str:
        if code in _OWN:
            return _OWN[code]
        shown = public_code(code, reveal=self._reveal)
        text = rule_label(code, reveal=self._reveal)
        return text if text.casefold() == shown.casefold() else f"{text} ({shown})"

    def _overrun(self, one: Overrun) -> str:
        return (
            f"NOT ALLOWED: {self._who(one.person)} has {counted(one.places, 'place')} and "
            f"{counted(len(one.partners), 'partner')}: {', '.join(map(self._who, one.partners))}."
        )

    def _undone(self, undone: Undone) -> str:
        if any(one.after is None for one in undone.levels):
            return "Undone alone: somebody would still have too many partners."
        parts = [] if self._facts.legal or not undone.legal else ["the rest would be allowed"]
        if any(one.before is None for one in undone.levels):
            parts.append("everybody would have places enough")
        else:
            differ = [one for one in undone.levels if one.before != one.after]
            parts += [self._difference(one) for one in differ]
        if undone.blocking:
            parts.append(f"{self._pairs(undone.blocking)} would not block")
        return f"Undone alone: {'; '.join(parts) or 'nothing would change at any level'}."

    # Levels ---------------------------------------------------------------------------------------

    def levels(self) -> list[tuple[str, str, str, str]]:
        """A row for each level."""
        return [
            (
                self._level(one),
                self._value(one.name, one.before),
                self._value(one.name, one.after),
                _VERDICT[one.better],
            )
            for one in self._facts.levels
        ]

    def _difference(self, one: LevelChange) -> str:
        before, after = (self._value(one.name, value) for value in (one.before, one.after))
        return f"{self._level(one)} {after} instead of {before}"

    def _level(self, one: LevelChange) -> str:
        return meaning(one.name, self._stability).rstrip(":") or one.name

    def _value(self, name: str, value: Value | None) -> str:
        if value is None:
            return "–"
        if isinstance(value, tuple):
            return vector(name, value, for_people=self._for_people)
        return number(name, value, for_people=self._for_people)

    def below(self) -> Iterator[str]:
        """What the table of levels cannot say."""
        facts = self._facts
        if any(one.after is None for one in facts.levels):
            yield "Levels are not counted while somebody has more partners than places."
        elif any(pair.mentor_rank is None for pair in facts.put_in):
            yield "Counted over the pairs that are allowed; the others hold their places."
        noun = BLOCKING[self._stability]
        if facts.blocking_new:
            count = counted(len(facts.blocking_new), f"new {noun}")
            yield f"{count}, who would rather have each other: {self._pairs(facts.blocking_new)}."
        if facts.blocking_gone:
            yield f"No longer a {noun}: {self._pairs(facts.blocking_gone)}."
        for statement, (before, now) in facts.unkept.items():
            yield f"Has its price: {statement} is off by {now} instead of {before}."

"""Words for a diff: the pairs of every chain in order, then what each person had and has."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rmatch.explaining.rule_words import public_code, rule_label
from rmatch.explaining.wording import counted, listed, ordinal
from rmatch.markup import card, items, note, paragraph, table
from rmatch.rematching.diff_records import (
    Cause,
    CauseKind,
    Chain,
    Change,
    ChangeKind,
    Diff,
    Half,
    PairIds,
)
from rmatch.reporting.pairs import Names, label, number
from rmatch.reporting.tables import text_table
from rmatch.reporting.wrapping import WIDTH, fitted

HEADER = ("who", "had", "has now", "because")
NOTE = "Scores and ranks on each one's own side; * is a choice they stated."


def diff_text(
    facts: Diff, *, names: Names | None = None, reveal: bool = False, width: int = WIDTH
) -> str:
    """The whole diff, for the coordinator.

    Args:
        facts: The facts.
        names: Id → name, where names are wanted.
        reveal: Whether vetoes and confidential rules go by their names.
        width: Columns.
    """
    words = _Words(facts, names or {}, reveal=reveal)
    lines = [headline(facts)]
    for chain in facts.chains:
        lines += ["", f"{words.title(chain)}:", *(f"  - {step}" for step in words.steps(chain))]
    if not facts.changes:
        return "\n".join([*lines, "Nobody's partner changed."])
    people = text_table(HEADER, words.rows(), width=width)
    return "\n".join([fitted("\n".join(lines), width), "", people, NOTE])


def diff_html(facts: Diff, *, names: Names | None = None, reveal: bool = False) -> str:
    """The same for a notebook."""
    words = _Words(facts, names or {}, reveal=reveal)
    chains = (
        block
        for chain in facts.chains
        for block in (paragraph(f"{words.title(chain)}:"), items(words.steps(chain)))
    )
    people = [paragraph("Nobody's partner changed.")]
    if facts.changes:
        people = [table("Person by person", HEADER, words.rows()), note(NOTE)]
    return card(headline(facts).removesuffix("."), *chains, *people)


def headline(facts: Diff) -> str:
    """How many pairs stay, go and come, in one line."""
    left = _left(facts)
    over = [pair for pair in facts.ended if not left & set(pair)]
    parts = [f"{counted(len(facts.kept), 'pair')} kept"]
    parts += [
        f"{len(pairs)} {words}"
        for pairs, words in (
            ([pair for pair in facts.ended if left & set(pair)], "ended because somebody left"),
            (over, "had ended already"),
            (facts.excluded, "ended because the pair is not allowed any more"),
            (facts.broken, "broken"),
            (facts.made, "new"),
        )
        if pairs
    ]
    return f"{', '.join(parts)}."


def _left(facts: Diff) -> set[str]:
    """Who is not there any more."""
    return {one.person for one in facts.changes if one.kind is ChangeKind.WITHDREW}


class _Words:
    """A diff's facts in words, its people called as is wanted."""

    def __init__(self, facts: Diff, names: Names, *, reveal: bool) -> None:
        self._facts = facts
        self._names = names
        self._reveal = reveal
        self._fates = facts.fates
        self._gained = {
            change.person: tuple(person for person, _ in change.gained) for change in facts.changes
        }

    def _who(self, person: str) -> str:
        return label(person, self._names)

    # Chains ---------------------------------------------------------------------------------------

    def title(self, chain: Chain) -> str:
        """What a chain goes back to."""
        return "; ".join(self.cause(cause) for cause in chain.causes)

    def cause(self, cause: Cause) -> str:
        """What came from outside, in words."""
        if cause.kind is CauseKind.REBALANCED:
            return f"Weighed again: {'; '.join(cause.otherwise) or self._untold()}"
        if len(cause.people) == 2:
            pair = f"{self._who(cause.people[0])} – {self._who(cause.people[1])}"
            return f"{pair} {_OF_PAIRS[cause.kind]}{self._rules(cause.codes)}"
        who = self._who(cause.people[0])
        if cause.places is not None:
            return f"{who} has {counted(cause.places[1], 'place')} instead of {cause.places[0]}"
        return f"{who} {cause.kind.value}"

    def _untold(self) -> str:
        """Why pairs moved that nothing touched, where nothing was asked otherwise either."""
        causes = [cause for chain in self._facts.chains for cause in chain.causes]
        causes += [change.cause for change in self._facts.changes]
        touched = any(cause.kind is not CauseKind.REBALANCED for cause in causes)
        return _ELSEWHERE if touched else _NOWHERE

    def _rules(self, codes: Sequence[str]) -> str:
        """Rules in brackets, each told once."""
        told = dict.fromkeys(self._rule(code) for code in codes)
        return f" ({'; '.join(told)})" if told else ""

    def _rule(self, code: str) -> str:
        if code in OWN_CODES:
            return OWN_CODES[code]
        shown = public_code(code, reveal=self._reveal)
        text = rule_label(code, reveal=self._reveal)
        return text if text.casefold() == shown.casefold() else f"{text}: {shown}"

    def steps(self, chain: Chain) -> Iterator[str]:
        """What happened to the pairs of a chain, one after another; names stand in the table."""
        for _, pair in chain.steps:
            yield f"{pair[0]} – {pair[1]} {self._step(pair)}"

    def _step(self, pair: PairIds) -> str:
        fate = self._fates[pair]
        score = f"({number(self._facts.scores[pair])})"
        if fate == "new":
            return f"is new {score}."
        if fate == "ended":
            gone = _left(self._facts)
            left = [person for person in pair if person in gone]
            if not left:
                return f"{score} had ended already, by what was decided."
            return f"{score} ends: {listed(left)} withdrew."
        if fate == "excluded":
            return f"{score} ends: it is not allowed any more."
        return f"{score} is broken{self._instead(pair)}."

    def _instead(self, pair: PairIds) -> str:
        """Whom the two of a broken pair have instead."""
        told = [
            f"{person} goes to {listed(self._gained[person])}"
            for person in pair
            if self._gained[person]
        ]
        return f": {', '.join(told)}" if told else ", and neither gets anybody instead"

    # People ---------------------------------------------------------------------------------------

    def rows(self) -> list[tuple[str, str, str, str]]:
        """A row for everybody to whom something happened, in the order of the chains."""
        place: dict[str, int] = {}
        for chain in self._facts.chains:
            for _, pair in chain.steps:
                for person in pair:
                    place.setdefault(person, len(place))
        told = sorted(self._facts.changes, key=lambda one: place.get(one.person, len(place)))
        return [self._row(change) for change in told]

    def _row(self, change: Change) -> tuple[str, str, str, str]:
        had = self._partners(change.lost) or ("was not there" if _is_newcomer(change) else "")
        has = self._partners(change.gained)
        kept = [self._who(person) for person in change.after if person in change.before]
        if kept:
            has = f"{has}; still {listed(kept)}" if has else f"still {listed(kept)}"
        if not has:
            has = "left" if change.kind is ChangeKind.WITHDREW else "nobody"
        return self._who(change.person), had or "nobody", has, self._because(change)

    def _because(self, change: Change) -> str:
        if change.kind in (ChangeKind.WITHDREW, ChangeKind.JOINED):
            return change.kind.value
        cause = change.cause
        if cause.kind is CauseKind.REBALANCED:
            return "as above"
        if cause.kind in (CauseKind.WITHDREW, CauseKind.JOINED):
            return f"{cause.people[0]} {cause.kind.value}"
        words = _SHORT[cause.kind]
        return f"{' – '.join(cause.people)} {words}"

    def _partners(self, halves: Sequence[tuple[str, Half]]) -> str:
        return "; ".join(
            f"{self._who(person)} {number(half.score)}, {ordinal(half.rank)}"
            f"{'*' if half.is_stated else ''}"
            for person, half in halves
        )


def _is_newcomer(change: Change) -> bool:
    return change.kind is ChangeKind.JOINED


OWN_CODES: Mapping[str, str] = {
    "not_acceptable": "not in the list of acceptable pairs",
    "other_side": "one of them is on the other side now",
}
"""What excludes a pair and is no rule of a programme, in words."""

_SHORT: Mapping[CauseKind, str] = {
    CauseKind.EXCLUDED: "not allowed",
    CauseKind.OVER: "had ended",
    CauseKind.ALLOWED: "allowed",
    CauseKind.STATED: "as stated",
    CauseKind.PLACES: "other places",
}
_OF_PAIRS: Mapping[CauseKind, str] = {
    CauseKind.EXCLUDED: "is not allowed any more",
    CauseKind.OVER: "had ended already",
    CauseKind.ALLOWED: "is allowed now, and was not",
    CauseKind.STATED: "must be paired, as stated",
}
_ELSEWHERE = "what is told of the others changed what is best here"
_NOWHERE = "ranks, scores or levels differ, or a search was stopped early"

"""Words for a diff: what came from outside, and what it led to, person by person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rmatch.explaining.rule_words import public_code, rule_label
from rmatch.explaining.wording import counted, ordinal
from rmatch.rematching.diff import Cause, CauseKind, Change, ChangeKind, Diff, Half, PairIds

Names = Mapping[str, str]


def diff_text(facts: Diff, *, names: Names | None = None, reveal: bool = False) -> str:
    """The whole diff, for the coordinator.

    Args:
        facts: The facts.
        names: Id → name, where names are wanted.
        reveal: Whether vetoes and confidential rules go by their names.
    """
    shown = _Shown(names or {})
    lines = [headline(facts)]
    for cause, changes in _by_cause(facts):
        lines += ["", f"{cause_words(cause, names=names, reveal=reveal)}:"]
        lines += [f"  - {words}" for change in changes for words in _change(change, shown)]
    if not facts.changes:
        lines.append("Nobody's partner changed.")
    return "\n".join(lines)


def headline(facts: Diff) -> str:
    """How many pairs stay, go and come, in one line."""
    parts = [f"{counted(len(facts.kept), 'pair')} kept"]
    parts += [
        f"{len(pairs)} {words}"
        for pairs, words in (
            (facts.ended, "ended because somebody left"),
            (facts.excluded, "ended because the pair is not allowed any more"),
            (facts.broken, "broken to make room"),
            (facts.made, "new"),
        )
        if pairs
    ]
    return f"{', '.join(parts)}."


def cause_words(cause: Cause, *, names: Names | None = None, reveal: bool = False) -> str:
    """What came from outside, in words."""
    people = [_Shown(names or {})(person) for person in cause.people]
    if cause.kind is CauseKind.WITHDREW:
        return f"{people[0]} withdrew"
    if cause.kind is CauseKind.JOINED:
        return f"{people[0]} joined"
    if cause.kind is CauseKind.PLACES:
        return f"{people[0]} offers another number of places"
    if cause.kind is CauseKind.STATED:
        return f"It was stated that {people[0]} and {people[1]} must be paired"
    if cause.kind is CauseKind.EXCLUDED:
        codes = "; ".join(
            f"{rule_label(code, reveal=reveal)} ({public_code(code, reveal=reveal)})"
            for code in cause.codes
        )
        return f"{people[0]} and {people[1]} may not be paired any more" + (
            f", {codes}" if codes else ""
        )
    return "Other answers, weights or settings"


class _Shown:
    """An id, with the name where names are wanted."""

    def __init__(self, names: Names) -> None:
        self._names = names

    def __call__(self, person: str) -> str:
        name = self._names.get(person)
        return f"{person} {name}" if name else person


def _by_cause(facts: Diff) -> Iterator[tuple[Cause, Sequence[Change]]]:
    """Changes by what they go back to, causes in the order of the chains."""
    order = dict.fromkeys(cause for chain in facts.chains for cause in chain.causes)
    order |= dict.fromkeys(change.cause for change in facts.changes)
    for cause in order:
        mine = [change for change in facts.changes if change.cause == cause]
        told = _along(facts, mine)
        if told:
            yield cause, told


def _along(facts: Diff, changes: Sequence[Change]) -> list[Change]:
    """Changes in the order in which one led to the next."""
    place: dict[str, int] = {}
    for chain in facts.chains:
        for _, pair in chain.steps:
            for person in pair:
                place.setdefault(person, len(place))
    return sorted(changes, key=lambda change: place.get(change.person, len(place)))


def _change(change: Change, shown: _Shown) -> Iterator[str]:
    who = shown(change.person)
    if change.kind is ChangeKind.WITHDREW:
        if change.before:
            yield f"{who} had {_people(change.before, shown)}."
        return
    if change.kind is ChangeKind.JOINED:
        partners = _people(change.after, shown) if change.after else "no partner yet"
        yield f"{who} has {partners}{_values(change.gained)}."
        return
    if change.kind is ChangeKind.MATCHED:
        yield f"{who} had no partner and now has {_people(change.after, shown)}" + (
            f"{_values(change.gained)}."
        )
        return
    if change.kind is ChangeKind.UNMATCHED:
        yield f"{who} had {_people(change.before, shown)} and has no partner now."
        return
    yield _moved(change, who, shown)


def _moved(change: Change, who: str, shown: _Shown) -> str:
    lost = [person for person, _ in change.lost]
    gained = [person for person, _ in change.gained]
    if not lost:
        return f"{who} gets {_people(gained, shown)} as well{_values(change.gained)}."
    if not gained:
        return f"{who} no longer has {_people(lost, shown)}, and keeps the others."
    return (
        f"{who} moves from {_people(lost, shown)}{_values(change.lost)} to "
        f"{_people(gained, shown)}{_values(change.gained)}."
    )


def _people(people: Sequence[str], shown: _Shown) -> str:
    return " and ".join(map(shown, people))


def _values(halves: Sequence[tuple[str, Half]]) -> str:
    """Score and rank in brackets: what it is worth to the person."""
    if not halves:
        return ""
    told = "; ".join(
        f"{_number(half.score)}, {ordinal(half.rank)}{' choice' if half.is_stated else ''}"
        for _, half in halves
    )
    return f" ({told})"


def _number(value: float) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def rows(facts: Diff) -> list[dict[str, object]]:
    """One flat record per pair that was or is: ids, what became of it."""
    fates: tuple[tuple[str, Sequence[PairIds]], ...] = (
        ("kept", facts.kept),
        ("broken", facts.broken),
        ("ended", facts.ended),
        ("excluded", facts.excluded),
        ("new", facts.made),
    )
    return [
        {"mentor": mentor, "mentee": mentee, "change": fate}
        for fate, pairs in fates
        for mentor, mentee in pairs
    ]

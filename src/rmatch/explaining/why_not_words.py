"""Words for a why-not: the reason in a sentence, then the facts and what would change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from rmatch.explaining.level_words import LEVELS, goal, meaning, number, vector
from rmatch.explaining.participant_words import NEUTRAL
from rmatch.explaining.rule_words import NO_CANDIDATE, public_code, rule_label
from rmatch.explaining.why_not import Full, PairIds, Reason, WhyNot
from rmatch.explaining.wording import counted, listed, ordinal, rank_words
from rmatch.solution import Value

SHOWN = 6
"""So many pairs or people are named in a sentence; the data has them all."""

PANEL = (
    "Pairs are made for the whole programme together, from everybody's answers; the reason why "
    "two people were not paired is for the coordinator alone."
)
"""What a panel reads of every why-not, whatever the cause."""


def neutral(audience: str) -> str:
    """The one sentence of an audience that learns of no reason."""
    return NEUTRAL if audience == "participant" else PANEL


def why_not_text(
    facts: WhyNot,
    *,
    for_people: bool,
    stability: str = "weak",
    reveal: bool = False,
    is_drawn: bool = True,
    algorithm: str | None = None,
) -> str:
    """Why not, for the coordinator.

    Args:
        facts: The facts.
        for_people: Whether scores are the 0–100 that people see.
        stability: Which pairs block.
        reveal: Whether vetoes and confidential rules go by their names.
        is_drawn: Whether the levels end in a draw between equals.
        algorithm: What made the matching, where the levels did not decide it.
    """
    lines = [
        reason_sentence(
            facts,
            for_people=for_people,
            stability=stability,
            reveal=reveal,
            is_drawn=is_drawn,
            algorithm=algorithm,
        )
    ]
    if algorithm is not None and facts.reason not in _WITHOUT_LEVELS:
        lines.insert(0, BY_ALGORITHM.format(algorithm))
    if facts.reason is not Reason.EXCLUDED:
        lines += [_full(facts, full) for full in facts.full]
    lines += _moves(facts)
    return "\n".join(lines)


BY_ALGORITHM = (
    "The matching was made by {}, which does not go by levels: what follows compares it with the "
    "best one that has this pair."
)
"""Said before a comparison of levels that did not decide."""

_WITHOUT_LEVELS = (Reason.MATCHED, Reason.EXCLUDED, Reason.NO_PLACE, Reason.STATED)
"""Reasons that hold whatever made the matching."""


def reason_sentence(
    facts: WhyNot,
    *,
    for_people: bool,
    stability: str,
    reveal: bool,
    is_drawn: bool,
    algorithm: str | None = None,
) -> str:
    """The reason alone; arguments as for :func:`why_not_text`."""
    if facts.reason is Reason.TIE_BREAK and algorithm is not None:
        both = f"{facts.mentor} and {facts.mentee}"
        return f"Pairing {both} would be just as good at every level but the draw."
    if facts.reason is Reason.TIE_BREAK:
        return _equals(facts, is_drawn=is_drawn)
    return _reason(facts, for_people=for_people, stability=stability, reveal=reveal)


def not_computed(mentor: str, mentee: str, unchanged: Sequence[str] = ()) -> str:
    """That nobody has looked yet what a pair would cost, but at levels that it leaves unchanged."""
    if not unchanged:
        return f"What pairing {mentor} and {mentee} would cost was not computed here."
    return (
        f"With {mentor} and {mentee} paired there could still be "
        f"{listed([goal(level) for level in unchanged])}; what it would cost after that was not "
        "computed here."
    )


def where_to_ask(mentor: str, mentee: str) -> str:
    """Where the whole answer is to be had, with the pairs that would change."""
    return f"To see which pairs would change, ask: rmatch explain RUN {mentor} {mentee}"


def scores_words(points: str, *, excluded: bool) -> str:
    """What a pair scores, or would have scored."""
    return f"The pair {'would have scored' if excluded else 'scores'} {points}."


def auditor_why_not(facts: WhyNot, pseudonyms: Mapping[str, str]) -> str:
    """Codes and pseudonyms only."""
    codes = ",".join(sorted(set(map(public_code, facts.excluded_by)))) or "-"
    return (
        f"pair {pseudonyms[facts.mentor]} {pseudonyms[facts.mentee]} reason {facts.reason.value} "
        f"made {_plain(facts.made)} forced {_plain(facts.forced)} "
        f"exact {'yes' if facts.is_exact else 'no'} excluded_by {codes} "
        f"moves {len(facts.lost)} blocking {len(facts.blocking)}"
    )


def _plain(value: Value | None) -> str:
    if value is None:
        return "-"
    return str(value) if isinstance(value, int) else ",".join(map(str, value))


# ------------------------------------------------------------------------------------- the reason


def _reason(facts: WhyNot, *, for_people: bool, stability: str, reveal: bool) -> str:
    both = f"{facts.mentor} and {facts.mentee}"
    plain: Mapping[Reason, Callable[[], str]] = {
        Reason.MATCHED: lambda: f"{both} are matched with each other.",
        Reason.EXCLUDED: lambda: _excluded(facts, both, reveal=reveal),
        Reason.NO_PLACE: lambda: f"{both} cannot be paired: {_no_place(facts)}.",
        Reason.STATED: lambda: _stated(facts, both),
        Reason.UNPROVED: lambda: _unproved(facts, both, for_people=for_people),
    }
    if facts.reason in plain:
        return plain[facts.reason]()
    words = _level(facts, for_people=for_people, stability=stability)
    return f"If {both} were paired, {words}{_how_exact(facts, for_people=for_people)}."


def _how_exact(facts: WhyNot, *, for_people: bool) -> str:
    if facts.is_exact:
        return ""
    if facts.bound != facts.forced and facts.at_least is not None:
        least = number(str(facts.level), facts.at_least, for_people=for_people)
        return f" (in the best matching found in the time; by at least {least} in any)"
    return " (against this matching, which is not proved best here)"


def _equals(facts: WhyNot, *, is_drawn: bool) -> str:
    decided = (
        "the draw between equals decided, which favours nobody"
        if is_drawn
        else "no level draws between equals, so it is chance which of them was found"
    )
    both = f"{facts.mentor} and {facts.mentee}"
    return f"Pairing {both} would be just as good at every level; {decided}."


def _excluded(facts: WhyNot, both: str, *, reveal: bool) -> str:
    score = (
        f" {scores_words(f'{facts.score:.1f}', excluded=True)}"
        if isinstance(facts.score, float)
        else ""
    )
    if not facts.excluded_by:
        return f"{both} do not find each other acceptable, so they can never be paired.{score}"
    if facts.excluded_by == (NO_CANDIDATE,):
        return (
            f"{both} were not looked at: nothing excludes the pair, and it is in neither one's "
            f"list of candidates ({NO_CANDIDATE}).{score}"
        )
    rules = "; ".join(
        f"{rule_label(code, reveal=reveal)} ({public_code(code, reveal=reveal)})"
        for code in facts.excluded_by
    )
    return f"{both} may not be paired: {rules}.{score}"


def _no_place(facts: WhyNot) -> str:
    words = [f"{one.person} offers no place" for one in facts.full if not one.partners]
    if not words:
        held = "every place of {} is held by a pair that must be made"
        words = [held.format(person) for person in facts.held]
    return " and ".join(words)


def _stated(facts: WhyNot, both: str) -> str:
    if not facts.clashing:
        return f"With {both} paired, what you have stated cannot all hold."
    return f"With {both} paired, this cannot all hold: {'; '.join(facts.clashing)}."


def _unproved(facts: WhyNot, both: str, *, for_people: bool) -> str:
    if facts.level is None:
        return f"Whether {both} could be paired at no cost was not settled: the time was up."
    if not facts.is_exact and _gets_better(facts):
        level = LEVELS[facts.level].meaning
        return (
            "The matching was not proved to be the best, and one with this pair is better: "
            f"{level} {_shown(facts.level, facts.forced, for_people=for_people)} instead of "
            f"{_shown(facts.level, facts.made, for_people=for_people)}."
        )
    return (
        f"What pairing {both} would cost was not settled in time; "
        f"the level in question is {facts.level}."
    )


def _gets_better(facts: WhyNot) -> bool:
    made, forced = facts.made, facts.forced
    if made is None or forced is None or facts.level is None:
        return False
    if LEVELS[facts.level].fewest:
        made, forced = forced, made
    return forced > made  # type: ignore[operator]  # values of one level are of one kind


# -------------------------------------------------------------------------------------- by levels


def _level(facts: WhyNot, *, for_people: bool, stability: str) -> str:
    amount, level = facts.amount, str(facts.level)
    subject = f"the {meaning(level, stability).removesuffix(':')}"
    if amount is None:
        return (
            f"{subject} would be worse: "
            f"{_shown(level, facts.forced, for_people=for_people)} instead of "
            f"{_shown(level, facts.made, for_people=for_people)}"
        )
    if level in _COUNTS:
        return _COUNTS[level](facts, amount, stability)
    return (
        f"{subject} would be {number(level, amount, for_people=for_people)} "
        f"{'higher' if LEVELS[level].fewest else 'lower'}: "
        f"{_shown(level, facts.forced, for_people=for_people)} instead of "
        f"{_shown(level, facts.made, for_people=for_people)}"
    )


def _shown(level: str, value: Value | None, *, for_people: bool) -> str:
    if isinstance(value, tuple):
        return vector(level, value, for_people=for_people)
    return "–" if value is None else number(level, value, for_people=for_people)


def _pairs(facts: WhyNot, amount: int, stability: str) -> str:
    del stability
    return (
        f"{counted(amount, 'pair')} fewer could be made: {facts.forced} instead of {facts.made}"
        + _without(facts.left_out)
    )


def _people(facts: WhyNot, amount: int, stability: str) -> str:
    del stability
    return (
        f"{counted(amount, 'person', 'people')} fewer would have a partner: {facts.forced} "
        f"instead of {facts.made}" + _without(facts.left_out)
    )


def _priority(facts: WhyNot, amount: int, stability: str) -> str:
    del stability
    return (
        f"{amount} fewer of those carried over would have a partner: {facts.forced} instead of "
        f"{facts.made}" + _without(facts.carried_over)
    )


def _stability(facts: WhyNot, amount: int, stability: str) -> str:
    blocking = meaning("stability", stability)
    one = blocking.removesuffix("s")
    words = f"there would be {amount} more {one if amount == 1 else blocking}"
    if not facts.blocking:
        return words
    if not facts.made:
        return f"{words}: {_listed(facts.blocking)}"
    # Some of those that block now may block no longer, so that more are new than the sum grows by.
    return f"{words}, {facts.forced} instead of {facts.made} (new: {_listed(facts.blocking)})"


def _warnings(facts: WhyNot, amount: int, stability: str) -> str:
    del stability
    return (
        f"{counted(amount, 'pair')} more would have to be looked at: {facts.forced} instead "
        f"of {facts.made}"
    )


_COUNTS: Mapping[str, Callable[[WhyNot, int, str], str]] = {
    "pairs": _pairs,
    "people": _people,
    "priority": _priority,
    "stability": _stability,
    "warnings": _warnings,
}


def _without(people: Sequence[str]) -> str:
    if not people:
        return ""
    return f" ({_people_listed(people)} would have none)"


def _people_listed(people: Sequence[str]) -> str:
    named, more = ", ".join(people[:SHOWN]), len(people) - SHOWN
    return f"{named} and {more} more" if more > 0 else named


# ---------------------------------------------------------------------------------- what stands by


def _full(facts: WhyNot, full: Full) -> str:
    other = facts.mentee if full.person == facts.mentor else facts.mentor
    held = held_words(full)
    if not full.partners or not full.rank:
        return f"{held}."
    return beside_words(held, full.person, other, full.rank, stated=full.rank_stated)


def held_words(full: Full) -> str:
    """With whom somebody's places are filled, without a full stop."""
    if not full.partners:
        return f"{full.person} offers no place"
    have = " and ".join(
        _rank(partner, rank, stated=stated)
        for partner, rank, stated in zip(full.partners, full.ranks, full.stated, strict=True)
    )
    return f"{full.person} has {have}"


def beside_words(held: str, person: str, other: str, rank: int, *, stated: bool) -> str:
    """Whom somebody has, and how high somebody else stands for them."""
    return f"{held}; {rank_words(person, other, rank, stated=stated)}."


def _rank(partner: str, rank: int, *, stated: bool) -> str:
    if stated:
        return f"{partner} (ranked {ordinal(rank)})"
    return f"{partner} ({ordinal(rank)}, inferred from scores)"


def _moves(facts: WhyNot) -> Iterator[str]:
    if facts.alternative is None:
        return
    undone = f", and {_listed(facts.lost)} would not" if facts.lost else ""
    # What is unproved may be beaten by yet another.
    such = "Such a matching" if facts.reason is Reason.UNPROVED else "The best such matching"
    yield f"{such}: {_listed(facts.gained)} would meet{undone}."
    if facts.left_out and facts.reason not in (Reason.PAIRS, Reason.PEOPLE, Reason.PRIORITY):
        yield f"Left without a partner: {_people_listed(facts.left_out)}."


def _listed(pairs: Sequence[PairIds]) -> str:
    named = ", ".join(f"{mentor} with {mentee}" for mentor, mentee in pairs[:SHOWN])
    more = len(pairs) - SHOWN
    return f"{named} and {more} more" if more > 0 else named

"""Words for the coordinator: why somebody has no partner, and what would give them one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from rmatch.explaining.change import AddPerson, AddPlace, Change, WaiveRule, change_words
from rmatch.explaining.smallest import SmallestChange
from rmatch.explaining.unmatched import TooFewPlaces, UnmatchedFacts, UnmatchedReason
from rmatch.explaining.with_partner import WithPartner
from rmatch.explaining.wording import counted, counted_in_words, listed
from rmatch.programme import Programme
from rmatch.solution import Value

NAMED = 12
"""Up to so many people are named; of more, how many they are."""

IN_WORDS = 10
"""Numbers that are compared are in words up to this, and both in figures beyond."""

MUST_PAIR = "must_pair "
"""How the statement begins that a pair must be made; what was approved is stated so, too."""

DOUBLES_SHOWN = 5
"""So many pairs of changes are written out; of the others, how many they are."""

WOULD: Mapping[str, str] = {
    "pairs": "the number of pairs would be {} instead of {}",
    "people": "the number of people with a partner would be {} instead of {}",
    "priority": "people carried over who have a partner would count {} instead of {}",
    "changes": "the number of pairs broken that were made before would be {} instead of {}",
    "stability": "the number of blocking pairs would be {} instead of {}",
    "prices": "quotas off their limits would cost {} instead of {}",
    "warnings": "the number of pairs to be looked at would be {} instead of {}",
    "score": "the pairs would score {} in total instead of {}",
    "leximin": "those who do worst would do worse",
    "rank_maximal": "fewer would get one of the best ranks",
    "generous": "more would get one of the worst ranks",
    "egalitarian": "everybody's ranks would add up to {} instead of {}",
    "min_regret": "the worst rank of anybody would be {} instead of {}",
    "balanced": "the ranks of the side that does worse would add up to {} instead of {}",
    "side_equal": "the sides' sums of ranks would be {} apart instead of {}",
    "tie_break": "all would be as good: the draw of the tie-break decided",
}
"""What would be worse, for every level: its value with a partner for them, and as made."""


# ---------------------------------------------------------------------------------------------- why


def why_lines(
    person: str,
    side: str,
    facts: UnmatchedFacts,
    *,
    for_people: bool,
    algorithm: str | None = None,
) -> Iterator[str]:
    """Why somebody has no partner; nothing where the other facts say it already.

    Args:
        person: Their id.
        side: Theirs, ``mentor`` or ``mentee``.
        facts: What was found.
        for_people: Whether scores are hundredths of the 0–100 that people see.
        algorithm: What made the matching, where the levels did not decide it.
    """
    if facts.too_few is not None:
        yield _too_few(person, side, facts.too_few, facts)
    if facts.instead is not None:
        if algorithm is None:
            yield from _instead(person, facts, facts.instead, for_people=for_people)
        else:
            yield from _passed_over(person, facts.instead, algorithm, for_people=for_people)


def _too_few(person: str, side: str, few: TooFewPlaces, facts: UnmatchedFacts) -> str:
    opposite = "mentee" if side == "mentor" else "mentor"
    people, is_one = _people(person, side, few.people), len(few.people) == 1
    are = "is" if is_one else "are"
    held = f": {stated_words(facts.statements)}" if facts.reason is UnmatchedReason.QUOTA else ""
    if not few.others:
        whose = _named(few.held, opposite)
        return (
            f"Too few places: {people} {are} allowed only with {whose}, "
            f"where no place is open{held}."
        )
    others = _others(few, opposite)
    count = counted if len(few.people) > IN_WORDS else counted_in_words
    text = (
        f"Too few places: {people} {are} allowed only with {others}: "
        f"{count(len(few.people), 'person', 'people')}, {count(few.places, 'place')}."
    )
    if few.held:
        have = "has" if len(few.held) == 1 else "have"
        text += f" {_named(few.held, opposite)} would be allowed, but {have} no place open{held}."
    return text


def _people(person: str, side: str, ids: Sequence[str]) -> str:
    if len(ids) <= NAMED:
        return listed(ids)
    return f"{counted(len(ids), side)}, {person} among them,"


def _others(few: TooFewPlaces, opposite: str) -> str:
    if len(few.others) > NAMED and few.everybody:
        return f"the {counted(len(few.others), opposite)} who have a place open"
    return _named(few.others, opposite)


def _named(ids: Sequence[str], noun: str) -> str:
    return listed(ids) if len(ids) <= NAMED else counted(len(ids), noun)


def _instead(
    person: str, facts: UnmatchedFacts, instead: WithPartner, *, for_people: bool
) -> Iterator[str]:
    if instead.possible is None or (instead.possible and not instead.proved):
        yield f"Why it is {person} who has none was not settled in the time."
        return
    if not instead.possible:
        stated = f": {stated_words(facts.statements)}" if facts.statements else ""
        yield f"No matching that keeps what is stated has a partner for {person}{stated}."
        return
    if instead.is_better:
        yield (
            f"A better matching has a partner for {person}: this one is not proved, and at the "
            f"level {instead.level} it is not the best. Solve again with more time."
        )
        return
    yield _why(person, instead, for_people=for_people)
    if facts.too_few is None and facts.reason is UnmatchedReason.QUOTA and facts.statements:
        yield f"What is stated stands against it: {stated_words(facts.statements)}."
    if facts.reason is UnmatchedReason.STRATEGY:
        yield (
            "The order of the levels does not put the number of pairs or people before this: "
            "name pairs or people first to have as many as possible matched."
        )


def stated_words(statements: Sequence[str]) -> str:
    """Statements as a coordinator reads them: pairs to be made together, quotas as written."""
    made = [one.removeprefix(MUST_PAIR) for one in statements if one.startswith(MUST_PAIR)]
    told = [one for one in statements if not one.startswith(MUST_PAIR)]
    if made:
        pairs = listed(["–".join(ids.split(" ", 1)) for ids in made])
        told.append(f"{pairs} {'is' if len(made) == 1 else 'are'} to be made")
    return "; ".join(told)


def _passed_over(
    person: str, instead: WithPartner, algorithm: str, *, for_people: bool
) -> Iterator[str]:
    """Whom an algorithm left without a partner, though there is a matching that has one."""
    yield f"The matching was made by {algorithm}, which does not look for the most people matched."
    if instead.possible is None:
        yield f"Whether {person} could have a partner was not settled in the time."
    elif not instead.possible:
        yield f"No matching that keeps what is stated has a partner for {person}."
    elif instead.is_better:
        yield (
            f"A matching that has a partner for {person} is better: the first level that differs "
            f"is {instead.level}. A strategy that proves its levels finds it."
        )
    elif instead.level not in (None, "tie_break"):
        yield _why(person, instead, for_people=for_people)
    else:
        yield f"One that has a partner for {person} is as good at every level but the draw."


def _why(person: str, instead: WithPartner, *, for_people: bool) -> str:
    partners = listed(instead.partners)
    start = f"If {person} had a partner ({'' if instead.settled else 'for instance '}{partners}), "
    changes = []
    if instead.left_out:
        changes.append(f"{listed(instead.left_out)} would have none")
    if instead.gained:
        changes.append(f"{listed(instead.gained)} would have one too")
    if instead.level is None:
        changes.append("all would be as good at every level")
    else:
        changes.append(_would(instead, for_people=for_people))
    return f"{start}{', and '.join(changes)}."


def _would(instead: WithPartner, *, for_people: bool) -> str:
    level = instead.level or ""
    values = (
        _number(level, value, for_people=for_people) for value in (instead.value, instead.made)
    )
    text = WOULD[level].format(*values)
    if level == "stability":
        ends = [f"{mentor} with {mentee}" for mentor, mentee in instead.blocking]
        return f"{text} (new: {listed(ends)})" if ends else text
    return f"{text} ({listed(instead.unkept)})" if level == "prices" and instead.unkept else text


def _number(level: str, value: Value | None, *, for_people: bool) -> str:
    is_score = level == "score" and isinstance(value, int) and for_people
    return f"{value / 100:.2f}" if is_score and isinstance(value, int) else str(value)


# ------------------------------------------------------------------------------ the smallest change


def change_lines(
    smallest: SmallestChange,
    side: str,
    programme: Programme | None,
    *,
    algorithm: str | None = None,
) -> Iterator[str]:
    """What would match somebody, and what was not tried."""
    person = smallest.person
    if smallest.changes == ((),):
        again = "Solving again to the end" if algorithm is None else "The strategy best_score"
        yield f"{again} would match {person}."
        return
    if smallest.changes:
        what = "Any one of these changes" if smallest.size == 1 else "Any of these pairs of changes"
        by = "" if algorithm is None else ", by best_score"
        yield f"{what} would match {person} (the whole was solved again with each{by}):"
        yield from (f"  - {line}" for line in _change_texts(smallest, side, programme))
    if not smallest.complete:
        yield _not_tried(smallest)
    elif not smallest.changes and smallest.tried:
        kinds = _kinds(side, programme)
        yield f"No change would match {person}, nor any two, of these kinds: {kinds}."


def _not_tried(smallest: SmallestChange) -> str:
    if smallest.changes:
        found = "others may do it as well"
        return f"The time was up when {_tried(smallest)} had been tried: {found}."
    if smallest.tried:
        return (
            f"Nothing that would match {smallest.person} was found in the time: "
            f"{_tried(smallest)} did not, and others were not tried."
        )
    return f"What would match {smallest.person} was not looked for: there was no time."


def _tried(smallest: SmallestChange) -> str:
    if smallest.size == 1:
        return counted(smallest.tried, "change")
    return counted(smallest.tried, "change or pair of changes", "changes or pairs of changes")


def _kinds(side: str, programme: Programme | None) -> str:
    opposite = "mentee" if side == "mentor" else "mentor"
    place = f"one more place for a {opposite}"
    if programme is None:
        return place
    return f"{place}, one more {opposite} like those there are, waiving a rule for one pair"


def _change_texts(
    smallest: SmallestChange, side: str, programme: Programme | None
) -> Iterator[str]:
    if smallest.size == 1:
        yield from _grouped([change for (change,) in smallest.changes], side, programme)
        return
    for changes in smallest.changes[:DOUBLES_SHOWN]:
        first, second = (_words(change, programme) for change in changes)
        yield f"{first}, and {second[0].lower()}{second[1:]}"
    if len(smallest.changes) > DOUBLES_SHOWN:
        rest = len(smallest.changes) - DOUBLES_SHOWN
        yield counted(rest, "other pair of changes", "other pairs of changes")


def _grouped(changes: Iterable[Change], side: str, programme: Programme | None) -> Iterator[str]:
    """Places together, and people where there is more than one kind; waivers one by one."""
    every = list(changes)
    places = [change.person for change in every if isinstance(change, AddPlace)]
    if places:
        yield f"One more place for {listed(places, last='or')}"
    people = [change for change in every if isinstance(change, AddPerson)]
    if len(people) > 1:
        opposite = "mentee" if side == "mentor" else "mentor"
        yield f"One more {opposite} like {listed([change.like for change in people], last='or')}"
    else:
        yield from (_words(change, programme) for change in people)
    yield from (_words(change, programme) for change in every if isinstance(change, WaiveRule))


def _words(change: Change, programme: Programme | None) -> str:
    if programme is None:
        assert isinstance(change, AddPlace)  # noqa: S101 - without people nothing else is tried
        return f"One more place for {change.person}"
    return change_words(programme, change)

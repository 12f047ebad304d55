"""The summary in words: what was asked, what came out, what is proved, what needs a person's eye.

Written for somebody who never saw rmatch. Nothing here is called the best that is not proved.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rmatch.explaining.level_words import BLOCKING, goal
from rmatch.explaining.wording import counted, day_words, listed
from rmatch.reporting.summary import merged
from rmatch.reports.reader import Reader
from rmatch.reports.view import AuditView, LevelRow, Section

if TYPE_CHECKING:
    from rmatch.matching import Matching

TITLE = "Reciprocal mentoring: the proposed pairs"
PROPOSED = "These pairs are a proposal. A person decides whether they are made."


def headline(matching: Matching) -> str:
    """The result in one sentence."""
    pairs = counted(len(matching.pairs), "pair")
    if matching.algorithm is not None:
        method = matching.solution.method
        return f"{pairs}; {_left(matching)}; made by {method}, not proved the best."
    among = "" if matching.candidates is None else " among the candidates"
    best = f"proved the best possible{among}"
    proved = best if matching.status == "optimal" else "not proved the best"
    return f"{pairs}; {_left(matching)}; {proved} in the order that was asked."


def _left(matching: Matching) -> str:
    count = len(matching.unmatched)
    if not count:
        return "everybody has a partner"
    return f"{counted(count, 'person', 'people')} without a partner"


def dates(matching: Matching) -> str:
    """When the programme runs; ``""`` where that is not set."""
    if matching.programme is None:
        return ""
    settings = matching.programme.settings
    starts, ends = day_words(settings.starts), day_words(settings.ends)
    if starts and ends:
        return f"The programme runs from {starts} to {ends}."
    if starts:
        return f"The programme starts on {starts}."
    return f"The programme ends on {ends}." if ends else ""


def sections(
    matching: Matching, reader: Reader, levels: Sequence[LevelRow], audit: AuditView
) -> tuple[Section, ...]:
    """The four parts."""
    return (
        Section("What was asked", tuple(_asked(matching)), tuple(_goals(matching))),
        Section("What came out", tuple(_came_out(matching))),
        Section("What is proved", tuple(_proved(matching, levels, audit))),
        Section("What needs a person's eye", tuple(_to_look_at(matching, reader))),
    )


def _asked(matching: Matching) -> Iterator[str]:
    instance = matching.instance
    sides = [
        _side(len(instance.mentor_ids), int(instance.mentor_capacity.sum()), "mentor"),
        _side(len(instance.mentee_ids), int(instance.mentee_capacity.sum()), "mentee"),
    ]
    yield f"To pair {listed(sides)}."
    if matching.programme is not None:
        severities = list(matching.programme.settings.severities.values())
        yield (
            f"Never to break any of {counted(severities.count('hard'), 'rule')} that exclude a "
            f"pair, and to flag what breaks one of {severities.count('warn')} others."
        )
    if matching.candidates is not None:
        yield (
            f"To look at each person's candidates: the best {matching.candidates} by each side's "
            "own points, a few by the pair's, every stated choice, and whom the settings name. The "
            "aims below hold among these pairs; no other was looked at."
        )
    if matching.algorithm is not None:
        yield (
            f"To pair them by the strategy {matching.algorithm}, which does not go by aims. What "
            "came out is counted at these:"
        )
    else:
        yield "In this order, each before all that follow:"


def _goals(matching: Matching) -> Iterator[str]:
    for name in matching.order:
        words = goal(name, matching.instance.stability)
        yield f"{words[:1].upper()}{words[1:]}."


def _side(people: int, places: int, noun: str) -> str:
    words = counted(people, noun)
    return words if places == people else f"{words} ({counted(places, 'place')})"


def _came_out(matching: Matching) -> Iterator[str]:
    instance = matching.instance
    people = len(instance.mentor_ids) + len(instance.mentee_ids)
    with_one = people - len(matching.unmatched)
    yield f"{counted(len(matching.pairs), 'pair')}: {with_one} of {people} people have a partner."
    blocking, words = len(matching.blocking_pairs), BLOCKING[instance.stability]
    if blocking:
        yield f"There {'is' if blocking == 1 else 'are'} {counted(blocking, words)}."
    else:
        who = "people who may be paired" if matching.candidates is None else "candidates"
        yield (
            f"Nobody has cause to look elsewhere: no two {who} would both rather have each other."
            if instance.stability == "weak"
            else f"There is no {words}."
        )


def _proved(matching: Matching, levels: Sequence[LevelRow], audit: AuditView) -> Iterator[str]:
    if matching.status == "optimal":
        of = "" if matching.candidates is None else " of these candidates"
        yield f"For each aim, given those before it, no matching{of} does better: that is proved."
    else:
        done = [level.goal[:1].lower() + level.goal[1:] for level in levels if level.is_proved]
        first = next(level for level in levels if not level.is_proved)
        yield f"Proved: {listed(done)}." if done else "No aim is proved to its end."
        yield _not_proved(matching, first)
    yield audit.lines[0]


def _not_proved(matching: Matching, first: LevelRow) -> str:
    """What is open, and why."""
    if matching.algorithm is not None:
        return (
            f"Nothing more is proved: {matching.algorithm} does not look for the best matching, "
            "and a better one may exist."
        )
    why = (
        "There are too many pairs for a proof, however long it took"
        if matching.solution.is_beyond_proof
        else "The time was up, or the search was stopped"
    )
    return (
        f"Not proved: {first.goal[:1].lower()}{first.goal[1:]}. {why}; a better matching may exist."
    )


def _to_look_at(matching: Matching, reader: Reader) -> Iterator[str]:
    told = list(_notes(matching, reader))
    yield from told or ["Nothing was flagged."]
    yield PROPOSED


def _notes(matching: Matching, reader: Reader) -> Iterator[str]:
    asked = len(merged(matching.questions))
    if asked:
        yield (
            f"{counted(asked, 'question')} to ask before these pairs are approved: rules that "
            "could not be checked for want of facts."
        )
    flagged = len({(one.mentor, one.mentee) for one in matching.warnings})
    if flagged:
        yield f"{counted(flagged, 'pair')} to be looked at: allowed, but flagged by a rule."
    waived = len({(one.mentor, one.mentee) for one in matching.waived})
    if waived:
        yield f"{counted(waived, 'pair')} made under a waiver of the coordinator."
    left = len(matching.unmatched)
    if left:
        people = counted(left, "person", "people")
        yield f"{people} without a partner, whom somebody should tell in person."
    blocking = len(matching.blocking_pairs)
    if blocking:
        words = BLOCKING[matching.instance.stability]
        yield f"{counted(blocking, words)}: people who might ask why they were not paired."
    if matching.unkept:
        units = len(matching.unkept)
        named = f": {', '.join(matching.unkept)}" if reader.is_coordinator else ""
        yield f"{counted(units, 'statement')} with a price not kept{named}."

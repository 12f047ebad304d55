"""Words for what is proved of a matching: one line a level, for the coordinator, in ids."""

from __future__ import annotations

from collections.abc import Sequence

from rmatch.explaining.level_words import LEVELS, TIE_BREAK, limit, meaning, number
from rmatch.explaining.level_words import vector as vector_words
from rmatch.explaining.proofs import CutFacts
from rmatch.explaining.wording import counted
from rmatch.reporting.wrapping import fitted
from rmatch.solution import Level

HEADING = "What is proved, each level given those before it:"
CHECKED = "Checked: verify() checks it again, without a solver."
REPORTED = "Reported, not checked: the solver's own proof, which only solving again repeats."
LISTED = 6
"""So many people of a side are named; of more it says how many they are."""


def proofs_text(
    levels: Sequence[Level],
    cut: CutFacts | None,
    *,
    for_people: bool = True,
    stability: str = "weak",
) -> str:
    """One line a level: what it comes to, that nothing is better, and how that is known.

    Args:
        levels: The solution's, in order.
        cut: Why no more pairs are possible, where that is known so.
        for_people: Whether scores are hundredths of the 0–100 that people see.
        stability: Which pairs block.
    """
    lines = [HEADING]
    for level in levels:
        value = _value(level, for_people=for_people, stability=stability)
        lines.append(f"  {level.name}: {value}{how_known(level, cut, for_people=for_people)}")
    proofs = {level.proof for level in levels if level.proved}
    lines += [CHECKED] if proofs - _REPORTED else []
    lines += [REPORTED] if proofs & _REPORTED else []
    return fitted("\n".join(lines))


_REPORTED = frozenset(("reported", "rotations"))


def _value(level: Level, *, for_people: bool, stability: str) -> str:
    if level.name == TIE_BREAK:  # its number means nothing
        return meaning(level.name)
    if isinstance(level.value, tuple):
        vector = vector_words(level.name, level.value, for_people=for_people)
        return f"{meaning(level.name)} {vector}"
    value = number(level.name, level.value, for_people=for_people)
    return f"{value} {meaning(level.name, stability)}" if level.name == "stability" else value


def how_known(level: Level, cut: CutFacts | None, *, for_people: bool) -> str:
    """That nothing is better, and how that is known, to follow the value."""
    better = _no_better(level)
    if not level.proved:
        return f": {limit(level.name, level.value, level.bound, for_people=for_people)}"
    if level.proof == "cut" and cut is not None:
        return f", and {better}: {_cut(cut)} (minimum cut, checked)"
    if level.proof == "prices":
        return (
            f", and {better}: no pairs are worth more than the places they take, at their prices"
            " (prices, checked over every acceptable pair)"
        )
    if level.proof == "counted":
        return ": none of the acceptable pairs blocks (counted, checked)"
    if level.proof == "floor":
        return f": {_FLOORS.get(level.name, 'none at all')} (counted, checked)"
    by = " by rotations" if level.proof == "rotations" else ""
    return f", and {better} (proved{by}; reported, not checked)"


def _no_better(level: Level) -> str:
    name = level.name
    if name == TIE_BREAK:
        return "nothing as good draws more"
    if isinstance(level.value, tuple):
        return "nothing is better"
    if name in LEVELS and LEVELS[name].fewest:
        return "no fewer are possible" if name in _COUNTS else "no less is possible"
    return "no more are possible" if name in _COUNTS else "no more is possible"


_COUNTS = frozenset(("pairs", "people", "priority", "stability", "warnings"))
"""Levels whose value is a number of somebodies or somethings."""

_FLOORS = {
    "people": "everybody has a partner",
    "priority": "everybody carried over has a partner",
}
"""Why nothing could be better, where that is not that there is nothing to be counted."""


def _cut(cut: CutFacts) -> str:
    beside = f"beside the {counted(cut.forced, 'pair')} that must be made, " if cut.forced else ""
    people = [
        *_named(cut.mentors, "mentor", everybody=not cut.others[0]),
        *_named(cut.mentees, "mentee", everybody=not cut.others[1]),
    ]
    if not people:
        pairs = counted(cut.beside, "acceptable pair") if cut.beside else "no acceptable pair"
        return f"{beside}there is {pairs}" if cut.beside < 2 else f"{beside}there are {pairs}"
    one = len(cut.mentors) + len(cut.mentees) == 1
    have = "has" if one else "together have"
    need = "every acceptable pair needs one of them"
    if cut.beside:
        need = f"only {counted(cut.beside, 'acceptable pair')} can do without them"
    return f"{beside}{_listing(people)} {have} {counted(cut.places, 'place')}, and {need}"


def _named(ids: tuple[str, ...], side: str, *, everybody: bool) -> list[str]:
    if len(ids) <= LISTED:
        return list(ids)
    return [f"{'all ' if everybody else ''}{counted(len(ids), side)}"]


def _listing(items: Sequence[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)

"""The levels of a matching in words: what was decided in which order, and how far it was proved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rmatch.solution import Level
from rmatch.solving.objectives import REGISTRY

TIE_BREAK = "tie_break"
MEANING: Mapping[str, str] = {
    "pairs": "pairs made",
    "people": "people with a partner",
    "priority": "carried over and now with a partner",
    "stability": "blocking pairs",
    "warnings": "pairs to be looked at",
    "score": "total score of the pairs",
    TIE_BREAK: "drawn from the seed and the ids",
}


def levels_block(levels: Sequence[Level], *, for_people: bool = True) -> str:
    """One line a level: its value and meaning, and what is proved where not everything is.

    Args:
        levels: The solution's, in order.
        for_people: Whether scores are hundredths of the 0–100 that people see.
    """
    proved = all(level.proved for level in levels)
    heading = (
        "Decided in this order, each proved best given those before it:"
        if proved
        else "Decided in this order, and not proved to the end:"
    )
    rows = [
        (level.name, _value(level, level.value, for_people=for_people), MEANING.get(level.name, ""))
        for level in levels
    ]
    states = [""] * len(levels) if proved else list(_states(levels, for_people=for_people))
    name_width = max((len(row[0]) for row in rows), default=0)
    value_width = max((len(row[1]) for row in rows), default=0)
    lines = [
        f"  {name:<{name_width}}  {value:>{value_width}}  {meaning}{state}".rstrip()
        for (name, value, meaning), state in zip(rows, states, strict=True)
    ]
    return "\n".join([heading, *lines])


def _value(level: Level, value: int, *, for_people: bool) -> str:
    """The tie-break's number means nothing, so it is not shown."""
    if level.name == TIE_BREAK:
        return ""
    return f"{value / 100:.1f}" if level.name == "score" and for_people else str(value)


def _states(levels: Sequence[Level], *, for_people: bool) -> Iterator[str]:
    is_open = False
    for level in levels:
        if level.proved:
            yield ": proved"
        elif is_open:
            yield ": not reached"
        elif level.bound is None or level.name == TIE_BREAK:
            yield ": not proved"
        else:
            most = REGISTRY[level.name].sense == "max"
            bound = _value(level, level.bound, for_people=for_people)
            yield f": not proved; {'at most' if most else 'at least'} {bound}"
        is_open = is_open or not level.proved

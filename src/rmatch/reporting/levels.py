"""The levels of a matching in words: what was decided in which order, and how far it was proved."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rmatch.explaining.level_words import FREE_PLACES, LEVELS, TIE_BREAK, limit, meaning, number
from rmatch.explaining.level_words import vector as vector_words
from rmatch.reporting.wrapping import fitted
from rmatch.solution import Level


def levels_block(
    levels: Sequence[Level],
    *,
    for_people: bool = True,
    stability: str = "weak",
    algorithm: str | None = None,
    beyond_proof: bool = False,
) -> str:
    """One line a level: its value and meaning, and what is proved where not everything is.

    Args:
        levels: The solution's, in order.
        for_people: Whether scores are hundredths of the 0–100 that people see.
        stability: Which pairs block.
        algorithm: What made the matching, where the levels did not decide it, and how.
        beyond_proof: Whether the open one is so for the number of pairs, not for want of time.
    """
    rows = level_rows(levels, for_people=for_people, stability=stability, algorithm=algorithm)
    name_width = max((len(row[0]) for row in rows), default=0)
    value_width = max((len(row[1]) for row in rows), default=0)
    lines = [
        f"  {name:<{name_width}}  {value:>{value_width}}  {words}".rstrip()
        for name, value, words in rows
    ]
    heading = f"{levels_heading(levels, algorithm, beyond_proof=beyond_proof)}:"
    notes = [f"  {FREE_PLACES}"] if about_ranks(levels) else []
    return fitted("\n".join([heading, *lines, *notes]))


def levels_heading(
    levels: Sequence[Level], algorithm: str | None = None, *, beyond_proof: bool = False
) -> str:
    """What the levels are, and whether all of them are proved."""
    if algorithm is not None:
        return f"Made by {algorithm}, and counted afterwards at these levels"
    if all(level.proved for level in levels):
        return "Decided in this order, each proved best given those before it"
    if beyond_proof:
        return "Decided in this order, with too many pairs to prove it to the end, in any time"
    return "Decided in this order, and not proved to the end"


def about_ranks(levels: Sequence[Level]) -> bool:
    """Whether any level counts ranks, so that it has to be said what a free place counts."""
    return any(level.name in LEVELS and LEVELS[level.name].ranks for level in levels)


def level_rows(
    levels: Sequence[Level],
    *,
    for_people: bool = True,
    stability: str = "weak",
    algorithm: str | None = None,
) -> list[tuple[str, str, str]]:
    """Name, value and meaning of every level, with what is proved where not everything is."""
    rows = [_row(level, for_people=for_people, stability=stability) for level in levels]
    if all(level.proved for level in levels):
        return rows
    if algorithm is not None:  # it was not after any level, so that none is short of its end
        states = iter([": proved" if level.proved else "" for level in levels])
    else:
        states = _states(levels, for_people=for_people)
    return [
        (name, value, f"{words}{state}")
        for (name, value, words), state in zip(rows, states, strict=True)
    ]


def _row(level: Level, *, for_people: bool, stability: str) -> tuple[str, str, str]:
    """Name, value, meaning; a vector stands with its meaning, in words."""
    words = meaning(level.name, stability)
    if isinstance(level.value, tuple):
        vector = vector_words(level.name, level.value, for_people=for_people)
        return level.name, "", f"{words} {vector}"
    if level.name == TIE_BREAK:  # its number means nothing
        return level.name, "", words
    return level.name, number(level.name, level.value, for_people=for_people), words


def _states(levels: Sequence[Level], *, for_people: bool) -> Iterator[str]:
    is_open = False
    for level in levels:
        if level.proved:
            yield ": proved"
        elif is_open:
            yield ": not reached"
        else:
            yield f": {limit(level.name, level.value, level.bound, for_people=for_people)}"
        is_open = is_open or not level.proved

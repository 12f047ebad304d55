"""Words for a why: both sides' ranks, points beside the alternatives', what made the difference."""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.explaining.why import Option, SideWhy, Why
from rmatch.explaining.wording import CRITERION_WORDS, counted, rank_words


def why_text(facts: Why) -> str:
    """Why two people are matched, for the coordinator."""
    lines = [
        f"{facts.mentor} and {facts.mentee} are matched. The pair scores {_points(facts.score)}."
    ]
    for side in facts.sides:
        lines += ["", *_side(side)]
    return "\n".join(lines)


def _side(side: SideWhy) -> Iterator[str]:
    *first, last = side_lines(side)
    yield from first
    if side.criteria and first:
        yield from _table(side)
    yield last


def side_lines(side: SideWhy) -> Iterator[str]:
    """One side in sentences, without the points by criterion; two or three of them."""
    words = rank_words(side.person, side.partner, side.rank, stated=side.is_stated)
    yield f"{words} ({counted(side.allowed, 'partner')} allowed)."
    if side.best is None or side.median is None:
        yield f"Nobody else is allowed for {side.person}."
        return
    first = f"{_points(side.score)} on {side.person}'s side"
    if side.best == side.median:
        yield f"{first}; the only alternative, {_alternative(side.best)}."
    else:
        yield (
            f"{first}; the best alternative, {_alternative(side.best)}; the median one, "
            f"{_alternative(side.median)}."
        )
    if side.criteria:
        yield _difference(side)


def _points(value: float) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _alternative(one: Option) -> str:
    return f"{one.id}, would give {_points(one.score)}"


def _table(side: SideWhy) -> Iterator[str]:
    names = [CRITERION_WORDS.get(one.name, one.name) for one in side.criteria]
    width = max(map(len, (*names, "points")))
    others = dict.fromkeys(one.id for one in (side.best, side.median) if one is not None)
    heads = (side.partner, *others)
    columns = max(7, *map(len, heads))
    yield f"  {'points':<{width}}" + "".join(f"  {head:>{columns}}" for head in heads)
    for name, one in zip(names, side.criteria, strict=True):
        own = f"{one.points:.1f}" if one.is_stated else f"({one.points:.1f})"
        beside = (one.best, one.median)[: len(others)]
        values = (own, *(f"{value:.1f}" for value in beside if value is not None))
        yield f"  {name:<{width}}" + "".join(f"  {value:>{columns}}" for value in values)
    if any(not one.is_stated for one in side.criteria):
        yield "  In brackets: not stated, counted as this criterion's average."


def _difference(side: SideWhy) -> str:
    gains = side.difference[:3]
    only = side.median is not None and side.best == side.median
    beside = side.median.id if only and side.median else "the median alternative"
    if not gains:
        return f"No criterion speaks for {side.partner} against {beside}."
    named = ", ".join(f"{CRITERION_WORDS.get(name, name)} (+{gain:.1f})" for name, gain in gains)
    return f"What speaks most for {side.partner} against {beside}: {named}."

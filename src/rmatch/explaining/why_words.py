"""Words for a why: both sides' ranks, points beside the alternatives', what made the difference."""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.explaining.why import Option, SideWhy, Why
from rmatch.explaining.wording import BRACKETS, CRITERION_WORDS, rank_words, ranked_among
from rmatch.markup import Html, card, note, paragraph, prose, table


def why_text(facts: Why) -> str:
    """Why two people are matched, for the coordinator."""
    lines = [_headline(facts)]
    for side in facts.sides:
        lines += ["", *_standing(side)]
        if _is_compared(side):
            lines += [*_table(side), _difference(side)]
    return "\n".join(lines)


def why_html(facts: Why) -> str:
    """The same for a notebook."""
    blocks = (block for side in facts.sides for block in _html_side(side))
    return card(f"{facts.mentor} and {facts.mentee}", paragraph(_headline(facts)), *blocks)


def _html_side(side: SideWhy) -> Iterator[Html]:
    yield prose("\n".join(_standing(side)))
    if _is_compared(side):
        header, *rows = _points_table(side)
        caption = f"What each criterion gives on {side.person}'s side"
        yield table(caption, header, rows, right=range(1, len(header)))
        if _has_averages(side):
            yield note(BRACKETS)
        yield paragraph(_difference(side))


def _headline(facts: Why) -> str:
    both = f"{facts.mentor} and {facts.mentee}"
    return f"{both} are matched. The pair scores {_points(facts.score)}."


def _is_compared(side: SideWhy) -> bool:
    return bool(side.criteria) and side.best is not None


def side_lines(side: SideWhy) -> Iterator[str]:
    """One side in sentences, without the points by criterion; two or three of them."""
    yield from _standing(side)
    if _is_compared(side):
        yield _difference(side)


def _standing(side: SideWhy) -> Iterator[str]:
    """How high the partner stands, and what the alternatives would give."""
    words = rank_words(side.person, side.partner, side.rank, stated=side.is_stated)
    yield f"{words} ({ranked_among(side.allowed, are_candidates=side.are_candidates)})."
    if side.best is None or side.median is None:
        what = "a candidate of" if side.are_candidates else "allowed for"
        yield f"Nobody else is {what} {side.person}."
        return
    first = f"{_points(side.score)} on {side.person}'s side"
    if side.best == side.median:
        yield f"{first}; the only alternative, {_alternative(side.best)}."
    else:
        yield (
            f"{first}; the best alternative, {_alternative(side.best)}; the median one, "
            f"{_alternative(side.median)}."
        )


def _points(value: float) -> str:
    return f"{value:.1f}" if isinstance(value, float) else str(value)


def _alternative(one: Option) -> str:
    return f"{one.id}, would give {_points(one.score)}"


def _table(side: SideWhy) -> Iterator[str]:
    (_, *heads), *rows = _points_table(side)
    width = max(map(len, (*(row[0] for row in rows), "points")))
    columns = max(7, *map(len, heads))
    yield f"  {'points':<{width}}" + "".join(f"  {head:>{columns}}" for head in heads)
    for name, *values in rows:
        yield f"  {name:<{width}}" + "".join(f"  {value:>{columns}}" for value in values)
    if _has_averages(side):
        yield f"  {BRACKETS}"


def _points_table(side: SideWhy) -> list[tuple[str, ...]]:
    """A header, then a row a criterion: points for the partner, and for the alternatives."""
    others = dict.fromkeys(one.id for one in (side.best, side.median) if one is not None)
    rows: list[tuple[str, ...]] = [("points", side.partner, *others)]
    for one in side.criteria:
        own = f"{one.points:.1f}" if one.is_stated else f"({one.points:.1f})"
        beside = (one.best, one.median)[: len(others)]
        values = (f"{value:.1f}" for value in beside if value is not None)
        rows.append((CRITERION_WORDS.get(one.name, one.name), own, *values))
    return rows


def _has_averages(side: SideWhy) -> bool:
    return any(not one.is_stated for one in side.criteria)


def _difference(side: SideWhy) -> str:
    gains = side.difference[:3]
    only = side.median is not None and side.best == side.median
    beside = side.median.id if only and side.median else "the median alternative"
    if not gains:
        return f"No criterion speaks for {side.partner} against {beside}."
    named = ", ".join(f"{CRITERION_WORDS.get(name, name)} (+{gain:.1f})" for name, gain in gains)
    return f"What speaks most for {side.partner} against {beside}: {named}."

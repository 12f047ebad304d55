"""Alternatives as a table that a coordinator can read."""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.explaining.alternatives import Alternative, Alternatives
from rmatch.explaining.level_words import VECTORS
from rmatch.explaining.level_words import number as level_number
from rmatch.markup import Html, card, note, paragraph, table
from rmatch.reporting.pairs import RANKS, rank_text
from rmatch.reporting.pairs import number as score_number
from rmatch.reporting.tables import text_table
from rmatch.reporting.wrapping import fitted

HEADER = ("partner", "score", "own\nrank", "partner's\nrank", "what it costs the programme")
NUMBERS = frozenset({1, 2, 3})


def alternatives_text(found: Alternatives, *, for_people: bool) -> str:
    """Who else, with ranks and the price, cheapest first; and who was not looked at in time."""
    return fitted("\n".join(_lines(found, for_people=for_people)))


def alternatives_html(found: Alternatives, *, for_people: bool) -> str:
    """The same for a notebook."""
    return card(f"Whom else {found.person} could have", *_blocks(found, for_people=for_people))


def _blocks(found: Alternatives, *, for_people: bool) -> Iterator[Html]:
    if found:
        rows = [_row(one, for_people=for_people) for one in found]
        yield table("Cheapest for the programme first", HEADER, rows, right=NUMBERS)
        yield note(RANKS)
    if words := _without_table(found):
        yield paragraph(words)


def _lines(found: Alternatives, *, for_people: bool) -> Iterator[str]:
    if found:
        yield f"Whom else {found.person} could have, cheapest for the programme first:"
        rows = [_row(one, for_people=for_people) for one in found]
        yield text_table(HEADER, rows, right=NUMBERS)
        yield RANKS
    if words := _without_table(found):
        yield words


def _without_table(found: Alternatives) -> str:
    """Whose price is not known, or that there is nobody at all; may be empty."""
    if found.unsettled:
        return f"Not settled in the time, and perhaps as cheap: {', '.join(found.unsettled)}"
    return "" if found else f"{found.person} could have nobody else."


def _row(one: Alternative, *, for_people: bool) -> tuple[str, ...]:
    return (
        one.partner,
        score_number(one.score),
        rank_text(one.own_rank, stated=one.own_stated),
        rank_text(one.partner_rank, stated=one.partner_stated),
        price_text(one, for_people=for_people),
    )


def price_text(one: Alternative, *, for_people: bool) -> str:
    """The level that decides, and by how much it changes."""
    if one.decides is None:
        return "nothing at any level"
    cost = one.price[one.decides]
    change = "worse" if cost > 0 else "better"
    if one.decides in VECTORS:
        return f"{one.decides} {change}"
    return (
        f"{one.decides} {change} by {level_number(one.decides, abs(cost), for_people=for_people)}"
    )

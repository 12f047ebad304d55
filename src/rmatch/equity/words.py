"""The report in words: tables for a coordinator, what is withheld, what none of it can show."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from rmatch.equity.people import SIDES, SideName
from rmatch.equity.records import Equity, Figure, Row, Withheld
from rmatch.equity.sections import text_table
from rmatch.explaining.wording import counted
from rmatch.markup import Html, card, items, note, paragraph, table
from rmatch.reporting.wrapping import filled

HEADER = ("", "people", "has a partner", "got a choice", "own side's score")
WITHHELD = "–"
_FEW = 30
"""With fewer people on a side than this, no difference between groups is worth a word."""
_REASONS = {
    "few": "Not shown, because the answers do not fall into two sets of at least {minimum} people",
    "crossed": (
        "Not shown, because together with the rows above it might tell of fewer than {minimum} "
        "people"
    ),
}


def report_text(equity: Equity, width: int) -> str:
    """The whole report, its prose folded at ``width``; the tables need 80 columns or so."""
    paragraphs = [
        *(filled(line, width) for line in _opening(equity)),
        *(block for side in SIDES for block in _side(equity, side, width)),
        "\n".join(
            ["What this cannot show", *(_item(line, width) for line in limits(equity))],
        ),
        *(filled(f"Note: {notice}", width) for notice in equity.notices),
    ]
    return "\n\n".join(paragraphs)


def report_html(equity: Equity) -> str:
    """The same for a notebook."""
    title, reading = _opening(equity)
    return card(
        title.removesuffix("."),
        note(reading),
        *(block for side in SIDES for block in _html_side(equity, side)),
        paragraph("What this cannot show:"),
        items(limits(equity)),
        *(note(f"Note: {notice}") for notice in equity.notices),
    )


def _html_side(equity: Equity, side: SideName) -> Iterator[Html]:
    header = ("group", *HEADER[1:])
    yield table(side.capitalize(), header, _html_cells(equity, side), right={1})
    for line in (*_left_over(equity, side), *_withheld(equity, side)):
        yield paragraph(line)


def _item(line: str, width: int) -> str:
    return filled(line, width, first="- ", rest="  ")


def _opening(equity: Equity) -> Iterator[str]:
    yield (
        f"Equity report: how this matching came out for groups of at least {equity.minimum} people."
    )
    yield (
        "has a partner: of the people in the group. got a choice: of those who stated choices, who "
        "has one of them as a partner. own side's score: the mean, of those with a partner. In "
        f"brackets the 95 % interval. {WITHHELD}: withheld, because in this group or another it "
        f"would tell of fewer than {equity.minimum} people."
    )


def _side(equity: Equity, side: SideName, width: int) -> Iterator[str]:
    sections = [
        (None if name is None else f"{name}:", [_row_cells(row) for row in rows])
        for name, rows in _by_characteristic(equity, side)
    ]
    yield f"{side.capitalize()}\n{text_table(HEADER, sections)}"
    for line in (*_left_over(equity, side), *_withheld(equity, side)):
        yield filled(line, width)


def _left_over(equity: Equity, side: SideName) -> Iterator[str]:
    """Why nothing but people is shown by group, where a few of the side have no partner."""
    total, *groups = (row for row in equity.rows if row.side == side)
    rate = total.match_rate
    if rate is None or not groups:
        return
    left = rate.of - round(rate.value * rate.of / 100)
    if 0 < left < 2 * equity.minimum:
        have = "has" if left == 1 else "have"
        yield (
            f"{left} of {counted(rate.of, side[:-1])} {have} no partner: too few to tell of which "
            "groups. So every figure that could tell is withheld."
        )


def _by_characteristic(equity: Equity, side: SideName) -> list[tuple[str | None, list[Row]]]:
    rows = (row for row in equity.rows if row.side == side)
    return [(name, list(some)) for name, some in groupby(rows, lambda row: row.characteristic)]


def _html_cells(equity: Equity, side: SideName) -> list[tuple[str, ...]]:
    return [
        (row.group if name is None else f"{name}: {row.group}", *_row_cells(row)[1:])
        for name, rows in _by_characteristic(equity, side)
        for row in rows
    ]


def _row_cells(row: Row) -> tuple[str, ...]:
    label = row.group if row.characteristic is None else f"- {row.group}"
    return (
        label,
        str(row.people),
        _rate(row.match_rate),
        _rate(row.choice_rate, say_of=True),
        _score(row.mean_score),
    )


def _rate(figure: Figure | None, *, say_of: bool = False) -> str:
    if figure is None:
        return WITHHELD
    of = f" of {figure.of}" if say_of else ""
    return f"{figure.value:.0f} %{of} ({figure.low:.0f}–{figure.high:.0f})"


def _score(figure: Figure | None) -> str:
    if figure is None:
        return WITHHELD
    return f"{figure.value:.1f} ({figure.low:.1f}–{figure.high:.1f})"


def _withheld(equity: Equity, side: SideName) -> Iterator[str]:
    for reason, words in _REASONS.items():
        names = [one.characteristic for one in _of(equity, side) if one.reason == reason]
        if names:
            yield f"{words.format(minimum=equity.minimum)}: {', '.join(names)}."


def _of(equity: Equity, side: SideName) -> list[Withheld]:
    return [one for one in equity.withheld if one.side == side]


def limits(equity: Equity) -> list[str]:
    """What the report cannot show, of this cohort."""
    return [
        *(line for side in SIDES for line in _too_few(equity, side)),
        *_width(equity),
        *_chance(equity),
        "It shows what came out, not why. Groups differ in specialty, place and choices as well, "
        "so that a difference is no sign of unfair treatment, and no difference no sign of its "
        "absence. The matching itself never sees these answers.",
        "The rates are shares of this cohort. The intervals say what other cohorts like it might "
        "show, and are rough: people compete for the same partners, so one person's outcome "
        "depends on another's.",
        "Hand on one such report of a cohort: two, of other tables, another minimum or a matching "
        "made again, can be subtracted from each other and give away single people.",
    ]


def _too_few(equity: Equity, side: SideName) -> Iterator[str]:
    everyone = next(row.people for row in equity.rows if _is_total(row) and row.side == side)
    groups = any(row.side == side and not _is_total(row) for row in equity.rows)
    if not groups:
        yield f"Of {counted(everyone, side[:-1])} nothing can be shown by group."
    if groups and everyone < _FEW:
        yield f"With {counted(everyone, side[:-1])} nothing can be concluded about any group."


def _is_total(row: Row) -> bool:
    return row.characteristic is None


def _width(equity: Equity) -> Iterator[str]:
    widths = [figure.high - figure.low for figure, is_rate in _uncertain(equity) if is_rate]
    if widths:
        narrow, wide = f"{min(widths):.0f}", f"{max(widths):.0f}"
        span = narrow if narrow == wide else f"{narrow} to {wide}"
        yield (
            f"The rates of groups are this uncertain: their intervals are {span} percentage points "
            "wide. Groups whose intervals overlap may well not differ at all."
        )


def _chance(equity: Equity) -> Iterator[str]:
    figures = len(_uncertain(equity))
    if figures > 1:
        yield (
            f"{figures} figures of groups are shown that could differ. Among so many some do by "
            "chance alone: one interval in twenty is expected to miss."
        )


def _uncertain(equity: Equity) -> list[tuple[Figure, bool]]:
    """Figures of groups, and whether each is a rate; not those that a whole side has, 0 and 100."""
    groups = [row for row in equity.rows if not _is_total(row)]
    rates = [figure for row in groups for figure in (row.match_rate, row.choice_rate) if figure]
    means = [row.mean_score for row in groups if row.mean_score]
    return [
        *((figure, True) for figure in rates if 0 < figure.value < 100),
        *((figure, False) for figure in means),
    ]

"""How far a matching hangs on the weights, as a card for a notebook."""

from __future__ import annotations

from collections.abc import Iterator

from rmatch.explaining.robustness_words import (
    AT_LEAST,
    NOT_LOOKED_FOR,
    changes_lines,
    weight_number,
)
from rmatch.explaining.weight_records import PairRobustness, Robustness, WeightRange
from rmatch.markup import Html, card, note, prose, table

_FREE = {True: "yes", False: "–", None: "not known"}


def robustness_html(found: Robustness) -> str:
    """The whole matching, its pairs, then how far each weight may move."""
    return card(
        "How far this matching hangs on the weights",
        prose("\n".join(changes_lines(found))),
        *_pairs(found),
        *_ranges(found),
    )


def _pairs(found: Robustness) -> Iterator[Html]:
    solved = [change for change in found.changes if change.solved]
    header = (
        "pair",
        *(f"of {one.solved} to {one.percent} %" for one in solved),
        "at all weights",
    )

    def row(pair: PairRobustness) -> tuple[str, ...]:
        stayed = (str(pair.stayed[one.percent]) for one in solved)
        return f"{pair.mentor} – {pair.mentee}", *stayed, _FREE[pair.weight_free]

    rows = [row(pair) for pair in found.pairs]
    numbers = range(1, len(solved) + 1)
    yield table(
        "In how many changes each pair stayed",
        header,
        rows,
        right=numbers,
        more="to_frame() has all.",
    )


def _ranges(found: Robustness) -> Iterator[Html]:
    if found.ranges is None:
        yield note(NOT_LOOKED_FOR)
    elif found.ranges:
        header = ["weight of", "now", "from", "to", "so far"]
        rows = [_range(one) for one in found.ranges]
        if not any(row[-1] for row in rows):
            header, rows = header[:-1], [row[:-1] for row in rows]
        yield table("Best at every weight tried, the others as they are", header, rows, right={1})
        if any(one.high is None for one in found.ranges):
            yield note(AT_LEAST)


def _range(one: WeightRange) -> tuple[str, ...]:
    now = str(one.weight)
    if one.low_open and one.high_open and one.low == one.high:
        return one.criterion, now, "", "", "not looked at: the time was up"
    low = f"{weight_number(one.low)}{' or less' if one.low_open else ''}"
    high = f"at least {one.limit}" if one.high is None else weight_number(one.high)
    late = "the time was up" if one.low_open or one.high_open else ""
    return one.criterion, now, low, f"{high}{' or more' if one.high_open else ''}", late

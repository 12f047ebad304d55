"""How far a matching hangs on the weights, in words for the coordinator."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from rmatch.explaining.weight_records import LIMIT, Change, PairRobustness, Robustness, WeightRange

_WIDTH = 80


def robustness_text(found: Robustness) -> str:
    """The whole matching first, then its pairs, then how far each weight may move."""
    blocks = [
        changes_lines(found),
        _weight_free(found),
        _moved(found),
        _stayed(found),
        _ranges(found),
    ]
    return "\n\n".join(text for text in map("\n".join, blocks) if text)


# All weights at once ------------------------------------------------------------------------------


def changes_lines(found: Robustness) -> Iterator[str]:
    """What became of the whole matching, change by change."""
    for change in found.changes:
        heading = f"All weights changed by up to {change.percent} %:"
        if not change.solved:
            yield f"{heading} not looked at, the time was up."
            continue
        whole = f"the whole matching stayed in {change.same} of {change.solved}"
        yield f"{heading} {whole}{_average(found, change)}"
        if change.impossible:
            yield f"  What is stated cannot hold at all in {change.impossible} of {change.solved}."
        if change.solved < change.draws:
            yield f"  {change.draws - change.solved} more not solved in the time."


def _average(found: Robustness, change: Change) -> str:
    if change.same == change.solved:
        return "."
    stayed = sum(pair.stayed[change.percent] for pair in found.pairs) / change.solved
    return f",\n  on average {stayed:.1f} of its {len(found.pairs)} pairs."


def _solved(found: Robustness) -> list[Change]:
    return [change for change in found.changes if change.solved]


def _weight_free(found: Robustness) -> Iterator[str]:
    for pair in found.pairs:
        if pair.weight_free:
            yield f"{_name(pair)} does not depend on the weights"


def _moved(found: Robustness) -> Iterator[str]:
    """The pairs that were not made in all changes, those that moved most first."""
    changes = _solved(found)
    moved = [pair for pair in _hanging(found) if not _stays(pair, changes)]
    if moved:
        yield "Moved, most often first:"
    most_first = sorted(moved, key=lambda pair: [pair.stayed[c.percent] for c in changes[::-1]])
    for pair in most_first:
        times = [f"{change.solved - pair.stayed[change.percent]}" for change in changes]
        yield f"  {_name(pair)} moved in {_each(times, changes)}"


def _stayed(found: Robustness) -> Iterator[str]:
    """The pairs that were made in all changes."""
    changes = _solved(found)
    stayed = [_name(pair) for pair in _hanging(found) if _stays(pair, changes)]
    if stayed and changes:
        yield f"Stayed in {_each([str(change.solved) for change in changes], changes)}:"
        yield _listed(stayed)


def _hanging(found: Robustness) -> list[PairRobustness]:
    return [pair for pair in found.pairs if not pair.weight_free]


def _stays(pair: PairRobustness, changes: Sequence[Change]) -> bool:
    return all(pair.stayed[change.percent] == change.solved for change in changes)


def _each(times: Sequence[str], changes: Sequence[Change]) -> str:
    """As in: 3 of 20 changes of up to 10 % and in 7 of 20 of up to 25 %."""
    texts = [
        f"{count} of {change.solved}{'' if at else ' changes'} of up to {change.percent} %"
        for at, (count, change) in enumerate(zip(times, changes, strict=True))
    ]
    *first, last = texts
    return f"{', in '.join(first)} and in {last}" if first else last


def _name(pair: PairRobustness) -> str:
    return f"{pair.mentor}–{pair.mentee}"


def _listed(names: Sequence[str]) -> str:
    return textwrap.fill(
        ", ".join(names),
        _WIDTH,
        initial_indent="  ",
        subsequent_indent="  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


# Each weight alone --------------------------------------------------------------------------------


NOT_LOOKED_FOR = (
    "How far each weight may move was not looked for: the matching is not proved optimal."
)
AT_LEAST = f"At least: it was not looked beyond {LIMIT} times what the weight is."


def _ranges(found: Robustness) -> Iterator[str]:
    if found.ranges is None:
        yield NOT_LOOKED_FOR
    elif found.ranges:
        yield "The other weights as they are, this matching was best at every weight tried:"
        yield from (f"  the weight of {one.criterion} {_range(one)}" for one in found.ranges)
        if any(one.high is None for one in found.ranges):
            yield f"  {AT_LEAST}"


def _range(one: WeightRange) -> str:
    now = f"(now {one.weight})"
    if one.low_open and one.high_open and one.low == one.high:
        return f"was not looked at {now}: the time was up"
    low = f"{weight_number(one.low)}{' or less' if one.low_open else ''}"
    high = f"at least {one.limit}" if one.high is None else weight_number(one.high)
    more = " or more" if one.high_open else ""
    late = "; the time was up" if one.low_open or one.high_open else ""
    return f"may lie between {low} and {high}{more} {now}{late}"


def weight_number(weight: float) -> str:
    """To a thousandth; whole numbers plain."""
    return f"{weight:.3f}" if weight % 1 else f"{weight:.0f}"

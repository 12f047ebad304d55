"""The table of a benchmark: medians, worsts, ratios to the peers, and the bad news in footnotes."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterator, Sequence

from formulation import LEAST
from peers import PEERS
from protocol import Options, median_and_worst

Row = dict[str, object]

MUCH_WORSE = 5
"""A worst seed of so many medians gets a footnote."""


def table(rows: Sequence[Row], options: Options) -> list[str]:
    """Medians and worsts per class, ratios to the peers, and the bad news in footnotes."""
    lines = [_line("class", "seeds", "median s", "worst s", "proved", *_headings())]
    notes: dict[str, int] = {}
    for title in dict.fromkeys(str(row["class"]) for row in rows):
        mine = [row for row in rows if row["class"] == title]
        marks = "".join(f"[{notes.setdefault(note, len(notes) + 1)}]" for note in _bad_news(mine))
        median, worst = median_and_worst([_seconds(row, "seconds") for row in mine])
        proved = sum(row["status"] == "optimal" for row in mine)
        cells = [cell for peer in PEERS for cell in _peer_cells(mine, peer, options.cap)]
        line = _line(
            title, len(mine), f"{median:.3f}", f"{worst:.3f}", f"{proved}/{len(mine)}", *cells
        )
        lines.append(f"{line} {marks}".rstrip())
    lines.append("A ratio is the median, seed by seed, of the peer's seconds over those of rmatch.")
    return lines + [f"[{number}] {note}" for note, number in notes.items()]


def _headings() -> list[str]:
    return [heading for peer in PEERS for heading in (f"{peer} s", "ratio")]


def _line(title: str, *cells: object) -> str:
    return f"{title:<42}" + "".join(f"{cell!s:>10}" for cell in cells)


def _seconds(row: Row, column: str) -> float:
    return float(str(row[column]))


def _peer_cells(rows: Sequence[Row], peer: str, cap: float) -> tuple[str, str]:
    """The peer's median seconds and the median ratio; ``>`` where a cap cut them short."""
    asked = [row for row in rows if row[f"{peer}_seconds"] != ""]
    if not asked:
        return "–", "–"
    capped = [row for row in asked if row[f"{peer}_status"] != "optimal"]
    median = statistics.median(
        math.inf if row in capped else _seconds(row, f"{peer}_seconds") for row in asked
    )
    shown = f">{cap:g}" if math.isinf(median) else f"{median:.3f}"
    ratios = [ratio for row in asked if (ratio := _ratio(row, peer)) is not None]
    if not ratios:
        return shown, "–"
    return shown, f"{'>' if capped else ''}{statistics.median(ratios):.1f}"


def _ratio(row: Row, peer: str) -> float | None:
    """The peer's seconds over those of rmatch: at least that where the peer was capped.

    0 where only the peer proved anything, ``None`` where neither did.
    """
    if row["status"] != "optimal":
        return 0.0 if row[f"{peer}_status"] == "optimal" else None
    return _seconds(row, f"{peer}_seconds") / max(1e-4, _seconds(row, "seconds"))


def _bad_news(rows: Sequence[Row]) -> Iterator[str]:
    """What the figures of a class alone would hide."""
    median, worst = median_and_worst([_seconds(row, "seconds") for row in rows])
    if worst > MUCH_WORSE * median:
        yield f"the worst seed takes {worst / median:.0f} times the median"
    unproved = [row for row in rows if row["status"] != "optimal"]
    if unproved:
        gaps = ", ".join(f"{row['value']} ({_bound_of(row)})" for row in unproved)
        yield f"unproved: {gaps}"
    for peer in PEERS:
        yield from _bad_news_of_a_peer(rows, peer)


def _bad_news_of_a_peer(rows: Sequence[Row], peer: str) -> Iterator[str]:
    asked = [row for row in rows if row[f"{peer}_status"] != ""]
    proved = [row for row in asked if row[f"{peer}_status"] == "optimal"]
    if too_large := [row for row in asked if row[f"{peer}_status"] == "too large"]:
        yield f"{peer} is not asked: its model is too large ({len(too_large)} of {len(asked)})"
    elif len(proved) < len(asked):
        yield f"{peer} is capped on {len(asked) - len(proved)} of {len(asked)}"
    faster = [row for row in proved if _seconds(row, f"{peer}_seconds") < _seconds(row, "seconds")]
    if faster:
        yield f"{peer} is faster on {len(faster)} of {len(asked)}"
    if any(row["status"] != "optimal" for row in proved):
        yield f"{peer} proves what rmatch leaves open"
    if better := [row for row in asked if _beats(row, peer)]:
        yield f"{peer} has a better matching on {len(better)} of {len(asked)}"


def _beats(row: Row, peer: str) -> bool:
    """Whether the peer's matching is nearer to the bound: on the better side of ours."""
    if row["status"] == "optimal" or row[f"{peer}_value"] == "":
        return False
    ours, theirs = int(str(row["value"])), int(str(row[f"{peer}_value"]))
    return theirs < ours if row["level"] in LEAST else theirs > ours


def _bound_of(row: Row) -> str:
    """The bound, and |bound − value| / value in per cent."""
    if row["bound"] is None or not row["value"]:
        return f"bound {row['bound']}"
    reached, bound = float(str(row["value"])), float(str(row["bound"]))
    return f"bound {row['bound']}, gap {100 * abs(bound - reached) / reached:.2f} %"

"""A frontier in plain words: what the first blocking pairs buy, and from where on none buy more."""

from __future__ import annotations

from dataclasses import dataclass

SMALLEST = 0.0005
"""A smaller share would be rounded to nothing."""


@dataclass(frozen=True, slots=True)
class Figures:
    """The points of a frontier in columns, from few blocking pairs to many.

    Attributes:
        blocking: Blocking pairs of each.
        scores: Total scores, as people see them.
        losses: Shares of ``most`` that are lost.
        closed: Whether nothing scores more up to the next point; at the last, at all.
        fewest: No matching has fewer blocking pairs.
        most: The best score; where that is open, what none can exceed, or else the best found.
    """

    blocking: tuple[int, ...]
    scores: tuple[float, ...]
    losses: tuple[float, ...]
    closed: tuple[bool, ...]
    fewest: int
    most: float


def summary(of: Figures) -> str:
    """What stability costs, what half of that costs in blocking pairs, and where it ends."""
    begins = _begins(of)
    if len(of.scores) == 1:
        return f"{begins}{', and nothing scores more' if of.closed[0] else ''}."
    last = len(of.scores) - 1
    half = (of.scores[0] + of.scores[-1]) / 2
    knee = next(k for k in range(1, last + 1) if of.scores[k] >= half)
    buys = f"{_pairs(of.blocking[knee])} buys {_gain(of, knee, ' points')}"
    if knee < last:
        buys += f", allowing {of.blocking[-1]} buys {_gain(of, last)}"
    ends = f"; more than {of.blocking[-1]} buys nothing" if of.closed[-1] else ""
    return f"{begins}; allowing {buys}{ends}."


def _begins(of: Figures) -> str:
    count, score = of.blocking[0], number(of.scores[0])
    if count == 0:
        return f"No pair blocks at {score}"
    if count > of.fewest:
        return f"{_pairs(count)} at {score}"
    return f"At least {count} pair{' blocks' if count == 1 else 's block'}, at {score}"


def _pairs(count: int) -> str:
    return f"{count} blocking pair{'' if count == 1 else 's'}"


def _gain(of: Figures, k: int, unit: str = "") -> str:
    gain = round(of.scores[k] - of.scores[0], 2)
    return f"{number(gain)}{unit} ({per_cent(of.losses[0] - of.losses[k])})"


def notes_on(of: Figures) -> list[str]:
    """How to read the figures, and what is not known."""
    notes = []
    if len(of.scores) > 1:
        notes.append(f"Per cent are of {_most(of)}.")
    first = of.blocking[0]
    if first > of.fewest:
        notes.append(
            f"Whether fewer than {first} can block was not settled in the time; "
            f"{of.fewest} is the least that is not ruled out."
        )
    still_open = len(of.closed) - sum(of.closed)
    if still_open:
        notes.append(
            f"In {still_open} of {len(of.closed)} rows the time was up before it was known whether "
            "more can be had, or with fewer blocking pairs; the last column says how much at most."
        )
    return notes


def _most(of: Figures) -> str:
    """What per cent are of: no best score is named that is not proved."""
    if of.closed[-1]:
        return f"the best score, {number(of.most)}"
    if of.most > of.scores[-1]:
        return f"{number(of.most)}, which no matching exceeds"
    return f"the best score that was found, {number(of.most)}"


def number(score: float) -> str:
    """A score to a tenth where people were scored; else the integer it is."""
    return f"{score:.1f}" if isinstance(score, float) else str(score)


def per_cent(share: float) -> str:
    """``1.4 %``, and ``<0.1 %`` where it is something still."""
    shown = "<0.1" if 0 < share < SMALLEST else f"{100 * share:.1f}"
    return f"{shown} %"

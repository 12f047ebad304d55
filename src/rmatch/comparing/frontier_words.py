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
        losses: Shares of the best score that are lost.
        closed: Whether nothing scores more up to the next point; at the last, at all.
        fewest: No matching has fewer blocking pairs.
    """

    blocking: tuple[int, ...]
    scores: tuple[float, ...]
    losses: tuple[float, ...]
    closed: tuple[bool, ...]
    fewest: int


def summary(of: Figures) -> str:
    """What stability costs, what half of that costs in blocking pairs, and where it ends."""
    begins = _begins(of.blocking[0], number(of.scores[0]))
    if len(of.scores) == 1:
        return f"{begins}{', and nothing scores more' if of.closed[0] else ''}."
    last = len(of.scores) - 1
    half = (of.scores[0] + of.scores[-1]) / 2
    knee = next(k for k in range(1, last + 1) if of.scores[k] >= half)
    parts = [f"{begins}; allowing {_buys(of, knee)}"]
    if knee < last:
        parts.append(_buys(of, last))
    if of.closed[-1]:
        parts.append(f"more than {of.blocking[-1]} buys nothing")
    return f"{'; '.join(parts)}."


def _begins(blocking: int, score: str) -> str:
    if blocking == 0:
        return f"No pair blocks at {score}"
    return f"{_blocking_pairs(blocking)} at {score}"


def _buys(of: Figures, k: int) -> str:
    gain = round(of.scores[k] - of.scores[0], 2)
    share = per_cent(of.losses[0] - of.losses[k])
    return f"{_blocking_pairs(of.blocking[k])} buys {number(gain)} points ({share})"


def _blocking_pairs(count: int) -> str:
    return f"{count} blocking pair{'' if count == 1 else 's'}"


def notes_on(of: Figures) -> list[str]:
    """How to read the figures, and what is not known."""
    notes = []
    if len(of.scores) > 1:
        notes.append(f"Per cent are of the best score, {number(of.scores[-1])}.")
    first = of.blocking[0]
    if first > of.fewest:
        notes.append(
            f"Whether fewer than {first} can block was not settled in the time; "
            f"{of.fewest} is the least that is not ruled out."
        )
    elif first:
        notes.append("No matching of as many pairs has fewer blocking pairs.")
    still_open = len(of.closed) - sum(of.closed)
    if still_open:
        notes.append(
            f"In {still_open} of {len(of.closed)} rows the time was up before it was known whether "
            "more can be had, or with fewer blocking pairs; the last column says how much at most."
        )
    return notes


def number(score: float) -> str:
    """A score to a tenth where people were scored; else the integer it is."""
    return f"{score:.1f}" if isinstance(score, float) else str(score)


def per_cent(share: float) -> str:
    """``1.4 %``, with a space that does not break; ``<0.1 %`` where it is something still."""
    shown = "<0.1" if 0 < share < SMALLEST else f"{100 * share:.1f}"
    return f"{shown}\N{NO-BREAK SPACE}%"

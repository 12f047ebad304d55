"""Numbers of a metric as people read them."""

from __future__ import annotations

from collections.abc import Mapping

from rmatch.comparing.estimates import Interval
from rmatch.comparing.records import Metric, Unit

NONE = "–"
"""Where a metric has no meaning."""
NAMES = frozenset(("Gini",))
"""People whom metrics are named after."""

_DIGITS: Mapping[Unit, int] = {
    "count": 0,
    "share": 0,
    "score": 1,
    "rank": 1,
    "index": 2,
    "seconds": 2,
}
_FINE: frozenset[Unit] = frozenset(("score", "seconds"))
"""What has a digit after the point that few need already."""


def number(metric: Metric, value: float | None, *, finer: int = 0, signed: bool = False) -> str:
    """A value, or a mean, which has more digits.

    Args:
        metric: Of what.
        value: A score as people see it.
        finer: So many digits more than of one value.
        signed: Whether it is a difference.
    """
    if value is None:
        return NONE
    percent = metric.unit == "share"
    digits = 0 if percent else _DIGITS[metric.unit]
    digits += max(0, finer - (metric.unit in _FINE))
    text = f"{100 * value if percent else value:.{digits}f}"
    if not float(text):
        text = text.removeprefix("-")
    elif signed and not text.startswith("-"):
        text = f"+{text}"
    return f"{text.replace('-', '−')}{' %' if percent else ''}"


def interval_text(
    metric: Metric, interval: Interval | None, *, finer: int = 1, signed: bool = False
) -> str:
    """``12.1–13.0``, or ``−0.4 to +0.2``; nothing where there is none."""
    if interval is None:
        return ""
    low, high = (number(metric, end, finer=finer, signed=signed) for end in interval)
    if low == high:
        return low
    return f"{low} to {high}" if signed or "−" in low else f"{low.removesuffix(' %')}–{high}"


def decapitalised(text: str) -> str:
    """A sentence as it stands after a colon; a name or an abbreviation keeps its capital."""
    first = text.split(" ", 1)[0]
    return text if first in NAMES or first[1:2].isupper() else text[:1].lower() + text[1:]

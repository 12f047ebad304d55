"""The equity report: monitoring answers joined after the fact, with small numbers suppressed."""

from __future__ import annotations

from rmatch.equity.making import equity_report
from rmatch.equity.records import Equity, Figure, Row, Withheld

__all__ = ["Equity", "Figure", "Row", "Withheld", "equity_report"]

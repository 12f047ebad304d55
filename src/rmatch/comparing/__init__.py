"""Strategies side by side: what each gives people, over one cohort or thousands."""

from __future__ import annotations

from rmatch.comparing.comparison import Comparison
from rmatch.comparing.frontier import Frontier, FrontierPoint
from rmatch.comparing.making import compare
from rmatch.comparing.metrics import METRICS
from rmatch.comparing.pricing import price_of_stability
from rmatch.comparing.records import Metric, Outcome, Run

__all__ = [
    "METRICS",
    "Comparison",
    "Frontier",
    "FrontierPoint",
    "Metric",
    "Outcome",
    "Run",
    "compare",
    "price_of_stability",
]

"""Strategies side by side: what each gives people, over one cohort or thousands."""

from __future__ import annotations

from rmatch.comparing.comparison import Comparison
from rmatch.comparing.making import compare
from rmatch.comparing.metrics import METRICS
from rmatch.comparing.records import Metric, Outcome, Run

__all__ = ["METRICS", "Comparison", "Metric", "Outcome", "Run", "compare"]

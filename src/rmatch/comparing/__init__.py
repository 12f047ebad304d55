"""Strategies side by side: what each gives people, over one cohort or thousands."""

from __future__ import annotations

from rmatch.comparing.frontier import Frontier, FrontierPoint
from rmatch.comparing.pricing import price_of_stability

__all__ = ["Frontier", "FrontierPoint", "price_of_stability"]

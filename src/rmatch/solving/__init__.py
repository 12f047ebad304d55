"""Solving: objectives over OR-Tools, on integer arrays. Knows nothing of people."""

from __future__ import annotations

from rmatch.solving.objectives import REGISTRY as OBJECTIVES
from rmatch.solving.objectives import STRATEGIES
from rmatch.solving.solve import DEFAULT_STRATEGY, feasible, solve
from rmatch.solving.strategies import strategy_names

__all__ = ["DEFAULT_STRATEGY", "OBJECTIVES", "STRATEGIES", "feasible", "solve", "strategy_names"]

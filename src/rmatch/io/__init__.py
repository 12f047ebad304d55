"""Reading a cohort from whatever a coordinator has, and writing one back."""

from __future__ import annotations

from rmatch.io.load import load
from rmatch.io.pair_tables import load_pairs

__all__ = ["load", "load_pairs"]

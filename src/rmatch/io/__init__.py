"""Reading a cohort from whatever a coordinator has, and writing one back."""

from __future__ import annotations

from rmatch.io.load import load

__all__ = ["load"]

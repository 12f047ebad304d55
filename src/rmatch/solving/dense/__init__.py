"""Dense assignment, most pairs first and then the best score, by price and repair."""

from __future__ import annotations

from rmatch.solving.dense.assign import Assignment, Checked, assign

__all__ = ["Assignment", "Checked", "assign"]

"""Seconds that explaining may take by default; apart, so that they cost nothing to import."""

from __future__ import annotations

EXPLAIN_SECONDS = 5.0
"""For everything that has to be solved to explain one person."""

FINISH_SECONDS = 1.0
"""Of a why-not, for the levels after the one that decides."""

WHY_NOT_SECONDS = 4.0
"""For a why-not; most take a fraction of it."""

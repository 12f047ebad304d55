"""Seconds that a report may take by default; apart, so that they cost nothing to import."""

from __future__ import annotations

REPORT_SECONDS = 20.0
"""For everything that has to be solved for a report."""
